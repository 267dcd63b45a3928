package manyi.math.regression;

/** Which standard errors of a regression. */
public enum Errors {
    /** By the model's own variance; right where every weight is 1 and the response follows the family. */
    MODEL,
    /** Whatever the variance of the rows, which are independent (HC0, no correction for small samples). */
    ROBUST,
    /** Whatever the variance, rows of one cluster dependent; as {@link #ROBUST} where every cluster has one row. */
    CLUSTERED
}
