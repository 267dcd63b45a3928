package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerKeys;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The segments of each customer at as_of, for readers who may join tables of customers. */
public record CustomerSegment(LocalDate asOf, List<Dimension> dimensions, CustomerKeys keys) implements Derivation {

    public static final Table TABLE = Table.named("customer_segment", "The segments of each customer at as_of.")
            .on(Visibility.RESTRICTED)
            .oneRowPer("customer and segment dimension", SegmentColumns.AS_OF, CustomerKeys.CUSTOMER_KEY, SEGMENT)
            .with(SEGMENT_VALUE);

    public CustomerSegment {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(Customer.TABLE);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> keyed = inputs.read(Customer.TABLE)
                .select(
                        SegmentColumns.asOf(asOf),
                        keys.of(CustomerMonth.CUSTOMER.col()).as(CustomerKeys.CUSTOMER_KEY.name()),
                        Customer.SEGMENTS.col());
        return SegmentColumns.inLongForm(keyed, dimensions).where(SEGMENT.col().notEqual(lit(Dimension.ALL)));
    }
}
