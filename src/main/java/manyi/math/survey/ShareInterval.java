package manyi.math.survey;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * An interval at 95 % for a share p.
 *
 * @param low NaN where there is none
 * @see "Korn, Graubard (1998), Confidence intervals for proportions with small expected number of positive counts
 *     estimated from survey data, Survey Methodology 24(2)"
 */
public record ShareInterval(double low, double high) {

    private static final double UPPER = 0.975;

    /**
     * On the scale of ln p/(1−p), by Student's t; at 0 and 1 by Clopper and Pearson on the effective number, which is
     * brought down by (t_{n−1}/t_df)².
     *
     * @param share 0 to 1
     * @param standardError of the share
     * @param degreesOfFreedom of the design; below one there is no interval
     * @param effectiveNumber how many equally weighted sampling units would tell as much
     */
    public static ShareInterval of(double share, double standardError, long degreesOfFreedom, double effectiveNumber) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share);
        }
        if (degreesOfFreedom < 1) {
            return new ShareInterval(Double.NaN, Double.NaN);
        }
        double t = student(degreesOfFreedom);
        if (share > 0 && share < 1) {
            double centre = StrictMath.log(share / (1 - share));
            double reach = t * standardError / (share * (1 - share));
            return new ShareInterval(
                    StrictMath.min(share, logistic(centre - reach)), StrictMath.max(share, logistic(centre + reach)));
        }
        double factor = effectiveNumber > 1 ? student(effectiveNumber - 1) / t : 1;
        double number = effectiveNumber * StrictMath.min(1, factor * factor);
        // the beta distribution with the parameters 1 and n has a closed quantile
        double bound = 1 - StrictMath.pow(1 - UPPER, 1 / number);
        return share == 0 ? new ShareInterval(0, bound) : new ShareInterval(1 - bound, 1);
    }

    private static double student(double degreesOfFreedom) {
        return new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(UPPER);
    }

    private static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
