package manyi.mart.value;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.mart.SegmentColumns;
import manyi.math.clv.Fit;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** How wrong the forecasts of an untouched window were, beside a naive baseline. */
public record ForecastHoldout(LocalDate asOf, LifetimeValue settings, List<Dimension> dimensions)
        implements Derivation {

    public static final Field MEASURE = Field.text(
            "measure",
            "customers; total_actual, total_expected, total_low and total_high (purchase days in the window; limits of"
                    + " chance at 95 %, parameters taken as known); bias (expected / actual - 1); mae and rmse (days per"
                    + " customer); spend_total_actual, spend_total_expected, spend_bias, spend_mae (money, customers with a"
                    + " spend forecast).");
    public static final Field CUT_ON =
            Field.day("cut_on", "The last day that the models saw; the window begins after it.");
    public static final Field VALUE = Field.optionalNumber(
            "value", "The measure as forecast by the model; for an actual figure, the figure itself.");
    public static final Field BASELINE_VALUE = Field.optionalNumber(
            "baseline_value",
            "The same of the naive forecast: x / T purchases a week, at the mean spend so far. Null where it has none.");

    public static final Table TABLE = Table.named(
                    "forecast_holdout",
                    "What models fitted up to the holdout cutoff forecast for the window after it, and what happened.")
            .oneRowPer(
                    "model, segment value and measure",
                    SegmentColumns.AS_OF,
                    ForecastCell.MODEL,
                    SegmentColumns.SEGMENT,
                    SegmentColumns.SEGMENT_VALUE,
                    MEASURE)
            .with(ForecastCell.IS_CHOSEN, CUT_ON, VALUE, BASELINE_VALUE);

    @Override
    public Lineage lineage() {
        return TABLE.from(ForecastCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> cells = SegmentColumns.gathered(
                SegmentColumns.inLongForm(inputs.read(ForecastCell.TABLE), dimensions), ForecastCell.CUSTOMERS.name());
        Dataset<Row> sums = cells.groupBy(Field.columns(
                        ForecastCell.MODEL,
                        ForecastCell.IS_CHOSEN,
                        SegmentColumns.SEGMENT,
                        SegmentColumns.SEGMENT_VALUE))
                .agg(
                        ForecastCell.CUSTOMERS.sum(),
                        ForecastCell.SUMS.stream()
                                .map(field -> sum(field.col())
                                        .cast(DataTypes.DoubleType)
                                        .as(field.name()))
                                .toArray(Column[]::new));
        Column[] measures = Stream.of(
                        measure("customers", customers(), customers()),
                        measure("total_actual", days("actual"), days("actual")),
                        measure("total_expected", days("expected"), days("baseline")),
                        measure("total_low", greatest(days("expected").minus(chance()), lit(0.0)), nothing()),
                        measure("total_high", days("expected").plus(chance()), nothing()),
                        measure("bias", apart("expected", "actual"), apart("baseline", "actual")),
                        measure(
                                "mae",
                                days("error").divide(customers()),
                                days("baseline_error").divide(customers())),
                        measure("rmse", root("squared_error"), root("baseline_squared_error")),
                        measure("spend_total_actual", money("spend_actual"), money("spend_actual")),
                        measure("spend_total_expected", money("spend_expected"), money("spend_baseline")),
                        measure(
                                "spend_bias",
                                apart("spend_expected", "spend_actual"),
                                apart("spend_baseline", "spend_actual")),
                        measure(
                                "spend_mae",
                                money("spend_error").divide(withSpend()),
                                money("spend_baseline_error").divide(withSpend())))
                .toArray(Column[]::new);
        return sums.withColumn("measured", explode(array(measures)))
                .select(
                        SegmentColumns.asOf(asOf),
                        ForecastCell.MODEL.col(),
                        ForecastCell.IS_CHOSEN.col(),
                        SegmentColumns.SEGMENT.col(),
                        SegmentColumns.SEGMENT_VALUE.col(),
                        lit(Cutoff.HOLDOUT.on(asOf, settings.proofWeeks())).as(CUT_ON.name()),
                        col("measured.*"));
    }

    private static Column measure(String name, Column value, Column baseline) {
        return struct(lit(name).as(MEASURE.name()), value.as(VALUE.name()), baseline.as(BASELINE_VALUE.name()));
    }

    private static Column customers() {
        return ForecastCell.CUSTOMERS.col().cast(DataTypes.DoubleType);
    }

    private static Column withSpend() {
        return when(col("spend_customers").gt(0), col("spend_customers"));
    }

    private static Column nothing() {
        return lit(null).cast(DataTypes.DoubleType);
    }

    private static Column days(String sum) {
        return col(sum).divide(ForecastCell.MILLION);
    }

    private static Column money(String sum) {
        return col(sum).divide(10_000.0);
    }

    private static Column chance() {
        return sqrt(days("variance")).multiply(Fit.NORMAL);
    }

    private static Column root(String squares) {
        return sqrt(
                col(squares).divide(ForecastCell.MILLION * ForecastCell.MILLION).divide(customers()));
    }

    private static Column apart(String forecast, String actual) {
        return when(col(actual).gt(0), col(forecast).divide(col(actual)).minus(1));
    }
}
