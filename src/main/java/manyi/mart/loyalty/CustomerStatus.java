package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_diff;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.TierKind;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.conformed.Purchase;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * What every customer with a purchase did up to as_of, in the period and in the one before it, and the tiers that follow
 * from it: the loyalty marts are condensed from here. Both periods are measured by the same thresholds.
 */
public record CustomerStatus(LocalDate asOf, Job.Loyalty loyalty) implements Derivation {

    /** Months of purchase are kept as the bits of one long; the sign is left alone. */
    public static final int MONTHS_KEPT = 63;

    public static final Field PURCHASE_DAYS = Field.whole(
                    "purchase_days", "Days with " + Purchase.PURCHASE_LINE + ", up to as_of.")
            .in("days");
    public static final Field PURCHASE_DAYS_IN_PERIOD = Field.whole(
                    "purchase_days_in_period", "Days with " + Purchase.PURCHASE_LINE + " in the period.")
            .in("days");
    public static final Field FIRST_PURCHASE_ON = Field.day("first_purchase_on", "The first purchase day.");
    public static final Field LAST_PURCHASE_ON = Field.day("last_purchase_on", "The last purchase day up to as_of.");
    public static final Field RECENCY_DAYS = Field.required(
                    "recency_days", DataTypes.IntegerType, "Days from the last purchase day to as_of.")
            .in("days");
    public static final Field NET = Purchase.held("net", "Net amount up to as_of.");
    public static final Field NET_IN_PERIOD = Purchase.held("net_in_period", "Net amount in the period.");
    public static final Field MARGIN = Purchase.optionalHeld(
            "margin", "Margin of the lines up to as_of whose margin is known; null where none is.");
    public static final Field MARGIN_IN_PERIOD =
            Purchase.optionalHeld("margin_in_period", "The same for the lines of the period.");
    public static final Field ACTIVE_MONTHS = Field.whole(
                    "active_months",
                    "Bit k is set where the customer bought in the month k months before that of as_of.")
            .in("63 bits");
    public static final Field USAGE_TIER = tier("usage_tier", TierKind.USAGE, "heavy, medium, light or none");
    public static final Field LIFE_CYCLE =
            tier("life_cycle", TierKind.LIFE_CYCLE, "new, won back, active, dormant or lost, the first that applies");
    public static final Field VALUE_TIER = Field.optionalText(
            "value_tier", "vip, target or mass by net amount in the period; null without configured tiers.");
    public static final Field ACCOUNT_CLASS = Field.optionalText(
            "account_class",
            "strategic, group, important or economic by net amount in the period; null without configured classes.");
    public static final Field USAGE_TIER_BEFORE = before(USAGE_TIER);
    public static final Field LIFE_CYCLE_BEFORE = before(LIFE_CYCLE);
    public static final Field VALUE_TIER_BEFORE = before(VALUE_TIER);

    public static final Table TABLE = Table.named(
                    "customer_status", "What every customer did, and the tiers that follow from it.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer with a purchase", CustomerMonth.CUSTOMER)
            .with(FIRST_PURCHASE_ON, LAST_PURCHASE_ON, RECENCY_DAYS, PURCHASE_DAYS, PURCHASE_DAYS_IN_PERIOD)
            .with(
                    NET,
                    NET_IN_PERIOD,
                    MARGIN,
                    MARGIN_IN_PERIOD,
                    ACTIVE_MONTHS,
                    USAGE_TIER,
                    LIFE_CYCLE,
                    VALUE_TIER,
                    ACCOUNT_CLASS)
            .with(USAGE_TIER_BEFORE, LIFE_CYCLE_BEFORE, VALUE_TIER_BEFORE, Customer.SEGMENTS)
            .expect(
                    "first_purchase_on <= last_purchase_on",
                    "recency_days >= 0",
                    "purchase_days >= 1",
                    "purchase_days_in_period between 0 and purchase_days",
                    "(usage_tier = 'none') = (purchase_days_in_period = 0)",
                    "(life_cycle = 'new') = (life_cycle_before is null)");

