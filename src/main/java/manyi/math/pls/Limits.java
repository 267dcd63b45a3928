package manyi.math.pls;

import java.util.Arrays;
import manyi.math.moment.Spread;

/** What replicates say of an estimate. */
final class Limits {

    private final int degreesOfFreedom;
    private final double t;

    Limits(int degreesOfFreedom) {
        this.degreesOfFreedom = degreesOfFreedom;
        t = Spread.reach(degreesOfFreedom);
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
        double error = Spread.deviation(given);
        Arrays.sort(given);
        return new Interval(
                figure,
                estimate,
                error,
                degreesOfFreedom,
                estimate - t * error,
                estimate + t * error,
                Spread.quantile(given, 0.025),
                Spread.quantile(given, 0.975),
                given.length);
    }
}
