package manyi.table;

import static org.apache.spark.sql.functions.col;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table, its inputs and a pure function from one to the other: no clock, no file, no session, no order of rows.
 * Derivations meet only through named tables.
 */
public interface Derivation {

    /** The table that is derived, and the tables it is derived from. */
    Lineage lineage();

    /** The table that is derived. */
    default Table table() {
        return lineage().table();
    }

    /** The tables it is derived from. */
    default List<Table> inputs() {
        return lineage().inputs();
    }

    /** The rows of {@link #table()}. */
    Dataset<Row> from(Inputs inputs);

    /** How the rows are kept from run to run: a table that lies in folders by month or by wave, by these. */
    default Keeping keeping() {
        if (table().isBy(Table.MONTH)) {
            return Keeping.BY_MONTH;
        }
        return table().isBy(Table.WAVE) ? Keeping.BY_WAVE : Keeping.EACH_RUN;
    }

    /**
     * All that decides the rows beside the inputs, in one text: with equal definitions, equal inputs give equal rows.
     * For records of parameters their own text serves.
     */
    default String definition() {
        return toString();
    }

    /**
     * The column with the day of a row, where rows after as_of are to be left out of what a run reads. Tables by month
     * without such a column are derived anew, for the month that as_of lies in, from inputs cut at as_of.
     */
    default Optional<Field> day() {
        return Optional.empty();
    }

    /** Whether the derivation reads kept tables with the rows after as_of. */
    default boolean isUncut() {
        return false;
    }

    /**
     * The rows of an input by month that decide these months, of a table that is kept {@link Keeping#BY_MONTH}.
     *
     * @param months by their first days
     */
    default Dataset<Row> deciding(Table input, Dataset<Row> rows, List<LocalDate> months) {
        return rows.where(col(Table.MONTH).isin(months.toArray()));
    }

    /** Whether each row comes from one row of the first input, so that rows added there are rows added here. */
    default boolean isRowByRow() {
        return false;
    }

    /** The input whose added rows are enough to bring the kept rows up to date by {@link #extended}; most have none. */
    default Optional<Table> extendedBy() {
        return Optional.empty();
    }

    /** All rows after others were added to the input that {@link #extendedBy} names. */
    default Dataset<Row> extended(Dataset<Row> kept, Dataset<Row> added) {
        throw new UnsupportedOperationException(table().name() + " is derived from all rows");
    }

    /**
     * An input with a row per month and a value that changes with whatever else decides that month and all later ones; of
     * tables that are kept {@link Keeping#BY_MONTH}. Its first column is the month, its second the value.
     */
    default Optional<Table> follows() {
        return Optional.empty();
    }

    /** Whether the rows of a wave rest on earlier waves, too; of tables that are kept {@link Keeping#BY_WAVE}. */
    default boolean isOfEarlierWaves() {
        return false;
    }

    /**
     * Whether the plan itself makes the key unique: its rows are groups by the key, or those of one input, each
     * identified by the input's own key. The keys of every other table are counted after the rows were written.
     */
    default boolean isKeyedByPlan() {
        return false;
    }

    /**
     * What readers may see of the audited rows. Tables that rest on survey answers suppress their small cells here; all
     * others publish what was derived.
     */
    default Dataset<Row> suppressed(Dataset<Row> audited) {
        return audited;
    }
}
