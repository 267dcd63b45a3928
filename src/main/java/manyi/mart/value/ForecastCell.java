package manyi.mart.value;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.Customer;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.conformed.Purchase;
import manyi.math.clv.GammaGamma;
import manyi.math.clv.Outlook;
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
 * What models fitted up to the holdout cutoff forecast for the weeks after it, against what happened: customers who had
 * bought by the cutoff, condensed. Beside it a naive baseline: everybody goes on as before the cutoff, x / T purchases a week at the
 * mean spend so far.
 */
public record ForecastCell(LocalDate asOf, LifetimeValue settings, List<Dimension> dimensions) implements Derivation {

    public static final Field MODEL = Field.text("model", "The model of purchases.");
    public static final Field IS_CHOSEN = Field.flag("is_chosen", "Whether the forecasts of this run use this model.");
    public static final Field FREQUENCY = Field.whole(
                    "frequency", "Repeat purchase days by the cutoff; 7 stands for 7 and more.")
            .in("days");
    public static final Field EXPECTED_CLASS = Field.whole("expected_class", "The expected purchases, rounded down.")
            .in("thousandths of days");
    public static final Field CUSTOMERS = Field.countOf("customers", "Customers.");

    /** Sums over customers: purchases in millionths of a day, money in ten-thousandths. */
    static final List<Field> SUMS = Stream.of(
                    "actual",
                    "expected",
                    "baseline",
                    "error",
                    "baseline_error",
                    "squared_error",
                    "baseline_squared_error",
                    "variance",
                    "spend_customers",
                    "spend_actual",
                    "spend_expected",
                    "spend_baseline",
                    "spend_error",
                    "spend_baseline_error")
            .map(name -> Field.optional(
                    name,
                    DataTypes.createDecimalType(38, 0),
                    "The sum over customers of " + name.replace('_', ' ') + "."))
            .toList();

    public static final Table TABLE = Table.named(
                    "forecast_cell", "Forecast and actual purchases of the holdout window, aggregated.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "combination of segments, model, frequency and class of the expectation",
                    Customer.SEGMENTS,
                    MODEL,
                    FREQUENCY,
                    EXPECTED_CLASS)
            .with(IS_CHOSEN, CUSTOMERS)
            .with(SUMS.toArray(Field[]::new));

    /** Millionths of a purchase. */
    static final double MILLION = 1e6;

    /** The greatest frequency with a class of its own. */
    static final int MOST_FREQUENT = 7;

    private static final double UNIT = Purchase.PER_UNIT;

