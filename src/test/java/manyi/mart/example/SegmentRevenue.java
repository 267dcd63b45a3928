package manyi.mart.example;

import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Buyers and net revenue of each segment value and month; segments are those of as_of. */
public record SegmentRevenue(LocalDate asOf, List<Dimension> dimensions) implements Derivation {

    public static final Field BUYERS =
            Field.whole("buyers", "Customers with a purchase day in the month.").in("customers");
    public static final Field REVENUE = CustomerMonth.money("revenue", "Net amount of their lines, returns deducted.");

    public static final Table TABLE = Table.named("segment_revenue", "Buyers and net revenue by segment and month.")
            .oneRowPer(
                    "segment value and month",
                    SegmentColumns.AS_OF,
                    SegmentColumns.SEGMENT,
                    SegmentColumns.SEGMENT_VALUE,
                    Landing.MONTH)
            .with(BUYERS, REVENUE)
            .expect("day(month) = 1", "buyers >= 0");

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, Customer.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> segments =
                inputs.read(Customer.TABLE).select(CustomerMonth.CUSTOMER.col(), Customer.SEGMENTS.col());
        Dataset<Row> cells = inputs.read(CustomerMonth.TABLE)
                .join(segments, CustomerMonth.CUSTOMER.name(), "inner")
                .groupBy(Landing.MONTH.col(), Customer.SEGMENTS.col())
                .agg(
                        count_if(CustomerMonth.PURCHASE_DAYS.col().gt(0)).as(BUYERS.name()),
                        sum(CustomerMonth.NET.col()).as(CustomerMonth.NET.name()));
        return SegmentColumns.gathered(SegmentColumns.inLongForm(cells, dimensions), BUYERS.name())
                .groupBy(
                        SegmentColumns.asOf(asOf),
                        SegmentColumns.SEGMENT.col(),
                        SegmentColumns.SEGMENT_VALUE.col(),
                        Landing.MONTH.col())
                .agg(
                        sum(BUYERS.col()).as(BUYERS.name()),
                        CustomerMonth.money(sum(CustomerMonth.NET.col())).as(REVENUE.name()));
    }
}
