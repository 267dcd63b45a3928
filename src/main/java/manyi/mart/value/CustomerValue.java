package manyi.mart.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.Customer;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.math.clv.GammaGamma;
import manyi.math.clv.Outlook;
import manyi.math.clv.Valuation;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF5;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The forecast of each customer by the chosen models, with what its sums over customers need: money in whole
 * ten-thousandths, gradients and variances rounded once.
 */
public record CustomerValue(LocalDate asOf, LifetimeValue settings, List<Dimension> dimensions) implements Derivation {

    public static final Field FIT_VALUE =
            Field.text("fit_value", "The value of the segment that has a model of its own; 'all' without one.");
    public static final Field MODEL =
            Field.optionalText("model", "The model of purchases; null where none could be fitted.");
    public static final Field REPEAT_PURCHASES =
            Field.whole("repeat_purchases", "x: purchase days after the first.").in("days");
    public static final Field LAST_AGE = Field.required(
                    "last_age", DataTypes.IntegerType, "Days from the first purchase to the last.")
            .in("days");
    public static final Field AGE = Field.required(
                    "age", DataTypes.IntegerType, "Days from the first purchase to as_of.")
            .in("days");
    public static final Field NET = Purchase.held("net", "Net amount of all days.");
    public static final Field REPEAT_NET = Purchase.held("repeat_net", "Net amount after the first purchase day.");
    public static final Field PROBABILITY_ALIVE = optional(
            "probability_alive",
            "Probability that the customer still buys. Under bg_nbd it is 1 for all who bought once: that model lets nobody leave"
                    + " before a repeat purchase. mbg_nbd and pareto_nbd do. Under nbd it is 1 for all: nobody"
                    + " leaves.",
            "probability");
    public static final Field EXPECTED_PURCHASES =
            optional("expected_purchases", "Expected purchase days within the horizon.", "days");
    public static final Field EXPECTED_SPEND = optional(
            "expected_spend",
            "Expected value of a purchase day; null where the repeat purchases brought no money.",
            "units of currency");
    public static final Field STANDARD_ERROR = optional(
            "value_standard_error",
            "Standard error of the expected value, given the uncertainty of the parameters.",
            "units of currency");
    public static final Field VALUE = Purchase.optionalHeld("value", "Expected discounted value within the horizon.");
    public static final Field RESIDUAL = Purchase.optionalHeld("residual", "The same after the horizon.");
    public static final Field VARIANCE = Field.optional(
            "value_variance",
            DataTypes.createDecimalType(38, 4),
            "Variance of the realised value around the expected one, squared money; null where it is infinite.");

    /** Slopes of the value by the log-parameters: four of purchases, three of spend. */
    public static final List<Field> SLOPES = IntStream.rangeClosed(1, 7)
            .mapToObj(i -> Purchase.optionalHeld("slope_" + i, "Slope of the value by log-parameter number " + i + "."))
            .toList();

    public static final Table TABLE = Table.named("customer_value", "The forecast of each customer.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer with a purchase", CustomerMonth.CUSTOMER)
            .with(Customer.SEGMENTS, FIT_VALUE, MODEL, REPEAT_PURCHASES, LAST_AGE, AGE, NET, REPEAT_NET)
            .with(PROBABILITY_ALIVE, EXPECTED_PURCHASES, EXPECTED_SPEND, STANDARD_ERROR, VALUE, RESIDUAL, VARIANCE)
            .with(SLOPES.toArray(Field[]::new))
            .expect(
                    "probability_alive between 0 and 1",
                    "expected_purchases >= 0",
                    "(value is null) = (expected_spend is null)",
                    "value >= 0 and residual >= 0");

    private static final StructType FORECAST = new StructType(Stream.concat(
                    Stream.of(PROBABILITY_ALIVE, EXPECTED_PURCHASES, EXPECTED_SPEND, STANDARD_ERROR, VALUE, RESIDUAL),
                    Stream.concat(
                            Stream.of(Field.optionalNumber("variance", "Variance of the value as a double.")),
                            SLOPES.stream()))
            .map(Field::structField)
            .toArray(StructField[]::new));

