package manyi.table;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables that a derivation may read. */
@FunctionalInterface
public interface Inputs {

    /** The rows of a declared input. Refuses a table that the derivation did not declare. */
    Dataset<Row> read(Table table);

    /** Rows made on the driver, such as the parameters of a fitted model: few, and in the table's column order. */
    default Dataset<Row> create(Table table, List<Row> rows) {
        return SparkSession.active().createDataFrame(rows, table.schema());
    }
}
