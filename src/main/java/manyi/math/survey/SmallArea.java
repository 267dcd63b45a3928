package manyi.math.survey;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Empirical Bayes for the segments of one dimension and wave: each segment's estimate y is drawn towards the mean μ of
 * all, the more the less its own answers tell. θ̂ = μ + (1−B)(y−μ), B = v/(v+τ²).
 *
 * @param mean μ, weighted by 1/(v+τ²)
 * @param between τ², how much segments truly differ, a variance; by Paule and Mandel, 0 where the differences are no
 *     more than chance makes
 * @param segments in the order of the direct estimates
 * @see "Paule, Mandel (1982), Journal of Research of the National Bureau of Standards 87(5); Fay, Herriot (1979), JASA
 *     74(366); DerSimonian, Kacker (2007), Contemporary Clinical Trials 28(2), sec. 2.4"
 */
public record SmallArea(double mean, double between, List<Shrunk> segments) {

    /** Segments with fewer answers than this have no variance of their own worth trusting. */
    public static final int FEW = 30;

    private static final int ROUNDS = 1_000;

    /** What rounding leaves of the equation, a segment. */
    private static final double STANDSTILL = 1e-14;

    /**
     * A segment's direct estimate.
     *
     * @param estimate y
     * @param variance v of y; 0 or NaN where its own answers tell none
     * @param respondents n
     */
    public record Direct(double estimate, double variance, long respondents) {
        public Direct {
            if (!Double.isFinite(estimate) || variance < 0 || respondents < 1) {
                throw new IllegalArgumentException("an estimate of " + estimate + " with variance " + variance
                        + " from " + respondents + " respondents");
            }
        }

        private boolean isTrusted() {
            return respondents >= FEW && variance > 0;
        }
    }

    /**
     * A segment's estimate drawn towards the mean.
     *
     * @param estimate θ̂
     * @param variance v as used, smoothed where the segment is small
     * @param pull B, 0 (its own estimate) to 1 (the mean of all)
     * @param meanSquaredError of θ̂ about the true θ, τ² being estimated: g₁ + g₂ + 2g₃ of Datta, Rao and Smith with
     *     g₁ = (1−B)v, g₂ = B²/Σ(v+τ²)⁻¹, g₃ = v²(v+τ²)⁻³·2k/(Σ(v+τ²)⁻¹)². Their last term, which is subtracted and
     *     never negative, is left out: with few segments it can make the sum negative, without it the error is rather
     *     too large
     * @see "Datta, Rao, Smith (2005), On measuring the variability of small area estimators under a basic area level
     *     model, Biometrika 92(1)"
     */
    public record Shrunk(double estimate, double variance, double pull, double meanSquaredError) {}

    public SmallArea {
        segments = List.copyOf(segments);
    }

    /** Segments whose small ones take the variance of an answer from all of them, see {@link #answerVariance}. */
    public static SmallArea of(List<Direct> segments) {
        return of(segments, answerVariance(segments));
    }

    /**
     * The segments drawn towards their mean.
     *
     * @param answerVariance the pooled variance of one answer times the design effect: where a segment has fewer than
     *     {@value #FEW} respondents, or no variance of its own, v is this over its respondents
     */
    public static SmallArea of(List<Direct> segments, double answerVariance) {
        if (segments.isEmpty() || !(answerVariance >= 0)) {
            throw new IllegalArgumentException(
                    segments.size() + " segments with a variance of " + answerVariance + " an answer");
        }
        double[] y = segments.stream().mapToDouble(Direct::estimate).toArray();
        double[] v = segments.stream()
                .mapToDouble(direct ->
                        direct.isTrusted() ? direct.variance() : answerVariance / (double) direct.respondents())
                .toArray();
        if (DoubleStream.of(v).min().orElseThrow() == 0) {
            return unvarying(y, v);
        }
        Pool pool = new Pool(y, v);
        double between = pool.between();
        double mean = pool.mean(between);
        double precision = pool.precision(between);
        double betweenVariance = 2 * y.length / (precision * precision);
        List<Shrunk> shrunk = new ArrayList<>();
        for (int i = 0; i < y.length; i++) {
            double all = v[i] + between;
            double pull = v[i] / all;
            double error = (1 - pull) * v[i] + pull * pull / precision + 2 * pull * pull / all * betweenVariance;
            shrunk.add(new Shrunk(mean + (1 - pull) * (y[i] - mean), v[i], pull, error));
        }
        return new SmallArea(mean, between, shrunk);
    }

