package manyi.mart.path;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whether each construct means in a segment what it means outside of it: only then may paths be compared.
 *
 * @param asOf the last day that exists
 */
public record MeasurementInvariance(LocalDate asOf) implements Derivation {

    public static final Field CONSTRUCT =
            required("construct", StringType, "The construct, as the questionnaire names it.");
    public static final Field COMPOSITION = optional(
            "composition",
            DoubleType,
            "Correlation of the scores by the segment's own weights with those by everybody else's.");
    public static final Field COMPOSITION_LOWEST = optional(
            "composition_lowest",
            DoubleType,
            "What it is above of in 95 % of the replicates where the construct means the same.");
    public static final Field COMPOSITION_P = optional(
                    "composition_p", DoubleType, "Share of such replicates with a composition as low.")
            .in("share, 0 to 1");
    public static final Field MEAN_DIFFERENCE = optional(
                    "mean_difference",
                    DoubleType,
                    "The segment's mean score less that of everybody else, by pooled weights.")
            .in("standard deviations of the whole wave");
    public static final Field MEAN_DIFFERENCE_STANDARD_ERROR = optional(
            "mean_difference_standard_error",
            DoubleType,
            "Standard deviation of mean_difference over the replicates of the bootstrap.");
    public static final Field MEAN_DIFFERENCE_LOW = optional(
            "mean_difference_low", DoubleType, "Lower limit of mean_difference at 95 %: less t standard errors.");
    public static final Field MEAN_DIFFERENCE_HIGH =
            optional("mean_difference_high", DoubleType, "Upper limit likewise.");
    public static final Field LOG_VARIANCE_RATIO = optional(
            "log_variance_ratio",
            DoubleType,
            "Logarithm of the variance of the segment's scores over that of everybody else's.");
    public static final Field LOG_VARIANCE_RATIO_STANDARD_ERROR = optional(
            "log_variance_ratio_standard_error",
            DoubleType,
            "Standard deviation of log_variance_ratio over the replicates of the bootstrap.");
    public static final Field LOG_VARIANCE_RATIO_LOW = optional(
            "log_variance_ratio_low", DoubleType, "Lower limit of log_variance_ratio at 95 %: less t standard errors.");
    public static final Field LOG_VARIANCE_RATIO_HIGH =
            optional("log_variance_ratio_high", DoubleType, "Upper limit likewise.");
    public static final Field INVARIANCE = optional(
            "invariance",
            StringType,
            "none: not to be compared; partial: paths may be compared; full: means and variances agree too; undecided.");

    public static final Table TABLE = Table.named(
                    "measurement_invariance",
                    "Whether a construct means the same in a segment value as among everybody else in the wave (MICOM).")
            .oneRowPer("population, wave, segment value and construct", Pivot.key(CONSTRUCT))
            .with(
                    COMPOSITION,
                    COMPOSITION_LOWEST,
                    COMPOSITION_P,
                    MEAN_DIFFERENCE,
                    MEAN_DIFFERENCE_STANDARD_ERROR,
                    MEAN_DIFFERENCE_LOW,
                    MEAN_DIFFERENCE_HIGH,
                    LOG_VARIANCE_RATIO,
                    LOG_VARIANCE_RATIO_STANDARD_ERROR,
                    LOG_VARIANCE_RATIO_LOW,
                    LOG_VARIANCE_RATIO_HIGH,
                    INVARIANCE)
            .with(Pivot.TAIL)
            .expect(
                    "composition between -1 - 1e-9 and 1 + 1e-9",
                    "composition_p between 0 and 1",
                    "not is_suppressed or (composition is null and respondents is null and reason is null)");

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(PathFigure.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return new Pivot(
                        TABLE,
                        CONSTRUCT,
                        null,
                        List.of(
                                new Pivot.Cell(COMPOSITION, CellFits.COMPOSITION, PathFigure.VALUE),
                                new Pivot.Cell(COMPOSITION_LOWEST, CellFits.COMPOSITION, PathFigure.PERCENTILE_LOW),
                                new Pivot.Cell(COMPOSITION_P, CellFits.COMPOSITION_P, PathFigure.VALUE),
                                new Pivot.Cell(MEAN_DIFFERENCE, CellFits.MEAN_DIFFERENCE, PathFigure.VALUE),
                                new Pivot.Cell(
                                        MEAN_DIFFERENCE_STANDARD_ERROR,
                                        CellFits.MEAN_DIFFERENCE,
                                        PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(MEAN_DIFFERENCE_LOW, CellFits.MEAN_DIFFERENCE, PathFigure.LOW),
                                new Pivot.Cell(MEAN_DIFFERENCE_HIGH, CellFits.MEAN_DIFFERENCE, PathFigure.HIGH),
                                new Pivot.Cell(LOG_VARIANCE_RATIO, CellFits.LOG_VARIANCE_RATIO, PathFigure.VALUE),
                                new Pivot.Cell(
                                        LOG_VARIANCE_RATIO_STANDARD_ERROR,
                                        CellFits.LOG_VARIANCE_RATIO,
                                        PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(LOG_VARIANCE_RATIO_LOW, CellFits.LOG_VARIANCE_RATIO, PathFigure.LOW),
                                new Pivot.Cell(LOG_VARIANCE_RATIO_HIGH, CellFits.LOG_VARIANCE_RATIO, PathFigure.HIGH),
                                new Pivot.Cell(INVARIANCE, CellFits.INVARIANCE, PathFigure.WORD)))
                .from(inputs.read(PathFigure.TABLE), asOf);
    }
}
