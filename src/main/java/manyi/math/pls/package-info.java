/**
 * Path models of satisfaction (ACSI, ECSI) by partial least squares, from moments of items alone: a fit costs the same
 * for a hundred respondents or a hundred million, and so does a replicate of its bootstrap.
 */
package manyi.math.pls;
