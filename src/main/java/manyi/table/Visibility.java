package manyi.table;

/** Who may read a table. */
public enum Visibility {
    /** For runs alone: in state where the table is kept, else gone with the run. */
    INTERNAL,
    /** Aggregates that readers see below {@code published/}. */
    PUBLISHED,
    /** Tables with a row per customer below {@code restricted/}. */
    RESTRICTED
}
