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
        double[] given = Arrays.stream(replicated)
                .map(value -> Double.isFinite(value) && !Double.isNaN(estimate) ? value : Double.NaN)
                .toArray();
        Spread spread = Spread.of(estimate, given, t);
        return new Interval(
                figure,
                estimate,
                spread.standardError(),
                degreesOfFreedom,
                spread.low(),
                spread.high(),
                spread.percentileLow(),
                spread.percentileHigh(),
                (int) Arrays.stream(given).filter(Double::isFinite).count());
    }
}
