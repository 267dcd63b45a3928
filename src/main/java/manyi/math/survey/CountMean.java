package manyi.math.survey;

import java.math.BigInteger;

/**
 * How many events there are per customer, from exact sums over the customers; each is a unit of its own and weighs the
 * same.
 *
 * @param customers n
 * @param total Σy
 * @param squares Σy²
 */
public record CountMean(long customers, long total, long squares) {

    /** The tail above an interval at 95 %. */
    private static final double TAIL = 0.025;

    public CountMean {
        if (customers < 1 || total < 0 || squares < total) {
            throw new IllegalArgumentException(
                    "a mean over " + customers + " customers of sum " + total + " and sum of squares " + squares);
        }
    }

    /**
     * Σy/n with its standard error √(s²/n) and Student's t interval on n − 1 degrees of freedom. A rate is never below 0,
     * so neither is its lower limit. Where nothing happened the customers' variance says nothing: the upper limit is then
     * that of a Poisson mean, −ln 0.025 / n. Of one customer with an event there is neither error nor interval.
     *
     * @see "Cochran (1977), Sampling Techniques, sec. 2.6; Garwood (1936), Biometrika 28, 437 (no event)"
     */
    public Estimate estimate() {
        double mean = (double) total / customers;
        long degreesOfFreedom = customers - 1;
        if (total == 0) {
            return new Estimate(0, 0, degreesOfFreedom, 0, -StrictMath.log(TAIL) / customers);
        }
        if (degreesOfFreedom < 1) {
            return new Estimate(mean, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN);
        }
        BigInteger n = BigInteger.valueOf(customers);
        // n·Σy² − (Σy)² is n·(n − 1)·s², without rounding
        BigInteger spread = n.multiply(BigInteger.valueOf(squares))
                .subtract(BigInteger.valueOf(total).pow(2));
        double error = StrictMath.sqrt(spread.doubleValue() / degreesOfFreedom) / customers;
        double reach = error * Student.reach(degreesOfFreedom);
        return new Estimate(mean, error, degreesOfFreedom, StrictMath.max(0, mean - reach), mean + reach);
    }
}
