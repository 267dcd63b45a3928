package manyi.math.pls;

/**
 * Why the answers cannot carry the model.
 *
 * @param reason its kind
 * @param sentence for people, fit to be published
 */
public record Refusal(Reason reason, String sentence) implements PathOutcome {

    public enum Reason {
        /** Fewer than two rows. */
        TOO_FEW_ROWS,
        /** An item that nobody answered, or, pairwise, two items that nobody answered both. */
        NEVER_ANSWERED,
        /** An item, or with given weights a whole construct, that is the same for everybody. */
        CONSTANT,
        /** Pairwise covariances that no set of complete answers could have. */
        NOT_POSITIVE_DEFINITE,
        /** Items of a block in mode B of which one follows from the others. */
        COLLINEAR_BLOCK,
        /** Causes of a construct of which one follows from the others. */
        SINGULAR_REGRESSION,
        /** A construct whose items have no correlation with its neighbours, so that nothing weighs them. */
        NO_CORRELATION,
        /** A reliability not above 0 or above 1, or a correlation or R² above 1 once corrected (PLSc). */
        INADMISSIBLE,
        /** Weights that still move after 300 rounds. */
        NO_CONVERGENCE
    }
}
