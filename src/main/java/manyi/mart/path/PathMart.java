package manyi.mart.path;

import java.time.LocalDate;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Lineage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A mart that is a {@link PathTable} of the figures of a day. */
interface PathMart extends Derivation {

    /** What it publishes. */
    PathTable published();

    /** The last day that exists. */
    LocalDate asOf();

    @Override
    default Lineage lineage() {
        return published().table().from(PathFigure.TABLE);
    }

    @Override
    default Dataset<Row> from(Inputs inputs) {
        return published().from(inputs.read(PathFigure.TABLE), asOf());
    }
}
