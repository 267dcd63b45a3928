package manyi.mart.value;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
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

/** Forecast against fact by how often customers had bought, and by how much was expected of them. */
public record ForecastCalibration(LocalDate asOf) implements Derivation {

    public static final Field GROUPING = Field.text(
            "grouping",
            "frequency (repeat purchase days by the cutoff) or decile (of the expected purchase days, the lowest first).");
    public static final Field GROUP_NUMBER = Field.whole(
            "group_number",
            "The frequency, where 7 stands for 7 and more; or the decile, 1 to 10. Customers of equal expectation (to a"
                    + " thousandth) share a decile, so some may be empty.");
    public static final Field ACTUAL_MEAN = mean("actual_mean", "Purchase days in the window per customer.");
    public static final Field EXPECTED_MEAN = mean("expected_mean", "Those that the model expected.");
    public static final Field BASELINE_MEAN = mean("baseline_mean", "Those that the naive forecast expected.");
    public static final Field BIAS = mean("bias", "expected_mean minus actual_mean.");

    public static final Table TABLE = Table.named(
                    "forecast_calibration",
                    "Forecast and actual purchases of the holdout window by groups of customers.")
            .oneRowPer("model and group of customers", SegmentColumns.AS_OF, ForecastCell.MODEL, GROUPING, GROUP_NUMBER)
            .with(ForecastCell.IS_CHOSEN, ForecastCell.CUSTOMERS, ACTUAL_MEAN, EXPECTED_MEAN, BASELINE_MEAN, BIAS)
            .expect("group_number between 0 and 10", "customers >= 1");

    private static final int DECILES = 10;

    private static Field mean(String name, String comment) {
        return Field.number(name, comment).in("days per customer");
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(ForecastCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> cells = inputs.read(ForecastCell.TABLE);
        Dataset<Row> frequencies = cells.withColumn(GROUPING.name(), lit("frequency"))
                .withColumn(GROUP_NUMBER.name(), ForecastCell.FREQUENCY.col());
        return means(frequencies).unionByName(means(deciles(cells)));
    }

    /** Decile = 1 + floor(10 · customers of whom less is expected / customers); windows run over classes, not customers. */
    private static Dataset<Row> deciles(Dataset<Row> cells) {
        var model = Window.partitionBy(ForecastCell.MODEL.col());
        var below = model.orderBy(ForecastCell.EXPECTED_CLASS.col()).rowsBetween(Window.unboundedPreceding(), -1);
        Column count = ForecastCell.CUSTOMERS.col();
        Dataset<Row> classes = sums(cells, ForecastCell.EXPECTED_CLASS.col());
        Column worse = coalesce(sum(count).over(below), lit(0L));
        return classes.withColumn(GROUPING.name(), lit("decile"))
                .withColumn(
                        GROUP_NUMBER.name(),
                        floor(worse.multiply(DECILES).divide(sum(count).over(model)))
                                .plus(1));
    }

    private static Dataset<Row> sums(Dataset<Row> cells, Column... by) {
        Column[] keys = Stream.concat(Stream.of(ForecastCell.MODEL.col(), ForecastCell.IS_CHOSEN.col()), Stream.of(by))
                .toArray(Column[]::new);
        return cells.groupBy(keys)
                .agg(
                        ForecastCell.CUSTOMERS.sum(),
                        ForecastCell.SUMS.stream()
                                .map(field ->
                                        sum(field.col()).cast(field.type()).as(field.name()))
                                .toArray(Column[]::new));
    }

    private Dataset<Row> means(Dataset<Row> grouped) {
        Dataset<Row> sums = sums(grouped, GROUPING.col(), GROUP_NUMBER.col());
        return sums.withColumn(ACTUAL_MEAN.name(), mean("actual"))
                .withColumn(EXPECTED_MEAN.name(), mean("expected"))
                .withColumn(BASELINE_MEAN.name(), mean("baseline"))
                .withColumn(BIAS.name(), EXPECTED_MEAN.col().minus(ACTUAL_MEAN.col()))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf));
    }

    private static Column mean(String sum) {
        return col(sum).cast(DataTypes.DoubleType).divide(ForecastCell.MILLION).divide(ForecastCell.CUSTOMERS.col());
    }
}
