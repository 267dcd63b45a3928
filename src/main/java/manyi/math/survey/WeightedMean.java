package manyi.math.survey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A weighted mean, or ratio, over a domain of a survey, from the exact sums of {@link DesignSums}.
 *
 * @param psus PSUs with a member of the domain
 * @param strata their strata
 * @param total Σw·y, in units of 10⁻¹⁸
 * @param weight Σw·x, in units of 10⁻⁹
 * @param vaa variation of A, in units of 10⁻¹²
 * @param vab of A with B, in units of 10⁻¹⁵
 * @param vbb of B, in units of 10⁻¹⁸
 * @param isConstant whether all y are alike where x = 1: the variance is then zero, not what rounding leaves
 * @param isComplete whether all PSUs of the domain's strata, and all of their members, answered and the variations say
 *     so: a variance of zero is then known, else it says only that the PSUs do not vary
 */
public record WeightedMean(
        long psus,
        long strata,
        BigInteger total,
        BigInteger weight,
        BigInteger vaa,
        BigInteger vab,
        BigInteger vbb,
        boolean isConstant,
        boolean isComplete) {

    /** What rounding each PSU's A leaves of it. */
    private static final double ROUNDING = 1e-6;

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** Products of two means' A and B over one design: of A with A, A with B, B with A, B with B. */
    public record Cross(BigInteger aa, BigInteger ab, BigInteger ba, BigInteger bb) {}

    public WeightedMean {
        if (psus < 1 || strata < 1 || strata > psus || weight.signum() <= 0) {
            throw new IllegalArgumentException(
                    "a mean over " + psus + " units in " + strata + " strata of weight " + weight);
        }
    }

    /** The mean of one figure of a domain. */
    public static WeightedMean of(DesignSums sums, int figure) {
        return new WeightedMean(
                sums.count(figure, DesignSums.Count.PSUS),
                sums.count(figure, DesignSums.Count.STRATA),
                sums.sum(figure, DesignSums.Sum.TOTAL),
                sums.sum(figure, DesignSums.Sum.WEIGHT),
                sums.sum(figure, DesignSums.Sum.VAA),
                sums.sum(figure, DesignSums.Sum.VAB),
                sums.sum(figure, DesignSums.Sum.VBB),
                sums.count(figure, DesignSums.Count.LOWEST) == sums.count(figure, DesignSums.Count.HIGHEST),
                sums.count(figure, DesignSums.Count.INCOMPLETE_STRATA) == 0);
    }

    /** Σw·y / Σw·x. */
    public double mean() {
        return exactMean().doubleValue();
    }

    /** PSUs with a member of the domain less their strata. */
    public long degreesOfFreedom() {
        return psus - strata;
    }

    /**
     * Kish's effective number, (Σw)² / Σw².
     *
     * @param squares Σw² over those that are counted, in units of 10⁻¹⁸
     */
    public double effectiveNumber(BigInteger squares) {
        return new BigDecimal(weight.multiply(weight))
                .divide(new BigDecimal(squares), MathContext.DECIMAL128)
                .doubleValue();
    }

    /**
     * The variance of the mean: z_i = (A_i − R·B_i)/Σw·x, zero outside the domain; V = Σ_h (1−f_h)·n_h/(n_h−1)·Σ_i
     * (z_hi − z̄_h)², and what the second stage adds. The quadratic form is taken without rounding.
     *
     * @see "Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, result 5.7.1 and eq. 5.8.3; Wolter (2007),
     *     Introduction to Variance Estimation, ch. 6"
     */
    public double variance() {
        return isConstant ? 0 : StrictMath.max(0, exactVariance().doubleValue());
    }

    /**
     * Whether the error can be estimated: PSUs that do not vary say no more of it than a single one, but where all have
     * answered.
     */
    public boolean hasError() {
        return degreesOfFreedom() >= 1 && (isComplete || isAboveRounding(variance()));
    }

    /** The mean with its standard error and its Student t interval; neither where it has no {@link #hasError() error}. */
    public Estimate estimate() {
        return estimate(mean(), variance(), degreesOfFreedom(), hasError());
    }

    /**
     * Variance over that of a simple random sample of as many answers, (1−n/Σw)·s²/n with s² weighted and times n/(n−1);
     * NaN where there is no error. For means alone (x = 1).
     *
     * @param responses n
     * @param squares Σw·(y − 50)², in units of 10⁻¹⁸
     * @param isFinite whether the design says how many there are, so that 1−n/Σw counts
     * @see "Kish (1965), Survey Sampling, sec. 8.2"
     */
    public double designEffect(long responses, BigInteger squares, boolean isFinite) {
        if (isConstant || responses < 2 || !hasError()) {
            return Double.NaN;
        }
        BigDecimal weights = new BigDecimal(weight, 9);
        BigDecimal spread = new BigDecimal(squares, 18)
                .divide(weights, MathContext.DECIMAL128)
                .subtract(centre().multiply(centre()));
        double finite = isFinite ? 1 - responses / weights.doubleValue() : 1;
        double simple = finite * spread.doubleValue() / (responses - 1);
        return simple > 0 ? variance() / simple : Double.NaN;
    }

    /**
     * This mean less another one over the same design, z = z₁ − z₂ summed to the PSU. It has no error where either mean
     * has none, which would add nothing to the variance and seem to be sure.
     *
     * @param cross variation of this mean's A and B with the other's
     * @param degreesOfFreedom of the interval
     */
    public Estimate less(WeightedMean other, Cross cross, long degreesOfFreedom) {
        BigDecimal one = centre();
        BigDecimal two = other.centre();
        BigDecimal shared = new BigDecimal(cross.aa(), 12)
                .subtract(new BigDecimal(cross.ab(), 15).multiply(two))
                .subtract(new BigDecimal(cross.ba(), 15).multiply(one))
                .add(new BigDecimal(cross.bb(), 18).multiply(one).multiply(two))
                .divide(new BigDecimal(weight, 9).multiply(new BigDecimal(other.weight, 9)), MathContext.DECIMAL128);
        BigDecimal variance = exactVariance().add(other.exactVariance()).subtract(shared.multiply(TWO));
        double difference = exactMean().subtract(other.exactMean()).doubleValue();
        double known = StrictMath.max(0, variance.doubleValue());
        boolean hasError =
                hasError() && other.hasError() && ((isComplete && other.isComplete) || isAboveRounding(known));
        return estimate(difference, known, degreesOfFreedom, hasError);
    }

    private boolean isAboveRounding(double variance) {
        double rounding = ROUNDING * StrictMath.max(1, psus / new BigDecimal(weight, 9).doubleValue());
        return variance > rounding * rounding;
    }

    private static Estimate estimate(double mean, double variance, long degreesOfFreedom, boolean hasError) {
        if (degreesOfFreedom < 1 || !hasError) {
            return new Estimate(mean, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN);
        }
        double error = StrictMath.sqrt(variance);
        double reach = error * Student.reach(degreesOfFreedom);
        return new Estimate(mean, error, degreesOfFreedom, mean - reach, mean + reach);
    }

    private BigDecimal exactVariance() {
        BigDecimal centre = centre();
        BigDecimal weights = new BigDecimal(weight, 9);
        return new BigDecimal(vaa, 12)
                .subtract(new BigDecimal(vab, 15).multiply(centre).multiply(TWO))
                .add(new BigDecimal(vbb, 18).multiply(centre).multiply(centre))
                .divide(weights.multiply(weights), MathContext.DECIMAL128);
    }

    private BigDecimal centre() {
        return exactMean().subtract(BigDecimal.valueOf(DomainSums.MIDPOINT));
    }

    private BigDecimal exactMean() {
        return new BigDecimal(total, 18).divide(new BigDecimal(weight, 9), MathContext.DECIMAL128);
    }
}
