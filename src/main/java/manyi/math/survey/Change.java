package manyi.math.survey;

/** How the change of a figure from one wave to the next is called. */
public final class Change {

    /** The largest p-value, adjusted for how many changes were looked at, of a change that is called one. */
    public static final double LEVEL = 0.05;

    private Change() {}

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
}
