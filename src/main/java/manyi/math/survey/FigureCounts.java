package manyi.math.survey;

/** How many units, customers and responses stand behind each figure, and their least and greatest value, in one array. */
final class FigureCounts {

    static final int PSUS = 0;
    static final int CUSTOMERS = 1;
    static final int RESPONSES = 2;
    static final int LOWEST = 3;
    static final int HIGHEST = 4;
    static final int COUNTS = 5;

    private FigureCounts() {}

    static long[] none(int figures) {
        long[] counts = new long[figures * COUNTS];
        for (int at = 0; at < counts.length; at += COUNTS) {
            counts[at + LOWEST] = Long.MAX_VALUE;
            counts[at + HIGHEST] = Long.MIN_VALUE;
        }
        return counts;
    }

    static void addAll(long[] counts, long[] others) {
        for (int at = 0; at < counts.length; at += COUNTS) {
            counts[at + PSUS] += others[at + PSUS];
            counts[at + CUSTOMERS] += others[at + CUSTOMERS];
            counts[at + RESPONSES] += others[at + RESPONSES];
            counts[at + LOWEST] = StrictMath.min(counts[at + LOWEST], others[at + LOWEST]);
            counts[at + HIGHEST] = StrictMath.max(counts[at + HIGHEST], others[at + HIGHEST]);
        }
    }
}
