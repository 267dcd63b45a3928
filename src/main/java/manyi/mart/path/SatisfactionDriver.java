package manyi.mart.path;

import java.time.LocalDate;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.table.Field;
import manyi.table.Table;

/**
 * How much each group of items counts for satisfaction and how good it is, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record SatisfactionDriver(LocalDate asOf) implements PathMart {

    public static final Field PREDICTOR = Field.text("predictor", "The group of items.");
    public static final Field OUTCOME = Field.text("outcome", "The item, or the items, whose mean is to be explained.");
    public static final Field CORRELATION = Field.optionalNumber("correlation", "Correlation with the outcome.");
    public static final Field VIF = Field.optionalNumber("vif", "Variance inflation among the predictors.");
    public static final Field R_SQUARED = Field.optionalShare(
            "r_squared", "Share of the variance of the outcome that all predictors explain together.");
    public static final Field QUADRANT = Field.optionalText(
            "quadrant",
            "By johnson and performance against their means: keep up, concentrate here, low priority, possible overkill.");

    private static final PathTable PUBLISHED = PathTable.named(
                    "satisfaction_driver",
                    "Importance and performance of what may drive satisfaction, in each segment and closed survey wave.",
                    "population, wave, segment value, predictor and outcome",
                    PREDICTOR,
                    OUTCOME)
            .figure(
                    CellFits.JOHNSON,
                    EstimateColumns.ofReplicates("johnson", "Its part of R²: Johnson's relative weight.")
                            .in(PathTable.EXPLAINED)
                            .prefixed("")
                            .with(Part.PERCENTILE_LOW)
                            .with(Part.PERCENTILE_HIGH))
            .figure(
                    CellFits.LMG,
                    EstimateColumns.ofReplicates(
                                    "lmg",
                                    "Its part of R² by LMG: the mean of what it adds over all orders; null with more than 12 predictors.")
                            .in(PathTable.EXPLAINED))
            .figure(CellFits.DRIVER_CORRELATION, CORRELATION)
            .figure(CellFits.DRIVER_VIF, VIF)
            .figureOfModel(CellFits.DRIVER_R_SQUARED, R_SQUARED)
            .figure(
                    CellFits.PERFORMANCE,
                    EstimateColumns.ofReplicates(
                                    "performance", "Mean score of its items, each item's over those who answered it.")
                            .in(PathTable.INDEX))
            .column(CellFits.QUADRANT, QUADRANT, PathFigure.WORD)
            .expect(
                    "johnson between 0 and 1 + 1e-9",
                    "performance between -1e-6 and 100 + 1e-6",
                    "r_squared between 0 and 1 + 1e-9",
                    "vif >= 1 - 1e-9");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public PathTable published() {
        return PUBLISHED;
    }
}
