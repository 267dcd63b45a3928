package manyi.math.pls;

/**
 * A figure and how sure it is.
 *
 * @param figure which one
 * @param estimate in the full sample
 * @param standardError standard deviation over the replicates; NaN where fewer than half of them gave the figure or they
 *     do not differ, as all limits then are
 * @param degreesOfFreedom of Student's t: groups with a row, less their strata
 * @param low estimate − t·standard error at 95 %, for correlations on Fisher's scale, cut at the ends of the figure's
 *     scale; NaN where the degrees of freedom are below 1
 * @param high estimate + t·standard error, likewise
 * @param lowPercentile 2.5 % of the replicates are below
 * @param highPercentile 2.5 % of the replicates are above
 * @param replicates that gave the figure
 */
public record Interval(
        Figure figure,
        double estimate,
        double standardError,
        int degreesOfFreedom,
        double low,
        double high,
        double lowPercentile,
        double highPercentile,
        int replicates) {}
