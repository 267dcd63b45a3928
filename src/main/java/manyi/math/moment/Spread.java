package manyi.math.moment;

import java.util.Arrays;
import manyi.math.survey.Student;

/**
 * How far replicates of a figure spread; NaN throughout where fewer than half of them have a value, or fewer than two.
 *
 * @param standardError their standard deviation
 * @param low the estimate less t standard errors, at 95 %; NaN without degrees of freedom
 * @param high likewise
 * @param percentileLow below it lie 2.5 % of the replicates
 * @param percentileHigh above it lie 2.5 %
 */
public record Spread(double standardError, double low, double high, double percentileLow, double percentileHigh) {

    private static final double TAIL = 0.025;
    /** Replicates that spread by less, as a share of the estimate or of 1, are alike but for rounding. */
    private static final double ROUNDING = 1e-9;
    /** Nothing is known. */
    public static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /**
     * The spread of replicates.
     *
     * @param replicates NaN where a replicate has no value
     * @param reach half the width of an interval in standard errors, by {@link #reach}
     */
    public static Spread of(double estimate, double[] replicates, double reach) {
        double[] known = Arrays.stream(replicates)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (known.length < 2 || 2 * known.length < replicates.length || Double.isNaN(estimate)) {
            return NONE;
        }
        double error = deviation(known);
        return new Spread(
                error,
                estimate - reach * error,
                estimate + reach * error,
                quantile(known, TAIL),
                quantile(known, 1 - TAIL));
    }

    /** This spread, or {@link #NONE} where the replicates are all alike: that says nothing of the error. */
    public Spread orNone(double estimate) {
        return standardError > ROUNDING * StrictMath.max(1, StrictMath.abs(estimate)) ? this : NONE;
    }

    /** The same with the limits on the scale of the figure; no limit moves beyond the estimate. */
    public Spread within(double estimate, double least, double greatest) {
        return new Spread(
                standardError,
                StrictMath.max(low, StrictMath.min(least, estimate)),
                StrictMath.min(high, StrictMath.max(greatest, estimate)),
                percentileLow,
                percentileHigh);
    }

    /** Student's t at 97.5 %; NaN below one degree of freedom. */
    public static double reach(long degreesOfFreedom) {
        return degreesOfFreedom < 1 ? Double.NaN : Student.reach(degreesOfFreedom);
    }

    /** The standard deviation; NaN of fewer than two values. */
    public static double deviation(double[] values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return StrictMath.sqrt(squares / (values.length - 1));
    }

    /** Linear between the order statistics (Hyndman, Fan 1996, definition 7); NaN of fewer than two values. */
    public static double quantile(double[] sorted, double share) {
        if (sorted.length < 2) {
            return Double.NaN;
        }
        double place = share * (sorted.length - 1);
        int below = (int) place;
        double above = sorted[StrictMath.min(below + 1, sorted.length - 1)];
        return sorted[below] + (place - below) * (above - sorted[below]);
    }
}
