package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.last_day;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.months_between;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

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
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Who came back, by month of first purchase.
 *
 * @param asOf the last day that exists
 * @param leftTruncationMonths cohorts of the first so many months of data are marked: their customers are partly old
 * @param hasKeptRevenue whether gross revenue retention is derived, which asks for the ledger by customer
 */
public record CohortRetention(
        LocalDate asOf, List<Dimension> dimensions, String currency, int leftTruncationMonths, boolean hasKeptRevenue)
        implements Derivation {

    /** Ages with fewer months of follow-up say too little about who will still return. */
    private static final int FOLLOW_UP_MONTHS = 3;

    public static final Field COHORT_ON =
            Field.day("cohort_on", "The month of the customers' first purchase, by its first day.");
    public static final Field MONTHS_SINCE = Field.required(
                    "months_since", DataTypes.IntegerType, "Age of the cohort; 0 in the month of the first purchase.")
            .in("months");
    public static final Field CUSTOMERS = Field.countOf("customers", "Size of the cohort at as_of.");
    public static final Field RETENTION = Field.share("retention", "Active customers over the size of the cohort.");
    public static final Field RETURNED_LATER = Field.whole(
                    "returned_later_customers", "Customers with a purchase at this age or later (unbounded retention).")
            .in("customers");
    public static final Field CURRENCY = Field.text("currency", "The reporting currency.");
    public static final Field REVENUE =
            CustomerMonth.money("revenue", "Net revenue of the cohort in the month, returns deducted.");
    public static final Field REVENUE_RETENTION = Field.optionalNumber(
                    "revenue_retention", "Net revenue over that of age 0; null where the latter is not above 0.")
            .in("ratio");
    public static final Field GROSS_REVENUE_RETENTION = Field.optionalShare(
            "gross_revenue_retention",
            "The same without growth: each customer counts with at most the net "
                    + "revenue of age 0 and at least 0, over the sum of these at age 0; null where that is 0, and where the job has no block loyalty.");
    public static final Field MARGIN = CustomerMonth.optionalMoney(
            "margin", "Margin of the cohort's lines of the month whose margin is known; null where none is.");
    public static final Field REVENUE_WITH_MARGIN = CustomerMonth.optionalMoney(
            "revenue_with_margin", "Net revenue of the lines whose margin is known; null likewise.");
    public static final Field IS_UNFINISHED = Field.flag("is_unfinished", "Whether the month has not ended at as_of.");
    public static final Field IS_LEFT_TRUNCATED = Field.flag(
            "is_left_truncated",
            "Whether the cohort lies in the first months of data, so that its new customers are partly old ones.");
    public static final Field HAS_SHORT_FOLLOW_UP = Field.flag(
            "has_short_follow_up",
            "Whether fewer than three whole months follow this age, so that returned_later_customers will still grow.");

    public static final Table TABLE = Table.named(
                    "cohort_retention",
                    "How many customers of each cohort bought again, and for how much, month by month.")
            .oneRowPer(
                    "segment value, cohort and age in months",
                    SegmentColumns.AS_OF,
                    COHORT_ON,
                    MONTHS_SINCE,
                    SEGMENT,
                    SEGMENT_VALUE)
            .with(CUSTOMERS, CohortCell.ACTIVE_CUSTOMERS, RETENTION, RETURNED_LATER, CURRENCY, REVENUE)
            .with(REVENUE_RETENTION, GROSS_REVENUE_RETENTION, MARGIN, REVENUE_WITH_MARGIN)
            .with(IS_UNFINISHED, IS_LEFT_TRUNCATED, HAS_SHORT_FOLLOW_UP)
            .expect(
                    "months_since >= 0",
                    "customers > 0",
                    "active_customers between 0 and customers",
                    "retention between 0 and 1",
                    "active_customers <= returned_later_customers",
                    "returned_later_customers <= customers",
                    "months_since > 0 or active_customers = customers",
                    "gross_revenue_retention between 0 and 1",
                    "months_since > 0 or gross_revenue_retention = 1",
                    "(margin is null) = (revenue_with_margin is null)",
                    "day(cohort_on) = 1");

    public CohortRetention {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(
                hasKeptRevenue
                        ? List.of(CustomerCell.TABLE, CohortCell.TABLE, KeptRevenue.TABLE)
                        : List.of(CustomerCell.TABLE, CohortCell.TABLE));
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Column lastMonth = lit(asOf.withDayOfMonth(1));
        Column age = sequence(lit(0), monthsFrom(COHORT_ON.col(), lastMonth));
        Dataset<Row> ages = members.select(
                COHORT_ON.col(),
                SEGMENT.col(),
                SEGMENT_VALUE.col(),
                CUSTOMERS.col(),
                monthsFrom(COHORT_ON.col(), Customer.LAST_MONTH.col()).as("last_age"),
                explode(age).as(MONTHS_SINCE.name()));
        Dataset<Row> sizes = ages.groupBy(Field.columns(COHORT_ON, SEGMENT, SEGMENT_VALUE, MONTHS_SINCE))
                .agg(
                        CUSTOMERS.sum(),
                        sum(when(col("last_age").geq(MONTHS_SINCE.col()), CUSTOMERS.col())
                                        .otherwise(lit(0L)))
                                .as(RETURNED_LATER.name()));
        Dataset<Row> months = SegmentNames.named(
                        inputs.read(CohortCell.TABLE).where(COHORT_ON.col().isNotNull()), members)
                .withColumn(MONTHS_SINCE.name(), monthsFrom(COHORT_ON.col(), Landing.MONTH.col()))
                .groupBy(Field.columns(COHORT_ON, SEGMENT, SEGMENT_VALUE, MONTHS_SINCE))
                .agg(
                        CohortCell.ACTIVE_CUSTOMERS.sum(),
                        CustomerMonth.NET.sum(),
                        sum(CustomerMonth.MARGIN.col()).as("held_margin"),
                        sum(CustomerMonth.NET_WITH_MARGIN.col()).as("held_with_margin"));
        String[] cohort = Field.names(COHORT_ON, SEGMENT, SEGMENT_VALUE);
        Dataset<Row> start = months.where(MONTHS_SINCE.is(0))
                .select(
                        COHORT_ON.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        CustomerMonth.NET.col().as("first_net"));
        Column month = add_months(COHORT_ON.col(), MONTHS_SINCE.col());
        Column net = coalesce(CustomerMonth.NET.col(), lit(0L));
        Column active = coalesce(CohortCell.ACTIVE_CUSTOMERS.col(), lit(0L));
        boolean hasEnded = asOf.equals(asOf.withDayOfMonth(asOf.lengthOfMonth()));
        Column wholeMonths = monthsFrom(month, lastMonth).minus(hasEnded ? 0 : 1);
        String[] byAge = Field.names(COHORT_ON, SEGMENT, SEGMENT_VALUE, MONTHS_SINCE);
        return withKept(sizes.join(months, byAge, "left_outer").join(start, cohort, "left_outer"), inputs, members)
                .crossJoin(SegmentNames.firstMonth(members))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(CohortCell.ACTIVE_CUSTOMERS.name(), active)
                .withColumn(RETENTION.name(), active.cast("double").divide(CUSTOMERS.col()))
                .withColumn(CURRENCY.name(), lit(currency))
                .withColumn(REVENUE.name(), CustomerMonth.money(net))
                .withColumn(
                        REVENUE_RETENTION.name(),
                        when(col("first_net").gt(0), net.cast("double").divide(col("first_net"))))
                .withColumn(MARGIN.name(), CustomerMonth.money(col("held_margin")))
                .withColumn(REVENUE_WITH_MARGIN.name(), CustomerMonth.money(col("held_with_margin")))
                .withColumn(IS_UNFINISHED.name(), last_day(month).gt(lit(asOf)))
                .withColumn(
                        IS_LEFT_TRUNCATED.name(),
                        COHORT_ON.col().lt(add_months(col("first_month"), leftTruncationMonths)))
                .withColumn(HAS_SHORT_FOLLOW_UP.name(), wholeMonths.lt(FOLLOW_UP_MONTHS));
    }

    /** The rows with gross revenue retention beside them. */
    private Dataset<Row> withKept(Dataset<Row> rows, Inputs inputs, Dataset<Row> members) {
        if (!hasKeptRevenue) {
            return rows.withColumn(GROSS_REVENUE_RETENTION.name(), lit(null).cast(DataTypes.DoubleType));
        }
        Column[] cohort = Field.columns(COHORT_ON, SEGMENT, SEGMENT_VALUE);
        Dataset<Row> kept = SegmentNames.named(
                        SegmentColumns.inLongForm(inputs.read(KeptRevenue.TABLE), dimensions), members)
                .withColumn(MONTHS_SINCE.name(), monthsFrom(COHORT_ON.col(), Landing.MONTH.col()))
                .groupBy(cohort[0], cohort[1], cohort[2], MONTHS_SINCE.col())
                .agg(KeptRevenue.KEPT.sum());
        Dataset<Row> start = kept.where(MONTHS_SINCE.is(0))
                .select(cohort[0], cohort[1], cohort[2], KeptRevenue.KEPT.col().as("kept_at_start"));
        String[] names = Field.names(COHORT_ON, SEGMENT, SEGMENT_VALUE, MONTHS_SINCE);
        return rows.join(kept, names, "left_outer")
                .join(start, new String[] {names[0], names[1], names[2]}, "left_outer")
                .withColumn(
                        GROSS_REVENUE_RETENTION.name(),
                        when(
                                col("kept_at_start").gt(0),
                                coalesce(KeptRevenue.KEPT.col(), lit(0L))
                                        .cast("double")
                                        .divide(col("kept_at_start"))));
    }

    private static Column monthsFrom(Column first, Column second) {
        return months_between(trunc(second, "month"), first).cast(DataTypes.IntegerType);
    }
}
