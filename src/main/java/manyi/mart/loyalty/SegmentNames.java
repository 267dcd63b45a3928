package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.Collections;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.mart.SegmentColumns;
import manyi.table.Field;
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
                SegmentColumns.inLongForm(ofBuyers(inputs), dimensions), CustomerCell.CUSTOMERS.name());
    }

    /** Cells in long form with the values that the members have, all others gathered. */
    static Dataset<Row> named(Dataset<Row> cells, Dataset<Row> members) {
        Dataset<Row> names = members.select(SEGMENT.col(), SEGMENT_VALUE.col()).distinct();
        return cells.join(names.withColumn("is_named", lit(true)), Field.names(SEGMENT, SEGMENT_VALUE), "left_outer")
                .withColumn(
                        SEGMENT_VALUE.name(),
                        when(col("is_named"), SEGMENT_VALUE.col()).otherwise(Dimension.OTHER))
                .drop("is_named");
    }

    /** The same for cells that may be about people who are no customers: the value of who has none keeps its name. */
    static Dataset<Row> namedOrUnknown(Dataset<Row> cells, Dataset<Row> members, List<Dimension> dimensions) {
        Column isUnknown = lit(false);
        for (Dimension dimension : dimensions) {
            isUnknown = isUnknown.or(SEGMENT.is(dimension.name()).and(SEGMENT_VALUE.is(unknown(dimension))));
        }
        return named(cells.where(functions.not(isUnknown)), members).unionByName(cells.where(isUnknown));
    }

    /** The same for cells whose values need not be those of customers: what no customer has keeps its name. */
    static Dataset<Row> namedOrForeign(
            Dataset<Row> cells, Dataset<Row> members, Inputs inputs, List<Dimension> dimensions) {
        Column[] value = Field.columns(SEGMENT, SEGMENT_VALUE);
        String[] key = Field.names(SEGMENT, SEGMENT_VALUE);
        Dataset<Row> ofCustomers = SegmentColumns.inLongForm(ofBuyers(inputs), dimensions)
                .select(value)
                .distinct();
        return named(cells.join(ofCustomers, key, "left_semi"), members)
                .unionByName(cells.join(ofCustomers, key, "left_anti"));
    }

    /** The segments of who is no customer: unknown in every dimension. */
    static Column unknown(List<Dimension> dimensions) {
        return functions
                .array(dimensions.stream()
                        .map(dimension -> lit(unknown(dimension)))
                        .toArray(Column[]::new))
                .cast(Customer.SEGMENTS.type());
    }

    /** The value of who has none, as customers have it: one {@code unknown} for every attribute. */
    private static String unknown(Dimension dimension) {
        return String.join(
                Dimension.CROSS, Collections.nCopies(dimension.attributes().size(), Dimension.UNKNOWN));
    }

    private static Dataset<Row> ofBuyers(Inputs inputs) {
        return inputs.read(CustomerCell.TABLE).where(CohortCell.COHORT_ON.col().isNotNull());
    }

    /** The first month with a purchase, in one row. */
    static Dataset<Row> firstMonth(Dataset<Row> members) {
        return functions.broadcast(
                members.agg(functions.min(CohortCell.COHORT_ON.col()).as("first_month")));
    }
}
