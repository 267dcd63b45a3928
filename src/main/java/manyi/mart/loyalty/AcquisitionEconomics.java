package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.SourceKind;
import manyi.conformed.CostMonth;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.mart.SegmentColumns;
import manyi.mart.value.CustomerLifetimeValue;
import manyi.mart.value.SegmentLifetimeValue;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * What it costs to win a customer and to keep one, by the job's period, and when the cost of winning has come back.
 * Segments of customers are those of as_of; costs have the segments that their source names. Who is first seen in the
 * first months of data need not be new: what rests on new customers is not told of periods that begin there.
 *
 * @param leftTruncationMonths how many of the first months of data make new customers of old ones
 * @param costs what is known of costs
 * @param returns what customers bring, against which costs are held
 */
public record AcquisitionEconomics(
        LocalDate asOf,
        List<Dimension> dimensions,
        String currency,
        int leftTruncationMonths,
        Job.Loyalty loyalty,
        Costs costs,
        Returns returns)
        implements Derivation {

    /**
     * What is known of costs.
     *
     * @param hasSource whether there is a source of costs
     * @param split the dimensions by which it splits costs
     */
    public record Costs(boolean hasSource, List<Dimension> split) {
        public Costs {
            split = List.copyOf(split);
        }

        /** What the job says. */
        public static Costs of(Job job, CostMonth months) {
            return new Costs(
                    !job.sources(SourceKind.COSTS).isEmpty(),
                    job.segments().stream()
                            .filter(dimension -> months.attributes().containsAll(dimension.attributes()))
                            .toList());
        }
    }

    /**
     * What customers bring.
     *
     * @param hasMargins whether lines say what they earn
     * @param marginShare where they do not, the share of revenue that is margin; revenue itself where none is given
     * @param hasLifetimeValue whether lifetime values are derived
     */
    public record Returns(boolean hasMargins, Optional<Double> marginShare, boolean hasLifetimeValue) {}

    public static final Field CUSTOMERS_BEFORE =
            counted("customers_before", "Customers whose first purchase lies before the period, by their cohorts.");
    public static final Field NEW_CUSTOMERS = counted(
            "new_customers",
            "Customers whose first purchase on record lies in the period; partly old ones where is_left_truncated.");
    public static final Field CUSTOMERS =
            counted("customers", "Customers whose first purchase lies in the period or before it, by their cohorts.");
    public static final Field CUSTOMERS_AT_START =
            counted("customers_at_start", "Customers with a purchase day in the period before.");
    public static final Field KEPT_CUSTOMERS =
            counted("kept_customers", "Those of them with a purchase day in the period too.");
    public static final Field ACQUISITION_COST = CustomerMonth.optionalMoney(
            "acquisition_cost",
            "Costs of winning customers in the period; null where no costs source splits by the dimension.");
    public static final Field RETENTION_COST =
            CustomerMonth.optionalMoney("retention_cost", "Costs of keeping customers in the period; null likewise.");
    public static final Field COST_BASIS = Field.text(
            "cost_basis",
            "What cost_per_new_customer rests on: 'costs' (the source), or 'sales force' (the configured rule) where there"
                    + " is no source.");
    public static final Field COST_PER_NEW = CustomerMonth.optionalMoney(
            "cost_per_new_customer",
            "Acquisition cost over new customers, or the rule's figure; null without new customers or costs, and where"
                    + " is_left_truncated.");
    public static final Field SALES_FORCE_COST = CustomerMonth.optionalMoney(
            "sales_force_cost_per_customer",
            "The rule: yearly cost of a salesperson / visits a year × visits per won customer; null where it is not"
                    + " configured.");
    public static final Field COST_PER_KEPT = CustomerMonth.optionalMoney(
            "cost_per_kept_customer", "Retention cost over kept customers; null without either.");
    public static final Field NEW_OVER_KEPT = Field.optionalNumber(
                    "new_over_kept", "Cost of a new customer over that of a kept one; null without both.")
            .in("ratio");
    public static final Field RETURN_BASIS = Field.text(
            "return_basis",
            "What payback is made of: 'line margins' (known ones alone), 'margin share' of revenue, or 'revenue'.");
    public static final Field PAYBACK_MONTHS = Field.optional(
                    "payback_months",
                    DataTypes.IntegerType,
                    "Months, including that of the first purchase, until a new customer of the period has brought"
                            + " cost_per_new_customer on average: mean returns by age added up over the ages, each over the"
                            + " cohorts that reached it; null where that has not been observed yet, or nothing was spent.")
            .in("months");
    public static final Field LIFETIME_VALUE_OVER_COST = Field.optionalNumber(
                    "lifetime_value_over_cost",
                    "Mean lifetime value of the segment at as_of over cost_per_new_customer; only for the period that contains as_of; null without "
                            + "lifetime values, and where one of value_basis and "
                            + "return_basis is revenue and the other is margins.")
            .in("ratio");
    public static final Field VALUE_BASIS = Field.optionalText(
            "value_basis",
            "What the lifetime value is made of, as in segment_lifetime_value: margin, or revenue where the job gives no"
                    + " margin; null without lifetime values.");
    public static final Field IS_LEFT_TRUNCATED = Field.flag(
            "is_left_truncated",
            "Whether the period begins in the first months of data or before them, so that new_customers are partly old"
                    + " ones: then no cost of a new customer is published, nor anything that rests on it.");

    public static final Table TABLE = Table.named(
                    "acquisition_economics", "What it costs to win and to keep customers, and when it pays back.")
            .oneRowPer(
                    "segment value and period",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    RetentionRate.PERIOD_MONTHS,
                    RetentionRate.PERIOD_FROM)
            .with(CUSTOMERS_BEFORE, NEW_CUSTOMERS, CUSTOMERS, CUSTOMERS_AT_START, KEPT_CUSTOMERS)
            .with(CohortRetention.CURRENCY, ACQUISITION_COST, RETENTION_COST, COST_BASIS, COST_PER_NEW)
            .with(SALES_FORCE_COST, COST_PER_KEPT, NEW_OVER_KEPT, RETURN_BASIS, PAYBACK_MONTHS)
            .with(LIFETIME_VALUE_OVER_COST, VALUE_BASIS, RetentionRate.IS_UNFINISHED, IS_LEFT_TRUNCATED)
            .expect(
                    "customers_before + new_customers = customers",
                    "kept_customers between 0 and customers_at_start",
                    "customers_at_start <= customers_before",
                    "(acquisition_cost is null) = (retention_cost is null)",
                    "cost_basis in ('costs', 'sales force')",
                    "value_basis in ('margin', 'revenue')",
                    "lifetime_value_over_cost is null or (value_basis = 'revenue') = (return_basis = 'revenue')",
                    "cost_per_new_customer is null or not is_left_truncated",
                    "new_over_kept is null or not is_left_truncated",
                    "payback_months is null or not is_left_truncated",
                    "payback_months >= 1");

    /** Sums of the cells that are made one after the other; money in ten-thousandths. */
    private static final List<String> SUMS = List.of(
            "customers_before", "customers", "new_customers", "customers_at_start", "kept_customers", "won", "kept");

    private static final int MONEY_DIGITS = 4;

    public AcquisitionEconomics {
        dimensions = List.copyOf(dimensions);
        if (!costs.hasSource() && loyalty.salesForce().isEmpty()) {
            throw new IllegalArgumentException("neither costs nor a sales force: nothing to report of acquisition");
        }
    }

    @Override
    public Lineage lineage() {
        List<Table> inputs = new ArrayList<>(List.of(CustomerStatus.TABLE, CustomerCell.TABLE, CohortCell.TABLE));
        if (costs.hasSource()) {
            inputs.add(CostMonth.TABLE);
        }
        if (returns.hasLifetimeValue()) {
            inputs.add(SegmentLifetimeValue.TABLE);
        }
        return TABLE.from(inputs);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        LoyaltyPeriod period = period();
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> cells = cohorts(members)
                .unionByName(SegmentNames.named(SegmentColumns.inLongForm(acquired(inputs), dimensions), members)
                        .select(columns(NEW_CUSTOMERS.name())))
                .unionByName(SegmentNames.named(SegmentColumns.inLongForm(stayed(inputs), dimensions), members)
                        .select(columns(CUSTOMERS_AT_START.name(), KEPT_CUSTOMERS.name())));
        if (costs.hasSource()) {
            cells = cells.unionByName(spent(inputs, members));
        }
        Column[] segment = Field.columns(SEGMENT, SEGMENT_VALUE);
        Dataset<Row> sums = cells.groupBy(segment[0], segment[1], col("periods_ago"))
                .agg(
                        sum(col(SUMS.get(0))).as(SUMS.get(0)),
                        SUMS.stream()
                                .skip(1)
                                .map(name -> sum(col(name)).as(name))
                                .toArray(Column[]::new))
                .where(col("periods_ago").between(0, period.periodsKept() - 1))
                .crossJoin(SegmentNames.firstMonth(members))
                .withColumn(RetentionRate.PERIOD_FROM.name(), period.from(col("periods_ago")))
                .withColumn(
                        IS_LEFT_TRUNCATED.name(),
                        coalesce(
                                RetentionRate.PERIOD_FROM
                                        .col()
                                        .lt(add_months(col("first_month"), leftTruncationMonths)),
                                lit(true)));
        Column isSplit = segment[0].isin(split());
        Column rule = lit(rule().orElse(null)).cast(COST_PER_NEW.type());
        Dataset<Row> costed = sums.withColumn(SALES_FORCE_COST.name(), rule)
                .withColumn(
                        COST_PER_NEW.name(),
                        when(
                                not(IS_LEFT_TRUNCATED.col()),
                                costs.hasSource()
                                        ? when(isSplit, per("won", NEW_CUSTOMERS))
                                        : when(NEW_CUSTOMERS.col().gt(0), rule)))
                .withColumn(COST_PER_KEPT.name(), when(isSplit, per("kept", KEPT_CUSTOMERS)));
        return valued(paidBack(costed, inputs, members), inputs)
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(RetentionRate.PERIOD_MONTHS.name(), lit(period.months()))
                .withColumn(CohortRetention.CURRENCY.name(), lit(currency))
                .withColumn(ACQUISITION_COST.name(), when(isSplit, CustomerMonth.money(col("won"))))
                .withColumn(RETENTION_COST.name(), when(isSplit, CustomerMonth.money(col("kept"))))
                .withColumn(COST_BASIS.name(), lit(costs.hasSource() ? "costs" : "sales force"))
                .withColumn(
                        NEW_OVER_KEPT.name(),
                        when(
                                COST_PER_KEPT.col().gt(0),
                                COST_PER_NEW
                                        .col()
                                        .cast("double")
                                        .divide(COST_PER_KEPT.col().cast("double"))))
                .withColumn(RETURN_BASIS.name(), lit(basis()))
                .withColumn(
                        RetentionRate.IS_UNFINISHED.name(),
                        col("periods_ago").equalTo(0).and(lit(period.isUnfinished())));
    }

    private LoyaltyPeriod period() {
        return new LoyaltyPeriod(asOf, loyalty.periodMonths());
    }

    /** Names of the dimensions that have costs. */
    private Object[] split() {
        return costs.hasSource()
                ? Stream.concat(Stream.of(Dimension.ALL), costs.split().stream().map(Dimension::name))
                        .toArray()
                : new Object[0];
    }

    private Optional<BigDecimal> rule() {
        return loyalty.salesForce()
                .map(force -> force.yearlyCost()
                        .multiply(force.visitsPerCustomer())
                        .divide(force.visits(), MONEY_DIGITS, RoundingMode.HALF_UP));
    }

    private String basis() {
        return returns.hasMargins() ? "line margins" : returns.marginShare().isPresent() ? "margin share" : "revenue";
    }

    /** Segment, period and all sums, 0 where not among the given ones. */
    private static Column[] columns(String... given) {
        List<String> counted = List.of(given);
        return Stream.concat(
                        Stream.of(SEGMENT.col(), SEGMENT_VALUE.col(), col("periods_ago")),
                        SUMS.stream().map(name -> counted.contains(name) ? col(name) : lit(0L).as(name)))
                .toArray(Column[]::new);
    }

    /** How many customers there were before and by the end of every period since the first one. */
    private Dataset<Row> cohorts(Dataset<Row> members) {
        Column first = period().periodsAgo(CohortCell.COHORT_ON.col());
        Column number = CustomerCell.CUSTOMERS.col();
        return members.withColumn("first_ago", first)
                .withColumn(
                        "periods_ago",
                        explode(sequence(lit(0), least(col("first_ago"), lit(period().periodsKept() - 1)))))
                .select(
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        col("periods_ago"),
                        when(col("first_ago").gt(col("periods_ago")), number)
                                .otherwise(0L)
                                .as(CUSTOMERS_BEFORE.name()),
                        number.as(CUSTOMERS.name()))
                .select(columns(CUSTOMERS_BEFORE.name(), CUSTOMERS.name()));
    }

    /** New customers by the period of their first purchase. */
    private Dataset<Row> acquired(Inputs inputs) {
        return inputs.read(CustomerStatus.TABLE)
                .groupBy(
                        period().periodsAgo(CustomerStatus.FIRST_PURCHASE_ON.col())
                                .as("periods_ago"),
                        Customer.SEGMENTS.col())
                .agg(count(lit(1)).as(NEW_CUSTOMERS.name()));
    }

    /** Who was active before each period, and in it too. */
    private Dataset<Row> stayed(Inputs inputs) {
        Dataset<Row> cells = LoyaltyPeriod.counted(inputs.read(CustomerStatus.TABLE));
        return period().followed(cells, CUSTOMERS_AT_START, KEPT_CUSTOMERS);
    }

    /** Costs by period; those that name no segment value, or one that no customer has, under a name of their own. */
    private Dataset<Row> spent(Inputs inputs, Dataset<Row> members) {
        Column isWon = Landing.PURPOSE.is("acquisition");
        Column cost = CostMonth.COST.col();
        Dataset<Row> cells = inputs.read(CostMonth.TABLE)
                .groupBy(period().periodsAgo(Landing.MONTH.col()).as("periods_ago"), CostMonth.SEGMENTS.col())
                .agg(
                        sum(when(isWon, cost).otherwise(0L)).as("won"),
                        sum(when(isWon, 0L).otherwise(cost)).as("kept"));
        Dataset<Row> all = SegmentColumns.inLongForm(cells, dimensions)
                .where(SEGMENT_VALUE.col().isNotNull());
        return SegmentNames.namedOrForeign(all, members, inputs, dimensions).select(columns("won", "kept"));
    }

    /** The rows with the age at which mean returns reach the cost of a new customer. */
    private Dataset<Row> paidBack(Dataset<Row> costed, Inputs inputs, Dataset<Row> members) {
        LocalDate lastWhole = asOf.getDayOfMonth() == asOf.lengthOfMonth()
                ? asOf.withDayOfMonth(1)
                : asOf.withDayOfMonth(1).minusMonths(1);
        Column cohort = CohortCell.COHORT_ON.col();
        Column ages = lit(12 * lastWhole.getYear() + lastWhole.getMonthValue())
                .minus(expr("12 * year(cohort_on) + month(cohort_on)"));
        Dataset<Row> reached = members.groupBy(cohort, SEGMENT.col(), SEGMENT_VALUE.col())
                .agg(sum(CustomerCell.CUSTOMERS.col()).as("number"))
                .withColumn("ages", ages)
                .where(col("ages").geq(0))
                .withColumn("age", explode(sequence(lit(0), col("ages"))))
                .withColumn(Landing.MONTH.name(), add_months(cohort, col("age")));
        Column brought = returns.hasMargins() ? CustomerMonth.MARGIN.col() : CustomerMonth.NET.col();
        Dataset<Row> months = SegmentNames.named(inputs.read(CohortCell.TABLE).where(cohort.isNotNull()), members)
                .groupBy(cohort, SEGMENT.col(), SEGMENT_VALUE.col(), Landing.MONTH.col())
                .agg(sum(brought).as("brought"));
        String[] month = Field.names(CohortCell.COHORT_ON, SEGMENT, SEGMENT_VALUE, Landing.MONTH);
        Column share = lit(returns.hasMargins() ? 1.0 : returns.marginShare().orElse(1.0));
        Column mean = col("brought")
                .cast("double")
                .divide(Purchase.PER_UNIT)
                .multiply(share)
                .divide(col("number"));
        String[] key = {SEGMENT.name(), SEGMENT_VALUE.name(), "periods_ago"};
        var upToAge = Window.partitionBy(SEGMENT.col(), SEGMENT_VALUE.col(), col("periods_ago"))
                .orderBy("age")
                .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
        Dataset<Row> curve = reached.join(months, month, "left_outer")
                .groupBy(
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        period().periodsAgo(cohort).as("periods_ago"),
                        col("age"))
                .agg(
                        sum(coalesce(col("brought"), lit(0L))).as("brought"),
                        sum(col("number")).as("number"))
                .withColumn("returned", sum(mean).over(upToAge));
        Dataset<Row> paid = curve.join(costed.select(col(key[0]), col(key[1]), col(key[2]), COST_PER_NEW.col()), key)
                // what cost nothing has nothing to pay back
                .where(COST_PER_NEW
                        .col()
                        .gt(0)
                        .and(col("returned").geq(COST_PER_NEW.col().cast("double"))))
                .groupBy(key[0], key[1], key[2])
                .agg(min(col("age")).plus(1).as(PAYBACK_MONTHS.name()));
        return costed.join(paid, key, "left_outer");
    }

    /** The rows with lifetime value over cost. */
    private Dataset<Row> valued(Dataset<Row> rows, Inputs inputs) {
        if (!returns.hasLifetimeValue()) {
            return rows.withColumn(LIFETIME_VALUE_OVER_COST.name(), lit(null).cast(DataTypes.DoubleType))
                    .withColumn(VALUE_BASIS.name(), lit(null).cast(DataTypes.StringType));
        }
        Column isRevenue = VALUE_BASIS.is(basis());
        Column isMargin = VALUE_BASIS.is("margin").and(lit(!basis().equals("revenue")));
        Dataset<Row> values = inputs.read(SegmentLifetimeValue.TABLE)
                .select(
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        SegmentLifetimeValue.MEAN_LIFETIME_VALUE
                                .col()
                                .cast("double")
                                .as("value"),
                        CustomerLifetimeValue.VALUE_BASIS.col().as(VALUE_BASIS.name()));
        return rows.join(values, Field.names(SEGMENT, SEGMENT_VALUE), "left_outer")
                .withColumn(
                        LIFETIME_VALUE_OVER_COST.name(),
                        when(
                                col("periods_ago")
                                        .equalTo(0)
                                        .and(COST_PER_NEW.col().gt(0))
                                        .and(isRevenue.or(isMargin)),
                                col("value").divide(COST_PER_NEW.col().cast("double"))));
    }

    /** Money over customers, rounded half up; null without customers. */
    private static Column per(String held, Field customers) {
        return when(
                customers.col().gt(0),
                CustomerMonth.money(col(held))
                        .divide(customers.col().cast(DataTypes.createDecimalType(14, 0)))
                        .cast(CustomerMonth.PUBLISHED_MONEY));
    }

    private static Field counted(String name, String meaning) {
        return Field.whole(name, meaning).in("customers");
    }
}