    private static final String LAST_BEFORE = "last_purchase_before_on";

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, Customer.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        LoyaltyPeriod period = new LoyaltyPeriod(asOf, loyalty.periodMonths());
        Column month = Landing.MONTH.col();
        Column isNow = month.geq(lit(period.from()));
        Column isBefore = month.geq(lit(period.fromBefore())).and(month.lt(lit(period.from())));
        // a gap that makes someone lost is longer than a month, so it lies between months, never within one
        var monthsBefore = Window.partitionBy(CustomerMonth.CUSTOMER.col())
                .orderBy(month)
                .rowsBetween(Window.unboundedPreceding(), -1);
        Column isReturn = coalesce(date_diff(col("first_on"), col("on_before")).gt(loyalty.lostGapDays()), lit(false));
        Dataset<Row> months = inputs.read(CustomerMonth.TABLE)
                .select(
                        CustomerMonth.CUSTOMER.col(),
                        month,
                        CustomerMonth.PURCHASE_DAYS.col(),
                        CustomerMonth.NET.col(),
                        CustomerMonth.MARGIN.col(),
                        CustomerSpan.firstDay().as("first_on"),
                        CustomerSpan.lastDay().as("last_on"),
                        period.monthsAgo(month).as("months_ago"))
                .withColumn("on_before", max(col("last_on")).over(monthsBefore));
        Column activeMonth = when(
                        col("first_on").isNotNull().and(col("months_ago").lt(MONTHS_KEPT)),
                        expr("shiftleft(1L, months_ago)"))
                .otherwise(lit(0L));
        Dataset<Row> customers = months.groupBy(CustomerMonth.CUSTOMER.col())
                .agg(
                        sum(CustomerMonth.PURCHASE_DAYS.col()).as(PURCHASE_DAYS.name()),
                        within(isNow, CustomerMonth.PURCHASE_DAYS).as(PURCHASE_DAYS_IN_PERIOD.name()),
                        within(isBefore, CustomerMonth.PURCHASE_DAYS).as("purchase_days_before"),
                        sum(CustomerMonth.NET.col()).as(NET.name()),
                        within(isNow, CustomerMonth.NET).as(NET_IN_PERIOD.name()),
                        within(isBefore, CustomerMonth.NET).as("net_before"),
                        sum(CustomerMonth.MARGIN.col()).as(MARGIN.name()),
                        sum(when(isNow, CustomerMonth.MARGIN.col())).as(MARGIN_IN_PERIOD.name()),
                        min(col("first_on")).as(FIRST_PURCHASE_ON.name()),
                        max(col("last_on")).as(LAST_PURCHASE_ON.name()),
                        max(when(month.lt(lit(period.from())), col("last_on"))).as(LAST_BEFORE),
                        max(isNow.and(isReturn)).as("came_back"),
                        max(isBefore.and(isReturn)).as("came_back_before"),
                        bit_or(activeMonth).as(ACTIVE_MONTHS.name()));
        Column wasCustomer = col(LAST_BEFORE).isNotNull();
        Column daysNow = PURCHASE_DAYS_IN_PERIOD.col();
        return customers
                .where(FIRST_PURCHASE_ON.col().isNotNull())
                .join(
                        inputs.read(Customer.TABLE).select(CustomerMonth.CUSTOMER.col(), Customer.SEGMENTS.col()),
                        CustomerMonth.CUSTOMER.name(),
                        "inner")
                .withColumn(RECENCY_DAYS.name(), date_diff(lit(asOf), LAST_PURCHASE_ON.col()))
                .withColumn(USAGE_TIER.name(), usageTier(daysNow, NET_IN_PERIOD.col()))
                .withColumn(
                        USAGE_TIER_BEFORE.name(),
                        when(wasCustomer, usageTier(col("purchase_days_before"), col("net_before"))))
                .withColumn(LIFE_CYCLE.name(), lifeCycle(period.from(), asOf, col("came_back"), LAST_PURCHASE_ON.col()))
                .withColumn(
                        LIFE_CYCLE_BEFORE.name(),
                        when(
                                wasCustomer,
                                lifeCycle(
                                        period.fromBefore(), period.eve(), col("came_back_before"), col(LAST_BEFORE))))
                .withColumn(VALUE_TIER.name(), moneyTier(loyalty.valueTiers(), "mass", NET_IN_PERIOD.col()))
                .withColumn(
                        VALUE_TIER_BEFORE.name(),
                        when(wasCustomer, moneyTier(loyalty.valueTiers(), "mass", col("net_before"))))
                .withColumn(ACCOUNT_CLASS.name(), moneyTier(loyalty.accountClasses(), "economic", NET_IN_PERIOD.col()));
    }

    private static Column within(Column period, Field amount) {
        return sum(when(period, amount.col().cast(DataTypes.LongType)).otherwise(lit(0L)));
    }

    private Column usageTier(Column days, Column net) {
        return when(days.equalTo(0), "none")
                .when(reaches(loyalty.heavy(), days, net), "heavy")
                .when(reaches(loyalty.medium(), days, net), "medium")
                .otherwise("light");
    }

    private static Column reaches(Job.Loyalty.Usage tier, Column days, Column net) {
        Column enough = days.geq(tier.purchaseDays());
        Optional<Column> paid = tier.money().map(money -> net.geq(held(money)));
        return paid.map(enough::and).orElse(enough);
    }

    private Column lifeCycle(LocalDate from, LocalDate to, Column cameBack, Column lastPurchase) {
        Column silence = date_diff(lit(to), lastPurchase);
        return when(FIRST_PURCHASE_ON.col().geq(lit(from)), "new")
                .when(cameBack, "won back")
                .when(silence.leq(loyalty.activeGapDays()), "active")
                .when(silence.leq(loyalty.lostGapDays()), "dormant")
                .otherwise("lost");
    }

    private static Column moneyTier(List<Job.Loyalty.MoneyTier> tiers, String rest, Column net) {
        Column tier = lit(tiers.isEmpty() ? null : rest).cast(DataTypes.StringType);
        for (int i = tiers.size() - 1; i >= 0; i--) {
            tier = when(net.geq(held(tiers.get(i).money())), tiers.get(i).name())
                    .otherwise(tier);
        }
        return tier;
    }

    /** An amount of the job document in ten-thousandths; a finer one is reached where the next whole one is. */
    static long held(BigDecimal money) {
        return money.multiply(BigDecimal.valueOf(Purchase.PER_UNIT))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    private static Field tier(String name, TierKind kind, String words) {
        return Field.text(name, "The " + kind.key() + " tier at as_of: " + words + ".");
    }

    private static Field before(Field tier) {
        return Field.optional(
                tier.name() + "_before",
                tier.type(),
                "The same for the period before; null for customers who came later.");
    }
}
