package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Referral;
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

/**
 * Retention, related sales and referrals, period by period. Segments are those of as_of; a referral belongs to the
 * segment of who made it, and to {@code unknown} where that customer is not one with a purchase.
 *
 * @param hasGroups whether purchases name product groups; without them there are no related sales
 * @param hasReferrals whether there is a source of referrals
 */
public record ThreeR(
        LocalDate asOf, List<Dimension> dimensions, Job.Loyalty loyalty, boolean hasGroups, boolean hasReferrals)
        implements Derivation {

    public static final Field CUSTOMERS_AT_START = Field.whole(
                    "customers_at_start", "Customers with a purchase day in the period before.")
            .in("customers");
    public static final Field CUSTOMERS_KEPT = Field.whole(
                    "customers_kept", "Those of them with a purchase day in the period too.")
            .in("customers");
    public static final Field RETENTION =
            Field.optionalShare("retention", "Customers kept over customers at the start; null at 0.");
    public static final Field RELATED_CUSTOMERS = counted(
            "related_customers",
            "Customers at the start who bought in the period a product group that they had never bought before; null"
                    + " where purchases name no groups.",
            "customers");
    public static final Field RELATED_SALES =
            Field.optionalShare("related_sales", "Related customers over customers at the start; null likewise.");
    public static final Field REFERRALS = counted(
            "referrals",
            "Referrals made in the period, counting each pair once, and those that name nobody one by one; null without a source.",
            "referrals");
    public static final Field REFERRERS =
            counted("referrers", "Customers who made a referral in the period; null likewise.", "customers");
    public static final Field REFERRALS_PER_REFERRER = Field.optionalNumber(
                    "referrals_per_referrer", "Word of mouth: referrals per referrer; null without a referral.")
            .in("referrals");
    public static final Field REFERRED_NEW_CUSTOMERS = counted(
            "referred_new_customers",
            "Customers whose first purchase lies in the period, on or after the day of the first referral to them;"
                    + " counted in that referrer's segment value.",
            "customers");
    public static final Field REFERRAL_RATE = Field.optionalNumber(
                    "referral_rate",
                    "Referred new customers over customers at the start; null without a source or customers.")
            .in("ratio");

    public static final Table TABLE = Table.named(
                    "three_r", "Retention, related sales and referrals, by the job's period; at most 63 months back.")
            .oneRowPer(
                    "segment value and period",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    RetentionRate.PERIOD_MONTHS,
                    RetentionRate.PERIOD_FROM)
            .with(CUSTOMERS_AT_START, CUSTOMERS_KEPT, RETENTION, RELATED_CUSTOMERS, RELATED_SALES)
            .with(REFERRALS, REFERRERS, REFERRALS_PER_REFERRER, REFERRED_NEW_CUSTOMERS, REFERRAL_RATE)
            .with(RetentionRate.IS_UNFINISHED, RetentionRate.IS_LEFT_TRUNCATED)
            .expect(
                    "customers_kept between 0 and customers_at_start",
                    "related_customers between 0 and customers_kept",
                    "referrers between 0 and referrals",
                    "(referrals is null) = (referred_new_customers is null)",
                    "retention between 0 and 1",
                    "related_sales between 0 and 1");

    private static final List<Field> COUNTS = List.of(
            CUSTOMERS_AT_START, CUSTOMERS_KEPT, RELATED_CUSTOMERS, REFERRALS, REFERRERS, REFERRED_NEW_CUSTOMERS);

    public ThreeR {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        List<Table> inputs = new ArrayList<>(List.of(CustomerStatus.TABLE, CustomerCell.TABLE));
        if (hasGroups) {
            inputs.add(CustomerAddition.TABLE);
        }
        if (hasReferrals) {
            inputs.add(Referral.TABLE);
        }
        return TABLE.from(inputs);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> cells = kept(inputs);
        if (hasReferrals) {
            cells = cells.unionByName(made(inputs)).unionByName(won(inputs));
        }
        LoyaltyPeriod period = period();
        Column from = period.from(col("periods_ago"));
        Column start = CUSTOMERS_AT_START.col();
        return SegmentNames.namedOrUnknown(SegmentColumns.inLongForm(cells, dimensions), members, dimensions)
                .groupBy(SEGMENT.col(), SEGMENT_VALUE.col(), col("periods_ago"))
                .agg(
                        sum(start).as(CUSTOMERS_AT_START.name()),
                        COUNTS.stream()
                                .skip(1)
                                .map(field -> sum(field.col()).as(field.name()))
                                .toArray(Column[]::new))
                .where(col("periods_ago").between(0, period.periodsKept() - 1))
                .crossJoin(SegmentNames.firstMonth(members))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(RetentionRate.PERIOD_MONTHS.name(), lit(period.months()))
                .withColumn(RetentionRate.PERIOD_FROM.name(), from)
                .withColumn(RETENTION.name(), ratio(CUSTOMERS_KEPT.col(), start))
                .withColumn(RELATED_CUSTOMERS.name(), when(lit(hasGroups), RELATED_CUSTOMERS.col()))
                .withColumn(RELATED_SALES.name(), ratio(RELATED_CUSTOMERS.col(), start))
                .withColumn(REFERRALS.name(), when(lit(hasReferrals), REFERRALS.col()))
                .withColumn(REFERRERS.name(), when(lit(hasReferrals), REFERRERS.col()))
                .withColumn(REFERRALS_PER_REFERRER.name(), ratio(REFERRALS.col(), REFERRERS.col()))
                .withColumn(REFERRED_NEW_CUSTOMERS.name(), when(lit(hasReferrals), REFERRED_NEW_CUSTOMERS.col()))
                .withColumn(REFERRAL_RATE.name(), ratio(REFERRED_NEW_CUSTOMERS.col(), start))
                .withColumn(
                        RetentionRate.IS_UNFINISHED.name(),
                        col("periods_ago").equalTo(0).and(lit(period.isUnfinished())))
                .withColumn(
                        RetentionRate.IS_LEFT_TRUNCATED.name(),
                        col("first_month").gt(period.from(col("periods_ago").plus(1))));
    }

    /** Who was there before each period, who of them stayed and who bought something new to them. */
    private Dataset<Row> kept(Inputs inputs) {
        Dataset<Row> customers = inputs.read(CustomerStatus.TABLE)
                .select(Field.columns(CustomerMonth.CUSTOMER, CustomerStatus.ACTIVE_MONTHS, Customer.SEGMENTS));
        Column added = lit(0L);
        if (hasGroups) {
            customers =
                    customers.join(inputs.read(CustomerAddition.TABLE), CustomerMonth.CUSTOMER.name(), "left_outer");
            added = coalesce(CustomerAddition.ADDED_MONTHS.col(), lit(0L));
        }
        Dataset<Row> cells = LoyaltyPeriod.counted(customers, added.as("added"));
        Column hasAdded = col("added").bitwiseAND(col(LoyaltyPeriod.MONTHS)).notEqual(0);
        Column related = sum(when(hasAdded, col(LoyaltyPeriod.NUMBER)).otherwise(0L));
        return period().followed(cells, CUSTOMERS_AT_START, CUSTOMERS_KEPT, related.as(RELATED_CUSTOMERS.name()))
                .select(columns(CUSTOMERS_AT_START, CUSTOMERS_KEPT, RELATED_CUSTOMERS));
    }

    /** Referrals by who made them and when. */
    private Dataset<Row> made(Inputs inputs) {
        return ofReferrers(inputs.read(Referral.TABLE), inputs)
                .withColumn("periods_ago", period().periodsAgo(Landing.REFERRED_ON.col()))
                .groupBy(CustomerMonth.CUSTOMER.col(), Customer.SEGMENTS.col(), col("periods_ago"))
                .agg(sum(Referral.REFERRALS.col()).as("told"))
                .groupBy(Customer.SEGMENTS.col(), col("periods_ago"))
                .agg(sum(col("told")).as(REFERRALS.name()), count(lit(1)).as(REFERRERS.name()))
                .select(columns(REFERRALS, REFERRERS));
    }

    /** Customers who were referred and then bought for the first time, by who referred them. */
    private Dataset<Row> won(Inputs inputs) {
        Dataset<Row> first = inputs.read(CustomerStatus.TABLE)
                .select(
                        CustomerMonth.CUSTOMER.col().as(Landing.REFERRED_CUSTOMER_ID.name()),
                        CustomerStatus.FIRST_PURCHASE_ON.col());
        return ofReferrers(inputs.read(Referral.TABLE).where(Referral.IS_CREDITED.col()), inputs)
                .join(first, Landing.REFERRED_CUSTOMER_ID.name(), "inner")
                .where(CustomerStatus.FIRST_PURCHASE_ON.col().geq(Landing.REFERRED_ON.col()))
                .withColumn("periods_ago", period().periodsAgo(CustomerStatus.FIRST_PURCHASE_ON.col()))
                .groupBy(Customer.SEGMENTS.col(), col("periods_ago"))
                .agg(count(lit(1)).as(REFERRED_NEW_CUSTOMERS.name()))
                .select(columns(REFERRED_NEW_CUSTOMERS));
    }

    private Dataset<Row> ofReferrers(Dataset<Row> referrals, Inputs inputs) {
        Dataset<Row> segments =
                inputs.read(CustomerStatus.TABLE).select(CustomerMonth.CUSTOMER.col(), Customer.SEGMENTS.col());
        return referrals
                .join(segments, CustomerMonth.CUSTOMER.name(), "left_outer")
                .withColumn(
                        Customer.SEGMENTS.name(), coalesce(Customer.SEGMENTS.col(), SegmentNames.unknown(dimensions)));
    }

    private LoyaltyPeriod period() {
        return new LoyaltyPeriod(asOf, loyalty.periodMonths());
    }

    /** Period, segments and all counts, 0 where not among the given ones. */
    private static Column[] columns(Field... counted) {
        List<Field> given = List.of(counted);
        return Stream.concat(
                        Stream.of(col("periods_ago"), Customer.SEGMENTS.col()),
                        COUNTS.stream().map(field -> given.contains(field) ? field.col() : lit(0L).as(field.name())))
                .toArray(Column[]::new);
    }

    private static Column ratio(Column part, Column whole) {
        return when(whole.gt(0), part.cast("double").divide(whole));
    }

    private static Field counted(String name, String meaning, String unit) {
        return Field.optionalWhole(name, meaning).in(unit);
    }
}
