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
    Interval ofCorrelation(Figure figure, double estimate, double[] replicated, boolean isOne) {
        Interval plain = of(figure, estimate, replicated, isOne);
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
     * The interval of a figure; replicates that are all alike give none.
     *
     * @param replicated its values, NaN where a replicate gave none
     * @param isOne whether the figure is 1 by definition, so that its replicates are alike for a reason
     */
    Interval of(Figure figure, double estimate, double[] replicated, boolean isOne) {
        double[] given = Arrays.stream(replicated)
                .map(value -> Double.isFinite(value) && !Double.isNaN(estimate) ? value : Double.NaN)
                .toArray();
        Spread plain = Spread.of(estimate, given, t);
        Measure measure = figure.measure();
        Spread spread = (isOne ? plain : plain.orNone(estimate)).within(estimate, measure.least(), measure.greatest());
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
