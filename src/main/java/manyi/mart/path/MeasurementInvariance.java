package manyi.mart.path;

import java.time.LocalDate;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.Scale;
import manyi.table.Field;
import manyi.table.Table;

/**
 * Whether each construct means in a segment what it means outside of it: only then may paths be compared.
 *
 * @param asOf the last day that exists
 */
public record MeasurementInvariance(LocalDate asOf) implements PathMart {

    public static final Field CONSTRUCT = Field.text("construct", "The construct, as the questionnaire names it.");
    public static final Field COMPOSITION = Field.optionalNumber(
            "composition", "Correlation of the scores by the segment's own weights with those by everybody else's.");
    public static final Field COMPOSITION_LOWEST = Field.optionalNumber(
            "composition_lowest",
            "The value that it exceeds in 95 % of the replicates where the construct means the same.");
    public static final Field COMPOSITION_P =
            Field.optionalShare("composition_p", "Share of such replicates with a composition as low.");
    public static final Field INVARIANCE = Field.optionalText(
            "invariance",
            "none: not to be compared; partial: paths may be compared; full: means and variances agree too; undecided.");

    private static final PathTable PUBLISHED = PathTable.named(
                    "measurement_invariance",
                    "Whether a construct means the same in a segment value as among everybody else in the wave (MICOM).",
                    "population, wave, segment value and construct",
                    CONSTRUCT)
            .figure(CellFits.COMPOSITION, COMPOSITION)
            .column(CellFits.COMPOSITION, COMPOSITION_LOWEST, PathFigure.PERCENTILE_LOW)
            .figure(CellFits.COMPOSITION_P, COMPOSITION_P)
            .figure(
                    CellFits.MEAN_DIFFERENCE,
                    EstimateColumns.ofReplicates(
                                    "mean_difference",
                                    "The segment's mean score less that of everybody else, by pooled weights.")
                            .in(Scale.unbounded("standard deviations of the whole wave", "")))
            .figure(
                    CellFits.LOG_VARIANCE_RATIO,
                    EstimateColumns.ofReplicates(
                            "log_variance_ratio",
                            "Logarithm of the variance of the segment's scores over that of everybody else's."))
            .column(CellFits.INVARIANCE, INVARIANCE, PathFigure.WORD)
            .expect("composition between -1 - 1e-9 and 1 + 1e-9", "composition_p between 0 and 1");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public PathTable published() {
        return PUBLISHED;
    }
}
