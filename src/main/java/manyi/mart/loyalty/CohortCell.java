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
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The ledger condensed to cells of month, cohort and segment value. Kept by month: a new day touches one month, and the
 * cells of the other months are right as long as the fingerprints of their cohorts are the same.
 */
public record CohortCell(List<Dimension> dimensions) implements Derivation {

    public static final Field COHORT_ON =
            Field.optionalDay("cohort_on", "The month of the first purchase; null for customers with returns only.");
    public static final Field ACTIVE_CUSTOMERS = Field.whole(
                    "active_customers", "Customers with a purchase day in the month.")
            .in("customers");
    public static final Field CUSTOMERS_SEEN = Field.whole("customers_seen", "Customers with any line in the month.")
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
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, Customer.TABLE, CohortFingerprint.TABLE);
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
        Dataset<Row> customers =
                inputs.read(Customer.TABLE).select(Field.columns(CustomerMonth.CUSTOMER, COHORT_ON, Customer.SEGMENTS));
        Dataset<Row> cells = inputs.read(CustomerMonth.TABLE)
                .join(customers, CustomerMonth.CUSTOMER.name(), "inner")
                .groupBy(Field.columns(Landing.MONTH, COHORT_ON, Customer.SEGMENTS))
                .agg(
                        count_if(CustomerMonth.PURCHASE_DAYS.col().gt(0)).as(ACTIVE_CUSTOMERS.name()),
                        count(lit(1)).as(CUSTOMERS_SEEN.name()),
                        CustomerMonth.LINES.sum(),
                        CustomerMonth.GROSS.sum(),
                        CustomerMonth.RETURNS.sum(),
                        // a column less to read
                        sum(CustomerMonth.GROSS.col())
                                .plus(sum(CustomerMonth.RETURNS.col()))
                                .as(CustomerMonth.NET.name()),
                        CustomerMonth.MARGIN.sum(),
                        CustomerMonth.NET_WITH_MARGIN.sum());
        return SegmentColumns.inLongForm(cells, dimensions)
                .groupBy(Field.columns(Landing.MONTH, COHORT_ON, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE))
                .agg(
                        ACTIVE_CUSTOMERS.sum(),
                        CUSTOMERS_SEEN.sum(),
                        CustomerMonth.LINES.sum(),
                        CustomerMonth.GROSS.sum(),
                        CustomerMonth.RETURNS.sum(),
                        CustomerMonth.NET.sum(),
                        CustomerMonth.MARGIN.sum(),
                        CustomerMonth.NET_WITH_MARGIN.sum());
    }
}
