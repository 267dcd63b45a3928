package manyi.math.survey;

/**
 * A figure that is to be reached.
 *
 * @param value in the unit of the figure
 * @param isCeiling whether less is better
 */
public record Target(double value, boolean isCeiling) {

    /** What is said of a target. */
    public enum Verdict {
        /** The whole interval lies at or beyond the target. */
        ATTAINED("attained"),
        /** The whole interval lies short of it. */
        MISSED("missed"),
        /** The interval holds the target, or there is none. */
        UNDECIDED("undecided");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** As tables say it. */
        public String words() {
            return words;
        }
    }

    public Target {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a target of " + value);
        }
    }

    /** Whether a figure of this interval has reached the target. */
    public Verdict verdict(Estimate estimate) {
        double nearest = isCeiling ? value - estimate.high() : estimate.low() - value;
        double farthest = isCeiling ? value - estimate.low() : estimate.high() - value;
        if (nearest >= 0) {
            return Verdict.ATTAINED;
        }
        return farthest < 0 ? Verdict.MISSED : Verdict.UNDECIDED;
    }
}
