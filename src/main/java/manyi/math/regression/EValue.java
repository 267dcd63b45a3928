package manyi.math.regression;

/**
 * How strong an unmeasured common cause would have to be, as a risk ratio with the exposure and with the outcome alike, to
 * explain an association away.
 *
 * @param point for the estimate; 1 where there is none to explain
 * @param limit for the confidence limit nearer to no effect; 1 where the interval holds no effect
 * @see "VanderWeele, Ding (2017), Sensitivity Analysis in Observational Research: Introducing the E-Value, Annals of
 *     Internal Medicine 167(4)"
 */
public record EValue(double point, double limit) {

    /**
     * Of a risk ratio with its confidence limits; also of a ratio of means, and of odds where the outcome is rare
     * (under 15 % in all groups).
     */
    public static EValue ofRiskRatio(double ratio, double low, double high) {
        if (!(low > 0 && low <= ratio && ratio <= high)) {
            throw new IllegalArgumentException("a ratio of " + ratio + ", limits " + low + " and " + high);
        }
        double near = ratio >= 1 ? StrictMath.max(1, low) : StrictMath.min(1, high);
        return new EValue(of(ratio), of(near));
    }

    /** Of an odds ratio whose outcome is not rare: its square root approximates the risk ratio. */
    public static EValue ofOddsRatio(double ratio, double low, double high) {
        return ofRiskRatio(StrictMath.sqrt(ratio), StrictMath.sqrt(low), StrictMath.sqrt(high));
    }

    /** Of a difference of means in standard deviations of the outcome, and its standard error. */
    public static EValue ofMeanDifference(double difference, double standardError) {
        return ofRiskRatio(
                StrictMath.exp(0.91 * difference),
                StrictMath.exp(0.91 * difference - 1.78 * standardError),
                StrictMath.exp(0.91 * difference + 1.78 * standardError));
    }

    private static double of(double ratio) {
        double strength = ratio >= 1 ? ratio : 1 / ratio;
        return strength + StrictMath.sqrt(strength * (strength - 1));
    }
}
