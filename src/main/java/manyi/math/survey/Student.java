package manyi.math.survey;

import org.apache.commons.math3.distribution.TDistribution;

/** Student's t, as all intervals and tests of a survey use it. */
public final class Student {

    private static final double UPPER = 0.975;

    private Student() {}

    /** Half the width of an interval at 95 %, in standard errors. */
    public static double reach(long degreesOfFreedom) {
        return quantile(UPPER, degreesOfFreedom);
    }

    static double quantile(double probability, long degreesOfFreedom) {
        return new TDistribution(null, (double) degreesOfFreedom).inverseCumulativeProbability(probability);
    }

    /** The probability of a t at least so far from 0, on either side. */
    static double twoSided(double t, long degreesOfFreedom) {
        return 2 * new TDistribution(null, (double) degreesOfFreedom).cumulativeProbability(-StrictMath.abs(t));
    }
}
