package manyi.mart.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import manyi.config.LifetimeValue;
import manyi.conformed.CustomerKeys;
import manyi.conformed.CustomerMonth;
import manyi.mart.SegmentColumns;
import manyi.math.clv.Fit;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** The lifetime value of each customer, for readers who may see customers. */
public record CustomerLifetimeValue(LocalDate asOf, LifetimeValue settings, CustomerKeys keys, String currency)
        implements Derivation {

    public static final Field MODEL = CustomerValue.MODEL;
    public static final Field CURRENCY = Field.text("currency", "The reporting currency.");
    public static final Field VALUE_BASIS =
            Field.text("value_basis", "What values are made of: margin, or revenue where the job gives no margin.");
    public static final Field REPEAT_PURCHASES = CustomerValue.REPEAT_PURCHASES;
    public static final Field WEEKS_TO_LAST =
            weeks("weeks_to_last", "t_x: age of the customer at the last purchase; 0 without a repeat purchase.");
    public static final Field WEEKS_OBSERVED = weeks("weeks_observed", "T: age of the customer at as_of.");
    public static final Field MEAN_SPEND = CustomerMonth.optionalMoney(
            "mean_spend",
            "Mean net amount of the repeat purchase days; null without one. Below 0 where returns outweigh.");
    public static final Field STATE = Field.optionalText(
            "state",
            "active, at risk or lost, by the job's bounds of probability_alive, so under bg_nbd all who bought once are"
                    + " active; null without a model.");
    public static final Field LIFETIME_VALUE = CustomerMonth.optionalMoney(
            "lifetime_value", "Expected value of the purchases within the horizon after as_of, discounted to as_of.");
    public static final Field CONFIDENCE_LOW = CustomerMonth.optionalMoney(
            "confidence_low", "Lower limit of the expected value at 95 %, given the uncertainty of the parameters.");
    public static final Field CONFIDENCE_HIGH = CustomerMonth.optionalMoney("confidence_high", "Upper limit likewise.");
    public static final Field PREDICTION_LOW = CustomerMonth.optionalMoney(
            "prediction_low",
            "Lower limit of the realised value at 95 %, chance included; rough for one customer, since it assumes a normal "
                    + "distribution. Null where the variance is infinite.");
    public static final Field PREDICTION_HIGH = CustomerMonth.optionalMoney("prediction_high", "Upper limit likewise.");
    public static final Field RESIDUAL_VALUE =
            CustomerMonth.optionalMoney("residual_value", "The same value of all that comes after the horizon.");
    public static final Field SIMPLE_LIFETIME_REVENUE = CustomerMonth.optionalMoney(
            "simple_lifetime_revenue",
            "Without a model: net amount per year observed (at least one year), times the job's years of loyalty, times"
                    + " the margin where one is given; null without years_of_loyalty.");

    public static final Table TABLE = Table.named(
                    "customer_lifetime_value", "What each customer with a purchase is expected to bring.")
            .on(Visibility.RESTRICTED)
            .oneRowPer("customer with a purchase", SegmentColumns.AS_OF, CustomerKeys.CUSTOMER_KEY)
            .with(MODEL, CURRENCY, VALUE_BASIS, REPEAT_PURCHASES, WEEKS_TO_LAST, WEEKS_OBSERVED, MEAN_SPEND)
            .with(CustomerValue.PROBABILITY_ALIVE, STATE, CustomerValue.EXPECTED_PURCHASES)
            .with(CustomerValue.EXPECTED_SPEND, LIFETIME_VALUE, CONFIDENCE_LOW, CONFIDENCE_HIGH)
            .with(PREDICTION_LOW, PREDICTION_HIGH, RESIDUAL_VALUE, SIMPLE_LIFETIME_REVENUE)
            .expect(
                    "probability_alive between 0 and 1",
                    "weeks_to_last between 0 and weeks_observed",
                    "(repeat_purchases = 0) = (weeks_to_last = 0)",
                    "confidence_low <= lifetime_value and lifetime_value <= confidence_high",
                    "prediction_low <= lifetime_value and lifetime_value <= prediction_high");

    private static Field weeks(String name, String comment) {
        return Field.number(name, comment).in("weeks");
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerValue.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column alive = CustomerValue.PROBABILITY_ALIVE.col();
        Column value = CustomerValue.VALUE.col().cast(DataTypes.DoubleType).divide(10_000);
        Column error = CustomerValue.STANDARD_ERROR.col();
        Column spread = sqrt(CustomerValue.VARIANCE
                        .col()
                        .cast(DataTypes.DoubleType)
                        .plus(error.multiply(error)))
                .multiply(Fit.NORMAL);
        Column repeats = CustomerValue.REPEAT_PURCHASES.col();
        return inputs.read(CustomerValue.TABLE)
                .select(
                        col("*"),
                        SegmentColumns.asOf(asOf),
                        keys.of(CustomerMonth.CUSTOMER.col()).as(CustomerKeys.CUSTOMER_KEY.name()),
                        lit(currency).as(CURRENCY.name()),
                        basis(settings).as(VALUE_BASIS.name()),
                        CustomerValue.LAST_AGE.col().divide(Forecaster.WEEK).as(WEEKS_TO_LAST.name()),
                        CustomerValue.AGE.col().divide(Forecaster.WEEK).as(WEEKS_OBSERVED.name()),
                        when(
                                        repeats.gt(0),
                                        rounded(CustomerValue.REPEAT_NET
                                                .col()
                                                .divide(repeats)
                                                .divide(10_000)))
                                .as(MEAN_SPEND.name()),
                        when(alive.geq(settings.activeFrom()), "active")
                                .when(alive.geq(settings.lostBelow()), "at risk")
                                .when(alive.isNotNull(), "lost")
                                .as(STATE.name()),
                        CustomerMonth.money(CustomerValue.VALUE.col()).as(LIFETIME_VALUE.name()),
                        CustomerMonth.money(CustomerValue.RESIDUAL.col()).as(RESIDUAL_VALUE.name()),
                        rounded(lowConfidence(value, error)).as(CONFIDENCE_LOW.name()),
                        rounded(highConfidence(value, error)).as(CONFIDENCE_HIGH.name()),
                        rounded(greatest(value.minus(spread), lit(0.0))).as(PREDICTION_LOW.name()),
                        rounded(value.plus(spread)).as(PREDICTION_HIGH.name()),
                        simple().as(SIMPLE_LIFETIME_REVENUE.name()))
                .withColumn(
                        PREDICTION_LOW.name(), when(CustomerValue.VARIANCE.col().isNotNull(), PREDICTION_LOW.col()));
    }

    static Column basis(LifetimeValue settings) {
        return lit(settings.margin().isPresent() ? "margin" : "revenue");
    }

    /** Limits symmetric in the logarithm: a value is positive. */
    static Column lowConfidence(Column value, Column error) {
        return when(value.gt(0), value.multiply(exp(error.divide(value).multiply(-Fit.NORMAL))))
                .when(value.isNotNull(), lit(0.0));
    }

    static Column highConfidence(Column value, Column error) {
        return when(value.gt(0), value.multiply(exp(error.divide(value).multiply(Fit.NORMAL))))
                .when(value.isNotNull(), lit(0.0));
    }

    /** Money for readers; null where it is beyond any. */
    static Column rounded(Column money) {
        return money.try_cast(CustomerMonth.PUBLISHED_MONEY);
    }

    private Column simple() {
        if (settings.yearsOfLoyalty().isEmpty()) {
            return lit(null).cast(CustomerMonth.PUBLISHED_MONEY);
        }
        Column years = greatest(CustomerValue.AGE.col().divide(365.25), lit(1.0));
        return rounded(CustomerValue.NET
                .col()
                .divide(10_000)
                .divide(years)
                .multiply(settings.yearsOfLoyalty().get() * settings.margin().orElse(1.0)));
    }
}
