/**
 * Regression on cells (rows that share their covariates), splines and monotone fits, and the quality of probabilities. A
 * fit costs the same for a thousand rows or a hundred million that fall into the same cells.
 */
package manyi.math.regression;