    /** Where no answer differs from the others of its segment, nothing is to be corrected. */
    private static SmallArea unvarying(double[] y, double[] v) {
        if (DoubleStream.of(v).max().orElseThrow() > 0) {
            throw new IllegalArgumentException("some segments vary, and answers are said to have no variance");
        }
        double[] rising = DoubleStream.of(y).sorted().toArray();
        double mean = 0;
        for (double value : rising) {
            mean += value / rising.length;
        }
        double squares = 0;
        for (double value : rising) {
            squares += (value - mean) * (value - mean);
        }
        double between = y.length > 1 ? squares / (y.length - 1) : 0;
        return new SmallArea(
                mean,
                between,
                DoubleStream.of(y).mapToObj(own -> new Shrunk(own, 0, 0, 0)).toList());
    }

    /**
     * The pooled variance of one answer times the design effect: Σ(n−1)·n·v / Σ(n−1) over the segments that have a
     * variance, since n·v is the variance of an answer times the segment's design effect.
     *
     * @return 0 where no segment has one
     */
    public static double answerVariance(List<Direct> segments) {
        double sum = 0;
        double degrees = 0;
        for (Direct direct : sorted(segments)) {
            if (direct.respondents() > 1 && direct.variance() >= 0) {
                double freedom = (double) direct.respondents() - 1;
                sum += freedom * direct.respondents() * direct.variance();
                degrees += freedom;
            }
        }
        return degrees > 0 ? sum / degrees : 0;
    }

    private static List<Direct> sorted(List<Direct> segments) {
        return segments.stream()
                .sorted(Comparator.comparingDouble(Direct::estimate)
                        .thenComparingDouble(Direct::variance)
                        .thenComparingLong(Direct::respondents))
                .toList();
    }

    /** Estimates and variances in an order of their own, so that the order of the segments changes no sum. */
    private static final class Pool {
        private final double[] y;
        private final double[] v;

        Pool(double[] y, double[] v) {
            int[] order = IntStream.range(0, y.length)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(i -> y[i]).thenComparingDouble(i -> v[i]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            this.y = IntStream.of(order).mapToDouble(i -> y[i]).toArray();
            this.v = IntStream.of(order).mapToDouble(i -> v[i]).toArray();
        }

        /**
         * The root of Σ(y−μ)²/(v+τ²) = k−1 by Newton's method from 0: the sum falls in τ² and bends upwards, so no step
         * passes the root. 0 where the sum is too small already there.
         */
        double between() {
            double between = 0;
            for (int round = 0; round < ROUNDS; round++) {
                double mean = mean(between);
                double excess = 1 - y.length;
                double slope = 0;
                for (int i = 0; i < y.length; i++) {
                    double all = v[i] + between;
                    double part = (y[i] - mean) * (y[i] - mean) / all;
                    excess += part;
                    slope += part / all;
                }
                if (!(excess > STANDSTILL * y.length)) {
                    return between;
                }
                between += excess / slope;
            }
            throw new IllegalStateException("no root after " + ROUNDS + " rounds at " + between);
        }

        /** μ, weighted by 1/(v+τ²). */
        double mean(double between) {
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += y[i] / (v[i] + between);
            }
            return sum / precision(between);
        }

        /** Σ1/(v+τ²). */
        double precision(double between) {
            double precision = 0;
            for (double own : v) {
                precision += 1 / (own + between);
            }
            return precision;
        }
    }
}
