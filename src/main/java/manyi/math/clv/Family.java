package manyi.math.clv;

/** The models of how often customers buy and when they leave. */
public enum Family {
    BG_NBD,
    MBG_NBD,
    PARETO_NBD,
    NBD;

    /** Whether its customers ever leave. */
    public boolean hasDropOut() {
        return this != NBD;
    }
}
