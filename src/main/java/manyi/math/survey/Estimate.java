package manyi.math.survey;

/**
 * A figure and how sure it is.
 *
 * @param mean the estimate
 * @param standardError NaN where fewer than two sampling units stand behind the figure
 * @param degreesOfFreedom of the Student t interval
 * @param low the lower limit at 95 %; NaN where there is no interval
 * @param high the upper limit
 */
public record Estimate(double mean, double standardError, long degreesOfFreedom, double low, double high) {}
