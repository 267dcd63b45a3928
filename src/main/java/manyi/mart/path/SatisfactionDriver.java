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
 * How much each group of items counts for satisfaction and how good it is, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record SatisfactionDriver(LocalDate asOf) implements Derivation {

    public static final Field PREDICTOR = required("predictor", StringType, "The group of items.");
    public static final Field OUTCOME =
            required("outcome", StringType, "The item, or the items, whose mean is to be explained.");
    public static final Field JOHNSON = optional("johnson", DoubleType, "Its part of R²: Johnson's relative weight.")
            .in("share, 0 to 1");
    public static final Field STANDARD_ERROR = optional(
            "standard_error", DoubleType, "Standard deviation of johnson over the replicates of the bootstrap.");
    public static final Field LOW =
            optional("low", DoubleType, "Lower limit of johnson at 95 %: less t standard errors.");
    public static final Field HIGH = optional("high", DoubleType, "Upper limit likewise.");
    public static final Field PERCENTILE_LOW =
            optional("percentile_low", DoubleType, "Below it lie 2.5 % of the replicates.");
    public static final Field PERCENTILE_HIGH =
            optional("percentile_high", DoubleType, "Above it lie 2.5 % of the replicates.");
    public static final Field LMG = optional(
                    "lmg",
                    DoubleType,
                    "Its part of R² by LMG: the mean of what it adds over all orders; null with more than 12 predictors.")
            .in("share, 0 to 1");
    public static final Field LMG_STANDARD_ERROR = optional(
            "lmg_standard_error", DoubleType, "Standard deviation of lmg over the replicates of the bootstrap.");
    public static final Field LMG_LOW =
            optional("lmg_low", DoubleType, "Lower limit of lmg at 95 %: less t standard errors.");
    public static final Field LMG_HIGH = optional("lmg_high", DoubleType, "Upper limit likewise.");
    public static final Field CORRELATION = optional("correlation", DoubleType, "Correlation with the outcome.");
    public static final Field VIF = optional("vif", DoubleType, "Variance inflation among the predictors.");
    public static final Field R_SQUARED = optional(
                    "r_squared",
                    DoubleType,
                    "Share of the variance of the outcome that all predictors explain together.")
            .in("share, 0 to 1");
    public static final Field PERFORMANCE = optional(
                    "performance", DoubleType, "Mean score of its items, each item's over those who answered it.")
            .in("points, 0 to 100");
    public static final Field PERFORMANCE_STANDARD_ERROR = optional(
                    "performance_standard_error",
                    DoubleType,
                    "Standard deviation of performance over the replicates of the bootstrap.")
            .in("points");
    public static final Field PERFORMANCE_LOW = optional(
                    "performance_low", DoubleType, "Lower limit of performance at 95 %: less t standard errors.")
            .in("points");
    public static final Field PERFORMANCE_HIGH =
            optional("performance_high", DoubleType, "Upper limit likewise.").in("points");
    public static final Field QUADRANT = optional(
            "quadrant",
            StringType,
            "By johnson and performance against their means: keep up, concentrate here, low priority, possible overkill.");

    public static final Table TABLE = Table.named(
                    "satisfaction_driver",
                    "Importance and performance of what may drive satisfaction, in each segment and closed survey wave.")
            .oneRowPer("population, wave, segment value, predictor and outcome", Pivot.key(PREDICTOR, OUTCOME))
            .with(
                    JOHNSON,
                    STANDARD_ERROR,
                    LOW,
                    HIGH,
                    PERCENTILE_LOW,
                    PERCENTILE_HIGH,
                    LMG,
                    LMG_STANDARD_ERROR,
                    LMG_LOW,
                    LMG_HIGH,
                    CORRELATION,
                    VIF,
                    R_SQUARED,
                    PERFORMANCE,
                    PERFORMANCE_STANDARD_ERROR,
                    PERFORMANCE_LOW,
                    PERFORMANCE_HIGH,
                    QUADRANT)
            .with(Pivot.TAIL)
            .expect(
                    "johnson between 0 and 1 + 1e-9",
                    "low <= johnson and johnson <= high",
                    "performance between -1e-6 and 100 + 1e-6",
                    "r_squared between 0 and 1 + 1e-9",
                    "vif >= 1 - 1e-9",
                    "not is_suppressed or (johnson is null and respondents is null and reason is null)");

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
        Dataset<Row> figures = inputs.read(PathFigure.TABLE);
        String[] cell = Pivot.CELL.stream().map(Field::name).toArray(String[]::new);
        Dataset<Row> whole = Pivot.ofModel(figures, List.of(CellFits.DRIVER_R_SQUARED))
                .withColumnRenamed(CellFits.DRIVER_R_SQUARED, R_SQUARED.name());
        return new Pivot(
                        TABLE,
                        PREDICTOR,
                        OUTCOME,
                        List.of(
                                new Pivot.Cell(JOHNSON, CellFits.JOHNSON, PathFigure.VALUE),
                                new Pivot.Cell(STANDARD_ERROR, CellFits.JOHNSON, PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(LOW, CellFits.JOHNSON, PathFigure.LOW),
                                new Pivot.Cell(HIGH, CellFits.JOHNSON, PathFigure.HIGH),
                                new Pivot.Cell(PERCENTILE_LOW, CellFits.JOHNSON, PathFigure.PERCENTILE_LOW),
                                new Pivot.Cell(PERCENTILE_HIGH, CellFits.JOHNSON, PathFigure.PERCENTILE_HIGH),
                                new Pivot.Cell(LMG, CellFits.LMG, PathFigure.VALUE),
                                new Pivot.Cell(LMG_STANDARD_ERROR, CellFits.LMG, PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(LMG_LOW, CellFits.LMG, PathFigure.LOW),
                                new Pivot.Cell(LMG_HIGH, CellFits.LMG, PathFigure.HIGH),
                                new Pivot.Cell(CORRELATION, CellFits.DRIVER_CORRELATION, PathFigure.VALUE),
                                new Pivot.Cell(VIF, CellFits.DRIVER_VIF, PathFigure.VALUE),
                                new Pivot.Cell(PERFORMANCE, CellFits.PERFORMANCE, PathFigure.VALUE),
                                new Pivot.Cell(
                                        PERFORMANCE_STANDARD_ERROR, CellFits.PERFORMANCE, PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(PERFORMANCE_LOW, CellFits.PERFORMANCE, PathFigure.LOW),
                                new Pivot.Cell(PERFORMANCE_HIGH, CellFits.PERFORMANCE, PathFigure.HIGH),
                                new Pivot.Cell(QUADRANT, CellFits.QUADRANT, PathFigure.WORD)))
                .from(figures, asOf, predictors -> predictors.join(whole, cell, "left"));
    }
}
