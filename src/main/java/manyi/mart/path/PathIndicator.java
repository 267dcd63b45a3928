package manyi.mart.path;

import java.time.LocalDate;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.math.pls.Measure;
import manyi.table.Field;
import manyi.table.Table;

/**
 * How each item counts for its construct and how well it reflects it, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record PathIndicator(LocalDate asOf) implements PathMart {

    public static final Field INDICATOR = Field.text("indicator", "The item, as the questionnaire names it.");
    public static final Field CONSTRUCT = Field.text("construct", "The construct that it measures.");
    public static final Field VIF = Field.optionalNumber(
            "vif",
            "Variance inflation of the item among those of its construct; null where it follows from the others.");

    private static final PathTable PUBLISHED = PathTable.named(
                    "path_indicator",
                    "Outer weight and loading of each item in each segment and closed survey wave.",
                    "population, wave, segment value, construct and item",
                    INDICATOR,
                    CONSTRUCT)
            .figure(
                    Measure.WEIGHT,
                    EstimateColumns.ofReplicates(
                            "weight",
                            "Standardised outer weight; by pooled weights that of the whole wave, in deviations of the segment."))
            .figure(
                    Measure.LOADING,
                    EstimateColumns.ofReplicates("loading", "Correlation of the item with its construct.")
                            .with(
                                    Part.LOW,
                                    "Lower limit of loading at 95 %: minus t standard errors on Fisher's scale."))
            .figure(Measure.OUTER_VIF, VIF)
            .expect("vif >= 1 - 1e-9");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public PathTable published() {
        return PUBLISHED;
    }
}
