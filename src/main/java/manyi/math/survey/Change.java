package manyi.math.survey;

/**
 * The change of a figure from one wave to the next.
 *
 * @param change the later less the earlier
 * @param standardError of the change
 * @param degreesOfFreedom of both waves stacked as one design
 * @param pValue of no change, two-sided, by Student's t; NaN below one degree of freedom
 * @param low the lower limit at 95 %; NaN where there is no interval
 * @param high the upper limit
 */
public record Change(
        double change, double standardError, long degreesOfFreedom, double pValue, double low, double high) {

    /** The largest p-value, adjusted for how many changes were looked at, of a change that is called one. */
    public static final double LEVEL = 0.05;

    /** What is said of a change. */
    public enum Verdict {
        /** Upwards, beyond chance. */
        ROSE("rose"),
        /** Downwards, beyond chance. */
        FELL("fell"),
        /** Chance could have made it. */
        NO_CLEAR_CHANGE("no clear change");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** As tables say it. */
        public String words() {
            return words;
        }
    }

    /**
     * The change between two estimates.
     *
     * @param variance of the difference, the covariance of both waves taken into account; NaN where unknown
     */
    public static Change between(double earlier, double later, double variance, long degreesOfFreedom) {
        if (variance < 0) {
            throw new IllegalArgumentException("a variance of " + variance);
        }
        double change = later - earlier;
        if (degreesOfFreedom < 1 || Double.isNaN(variance)) {
            return new Change(change, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN, Double.NaN);
        }
        double error = StrictMath.sqrt(variance);
        double reach = error * Student.reach(degreesOfFreedom);
        return new Change(
                change,
                error,
                degreesOfFreedom,
                pValue(change, error, degreesOfFreedom),
                change - reach,
                change + reach);
    }

    /**
     * What is said of this change.
     *
     * @param adjusted its p-value, adjusted for how many changes were looked at; NaN where there is none
     */
    public Verdict verdict(double adjusted) {
        if (!(adjusted <= LEVEL) || change == 0) {
            return Verdict.NO_CLEAR_CHANGE;
        }
        return change > 0 ? Verdict.ROSE : Verdict.FELL;
    }

    private static double pValue(double change, double error, long degreesOfFreedom) {
        // all answers alike in both waves: without error any difference is one
        if (error == 0) {
            return change == 0 ? 1 : 0;
        }
        return Student.twoSided(change / error, degreesOfFreedom);
    }
}
