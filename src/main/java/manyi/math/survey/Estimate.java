package manyi.math.survey;

/**
 * A figure and how sure it is.
 *
 * @param mean the estimate
 * @param standardError NaN where the design leaves no degree of freedom, or sampling units do not vary
 * @param degreesOfFreedom of the Student t interval
 * @param low the lower limit at 95 %; NaN where there is no interval
 * @param high the upper limit
 */
public record Estimate(double mean, double standardError, long degreesOfFreedom, double low, double high) {

    /** How likely so great a difference from 0, either way, is where there is none; NaN without an error above 0. */
    public double pValue() {
        return standardError > 0 ? Student.twoSided(mean / standardError, degreesOfFreedom) : Double.NaN;
    }

    /** The estimate alone. */
    public Estimate withoutError() {
        return new Estimate(mean, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN);
    }

    /** The same with both limits on the scale of the figure; no limit moves beyond the estimate. */
    public Estimate within(double least, double greatest) {
        return new Estimate(
                mean,
                standardError,
                degreesOfFreedom,
                StrictMath.max(low, StrictMath.min(least, mean)),
                StrictMath.min(high, StrictMath.max(greatest, mean)));
    }
}
