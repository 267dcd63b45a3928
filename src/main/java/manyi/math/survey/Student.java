package manyi.math.survey;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.TDistribution;

/** Student's t, as all intervals and tests of a survey use it. */
public final class Student {

    private static final double UPPER = 0.975;
    /** Many figures of a survey have the same degrees of freedom, and the search for a quantile takes a while. */
    private static final Map<Long, Double> REACHES = new ConcurrentHashMap<>();

    private static final int MOST_REACHES = 10_000;

    private Student() {}

    /** Half the width of an interval at 95 %, in standard errors. */
    public static double reach(long degreesOfFreedom) {
        Double known = REACHES.get(degreesOfFreedom);
        if (known != null) {
            return known;
        }
        double reach = quantile(UPPER, degreesOfFreedom);
        if (REACHES.size() < MOST_REACHES) {
            REACHES.put(degreesOfFreedom, reach);
        }
        return reach;
    }

    static double quantile(double probability, long degreesOfFreedom) {
        return new TDistribution(null, (double) degreesOfFreedom).inverseCumulativeProbability(probability);
    }

    /** The probability of a t at least so far from 0, on either side. */
    static double twoSided(double t, long degreesOfFreedom) {
        return 2 * new TDistribution(null, (double) degreesOfFreedom).cumulativeProbability(-StrictMath.abs(t));
    }
}
