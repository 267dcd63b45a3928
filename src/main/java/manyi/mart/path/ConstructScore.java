package manyi.mart.path;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import manyi.math.pls.Measure;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The index of each construct, how well it is explained and how reliably it is measured, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record ConstructScore(LocalDate asOf) implements Derivation {

    public static final Field CONSTRUCT =
            required("construct", StringType, "The construct, as the questionnaire names it.");
    public static final Field SCORE = optional(
                    "score",
                    DoubleType,
                    "Index of the construct: its mean on the items' scales, by its outer weights; null where one of these is negative.")
            .in("points, 0 to 100");
    public static final Field SCORE_STANDARD_ERROR = optional(
                    "score_standard_error",
                    DoubleType,
                    "Standard deviation of score over the replicates of the bootstrap.")
            .in("points");
    public static final Field SCORE_LOW = optional(
                    "score_low", DoubleType, "Lower limit of score at 95 %: less t standard errors.")
            .in("points");
    public static final Field SCORE_HIGH =
            optional("score_high", DoubleType, "Upper limit likewise.").in("points");
    public static final Field SCORE_PERCENTILE_LOW = optional(
                    "score_percentile_low", DoubleType, "Below it lie 2.5 % of the replicates.")
            .in("points");
    public static final Field SCORE_PERCENTILE_HIGH = optional(
                    "score_percentile_high", DoubleType, "Above it lie 2.5 % of the replicates.")
            .in("points");
    public static final Field R_SQUARED = optional(
                    "r_squared",
                    DoubleType,
                    "Share of its variance that the constructs acting on it explain; null where none does.")
            .in("share, 0 to 1");
    public static final Field R_SQUARED_STANDARD_ERROR = optional(
            "r_squared_standard_error",
            DoubleType,
            "Standard deviation of r_squared over the replicates of the bootstrap.");
    public static final Field R_SQUARED_LOW =
            optional("r_squared_low", DoubleType, "Lower limit of r_squared at 95 %: less t standard errors.");
    public static final Field R_SQUARED_HIGH = optional("r_squared_high", DoubleType, "Upper limit likewise.");
    public static final Field ALPHA = optional(
            "alpha", DoubleType, "Cronbach's alpha of the standardised items; null for several items that form it.");
    public static final Field RHO_A =
            optional("rho_a", DoubleType, "Reliability by the outer weights (Dijkstra, Henseler); null likewise.");
    public static final Field RHO_C =
            optional("rho_c", DoubleType, "Composite reliability by the loadings (Dillon, Goldstein); null likewise.");
    public static final Field AVE = optional("ave", DoubleType, "Average variance extracted: the mean squared loading.")
            .in("share, 0 to 1");
    public static final Field SRMR_SATURATED = optional(
            "srmr_saturated",
            DoubleType,
            "Root mean squared residual correlation of the whole model, constructs correlating as they do; the same for all constructs.");
    public static final Field SRMR_ESTIMATED =
            optional("srmr_estimated", DoubleType, "The same, constructs correlating as the paths imply.");
    public static final Field IS_ADMISSIBLE = optional(
            "is_admissible",
            BooleanType,
            "Whether all constructs are distinct: false where their correlations, corrected for unreliability (PLSc), are"
                    + " not positive definite; the same for all constructs.");

    public static final Table TABLE = Table.named(
                    "construct_score",
                    "Index, explained variance and reliability of each construct in each segment and closed survey wave.")
            .oneRowPer("population, wave, segment value and construct", Pivot.key(CONSTRUCT))
            .with(
                    SCORE,
                    SCORE_STANDARD_ERROR,
                    SCORE_LOW,
                    SCORE_HIGH,
                    SCORE_PERCENTILE_LOW,
                    SCORE_PERCENTILE_HIGH,
                    R_SQUARED,
                    R_SQUARED_STANDARD_ERROR,
                    R_SQUARED_LOW,
                    R_SQUARED_HIGH,
                    ALPHA,
                    RHO_A,
                    RHO_C,
                    AVE,
                    SRMR_SATURATED,
                    SRMR_ESTIMATED,
                    IS_ADMISSIBLE)
            .with(Pivot.TAIL)
            .expect(
                    "score between -1e-6 and 100 + 1e-6",
                    "score_low <= score and score <= score_high",
                    "r_squared between -1e-9 and 1 + 1e-9",
                    "alpha <= 1 + 1e-9",
                    "rho_c <= 1 + 1e-9",
                    "ave between 0 and 1 + 1e-9",
                    "not is_suppressed or (score is null and respondents is null and reason is null)");

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
        Dataset<Row> whole = Pivot.ofModel(
                        figures, List.of(SRMR_SATURATED.name(), SRMR_ESTIMATED.name(), CellFits.ADMISSIBLE))
                .withColumn(IS_ADMISSIBLE.name(), col(CellFits.ADMISSIBLE).equalTo(1));
        return new Pivot(
                        TABLE,
                        CONSTRUCT,
                        null,
                        List.of(
                                new Pivot.Cell(SCORE, CellFits.key(Measure.INDEX), PathFigure.VALUE),
                                new Pivot.Cell(
                                        SCORE_STANDARD_ERROR, CellFits.key(Measure.INDEX), PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(SCORE_LOW, CellFits.key(Measure.INDEX), PathFigure.LOW),
                                new Pivot.Cell(SCORE_HIGH, CellFits.key(Measure.INDEX), PathFigure.HIGH),
                                new Pivot.Cell(
                                        SCORE_PERCENTILE_LOW, CellFits.key(Measure.INDEX), PathFigure.PERCENTILE_LOW),
                                new Pivot.Cell(
                                        SCORE_PERCENTILE_HIGH, CellFits.key(Measure.INDEX), PathFigure.PERCENTILE_HIGH),
                                new Pivot.Cell(R_SQUARED, CellFits.key(Measure.R_SQUARED), PathFigure.VALUE),
                                new Pivot.Cell(
                                        R_SQUARED_STANDARD_ERROR,
                                        CellFits.key(Measure.R_SQUARED),
                                        PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(R_SQUARED_LOW, CellFits.key(Measure.R_SQUARED), PathFigure.LOW),
                                new Pivot.Cell(R_SQUARED_HIGH, CellFits.key(Measure.R_SQUARED), PathFigure.HIGH),
                                new Pivot.Cell(ALPHA, CellFits.key(Measure.ALPHA), PathFigure.VALUE),
                                new Pivot.Cell(RHO_A, CellFits.key(Measure.RHO_A), PathFigure.VALUE),
                                new Pivot.Cell(RHO_C, CellFits.key(Measure.RHO_C), PathFigure.VALUE),
                                new Pivot.Cell(AVE, CellFits.key(Measure.AVE), PathFigure.VALUE)))
                .from(
                        figures,
                        asOf,
                        constructs -> constructs
                                .join(whole, cell, "left")
                                .withColumn(
                                        PathFigure.REASON.name(),
                                        joined(PathFigure.REASON.col(), col(Pivot.OF_MODEL))));
    }

    /** The reasons of a construct and of the model; neither twice. */
    private static Column joined(Column reason, Column ofModel) {
        return when(reason.isNull().or(ofModel.contains(reason)), ofModel)
                .when(ofModel.isNull().or(reason.contains(ofModel)), reason)
                .otherwise(concat_ws(" ", reason, ofModel));
    }
}
