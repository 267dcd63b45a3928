package manyi.math.survey;

/**
 * A figure and how sure it is.
 *
 * @param mean the estimate
 * @param standardError NaN where the design leaves no degree of freedom
 * @param degreesOfFreedom of the Student t interval
 * @param low the lower limit at 95 %; NaN where there is no interval
 * @param high the upper limit
 */
public record Estimate(double mean, double standardError, long degreesOfFreedom, double low, double high) {

    /** How likely so great a difference from 0, either way, is where there is none; NaN without an interval. */
    public double pValue() {
        if (degreesOfFreedom < 1) {
            return Double.NaN;
        }
        if (standardError == 0) {
            return mean == 0 ? 1 : 0;
        }
        return Student.twoSided(mean / standardError, degreesOfFreedom);
    }
}
