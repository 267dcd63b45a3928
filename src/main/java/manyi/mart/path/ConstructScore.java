package manyi.mart.path;

import java.time.LocalDate;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.math.pls.Measure;
import manyi.table.Field;
import manyi.table.Table;

/**
 * The index of each construct, how well it is explained and how reliably it is measured, in each segment and wave.
 *
 * @param asOf the last day that exists
 */
public record ConstructScore(LocalDate asOf) implements PathMart {

    public static final Field CONSTRUCT = Field.text("construct", "The construct, as the questionnaire names it.");
    public static final Field ALPHA = Field.optionalNumber(
            "alpha", "Cronbach's alpha of the standardised items; null for several items that form it.");
    public static final Field RHO_A =
            Field.optionalNumber("rho_a", "Reliability by the outer weights (Dijkstra, Henseler); null likewise.");
    public static final Field RHO_C =
            Field.optionalNumber("rho_c", "Composite reliability by the loadings (Dillon, Goldstein); null likewise.");
    public static final Field AVE = Field.optionalShare("ave", "Average variance extracted: the mean squared loading.");
    public static final Field SRMR_SATURATED = Field.optionalNumber(
            "srmr_saturated",
            "Standardised root mean square residual (SRMR) of the saturated model, in which constructs correlate freely; the same for all constructs.");
    public static final Field SRMR_ESTIMATED = Field.optionalNumber(
            "srmr_estimated", "SRMR of the estimated model, in which constructs correlate as the paths imply.");
    public static final Field IS_ADMISSIBLE = Field.optionalFlag(
            "is_admissible",
            "Whether all constructs are distinct: false where their correlations, corrected for unreliability (PLSc), are"
                    + " not positive definite; the same for all constructs.");

    private static final PathTable PUBLISHED = PathTable.named(
                    "construct_score",
                    "Index, explained variance and reliability of each construct in each segment and closed survey wave.",
                    "population, wave, segment value and construct",
                    CONSTRUCT)
            .figure(
                    Measure.INDEX,
                    EstimateColumns.ofReplicates(
                                    "score",
                                    "Index of the construct: its mean on the items' scales, by its outer weights; null where one of these is negative.")
                            .in(PathTable.INDEX)
                            .with(Part.PERCENTILE_LOW)
                            .with(Part.PERCENTILE_HIGH))
            .figure(
                    Measure.R_SQUARED,
                    EstimateColumns.ofReplicates(
                                    "r_squared",
                                    "Share of its variance that the constructs acting on it explain; null where none does.")
                            .in(PathTable.EXPLAINED))
            .figure(Measure.ALPHA, ALPHA)
            .figure(Measure.RHO_A, RHO_A)
            .figure(Measure.RHO_C, RHO_C)
            .figure(Measure.AVE, AVE)
            .figureOfModel(SRMR_SATURATED.name(), SRMR_SATURATED)
            .figureOfModel(SRMR_ESTIMATED.name(), SRMR_ESTIMATED)
            .figureOfModel(CellFits.ADMISSIBLE, IS_ADMISSIBLE)
            .expect(
                    "score between -1e-6 and 100 + 1e-6",
                    "r_squared between -1e-9 and 1 + 1e-9",
                    "alpha <= 1 + 1e-9",
                    "rho_c <= 1 + 1e-9",
                    "ave between 0 and 1 + 1e-9");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public PathTable published() {
        return PUBLISHED;
    }
}