    private static final StructType FORECAST = new StructType(new StructField[] {
        DataTypes.createStructField("expected", DataTypes.DoubleType, true),
        DataTypes.createStructField("variance", DataTypes.DoubleType, true),
        DataTypes.createStructField("spend", DataTypes.DoubleType, true)
    });

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerHistory.TABLE, LifetimeValueModel.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> fits = inputs.read(LifetimeValueModel.TABLE);
        List<Column> models = new ArrayList<>();
        for (LifetimeValue.Model model : Forecaster.models(fits, Cutoff.HOLDOUT)) {
            Forecaster forecaster = Forecaster.of(
                    fits, Cutoff.HOLDOUT, model, settings.segment().isPresent(), settings.proofWeeks(), 0);
            models.add(struct(
                    lit(model.key()).as(MODEL.name()),
                    lit(models.isEmpty()).as(IS_CHOSEN.name()),
                    udf(new Forecasting(forecaster.sharedIn(fits.sparkSession())), FORECAST)
                            .apply(col("fit_value"), col("x"), col("last_age"), col("age"), col("repeat_net"))
                            .as("forecast")));
        }
        if (models.isEmpty()) {
            return inputs.create(TABLE, List.of());
        }
        Dataset<Row> customers = CustomerHistory.at(
                        inputs.read(CustomerHistory.TABLE), Cutoff.HOLDOUT, asOf, settings.proofWeeks())
                .withColumn("fit_value", LifetimeValueModel.segment(settings, dimensions))
                .withColumn(
                        "actual_days",
                        Cutoff.SCORE
                                .purchaseDays()
                                .col()
                                .minus(Cutoff.HOLDOUT.purchaseDays().col()))
                .withColumn(
                        "spend_actual",
                        Cutoff.SCORE.net().col().minus(Cutoff.HOLDOUT.net().col()));
        return condensed(customers
                .withColumn("by_model", explode(array(models.toArray(Column[]::new))))
                .select(col("*"), col("by_model.*"))
                .select(col("*"), col("forecast.*")));
    }

    private Dataset<Row> condensed(Dataset<Row> customers) {
        Column x = col("x");
        Column rate = when(
                        col("age").gt(0),
                        x.multiply(7.0 * settings.proofWeeks()).divide(col("age")))
                .otherwise(0.0);
        Column mean = when(x.gt(0), col("repeat_net").divide(x)).otherwise(0.0);
        Dataset<Row> figures = customers
                .withColumn(FREQUENCY.name(), least(x, lit((long) MOST_FREQUENT)))
                .withColumn(EXPECTED_CLASS.name(), floor(col("expected").multiply(1000)))
                .withColumn("actual", col("actual_days").multiply((long) MILLION))
                .withColumn("baseline", whole(rate.multiply(MILLION)))
                .withColumn("spend_baseline", whole(rate.multiply(mean)))
                .withColumn(
                        "spend_expected",
                        whole(col("expected").multiply(col("spend")).multiply(UNIT)))
                .withColumn("variance", whole(col("variance").multiply(MILLION)))
                .withColumn("expected", whole(col("expected").multiply(MILLION)))
                .withColumn("error", abs(col("expected").minus(col("actual"))))
                .withColumn("baseline_error", abs(col("baseline").minus(col("actual"))))
                // a customer without a spend forecast has no spend error either
                .withColumn("spend_customers", when(col("spend_expected").isNotNull(), 1L))
                .withColumn("spend_actual", when(col("spend_expected").isNotNull(), col("spend_actual")))
                .withColumn("spend_baseline", when(col("spend_expected").isNotNull(), col("spend_baseline")))
                .withColumn("spend_error", abs(col("spend_expected").minus(col("spend_actual"))))
                .withColumn("spend_baseline_error", abs(col("spend_baseline").minus(col("spend_actual"))))
                .withColumn("squared_error", squared("error"))
                .withColumn("baseline_squared_error", squared("baseline_error"));
        return figures.groupBy(Field.columns(Customer.SEGMENTS, MODEL, IS_CHOSEN, FREQUENCY, EXPECTED_CLASS))
                .agg(
                        count(lit(1)).as(CUSTOMERS.name()),
                        SUMS.stream()
                                .map(field -> sum(field.col().cast(DataTypes.createDecimalType(28, 0)))
                                        .cast(field.type())
                                        .as(field.name()))
                                .toArray(Column[]::new));
    }

    private static Column whole(Column figure) {
        return round(figure).cast(DataTypes.LongType);
    }

    private static Column squared(String error) {
        Column exact = col(error).cast(DataTypes.createDecimalType(14, 0));
        return exact.multiply(exact);
    }

    private static final class Forecasting implements UDF5<String, Long, Integer, Integer, Long, Row> {

        private static final long serialVersionUID = 1L;

        private final Broadcast<Forecaster.Sent> shared;

        Forecasting(Broadcast<Forecaster.Sent> shared) {
            this.shared = shared;
        }

        @Override
        public Row call(String value, Long x, Integer lastAge, Integer age, Long repeatNet) {
            Forecaster forecaster = shared.value().forecaster();
            Outlook.Forecast forecast = forecaster.of(value, x, lastAge, age);
            Double spend = forecaster
                    .fitted(value)
                    .flatMap(Forecaster.Fitted::spendModel)
                    .filter(model -> x == 0 || repeatNet > 0)
                    .map(model -> spend(model, x, repeatNet))
                    .orElse(null);
            return RowFactory.create(forecast.expected(), forecast.variance(), spend);
        }

        private static double spend(GammaGamma model, long x, long repeatNet) {
            return model.expectedSpend(x, x == 0 ? 0 : repeatNet / UNIT / x);
        }
    }
}