    private static Field optional(String name, String comment, String unit) {
        return Field.optionalNumber(name, comment).in(unit);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerHistory.TABLE, LifetimeValueModel.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> fits = inputs.read(LifetimeValueModel.TABLE);
        Optional<LifetimeValue.Model> model =
                Forecaster.models(fits, Cutoff.SCORE).stream().findFirst();
        Dataset<Row> customers = CustomerHistory.at(
                        inputs.read(CustomerHistory.TABLE), Cutoff.SCORE, asOf, settings.proofWeeks())
                .withColumn(FIT_VALUE.name(), LifetimeValueModel.segment(settings, dimensions))
                .withColumn(
                        MODEL.name(),
                        lit(model.map(LifetimeValue.Model::key).orElse(null)).cast(DataTypes.StringType))
                .withColumnRenamed("x", REPEAT_PURCHASES.name());
        Column forecast = model.map(chosen -> udf(
                                new Scoring(
                                        Forecaster.of(
                                                        fits,
                                                        Cutoff.SCORE,
                                                        chosen,
                                                        settings.segment().isPresent(),
                                                        settings.horizonWeeks(),
                                                        settings.weeklyDiscount())
                                                .sharedIn(customers.sparkSession()),
                                        settings.margin().orElse(1.0)),
                                FORECAST)
                        .apply(FIT_VALUE.col(), REPEAT_PURCHASES.col(), LAST_AGE.col(), AGE.col(), REPEAT_NET.col()))
                .orElse(lit(null).cast(FORECAST));
        return customers
                .withColumn("forecast", forecast)
                .select(col("*"), col("forecast.*"))
                .withColumn(VARIANCE.name(), col("variance").cast(VARIANCE.type()));
    }

    /** Of a model of purchases. */
    static final int MOST_PARAMETERS = 4;

    private static final class Scoring implements UDF5<String, Long, Integer, Integer, Long, Row> {

        private static final long serialVersionUID = 1L;
        private static final double UNIT = Purchase.PER_UNIT;
        /** Sums over a billion customers still fit their decimal. */
        private static final double MOST = 1e20;

        private final Broadcast<Forecaster.Sent> shared;
        private final double margin;

        Scoring(Broadcast<Forecaster.Sent> shared, double margin) {
            this.shared = shared;
            this.margin = margin;
        }

        @Override
        public Row call(String value, Long x, Integer lastAge, Integer age, Long repeatNet) {
            Forecaster forecaster = shared.value().forecaster();
            var fitted = forecaster.fitted(value).orElseThrow();
            Outlook.Forecast forecast = forecaster.of(value, x, lastAge, age);
            Object[] row = new Object[FORECAST.size()];
            row[0] = forecast.probabilityAlive();
            row[1] = forecast.expected();
            Optional<GammaGamma> spendModel = fitted.spendModel();
            if (spendModel.isEmpty() || (x > 0 && repeatNet <= 0)) {
                return RowFactory.create(row);
            }
            Valuation worth = Valuation.of(forecast, spendModel.get(), x, x == 0 ? 0 : repeatNet / UNIT / x, margin);
            row[2] = worth.spend();
            row[3] = StrictMath.sqrt(worth.purchaseSlopes().variance(fitted.purchaseCovariance())
                    + worth.spendSlopes().variance(fitted.spendCovariance()));
            row[4] = StrictMath.round(UNIT * worth.value());
            row[5] = StrictMath.round(UNIT * worth.residual());
            row[6] = worth.variance() < MOST ? worth.variance() : null;
            for (int i = 0; i < MOST_PARAMETERS; i++) {
                row[7 + i] = i < fitted.purchases().size()
                        ? StrictMath.round(UNIT * worth.purchaseSlopes().at(i))
                        : 0L;
            }
            for (int i = 0; i < 3; i++) {
                row[11 + i] = StrictMath.round(UNIT * worth.spendSlopes().at(i));
            }
            return RowFactory.create(row);
        }
    }
}
