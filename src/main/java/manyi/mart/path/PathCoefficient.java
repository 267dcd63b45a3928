package manyi.mart.path;

import java.time.LocalDate;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Scale;
import manyi.math.pls.Measure;
import manyi.table.Field;
import manyi.table.Table;

/**
 * How strongly each construct acts on each other one, along its path and over all paths, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record PathCoefficient(LocalDate asOf) implements PathMart {

    public static final Field FROM_CONSTRUCT = Field.text("from_construct", "The construct that acts.");
    public static final Field TO_CONSTRUCT = Field.text("to_construct", "The construct that is acted on.");
    public static final Field F_SQUARED =
            Field.optionalNumber("f_squared", "What the R² of to_construct loses without the path, over 1 - R².");
    public static final Field VIF =
            Field.optionalNumber("vif", "Variance inflation of from_construct among the causes of to_construct.");

    private static final PathTable PUBLISHED = PathTable.named(
                    "path_coefficient",
                    "Effects of constructs on each other in each segment and closed survey wave, by partial least squares.",
                    "population, wave, segment value and pair of constructs",
                    FROM_CONSTRUCT,
                    TO_CONSTRUCT)
            .figure(
                    Measure.PATH,
                    EstimateColumns.ofReplicates(
                                    "coefficient",
                                    "Standardised coefficient of the path from one to the other; null where they are connected through other constructs only.")
                            .prefixed("")
                            .with(
                                    Part.LOW,
                                    "Lower limit of coefficient at 95 %: minus t standard errors; on Fisher's scale where the construct has no other cause.")
                            .with(Part.PERCENTILE_LOW)
                            .with(Part.PERCENTILE_HIGH))
            .figure(Measure.F_SQUARED, F_SQUARED)
            .figure(Measure.INNER_VIF, VIF)
            .figure(
                    Measure.TOTAL_EFFECT,
                    EstimateColumns.ofReplicates("total_effect", "Standardised effect over all paths.")
                            .with(
                                    Part.LOW,
                                    "Lower limit of total_effect at 95 %: minus t standard errors; on Fisher's scale as coefficient's."))
            .figure(
                    Measure.IMPACT,
                    EstimateColumns.ofReplicates(
                                    "impact",
                                    "Points by which the index of to_construct rises where that of from_construct rises by 5; null where either has no index.")
                            .in(Scale.differences("points")))
            .expect("f_squared >= 0", "vif >= 1 - 1e-9");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public PathTable published() {
        return PUBLISHED;
    }
}
