/**
 * Purchases and lifetime value of customers: models fitted on cells (distinct histories with a count), so that a fit
 * costs the same for a thousand customers or a hundred million.
 */
package manyi.math.clv;
