package manyi.math.survey;

import java.util.Arrays;

/** The answers of one customer in one domain, before they are squared. */
public class Answers implements LevelSums.Answers {
    private static final double TO_MILLIONTHS = 1e12;
    private static final double BILLION = 1e9;
    private static final long ONE = 1_000_000_000L;
    private static final int[] NO_COLUMNS = {};

    static final int TOTAL = 0;
    static final int SQUARES = 2;
    static final int PARTS = 4;
    static final int WIDTH = 6;

    final long[] a;
    final long[] b;
    final long[] counts;
    final long[] sums;
    /** The raked weight in each level of the margins. */
    private final long[] weights;
    /** A and B by base weights: figure × level. */
    private final long[] baseA;

    private final long[] baseB;
    private long baseWeight;
    private int[] columns = NO_COLUMNS;

    /** Answers to none of these figures yet. */
    public Answers(int figures) {
        this(figures, 0);
    }

    /**
     * Answers to none of these figures yet.
     *
     * @param levels how many levels the margins have that weights are raked to
     */
    public Answers(int figures, int levels) {
        a = new long[figures];
        b = new long[figures];
        counts = FigureCounts.none(figures);
        sums = new long[figures * WIDTH];
        weights = new long[levels];
        baseA = new long[figures * levels];
        baseB = new long[figures * levels];
    }

    /**
     * Turns to a response whose weight is raked: what is added from now on is said by it.
     *
     * @param weight the raked one, in billionths
     * @param newBaseWeight the one before, in billionths
     * @param newColumns the levels that the respondent is in, one of each margin; none in a wave that is not raked
     */
    public void turn(long weight, long newBaseWeight, int... newColumns) {
        baseWeight = newBaseWeight;
        columns = newColumns;
        for (int column : newColumns) {
            weights[column] = StrictMath.addExact(weights[column], weight);
        }
    }

    @Override
    public int figures() {
        return a.length;
    }

    @Override
    public int levels() {
        return weights.length;
    }

    @Override
    public long of(int figure, int kind) {
        return (kind == LevelSums.A ? a : b)[figure];
    }

    @Override
    public long base(int figure, int kind, int level) {
        return (kind == LevelSums.A ? baseA : baseB)[figure * weights.length + level];
    }

    @Override
    public long weight(int level) {
        return weights[level];
    }

    /** Forgets all answers. */
    public void clear() {
        Arrays.fill(a, 0);
        Arrays.fill(b, 0);
        System.arraycopy(FigureCounts.none(a.length), 0, counts, 0, counts.length);
        Arrays.fill(sums, 0);
        Arrays.fill(weights, 0);
        Arrays.fill(baseA, 0);
        Arrays.fill(baseB, 0);
        columns = NO_COLUMNS;
    }

    /**
     * Adds an answer to a figure that is a mean.
     *
     * @param weight in billionths, above 0
     * @param value y in billionths
     */
    public void add(int figure, long weight, long value) {
        add(figure, weight, value, ONE);
    }

    /**
     * Adds an answer to a figure that is a ratio.
     *
     * @param weight in billionths, above 0
     * @param value y in billionths
     * @param base x in billionths, above 0
     */
    public void add(int figure, long weight, long value, long base) {
        if (weight <= 0 || base <= 0) {
            throw new IllegalArgumentException("a weight of " + weight + " and a base of " + base + " billionths");
        }
        boolean isMean = base == ONE;
        long deviation = value - DomainSums.MIDPOINT * base;
        a[figure] = StrictMath.addExact(a[figure], weighted(weight, deviation));
        b[figure] = StrictMath.addExact(b[figure], isMean ? weight : weightedBase(weight, base));
        for (int column : columns) {
            int level = figure * weights.length + column;
            baseA[level] = StrictMath.addExact(baseA[level], weighted(baseWeight, deviation));
            baseB[level] = StrictMath.addExact(baseB[level], isMean ? baseWeight : weightedBase(baseWeight, base));
        }
        int at = figure * FigureCounts.COUNTS;
        counts[at + FigureCounts.RESPONSES]++;
        long ratio = isMean ? value : StrictMath.round((double) value / (double) base * BILLION);
        counts[at + FigureCounts.LOWEST] = StrictMath.min(counts[at + FigureCounts.LOWEST], ratio);
        counts[at + FigureCounts.HIGHEST] = StrictMath.max(counts[at + FigureCounts.HIGHEST], ratio);
        double points = deviation / BILLION;
        Exact.addProduct(sums, figure * WIDTH + TOTAL, weight, value);
        Exact.addProduct(sums, figure * WIDTH + SQUARES, weight, StrictMath.round(points * points * BILLION));
    }

    /** One rounding per answer: a product of two whole numbers, so no order of rows can change it. */
    private static long weighted(long weight, long deviation) {
        return StrictMath.round((double) weight * (double) deviation / TO_MILLIONTHS);
    }

    /** Never 0: whoever answers is a member of the domain, however small the base. */
    private static long weightedBase(long weight, long base) {
        return StrictMath.max(1, StrictMath.round((double) weight * (double) base / BILLION));
    }

    /** Adds what an answer's figure gives to a total: weight times part, both in billionths. */
    public void addPart(int figure, long weight, long part) {
        Exact.addProduct(sums, figure * WIDTH + PARTS, weight, part);
    }

    final void addAnswers(Answers other) {
        for (int figure = 0; figure < a.length; figure++) {
            a[figure] = StrictMath.addExact(a[figure], other.a[figure]);
            b[figure] = StrictMath.addExact(b[figure], other.b[figure]);
        }
        FigureCounts.addAll(counts, other.counts);
        Exact.addAll(sums, other.sums);
        addEach(weights, other.weights);
        addEach(baseA, other.baseA);
        addEach(baseB, other.baseB);
    }

    private static void addEach(long[] sums, long[] others) {
        for (int at = 0; at < sums.length; at++) {
            sums[at] = StrictMath.addExact(sums[at], others[at]);
        }
    }
}
