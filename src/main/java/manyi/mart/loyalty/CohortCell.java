package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import java.util.Optional;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The ledger condensed to cells of month, cohort and segment value. Kept by month: a new day touches one month, and the
 * cells of the other months are right as long as the fingerprints of their cohorts are the same.
 */
public record CohortCell(List<Dimension> dimensions) implements Derivation {

    public static final Field COHORT_ON = Field.optional(
            "cohort_on", DataTypes.DateType, "The month of the first purchase; null for customers with returns only.");
    public static final Field ACTIVE_CUSTOMERS = Field.required(
                    "active_customers", DataTypes.LongType, "Customers with a purchase day in the month.")
            .in("customers");
    public static final Field CUSTOMERS_SEEN = Field.required(
                    "customers_seen", DataTypes.LongType, "Customers with any line in the month.")
            .in("customers");

    public static final Table TABLE = Table.named("cohort_cell", "The ledger by month, cohort and segment value.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "month, cohort and segment value",
                    Landing.MONTH,
                    COHORT_ON,
                    SegmentColumns.SEGMENT,
                    SegmentColumns.SEGMENT_VALUE)
            .with(ACTIVE_CUSTOMERS, CUSTOMERS_SEEN, CustomerMonth.LINES)
            .with(CustomerMonth.GROSS, CustomerMonth.RETURNS, CustomerMonth.NET)
            .with(CustomerMonth.MARGIN, CustomerMonth.NET_WITH_MARGIN)
            .expect("active_customers <= customers_seen")
            .partitionedBy(Landing.MONTH);

    public CohortCell {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(CustomerMonth.TABLE, Customer.TABLE, CohortFingerprint.TABLE);
    }

    @Override
    public Keeping keeping() {
        return Keeping.BY_MONTH;
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Optional<Table> follows() {
        return Optional.of(CohortFingerprint.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> customers = inputs.read(Customer.TABLE)
                .select(CustomerMonth.CUSTOMER.col(), COHORT_ON.col(), Customer.SEGMENTS.col());
        Dataset<Row> cells = inputs.read(CustomerMonth.TABLE)
                .join(customers, CustomerMonth.CUSTOMER.name(), "inner")
                .groupBy(Landing.MONTH.col(), COHORT_ON.col(), Customer.SEGMENTS.col())
                .agg(
                        count_if(CustomerMonth.PURCHASE_DAYS.col().gt(0)).as(ACTIVE_CUSTOMERS.name()),
                        count(lit(1)).as(CUSTOMERS_SEEN.name()),
                        sum(CustomerMonth.LINES.col()).as(CustomerMonth.LINES.name()),
                        sum(CustomerMonth.GROSS.col()).as(CustomerMonth.GROSS.name()),
                        sum(CustomerMonth.RETURNS.col()).as(CustomerMonth.RETURNS.name()),
                        // a column less to read
                        sum(CustomerMonth.GROSS.col())
                                .plus(sum(CustomerMonth.RETURNS.col()))
                                .as(CustomerMonth.NET.name()),
                        sum(CustomerMonth.MARGIN.col()).as(CustomerMonth.MARGIN.name()),
                        sum(CustomerMonth.NET_WITH_MARGIN.col()).as(CustomerMonth.NET_WITH_MARGIN.name()));
        return SegmentColumns.inLongForm(cells, dimensions)
                .groupBy(
                        Landing.MONTH.col(),
                        COHORT_ON.col(),
                        SegmentColumns.SEGMENT.col(),
                        SegmentColumns.SEGMENT_VALUE.col())
                .agg(
                        sum(ACTIVE_CUSTOMERS.col()).as(ACTIVE_CUSTOMERS.name()),
                        sum(CUSTOMERS_SEEN.col()).as(CUSTOMERS_SEEN.name()),
                        sum(CustomerMonth.LINES.col()).as(CustomerMonth.LINES.name()),
                        sum(CustomerMonth.GROSS.col()).as(CustomerMonth.GROSS.name()),
                        sum(CustomerMonth.RETURNS.col()).as(CustomerMonth.RETURNS.name()),
                        sum(CustomerMonth.NET.col()).as(CustomerMonth.NET.name()),
                        sum(CustomerMonth.MARGIN.col()).as(CustomerMonth.MARGIN.name()),
                        sum(CustomerMonth.NET_WITH_MARGIN.col()).as(CustomerMonth.NET_WITH_MARGIN.name()));
    }
}
