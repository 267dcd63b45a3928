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
 * How far each two constructs differ, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record ConstructValidity(LocalDate asOf) implements Derivation {

    public static final Field CONSTRUCT = required("construct", StringType, "One construct.");
    public static final Field OTHER_CONSTRUCT =
            required("other_construct", StringType, "Another, behind it in the questionnaire.");
    public static final Field CORRELATION = optional("correlation", DoubleType, "Correlation of their scores.");
    public static final Field CORRELATION_STANDARD_ERROR = optional(
            "correlation_standard_error",
            DoubleType,
            "Standard deviation of correlation over the replicates of the bootstrap.");
    public static final Field CORRELATION_LOW = optional(
            "correlation_low",
            DoubleType,
            "Lower limit of correlation at 95 %: less t standard errors on Fisher's scale.");
    public static final Field CORRELATION_HIGH = optional("correlation_high", DoubleType, "Upper limit likewise.");
    public static final Field HTMT = optional(
            "htmt",
            DoubleType,
            "Heterotrait-monotrait ratio of absolute correlations; above 0.9 their items hardly tell them apart.");
    public static final Field HTMT_STANDARD_ERROR = optional(
            "htmt_standard_error", DoubleType, "Standard deviation of htmt over the replicates of the bootstrap.");
    public static final Field HTMT_LOW =
            optional("htmt_low", DoubleType, "Lower limit of htmt at 95 %: less t standard errors.");
    public static final Field HTMT_HIGH = optional("htmt_high", DoubleType, "Upper limit likewise.");
    public static final Field HTMT_PERCENTILE_LOW =
            optional("htmt_percentile_low", DoubleType, "Below it lie 2.5 % of the replicates.");
    public static final Field HTMT_PERCENTILE_HIGH =
            optional("htmt_percentile_high", DoubleType, "Above it lie 2.5 % of the replicates.");

    public static final Table TABLE = Table.named(
                    "construct_validity",
                    "Correlation of each two constructs in each segment and closed survey wave, and how far their items tell them apart.")
            .oneRowPer("population, wave, segment value and pair of constructs", Pivot.key(CONSTRUCT, OTHER_CONSTRUCT))
            .with(
                    CORRELATION,
                    CORRELATION_STANDARD_ERROR,
                    CORRELATION_LOW,
                    CORRELATION_HIGH,
                    HTMT,
                    HTMT_STANDARD_ERROR,
                    HTMT_LOW,
                    HTMT_HIGH,
                    HTMT_PERCENTILE_LOW,
                    HTMT_PERCENTILE_HIGH)
            .with(Pivot.TAIL)
            .expect(
                    "abs(correlation) <= 1 + 1e-9",
                    "htmt >= 0",
                    "htmt_percentile_low <= htmt_percentile_high",
                    "not is_suppressed or (correlation is null and respondents is null and reason is null)");

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
                        OTHER_CONSTRUCT,
                        List.of(
                                new Pivot.Cell(CORRELATION, CellFits.key(Measure.CORRELATION), PathFigure.VALUE),
                                new Pivot.Cell(
                                        CORRELATION_STANDARD_ERROR,
                                        CellFits.key(Measure.CORRELATION),
                                        PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(CORRELATION_LOW, CellFits.key(Measure.CORRELATION), PathFigure.LOW),
                                new Pivot.Cell(CORRELATION_HIGH, CellFits.key(Measure.CORRELATION), PathFigure.HIGH),
                                new Pivot.Cell(HTMT, CellFits.key(Measure.HTMT), PathFigure.VALUE),
                                new Pivot.Cell(
                                        HTMT_STANDARD_ERROR, CellFits.key(Measure.HTMT), PathFigure.STANDARD_ERROR),
                                new Pivot.Cell(HTMT_LOW, CellFits.key(Measure.HTMT), PathFigure.LOW),
                                new Pivot.Cell(HTMT_HIGH, CellFits.key(Measure.HTMT), PathFigure.HIGH),
                                new Pivot.Cell(
                                        HTMT_PERCENTILE_LOW, CellFits.key(Measure.HTMT), PathFigure.PERCENTILE_LOW),
                                new Pivot.Cell(
                                        HTMT_PERCENTILE_HIGH, CellFits.key(Measure.HTMT), PathFigure.PERCENTILE_HIGH)))
                .from(inputs.read(PathFigure.TABLE), asOf);
    }
}
