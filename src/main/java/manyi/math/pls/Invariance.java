package manyi.math.pls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyi.math.moment.Spread;
import manyi.math.pls.Estimation.Composites;

/**
 * Whether a construct means the same in two segments, so that their paths (and, where also means and variances agree,
 * their pooled data) may be compared: measurement invariance of composites (MICOM).
 *
 * <p>Step 1, the same items, coding and algorithm, holds by construction. Step 2, compositional invariance: c is the
 * correlation, over the pooled base, of the two composites by either segment's own weights; the hypothesis is c = 1.
 * Henseler, Ringle and Sarstedt permute respondents between the segments; condensed answers know no respondents, and to
 * permute whole groups would give both segments one size, hence a c too near 1 for the smaller. So the distribution of c
 * under the hypothesis is taken from the bootstrap with its centre moved to the hypothesis (Hall, Wilson 1991,
 * Biometrics 47(2)): in each replicate the weights are the pooled ones plus what the segment's own weights differ from
 * their full sample's. It keeps to strata, clusters and the sizes of the segments. Step 3, equal means and variances:
 * intervals of the difference of means and of the logarithm of the ratio of variances of composites by pooled weights,
 * the mean in standard deviations of the pooled base.
 *
 * @param construct which one
 * @param c correlation of the composites by the weights of either segment
 * @param lowest the 5 % quantile of c under the hypothesis
 * @param p share of replicates, and the sample itself, with a c as low under the hypothesis
 * @param meanDifference of the first segment's composite less the second's
 * @param logVarianceRatio of the first segment's over the second's
 * @param replicates that could be fitted in the base and both segments
 * @param level what holds
 * @see "Henseler, Ringle, Sarstedt (2016), International Marketing Review 33(3)"
 */
