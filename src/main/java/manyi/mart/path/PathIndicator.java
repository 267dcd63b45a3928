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
 * How each item counts for its construct and how well it reflects it, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record PathIndicator(LocalDate asOf) implements Derivation {

    public static final Field INDICATOR = required("indicator", StringType, "The item, as the questionnaire names it.");
    public static final Field CONSTRUCT = required("construct", StringType, "The construct that it measures.");
    public static final Field WEIGHT = optional(
            "weight",
            DoubleType,
            "Standardised outer weight; by pooled weights that of the whole wave, in deviations of the segment.");
    public static final Field WEIGHT_STANDARD_ERROR = optional(
            "weight_standard_error", DoubleType, "Standard deviation of weight over the replicates of the bootstrap.");
    public static final Field WEIGHT_LOW =
            optional("weight_low", DoubleType, "Lower limit of weight at 95 %: less t standard errors.");
    public static final Field WEIGHT_HIGH = optional("weight_high", DoubleType, "Upper limit likewise.");
    public static final Field LOADING = optional("loading", DoubleType, "Correlation of the item with its construct.");
    public static final Field LOADING_STANDARD_ERROR = optional(
            "loading_standard_error",
            DoubleType,
            "Standard deviation of loading over the replicates of the bootstrap.");
    public static final Field LOADING_LOW = optional(
            "loading_low", DoubleType, "Lower limit of loading at 95 %: less t standard errors on Fisher's scale.");
    public static final Field LOADING_HIGH = optional("loading_high", DoubleType, "Upper limit likewise.");
    public static final Field VIF = optional(
            "vif",
            DoubleType,
            "Variance inflation of the item among those of its construct; null where it follows from the others.");

    public static final Table TABLE = Table.named(
                    "path_indicator", "Outer weight and loading of each item in each segment and closed survey wave.")
            .oneRowPer("population, wave, segment value, construct and item", Pivot.key(INDICATOR, CONSTRUCT))
            .with(
                    WEIGHT,
                    WEIGHT_STANDARD_ERROR,
                    WEIGHT_LOW,
                    WEIGHT_HIGH,
                    LOADING,
                    LOADING_STANDARD_ERROR,
                    LOADING_LOW,
                    LOADING_HIGH,
                    VIF)
            .with(Pivot.TAIL)
            .expect(
                    "weight_low <= weight and weight <= weight_high",
                    "loading_low <= loading and loading <= loading_high",
                    "vif >= 1 - 1e-9",
                    "not is_suppressed or (weight is null and respondents is null and reason is null)");

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
                        INDICATOR,
                        CONSTRUCT,
                        List.of(
                                new Pivot.Cell(WEIGHT, CellFits.key(Measure.WEIGHT), PathFigure.VALUE),
                                new Pivot.Cell(
                                        WEIGHT_STANDARD_ERROR, CellFits.key(Measure.WEIGHT), PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(WEIGHT_LOW, CellFits.key(Measure.WEIGHT), PathFigure.LOW),
                                new Pivot.Cell(WEIGHT_HIGH, CellFits.key(Measure.WEIGHT), PathFigure.HIGH),
                                new Pivot.Cell(LOADING, CellFits.key(Measure.LOADING), PathFigure.VALUE),
                                new Pivot.Cell(
                                        LOADING_STANDARD_ERROR,
                                        CellFits.key(Measure.LOADING),
                                        PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(LOADING_LOW, CellFits.key(Measure.LOADING), PathFigure.LOW),
                                new Pivot.Cell(LOADING_HIGH, CellFits.key(Measure.LOADING), PathFigure.HIGH),
                                new Pivot.Cell(VIF, CellFits.key(Measure.OUTER_VIF), PathFigure.VALUE)))
                .from(inputs.read(PathFigure.TABLE), asOf);
    }
}
