package manyi.math.survey;

import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * A share of a survey's population.
 *
 * @param share p, 0 to 1
 * @param standardError of p, from the design
 * @param degreesOfFreedom of the design in the domain
 * @param respondents n, those who answered in the domain
 * @param effective the effective number of respondents, above 0; asked only where the standard error is 0
 */
public record Proportion(
        double share, double standardError, long degreesOfFreedom, long respondents, double effective) {

    private static final double TAIL = 0.025;

    public Proportion {
        if (!(share >= 0 && share <= 1) || standardError < 0 || respondents < 1 || !(effective > 0)) {
            throw new IllegalArgumentException("a share of " + share + " with error " + standardError + " of "
                    + respondents + " respondents, effectively " + effective);
        }
    }

    /**
     * The share with its interval at 95 %: logit p ± t·SE/(p(1−p)), turned back, so that it stays within 0 and 1. At 0
     * or 1, and where the standard error is 0, the design says nothing of the error: there it is Clopper and Pearson's
     * interval on the effective number, n* = effective·(t.975 at n−1 / t.975 at the degrees of freedom)², at most n.
     *
     * @return no interval where the degrees of freedom are below 1
     * @see "Korn, Graubard (1998), Confidence Intervals for Proportions with Small Expected Number of Positive Counts
     *     Estimated from Survey Data, Survey Methodology 24(2); Clopper, Pearson (1934), Biometrika 26(4)"
     */
    public Estimate estimate() {
        if (degreesOfFreedom < 1) {
            return new Estimate(share, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN);
        }
        double reach = Student.reach(degreesOfFreedom);
        // written so that an unknown error, NaN, gives no interval
        if (share == 0 || share == 1 || standardError == 0) {
            double adjusted = respondents > 1 ? Student.reach(respondents - 1) / reach : 1;
            double number = StrictMath.min((double) respondents, effective * adjusted * adjusted);
            return new Estimate(
                    share,
                    standardError,
                    degreesOfFreedom,
                    lower(share * number, number),
                    upper(share * number, number));
        }
        double logit = StrictMath.log(share / (1 - share));
        double far = reach * standardError / (share * (1 - share));
        return new Estimate(share, standardError, degreesOfFreedom, unlogit(logit - far), unlogit(logit + far));
    }

    /** The lower limit of Clopper and Pearson for x of n, neither need be whole. */
    static double lower(double x, double n) {
        return x <= 0 ? 0 : new BetaDistribution(null, x, n - x + 1).inverseCumulativeProbability(TAIL);
    }

    /** The upper limit of Clopper and Pearson. */
    static double upper(double x, double n) {
        return x >= n ? 1 : new BetaDistribution(null, x + 1, n - x).inverseCumulativeProbability(1 - TAIL);
    }

    private static double unlogit(double logit) {
        return 1 / (1 + StrictMath.exp(-logit));
    }
}
