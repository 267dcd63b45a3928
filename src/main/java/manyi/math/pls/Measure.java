package manyi.math.pls;

/** The kinds of figures of a path model; in brackets what a {@link Figure} of this kind is of and on. */
public enum Measure {
    /** Standardised outer weight (item, construct). */
    WEIGHT(true),
    /** Correlation of an item with its construct; consistent where the model is (item, construct). */
    LOADING(true),
    /** Standardised path coefficient (cause, effect). */
    PATH(true),
    /** Share of variance that its causes explain (construct with causes). */
    R_SQUARED(true),
    /** Standardised effect over all paths, ΣBᵏ (cause, effect). */
    TOTAL_EFFECT(true),
    /** Weighted mean of the answers on 0 to 100; NaN where an outer weight is negative (construct). */
    INDEX(true),
    /** Points by which the effect's index rises with 5 points of the cause's: 5 × unstandardised total effect. */
    IMPACT(true),
    /** Correlation of two constructs; consistent where the model is (construct, later construct). */
    CORRELATION(true),
    /**
     * Cronbach's α of standardised items; 1 for a single item, NaN for several in mode B (construct).
     *
     * @see "Tenenhaus et al. (2005), eq. 2"
     */
    ALPHA(true),
    /**
     * ρA; 1 for a single item, NaN for several in mode B (construct).
     *
     * @see "Dijkstra, Henseler (2015), eq. 3"
     */
    RHO_A(true),
    /**
     * Composite reliability, Dillon and Goldstein's ρ, by the loadings; NaN for several items in mode B (construct).
     *
     * @see "Tenenhaus et al. (2005), eq. 3"
     */
    RHO_C(true),
    /** Average variance extracted: the mean squared loading (construct). */
    AVE(true),
    /**
     * Heterotrait–monotrait ratio on absolute correlations; a single item has monotrait 1 (construct, later construct).
     *
     * @see "Henseler, Ringle, Sarstedt (2015), Journal of the Academy of Marketing Science 43(1), eq. 6"
     */
    HTMT(true),
    /** What R² loses without the cause, over 1 − R² (cause, effect). */
    F_SQUARED(true),
    /** Correlation of an item with another construct (item, construct). */
    CROSS_LOADING(false),
    /** Variance inflation of a cause among the causes of the effect (cause, effect). */
    INNER_VIF(false),
    /** Variance inflation of an item in its block; infinite where it follows from the others (item, construct). */
    OUTER_VIF(false),
    /**
     * Root mean squared residual correlation, diagonal included, where constructs correlate as they do. Blocks are
     * composites, so that there is no residual within them; with PLSc those in mode A are common factors (no end).
     *
     * @see "Henseler et al. (2014), Organizational Research Methods 17(2)"
     */
    SRMR_SATURATED(false),
    /** The same where constructs correlate as the paths imply (no end). */
    SRMR_ESTIMATED(false),
    /** As {@link #SRMR_SATURATED}, blocks in mode A being common factors with PLSc or without (no end). */
    SRMR_OF_FACTORS_SATURATED(false),
    /** As {@link #SRMR_ESTIMATED}, blocks in mode A being common factors with PLSc or without (no end). */
    SRMR_OF_FACTORS_ESTIMATED(false);

    /** The least that a figure of this kind can be; limits are cut there. */
    public double least() {
        return switch (this) {
            case LOADING, CORRELATION -> -1;
            case R_SQUARED, INDEX, AVE, HTMT, F_SQUARED -> 0;
            default -> Double.NEGATIVE_INFINITY;
        };
    }

    /** The greatest that a figure of this kind can be. */
    public double greatest() {
        return switch (this) {
            case LOADING, CORRELATION, R_SQUARED, ALPHA, RHO_C, AVE -> 1;
            case INDEX -> 100;
            default -> Double.POSITIVE_INFINITY;
        };
    }

    private final boolean replicated;

    Measure(boolean replicated) {
        this.replicated = replicated;
    }

    /** Whether the bootstrap gives intervals for figures of this kind. */
    public boolean replicated() {
        return replicated;
    }
}
