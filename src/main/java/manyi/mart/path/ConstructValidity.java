package manyi.mart.path;

import java.time.LocalDate;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.math.pls.Measure;
import manyi.table.Field;
import manyi.table.Table;

/**
 * How far each two constructs differ, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record ConstructValidity(LocalDate asOf) implements PathMart {

    public static final Field CONSTRUCT = Field.text("construct", "One construct.");
    public static final Field OTHER_CONSTRUCT =
            Field.text("other_construct", "Another, behind it in the questionnaire.");

    private static final PathTable PUBLISHED = PathTable.named(
                    "construct_validity",
                    "Correlation of each pair of constructs in each segment and closed survey wave, and how well their items distinguish them.",
                    "population, wave, segment value and pair of constructs",
                    CONSTRUCT,
                    OTHER_CONSTRUCT)
            .figure(
                    Measure.CORRELATION,
                    EstimateColumns.ofReplicates("correlation", "Correlation of their scores.")
                            .with(
                                    Part.LOW,
                                    "Lower limit of correlation at 95 %: minus t standard errors on Fisher's scale."))
            .figure(
                    Measure.HTMT,
                    EstimateColumns.ofReplicates(
                                    "htmt",
                                    "Heterotrait-monotrait ratio of absolute correlations; above 0.9 their items hardly distinguish them.")
                            .with(Part.PERCENTILE_LOW)
                            .with(Part.PERCENTILE_HIGH))
            .expect("abs(correlation) <= 1 + 1e-9", "htmt >= 0", "htmt_percentile_low <= htmt_percentile_high");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public PathTable published() {
        return PUBLISHED;
    }
}
