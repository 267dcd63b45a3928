package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.mart.SegmentColumns;
import manyi.table.Inputs;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The segment values that have a name in every loyalty mart. A rare value is gathered as its customers are: by the size
 * of the segment, not by what it did in a month.
 */
final class SegmentNames {

    private SegmentNames() {}

    /** Customers with a purchase by cohort and segment value, rare values gathered. */
    static Dataset<Row> members(Inputs inputs, List<Dimension> dimensions) {
        return SegmentColumns.gathered(
                SegmentColumns.inLongForm(
                        inputs.read(CustomerCell.TABLE)
                                .where(CohortCell.COHORT_ON.col().isNotNull()),
                        dimensions),
                CustomerCell.CUSTOMERS.name());
    }

    /** Cells in long form with the values that the members have, all others gathered. */
    static Dataset<Row> named(Dataset<Row> cells, Dataset<Row> members) {
        Dataset<Row> names = members.select(SEGMENT.col(), SEGMENT_VALUE.col()).distinct();
        return cells.join(
                        names.withColumn("is_named", lit(true)),
                        new String[] {SEGMENT.name(), SEGMENT_VALUE.name()},
                        "left_outer")
                .withColumn(
                        SEGMENT_VALUE.name(),
                        when(col("is_named"), SEGMENT_VALUE.col()).otherwise(Dimension.OTHER))
                .drop("is_named");
    }

    /** The same for cells that may be about people who are no customers: {@code unknown} keeps its name. */
    static Dataset<Row> namedOrUnknown(Dataset<Row> cells, Dataset<Row> members) {
        Dataset<Row> known = named(cells.where(SEGMENT_VALUE.col().notEqual(Dimension.UNKNOWN)), members);
        return known.unionByName(cells.where(SEGMENT_VALUE.col().equalTo(Dimension.UNKNOWN)));
    }

    /** The segments of who is no customer: unknown in every dimension. */
    static Column unknown(List<Dimension> dimensions) {
        return functions
                .array(dimensions.stream()
                        .map(dimension -> functions.lit(Dimension.UNKNOWN))
                        .toArray(Column[]::new))
                .cast(Customer.SEGMENTS.type());
    }

    /** The first month with a purchase, in one row. */
    static Dataset<Row> firstMonth(Dataset<Row> members) {
        return functions.broadcast(
                members.agg(functions.min(CohortCell.COHORT_ON.col()).as("first_month")));
    }
}
