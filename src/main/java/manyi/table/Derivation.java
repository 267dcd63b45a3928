package manyi.table;

import java.util.List;
import java.util.Optional;
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
     * All that decides the rows beside the inputs, in one text, where it is worth keeping the rows for later runs: equal
     * recipes and equal inputs give equal rows, whatever the day. Empty where every run derives anew. As_of has no place
     * in it but for what follows from it, such as which waves are closed.
     */
    default Optional<String> recipe() {
        return Optional.empty();
    }

    /** Whether rows with a {@link #recipe} rest on open waves too, so that any answer makes them others. */
    default boolean isOfOpenWaves() {
        return false;
    }

    /**
     * Whether the plan itself makes the key unique: its rows are groups by the key, or those of one input, each told
     * apart by the input's own key. Such a table is audited while it is written; of every other one the rows of each key
     * are counted afterwards, which reads and shuffles it once more.
     */
    default boolean isKeyedByPlan() {
        return false;
    }

    /**
     * What readers may see of the audited rows. Tables that rest on survey answers hide their small cells here; all
     * others publish what was derived.
     */
    default Dataset<Row> suppressed(Dataset<Row> audited) {
        return audited;
    }
}
