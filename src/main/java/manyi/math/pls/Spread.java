package manyi.math.pls;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/** What replicates say of an estimate. */
final class Spread {

    private final int degreesOfFreedom;
    private final double t;

    Spread(int degreesOfFreedom) {
        this.degreesOfFreedom = degreesOfFreedom;
        t = degreesOfFreedom < 1
                ? Double.NaN
                : new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(0.975);
    }

    /**
     * The interval of a figure.
     *
     * @param replicated its values, NaN where a replicate gave none
     */
    Interval of(Figure figure, double estimate, double[] replicated) {
        double[] given = Double.isNaN(estimate)
                ? new double[0]
                : Arrays.stream(replicated).filter(Double::isFinite).toArray();
        double error = deviation(given);
        Arrays.sort(given);
        return new Interval(
                figure,
                estimate,
                error,
                degreesOfFreedom,
                estimate - t * error,
                estimate + t * error,
                quantile(given, 0.025),
                quantile(given, 0.975),
                given.length);
    }

    private static double deviation(double[] values) {
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

    /** Linear between order statistics (Hyndman, Fan 1996, type 7). */
    static double quantile(double[] sorted, double share) {
        if (sorted.length < 2) {
            return Double.NaN;
        }
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = StrictMath.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
