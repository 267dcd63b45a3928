package manyi.table;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table, its inputs and a pure function from one to the other: no clock, no file, no session, no order of rows.
 * Derivations meet only through named tables.
 */
public interface Derivation {

    /** The table that is derived. */
    Table table();

    /** The tables it is derived from. */
    List<Table> inputs();

    /** The rows of {@link #table()}. */
    Dataset<Row> from(Inputs inputs);

    /**
     * What readers may see of the audited rows. Tables that rest on survey answers hide their small cells here; all
     * others publish what was derived.
     */
    default Dataset<Row> masked(Dataset<Row> audited) {
        return audited;
    }
}
