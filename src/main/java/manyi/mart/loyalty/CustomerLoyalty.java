package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Job;
import manyi.conformed.CustomerKeys;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Referral;
import manyi.mart.SegmentColumns;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * How loyal each customer is by what the customer did: recency, frequency and money with their scores, tiers and state.
 * Every customer with a purchase by as_of stands in it once; those with returns only are counted in {@code exclusion}.
 *
 * @param hasReferrals whether there is a source of referrals
 */
public record CustomerLoyalty(
        LocalDate asOf, String currency, Job.Loyalty loyalty, CustomerKeys keys, boolean hasReferrals)
        implements Derivation {

    public static final Field REVENUE = CustomerMonth.money("revenue", "Net revenue up to as_of, returns deducted.");
    public static final Field REVENUE_IN_PERIOD =
            CustomerMonth.money("revenue_in_period", "Net revenue in the period, returns deducted.");
    public static final Field RECENCY_SCORE = score("recency_score", "customers whose last purchase lies further back");
    public static final Field FREQUENCY_SCORE = score("frequency_score", "customers with fewer purchase days");
    public static final Field MONEY_SCORE = score("money_score", "customers with less revenue, all up to as_of");
    public static final Field RFM_SEGMENT = Field.text(
            "rfm_segment",
            "Named by the recency score and by the mean of frequency and money score, rounded half up: champions (5; 4, 5),"
                    + " loyal (3, 4; 4, 5), potential loyalists (4, 5; 2, 3), new customers (5; 1), promising (4; 1),"
                    + " need attention (3; 3), about to sleep (3; 1, 2), cannot lose (1, 2; 5), at risk (1, 2; 3, 4),"
                    + " hibernating (1, 2; 1, 2).");
    public static final Field BUYS_AGAIN =
            Field.flag("buys_again", "Whether there are two purchase days or more: loyalty shown by behaviour.");

    public static final Field HAS_REFERRED = Field.optionalFlag(
            "has_referred",
            "Whether the customer recommended the company to somebody by as_of; null without a source of referrals.");

    public static final Table TABLE = Table.named(
                    "customer_loyalty", "How loyal each customer is, by what the customer did up to as_of.")
            .on(Visibility.RESTRICTED)
            .oneRowPer("customer with a purchase", SegmentColumns.AS_OF, CustomerKeys.CUSTOMER_KEY)
            .with(CustomerStatus.FIRST_PURCHASE_ON, CustomerStatus.LAST_PURCHASE_ON, CustomerStatus.RECENCY_DAYS)
            .with(CustomerStatus.PURCHASE_DAYS, CustomerStatus.PURCHASE_DAYS_IN_PERIOD)
            .with(CohortRetention.CURRENCY, REVENUE, REVENUE_IN_PERIOD)
            .with(RECENCY_SCORE, FREQUENCY_SCORE, MONEY_SCORE, RFM_SEGMENT)
            .with(CustomerStatus.USAGE_TIER, CustomerStatus.LIFE_CYCLE)
            .with(CustomerStatus.VALUE_TIER, CustomerStatus.ACCOUNT_CLASS, BUYS_AGAIN, HAS_REFERRED)
            .expect(
                    "first_purchase_on <= last_purchase_on",
                    "last_purchase_on <= as_of",
                    "recency_days = datediff(as_of, last_purchase_on)",
                    "purchase_days >= 1",
                    "purchase_days_in_period between 0 and purchase_days",
                    "recency_score between 1 and 5",
                    "frequency_score between 1 and 5",
                    "money_score between 1 and 5",
                    "(usage_tier = 'none') = (purchase_days_in_period = 0)",
                    "life_cycle in ('new', 'won back', 'active', 'dormant', 'lost')",
                    "buys_again = (purchase_days > 1)");

    @Override
    public Lineage lineage() {
        return TABLE.from(hasReferrals ? List.of(CustomerStatus.TABLE, Referral.TABLE) : List.of(CustomerStatus.TABLE));
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> customers = marked(inputs);
        // the later the better, so days are counted backwards
        Column recency = CustomerStatus.RECENCY_DAYS.col().multiply(-1);
        Column frequency = CustomerStatus.PURCHASE_DAYS.col();
        Column money = CustomerStatus.NET.col();
        return cut(customers, recency, frequency, money)
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(CustomerKeys.CUSTOMER_KEY.name(), keys.of(CustomerMonth.CUSTOMER.col()))
                .withColumn(CohortRetention.CURRENCY.name(), lit(currency))
                .withColumn(REVENUE.name(), CustomerMonth.money(money))
                .withColumn(REVENUE_IN_PERIOD.name(), CustomerMonth.money(CustomerStatus.NET_IN_PERIOD.col()))
                .withColumn(RECENCY_SCORE.name(), Ranks.score(recency, "recency"))
                .withColumn(FREQUENCY_SCORE.name(), Ranks.score(frequency, "frequency"))
                .withColumn(MONEY_SCORE.name(), Ranks.score(money, "money"))
                .withColumn(RFM_SEGMENT.name(), rfmSegment())
                .withColumn(BUYS_AGAIN.name(), frequency.gt(1));
    }

    /** The customers with whether they have referred anybody. */
    private Dataset<Row> marked(Inputs inputs) {
        Dataset<Row> customers = inputs.read(CustomerStatus.TABLE);
        if (!hasReferrals) {
            return customers.withColumn(HAS_REFERRED.name(), lit(null).cast(DataTypes.BooleanType));
        }
        Dataset<Row> referrers = inputs.read(Referral.TABLE)
                .select(CustomerMonth.CUSTOMER.col())
                .dropDuplicates()
                .withColumn(HAS_REFERRED.name(), lit(true));
        return customers
                .join(referrers, CustomerMonth.CUSTOMER.name(), "left_outer")
                .withColumn(HAS_REFERRED.name(), HAS_REFERRED.col().isNotNull());
    }

    /** The customers with the cuts of all scores beside them. */
    private Dataset<Row> cut(Dataset<Row> customers, Column recency, Column frequency, Column money) {
        if (loyalty.rfm().isEmpty()) {
            return customers
                    .crossJoin(functions.broadcast(Ranks.quintiles(customers, recency, "recency")))
                    .crossJoin(functions.broadcast(Ranks.quintiles(customers, frequency, "frequency")))
                    .crossJoin(functions.broadcast(Ranks.quintiles(customers, money, "money")));
        }
        Job.Loyalty.RfmCuts cuts = loyalty.rfm().get();
        List<Column> columns = new ArrayList<>(List.of(col("*")));
        for (int i = 0; i < cuts.recencyDays().size(); i++) {
            columns.add(
                    lit(-whole(cuts.recencyDays().get(i), RoundingMode.FLOOR)).as(Ranks.cut("recency", 5 - i)));
            columns.add(
                    lit(whole(cuts.purchaseDays().get(i), RoundingMode.CEILING)).as(Ranks.cut("frequency", 2 + i)));
            columns.add(lit(CustomerStatus.held(cuts.money().get(i))).as(Ranks.cut("money", 2 + i)));
        }
        return customers.select(columns.toArray(Column[]::new));
    }

    private static long whole(BigDecimal number, RoundingMode rounding) {
        return number.setScale(0, rounding).longValueExact();
    }

    private static Column rfmSegment() {
        Column recency = RECENCY_SCORE.col();
        Column worth = expr("(frequency_score + money_score + 1) div 2");
        Column gone = when(worth.equalTo(5), "cannot lose")
                .when(worth.geq(3), "at risk")
                .otherwise("hibernating");
        Column fading = when(worth.geq(4), "loyal")
                .when(worth.equalTo(3), "need attention")
                .otherwise("about to sleep");
        Column recent = when(worth.geq(4), when(recency.equalTo(5), "champions").otherwise("loyal"))
                .when(worth.geq(2), "potential loyalists")
                .otherwise(when(recency.equalTo(5), "new customers").otherwise("promising"));
        return when(recency.leq(2), gone).when(recency.equalTo(3), fading).otherwise(recent);
    }

    private static Field score(String name, String worse) {
        return Field.required(
                        name,
                        DataTypes.IntegerType,
                        "1 + floor(5 · " + worse + " / customers), or by configured cuts; 5 is best.")
                .in("score, 1 to 5");
    }
}
