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
     * The interval of a correlation: symmetric on Fisher's scale, where its error hardly depends on its value, so that
     * both limits err equally often. The standard error is taken there by its slope, 1/(1 − r²).
     *
     * @see "Fisher (1921), Metron 1(4)"
     */
    Interval ofCorrelation(Figure figure, double estimate, double[] replicated) {
        Interval plain = of(figure, estimate, replicated);
        if (!(estimate > -1 && estimate < 1)) {
            return plain;
        }
        double middle = StrictMath.log((1 + estimate) / (1 - estimate)) / 2;
        double reach = t * plain.standardError() / (1 - estimate * estimate);
        return new Interval(
                figure,
                estimate,
                plain.standardError(),
                degreesOfFreedom,
                StrictMath.min(estimate, StrictMath.tanh(middle - reach)),
                StrictMath.max(estimate, StrictMath.tanh(middle + reach)),
                plain.lowPercentile(),
                plain.highPercentile(),
                plain.replicates());
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
