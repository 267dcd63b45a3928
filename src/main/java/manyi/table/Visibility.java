package manyi.table;

/** Where a table lies and who may read it. */
public enum Visibility {
    /** Working state below {@code state/}: the owner of the warehouse alone. */
    STATE,
    /** Derived anew in every run and gone with it; not published. */
    WORK,
    /** Aggregates that readers see below {@code published/}. */
    PUBLISHED,
    /** Tables with a row per customer below {@code restricted/}. */
    RESTRICTED
}
