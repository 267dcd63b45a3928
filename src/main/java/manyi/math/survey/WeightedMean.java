package manyi.math.survey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * A weighted mean over a domain of a survey, from exact sums over its primary sampling units (PSUs). In PSU i,
 * B_i = Σw and A_i = Σw·(y − {@value DomainSums#MIDPOINT}); taking the scale's midpoint off keeps the sums of squares
 * small. One stratum, PSUs drawn with replacement.
 *
 * @param psus PSUs with a member of the domain
 * @param total Σw·y, in units of 10⁻¹⁸
 * @param weight Σw, in units of 10⁻⁹
 * @param aa ΣA_i², A_i rounded to millionths, in units of 10⁻¹²
 * @param ab ΣA_i·B_i, in units of 10⁻¹⁵
 * @param bb ΣB_i², in units of 10⁻¹⁸
 * @param lowest the least y, in units of 10⁻⁹
 * @param highest the greatest y
 */
public record WeightedMean(
        long psus,
        BigInteger total,
        BigInteger weight,
        BigInteger aa,
        BigInteger ab,
        BigInteger bb,
        long lowest,
        long highest) {

    private static final double UPPER = 0.975;

    public WeightedMean {
        if (psus < 1 || weight.signum() <= 0) {
            throw new IllegalArgumentException("a mean over " + psus + " units of weight " + weight);
        }
    }

    /** Σw·y / Σw. */
    public double mean() {
        return exactMean().doubleValue();
    }

    /** Kish's effective number of respondents, (ΣB_i)² / ΣB_i²: the PSUs, where all weigh the same. */
    public double effectiveRespondents() {
        return new BigDecimal(weight.multiply(weight))
                .divide(new BigDecimal(bb), MathContext.DECIMAL128)
                .doubleValue();
    }

    /**
     * The mean with its linearised standard error and its Student t interval.
     *
     * <p>z_i = (A_i − ȳ·B_i)/Σw, zero outside the domain; V = n/(n−1)·Σz_i², since the z_i sum to zero. Degrees of
     * freedom are the PSUs with a member of the domain less one; below one there is no interval. The sum of squares is
     * taken without rounding, so it is never negative; where all answers are alike the error is zero, not rounding's.
     *
     * @param designPsus n, the PSUs of the whole wave and population
     * @see "Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, result 5.7.1 and eq. 5.8.3; Wolter (2007),
     *     Introduction to Variance Estimation, ch. 6"
     */
    public Estimate estimate(long designPsus) {
        if (designPsus < psus) {
            throw new IllegalArgumentException("a domain of " + psus + " units in a design of " + designPsus);
        }
        double mean = mean();
        long degreesOfFreedom = psus - 1;
        if (degreesOfFreedom < 1) {
            return new Estimate(mean, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN);
        }
        double error = lowest == highest ? 0 : StrictMath.sqrt(variance(designPsus));
        double reach = error * new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(UPPER);
        return new Estimate(mean, error, degreesOfFreedom, mean - reach, mean + reach);
    }

    private double variance(long designPsus) {
        BigDecimal centre = exactMean().subtract(BigDecimal.valueOf(DomainSums.MIDPOINT));
        BigDecimal squares = new BigDecimal(aa, 12)
                .subtract(new BigDecimal(ab, 15).multiply(centre).multiply(BigDecimal.valueOf(2)))
                .add(new BigDecimal(bb, 18).multiply(centre).multiply(centre));
        BigDecimal weights = new BigDecimal(weight, 9);
        return squares.divide(weights.multiply(weights), MathContext.DECIMAL128)
                .multiply(BigDecimal.valueOf(designPsus))
                .divide(BigDecimal.valueOf(designPsus - 1), MathContext.DECIMAL128)
                .doubleValue();
    }

    private BigDecimal exactMean() {
        return new BigDecimal(total, 18).divide(new BigDecimal(weight, 9), MathContext.DECIMAL128);
    }
}
