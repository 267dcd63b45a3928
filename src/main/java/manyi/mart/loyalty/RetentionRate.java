package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.conformed.Customer;
import manyi.mart.SegmentColumns;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Who of those active in one period was active in the next, for months and for the job's period. Active is who has at
 * least one purchase day in it. Segments are those of as_of, so a segment's customers are the same at both ends.
 */
public record RetentionRate(LocalDate asOf, List<Dimension> dimensions, Job.Loyalty loyalty) implements Derivation {

    public static final Field PERIOD_MONTHS = Field.required(
                    "period_months", DataTypes.IntegerType, "How long the period is, and the one before it.")
            .in("months");
    public static final Field PERIOD_FROM =
            Field.day("period_from", "The first day of the period; the one before ends the day before.");
    public static final Field CUSTOMERS_AT_START = Field.whole(
                    "customers_at_start", "Customers with a purchase day in the period before.")
            .in("customers");
    public static final Field CUSTOMERS_KEPT = Field.whole(
                    "customers_kept", "Those of them with a purchase day in the period too.")
            .in("customers");
    public static final Field RETENTION = Field.share("retention", "Customers kept over customers at the start.");
    public static final Field IS_UNFINISHED = Field.flag(
            "is_unfinished", "Whether the period has not ended at as_of, so that customers_kept may still grow.");
    public static final Field IS_LEFT_TRUNCATED = Field.flag(
            "is_left_truncated",
            "Whether the period before begins before the data, so that customers of its first months are missing.");

    public static final Table TABLE = Table.named(
                    "retention_rate",
                    "Customers kept from period to period, by month and by the job's period; at most 63 months back.")
            .oneRowPer(
                    "segment value, length of period and period",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    PERIOD_MONTHS,
                    PERIOD_FROM)
            .with(CUSTOMERS_AT_START, CUSTOMERS_KEPT, RETENTION, IS_UNFINISHED, IS_LEFT_TRUNCATED)
            .expect(
                    "period_months >= 1",
                    "day(period_from) = 1",
                    "customers_at_start > 0",
                    "customers_kept between 0 and customers_at_start",
                    "retention between 0 and 1",
                    "not (is_left_truncated and period_months = 1)");

    public RetentionRate {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerStatus.TABLE, CustomerCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        LoyaltyPeriod period = new LoyaltyPeriod(asOf, loyalty.periodMonths());
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> customers = inputs.read(CustomerStatus.TABLE)
                .groupBy(CustomerStatus.ACTIVE_MONTHS.col(), Customer.SEGMENTS.col())
                .agg(count(lit(1)).as("customers"));
        Dataset<Row> cells = followed(customers, period);
        if (period.months() > 1) {
            cells = cells.unionByName(followed(customers, new LoyaltyPeriod(asOf, 1)));
        }
        Column monthsBack =
                col("periods_ago").plus(1).multiply(PERIOD_MONTHS.col()).minus(1);
        Column from = add_months(lit(asOf.withDayOfMonth(1)), monthsBack.multiply(-1));
        return SegmentNames.named(SegmentColumns.inLongForm(cells, dimensions), members)
                .groupBy(SEGMENT.col(), SEGMENT_VALUE.col(), PERIOD_MONTHS.col(), col("periods_ago"))
                .agg(CUSTOMERS_AT_START.sum(), CUSTOMERS_KEPT.sum())
                .crossJoin(SegmentNames.firstMonth(members))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(PERIOD_FROM.name(), from)
                .withColumn(
                        RETENTION.name(), CUSTOMERS_KEPT.col().cast("double").divide(CUSTOMERS_AT_START.col()))
                .withColumn(IS_UNFINISHED.name(), col("periods_ago").equalTo(0).and(lit(period.isUnfinished())))
                .withColumn(
                        IS_LEFT_TRUNCATED.name(),
                        col("first_month")
                                .gt(add_months(from, PERIOD_MONTHS.col().multiply(-1))));
    }

    /** Who was active before each period of a length, and in it too. */
    private static Dataset<Row> followed(Dataset<Row> customers, LoyaltyPeriod period) {
        return period.followed(customers)
                .groupBy(col(LoyaltyPeriod.PERIODS_AGO), Customer.SEGMENTS.col())
                .agg(
                        sum(col("customers")).as(CUSTOMERS_AT_START.name()),
                        sum(when(col(LoyaltyPeriod.IS_KEPT), col("customers")).otherwise(0L))
                                .as(CUSTOMERS_KEPT.name()))
                .withColumn(PERIOD_MONTHS.name(), lit(period.months()));
    }
}
