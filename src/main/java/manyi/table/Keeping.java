package manyi.table;

/** How the rows of a derivation are kept from run to run. */
public enum Keeping {
    /** Derived in each run whose readers need them, unless the last run made the same from the same. */
    EACH_RUN,
    /** Kept in state, and derived again when an input or the derivation itself has changed. */
    ON_CHANGE,
    /** Kept in state by month; months whose inputs have changed are derived again. */
    BY_MONTH,
    /**
     * Kept in state by survey wave. A wave is derived when it is released, and stays as it is whatever changes
     * afterwards, until it is revised.
     */
    BY_WAVE
}
