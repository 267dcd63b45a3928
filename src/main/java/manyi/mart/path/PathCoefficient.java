package manyi.mart.path;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import manyi.math.pls.Measure;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How strongly each construct acts on each other one, along its path and over all paths, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record PathCoefficient(LocalDate asOf) implements Derivation {

    public static final Field FROM_CONSTRUCT = required("from_construct", StringType, "The construct that acts.");
    public static final Field TO_CONSTRUCT = required("to_construct", StringType, "The construct that is acted on.");
    public static final Field COEFFICIENT = optional(
            "coefficient",
            DoubleType,
            "Standardised coefficient of the path from one to the other; null where they are joined over other constructs only.");
    public static final Field STANDARD_ERROR = optional(
            "standard_error", DoubleType, "Standard deviation of coefficient over the replicates of the bootstrap.");
    public static final Field LOW = optional(
            "low",
            DoubleType,
            "Lower limit of coefficient at 95 %: less t standard errors; on Fisher's scale where the construct has no other cause.");
    public static final Field HIGH = optional("high", DoubleType, "Upper limit likewise.");
    public static final Field PERCENTILE_LOW =
            optional("percentile_low", DoubleType, "Below it lie 2.5 % of the replicates.");
    public static final Field PERCENTILE_HIGH =
            optional("percentile_high", DoubleType, "Above it lie 2.5 % of the replicates.");
    public static final Field F_SQUARED =
            optional("f_squared", DoubleType, "What the R² of to_construct loses without the path, over 1 - R².");
    public static final Field VIF =
            optional("vif", DoubleType, "Variance inflation of from_construct among the causes of to_construct.");
    public static final Field TOTAL_EFFECT =
            optional("total_effect", DoubleType, "Standardised effect over all paths.");
    public static final Field TOTAL_EFFECT_STANDARD_ERROR = optional(
            "total_effect_standard_error",
            DoubleType,
            "Standard deviation of total_effect over the replicates of the bootstrap.");
    public static final Field TOTAL_EFFECT_LOW = optional(
            "total_effect_low",
            DoubleType,
            "Lower limit of total_effect at 95 %: less t standard errors; on Fisher's scale as coefficient's.");
    public static final Field TOTAL_EFFECT_HIGH = optional("total_effect_high", DoubleType, "Upper limit likewise.");
    public static final Field IMPACT = optional(
                    "impact",
                    DoubleType,
                    "Points by which the index of to_construct rises where that of from_construct rises by 5; null where either has no index.")
            .in("points");
    public static final Field IMPACT_STANDARD_ERROR = optional(
                    "impact_standard_error",
                    DoubleType,
                    "Standard deviation of impact over the replicates of the bootstrap.")
            .in("points");
    public static final Field IMPACT_LOW = optional(
                    "impact_low", DoubleType, "Lower limit of impact at 95 %: less t standard errors.")
            .in("points");
    public static final Field IMPACT_HIGH =
            optional("impact_high", DoubleType, "Upper limit likewise.").in("points");

    public static final Table TABLE = Table.named(
                    "path_coefficient",
                    "Effects of constructs on each other in each segment and closed survey wave, by partial least squares.")
            .oneRowPer(
                    "population, wave, segment value and pair of constructs", Pivot.key(FROM_CONSTRUCT, TO_CONSTRUCT))
            .with(
                    COEFFICIENT,
                    STANDARD_ERROR,
                    LOW,
                    HIGH,
                    PERCENTILE_LOW,
                    PERCENTILE_HIGH,
                    F_SQUARED,
                    VIF,
                    TOTAL_EFFECT,
                    TOTAL_EFFECT_STANDARD_ERROR,
                    TOTAL_EFFECT_LOW,
                    TOTAL_EFFECT_HIGH,
                    IMPACT,
                    IMPACT_STANDARD_ERROR,
                    IMPACT_LOW,
                    IMPACT_HIGH)
            .with(Pivot.TAIL)
            .expect(
                    "standard_error >= 0",
                    "low <= coefficient and coefficient <= high",
                    "f_squared >= 0",
                    "vif >= 1 - 1e-9",
                    "total_effect_low <= total_effect and total_effect <= total_effect_high",
                    "impact_low <= impact and impact <= impact_high",
                    "not is_suppressed or (coefficient is null and respondents is null and reason is null)");

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
                        FROM_CONSTRUCT,
                        TO_CONSTRUCT,
                        List.of(
                                new Pivot.Cell(COEFFICIENT, CellFits.key(Measure.PATH), PathFigure.VALUE),
                                new Pivot.Cell(STANDARD_ERROR, CellFits.key(Measure.PATH), PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(LOW, CellFits.key(Measure.PATH), PathFigure.LOW),
                                new Pivot.Cell(HIGH, CellFits.key(Measure.PATH), PathFigure.HIGH),
                                new Pivot.Cell(PERCENTILE_LOW, CellFits.key(Measure.PATH), PathFigure.PERCENTILE_LOW),
                                new Pivot.Cell(PERCENTILE_HIGH, CellFits.key(Measure.PATH), PathFigure.PERCENTILE_HIGH),
                                new Pivot.Cell(F_SQUARED, CellFits.key(Measure.F_SQUARED), PathFigure.VALUE),
                                new Pivot.Cell(VIF, CellFits.key(Measure.INNER_VIF), PathFigure.VALUE),
                                new Pivot.Cell(TOTAL_EFFECT, CellFits.key(Measure.TOTAL_EFFECT), PathFigure.VALUE),
                                new Pivot.Cell(
                                        TOTAL_EFFECT_STANDARD_ERROR,
                                        CellFits.key(Measure.TOTAL_EFFECT),
                                        PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(TOTAL_EFFECT_LOW, CellFits.key(Measure.TOTAL_EFFECT), PathFigure.LOW),
                                new Pivot.Cell(TOTAL_EFFECT_HIGH, CellFits.key(Measure.TOTAL_EFFECT), PathFigure.HIGH),
                                new Pivot.Cell(IMPACT, CellFits.key(Measure.IMPACT), PathFigure.VALUE),
                                new Pivot.Cell(
                                        IMPACT_STANDARD_ERROR, CellFits.key(Measure.IMPACT), PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(IMPACT_LOW, CellFits.key(Measure.IMPACT), PathFigure.LOW),
                                new Pivot.Cell(IMPACT_HIGH, CellFits.key(Measure.IMPACT), PathFigure.HIGH)))
                .from(inputs.read(PathFigure.TABLE), asOf);
    }
}