public record Invariance(
        String construct,
        double c,
        double lowest,
        double p,
        Difference meanDifference,
        Difference logVarianceRatio,
        int replicates,
        Level level) {

    private static final double SIGNIFICANCE = 0.05;

    /** How much is the same in both segments. */
    public enum Level {
        /** Weights differ: nothing is to be compared. */
        NONE,
        /** Weights agree: standardised paths may be compared. */
        PARTIAL,
        /** Means and variances agree also: the segments may be pooled. */
        FULL,
        /** Too few replicates to tell, or all of them alike. */
        UNDECIDED
    }

    /**
     * A difference between two segments.
     *
     * @param estimate in the full sample
     * @param standardError over the replicates
     * @param low estimate − t·standard error at 95 %
     * @param high estimate + t·standard error
     */
    public record Difference(double estimate, double standardError, double low, double high) {

        private boolean mayBeNone() {
            return low <= 0 && high >= 0;
        }
    }

    /**
     * One of two segments.
     *
     * @param own with its own weights
     * @param held with those of the base
     */
    public record Side(Bootstrap own, Bootstrap held) {
        public Side {
            if (own.fit.isHeld() || !held.fit.isHeld() || own.draws != held.draws) {
                throw new IllegalArgumentException("a segment with own and with given weights, from the same draws");
            }
        }
    }

    /**
     * Compares two segments, construct by construct in the order of the model.
     *
     * @param pooled the base that gave its weights to both, from the same draws; it is composites that are
     *     compared, in a consistent model too
     */
    public static List<Invariance> between(Bootstrap pooled, Side first, Side second) {
        if (pooled.draws != first.own.draws || pooled.draws != second.own.draws) {
            throw new IllegalArgumentException("the base and the two segments are not from the same draws");
        }
        List<Invariance> all = new ArrayList<>();
        for (int j = 0; j < pooled.fit.structure.constructs; j++) {
            all.add(of(pooled, first, second, j));
        }
        return all;
    }

    private static Invariance of(Bootstrap pooled, Side first, Side second, int j) {
        Estimation base = pooled.fit.estimation;
        double[] agreed = weights(base, base.composites, j);
        double[] ofOne = aligned(first.own.fit.estimation.composites, base, j);
        double[] ofTwo = aligned(second.own.fit.estimation.composites, base, j);
        double c = correlation(base, j, ofOne, ofTwo);
        int count = pooled.replicates();
        double[] under = new double[count];
        double[] means = new double[count];
        double[] variances = new double[count];
        Arrays.fill(under, Double.NaN);
        Arrays.fill(means, Double.NaN);
        Arrays.fill(variances, Double.NaN);
        for (int replicate = 0; replicate < count; replicate++) {
            Composites again = first.own.composites[replicate];
            Composites other = second.own.composites[replicate];
            Composites heldOne = first.held.composites[replicate];
            Composites heldTwo = second.held.composites[replicate];
            if (again != null && other != null && heldOne != null && heldTwo != null) {
                under[replicate] = correlation(
                        base,
                        j,
                        moved(agreed, aligned(again, base, j), ofOne),
                        moved(agreed, aligned(other, base, j), ofTwo));
                means[replicate] = heldOne.mean[j] - heldTwo.mean[j];
                variances[replicate] = logRatio(heldOne, heldTwo, j);
            }
        }
        double[] sorted = Arrays.stream(under).filter(Double::isFinite).sorted().toArray();
        // as everywhere, less than half of the replicates say nothing
        boolean isKnown = sorted.length >= 2
                && 2 * sorted.length >= count
                // replicates that are all alike say nothing, but of the one weight of a single item
                && (agreed.length == 1 || Spread.deviation(sorted) > ROUNDING);
        double lowest = isKnown ? Spread.quantile(sorted, SIGNIFICANCE) : Double.NaN;
        double p = isKnown
                ? (1.0 + Arrays.stream(sorted).filter(value -> value <= c).count()) / (1.0 + sorted.length)
                : Double.NaN;
        var spread = new Limits(StrictMath.min(first.own.degreesOfFreedom(), second.own.degreesOfFreedom()));
        Composites heldOne = first.held.fit.estimation.composites;
        Composites heldTwo = second.held.fit.estimation.composites;
        Difference mean = difference(spread, heldOne.mean[j] - heldTwo.mean[j], means);
        Difference variance = difference(spread, logRatio(heldOne, heldTwo, j), variances);
        Level level;
        if (!isKnown || Double.isNaN(mean.low)) {
            level = Level.UNDECIDED;
        } else if (p < SIGNIFICANCE && c < 1 - ROUNDING) {
            level = Level.NONE;
        } else {
            level = mean.mayBeNone() && variance.mayBeNone() ? Level.FULL : Level.PARTIAL;
        }
        return new Invariance(pooled.fit.structure.name(j), c, lowest, p, mean, variance, sorted.length, level);
    }

    /** A single item correlates with itself by 1 but for rounding. */
    private static final double ROUNDING = 1e-12;

    private static Difference difference(Limits spread, double estimate, double[] replicated) {
        Interval interval = spread.of(new Figure(Measure.IMPACT, "", ""), estimate, replicated, false);
        return new Difference(estimate, interval.standardError(), interval.low(), interval.high());
    }

    private static double logRatio(Composites one, Composites two, int j) {
        return 2 * StrictMath.log(one.deviation[j] / two.deviation[j]);
    }

    private static double[] weights(Estimation base, Composites composites, int j) {
        return Arrays.copyOfRange(composites.w, base.structure.start[j], base.structure.start[j + 1]);
    }

    /** Weights in the direction of the base's: a construct's sign is no difference in its meaning. */
    private static double[] aligned(Composites composites, Estimation base, int j) {
        double[] weights = weights(base, composites, j);
        if (product(base, j, weights, weights(base, base.composites, j)) < 0) {
            for (int q = 0; q < weights.length; q++) {
                weights[q] = -weights[q];
            }
        }
        return weights;
    }

    private static double[] moved(double[] agreed, double[] again, double[] full) {
        double[] weights = new double[agreed.length];
        for (int q = 0; q < weights.length; q++) {
            weights[q] = agreed[q] + again[q] - full[q];
        }
        return weights;
    }

    private static double correlation(Estimation base, int j, double[] one, double[] two) {
        return product(base, j, one, two) / StrictMath.sqrt(product(base, j, one, one) * product(base, j, two, two));
    }

    private static double product(Estimation base, int j, double[] one, double[] two) {
        int from = base.structure.start[j];
        double sum = 0;
        for (int q = 0; q < one.length; q++) {
            for (int r = 0; r < two.length; r++) {
                sum += one[q] * two[r] * base.statistics.correlation[from + q][from + r];
            }
        }
        return sum;
    }
}
