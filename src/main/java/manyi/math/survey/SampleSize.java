package manyi.math.survey;

import java.util.OptionalLong;

/**
 * What change a pair of waves can tell, at a power of 80 % in a two-sided test at 5 %.
 *
 * @see "Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, ch. 2; Bloom (1995), Minimum Detectable
 *     Effects, Evaluation Review 19(5)"
 */
public final class SampleSize {

    /** The chance to find a change of the smallest detectable size. */
    public static final double POWER = 0.8;

    /** Normal quantiles at .975 and at {@link #POWER}, summed: 1.959963984540054 + 0.8416212335729143. */
    private static final double NORMAL = 2.8015852181129683;

    private SampleSize() {}

    /**
     * The smallest true change that these two waves would have found four times in five: (t.975 + t.80)·SE with
     * Student's t at the degrees of freedom of the test.
     *
     * @param standardError of the change
     * @param degreesOfFreedom of the change; below 1 nothing can be detected
     * @return in the unit of the standard error; NaN where nothing can be detected
     */
    public static double smallestChange(double standardError, long degreesOfFreedom) {
        if (standardError < 0) {
            throw new IllegalArgumentException("a standard error of " + standardError);
        }
        if (degreesOfFreedom < 1) {
            return Double.NaN;
        }
        return (Student.reach(degreesOfFreedom) + Student.quantile(POWER, degreesOfFreedom)) * standardError;
    }

    /**
     * The answers that the next wave needs to tell a change from this one: the least n with
     * (z.975 + z.80)²·(V + s²·deff/n) ≤ change². By the normal law, since the next wave's degrees of freedom are
     * unknown; the waves are taken to be drawn independently.
     *
     * @param change to be told, of either sign, not 0
     * @param variance V of this wave's estimate
     * @param answerVariance s² of one answer in the next wave
     * @param designEffect of the next wave, above 0; 1 for a simple random sample
     * @return empty where no number is enough, because this wave alone is too uncertain
     */
    public static OptionalLong answersNeeded(
            double change, double variance, double answerVariance, double designEffect) {
        if (!(change != 0 && variance >= 0 && answerVariance >= 0 && designEffect > 0)) {
            throw new IllegalArgumentException("a change of " + change + ", variances of " + variance + " and "
                    + answerVariance + ", design effect of " + designEffect);
        }
        double left = change / NORMAL * (change / NORMAL) - variance;
        double needed = StrictMath.ceil(answerVariance * designEffect / left);
        // beyond this no survey goes, and a long would not hold it
        if (!(left > 0) || needed > 1e15) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(StrictMath.max(1, (long) needed));
    }
}
