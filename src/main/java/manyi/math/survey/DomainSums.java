package manyi.math.survey;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Exact sums of several figures over the primary sampling units (PSUs) of a domain in one stratum, in 128-bit whole
 * numbers: the order of the units changes nothing.
 *
 * <p>A figure is a ratio Σw·y / Σw·x, a mean where x = 1. A PSU gives A = Σw·(y − {@value #MIDPOINT}·x), rounded to
 * millionths per answer, and B = Σw·x in billionths: taking the scale's midpoint off keeps the sums of squares small.
 * Where a PSU has members outside the domain, the products with these are summed too, so that a domain can be compared
 * with the whole.
 */
public final class DomainSums {

    /** Taken off every y, times x, before it is squared; the middle of the scale from 0 to 100. */
    public static final int MIDPOINT = 50;

    private static final double TO_MILLIONTHS = 1e12;
    private static final double BILLION = 1e9;
    private static final long ONE = 1_000_000_000L;
    private static final int[] NO_COLUMNS = {};

    static final int PSUS = 0;
    static final int CUSTOMERS = 1;
    static final int RESPONSES = 2;
    static final int LOWEST = 3;
    static final int HIGHEST = 4;
    static final int COUNTS = 5;

    static final int TOTAL = 0;
    static final int WEIGHT = 2;
    static final int SQUARES = 4;
    static final int PARTS = 6;
    static final int KISH = 8;
    static final int A = 10;
    static final int AA = 12;
    static final int AB = 14;
    static final int BB = 16;
    private static final int WIDTH = 18;

    /** Places of the products of two domains: A·A, A·B, B·A, B·B. */
    static final int CROSS_WIDTH = 8;

    private static final int SECOND_WIDTH = 6;

    private final int figures;
    /** The figures that are summed; the others are counted alone. */
    private final BitSet summed;

    private final long[] counts;
    private final long[] sums;
    /** Products with the members outside the domain; null until there is one. */
    private long[] outside;
    /** Variation within PSUs: AA, AB, BB; null until a PSU has a size. */
    private long[] second;

    private long[] secondOutside;

    /** What ties the figures to raked margins; null where there are none. */
    private LevelSums levels;
    /** The same within PSUs. */
    private LevelSums secondLevels;

    /** The sums of this many figures over no unit yet. */
    public DomainSums(int figures) {
        this(figures, all(figures));
    }

    /**
     * The sums of this many figures over no unit yet.
     *
     * @param summed the figures of which there are sums; of the others units, customers and responses are counted
     */
    public DomainSums(int figures, BitSet summed) {
        this.figures = figures;
        this.summed = summed;
        counts = emptyCounts(figures);
        sums = new long[figures * WIDTH];
    }

    /**
     * The second stage of sampling in one PSU.
     *
     * @param sampled n_hi, the customers of the PSU that answered in the wave
     * @param size how many there are in the population's PSU; 0 where the design does not say, and then the stage adds
     *     nothing
     */
    public record SecondStage(long sampled, long size) {
        private boolean counts() {
            return size > sampled && sampled > 1;
        }

        /** (1 − n/N)·n/(n−1)·[Σxy − ΣxΣy/n], rounded once. */
        private BigInteger variation(BigInteger products, long x, long y) {
            BigInteger n = BigInteger.valueOf(sampled);
            BigInteger spread =
                    n.multiply(products).subtract(BigInteger.valueOf(x).multiply(BigInteger.valueOf(y)));
            return Exact.rounded(
                    spread.multiply(BigInteger.valueOf(size - sampled)),
                    BigInteger.valueOf(size).multiply(BigInteger.valueOf(sampled - 1)));
        }
    }

    /** The answers of one customer in one domain, before they are squared. */
    public static class Answers implements LevelSums.Answers {
        static final int TOTAL = 0;
        static final int SQUARES = 2;
        static final int PARTS = 4;
        private static final int WIDTH = 6;

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
            counts = emptyCounts(figures);
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
            System.arraycopy(emptyCounts(a.length), 0, counts, 0, counts.length);
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
            long deviation = value - MIDPOINT * base;
            a[figure] = StrictMath.addExact(a[figure], weighted(weight, deviation));
            b[figure] = StrictMath.addExact(b[figure], isMean ? weight : weightedBase(weight, base));
            for (int column : columns) {
                int level = figure * weights.length + column;
                baseA[level] = StrictMath.addExact(baseA[level], weighted(baseWeight, deviation));
                baseB[level] = StrictMath.addExact(baseB[level], isMean ? baseWeight : weightedBase(baseWeight, base));
            }
            int at = figure * COUNTS;
            counts[at + RESPONSES]++;
            long ratio = isMean ? value : StrictMath.round((double) value / (double) base * BILLION);
            counts[at + LOWEST] = StrictMath.min(counts[at + LOWEST], ratio);
            counts[at + HIGHEST] = StrictMath.max(counts[at + HIGHEST], ratio);
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
            addCounts(counts, other.counts);
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

    /** The customers of one PSU in one domain. */
    public static final class Unit extends Answers {
        private static final int QAA = 0;
        private static final int QAB = 2;
        private static final int QBB = 4;
        private static final int SQUARES_WIDTH = 6;

        private final long[] squares;
        /** Products of a customer's answers in the domain with those outside of it. */
        private long[] outside;
        /** Products of customers' answers with their weights in the levels of margins. */
        private final LevelSums customers;

        /** A unit without a customer yet. */
        public Unit(int figures) {
            this(figures, 0);
        }

        /**
         * A unit without a customer yet.
         *
         * @param levels how many levels the margins have that weights are raked to
         */
        public Unit(int figures, int levels) {
            super(figures, levels);
            squares = new long[figures * SQUARES_WIDTH];
            customers = levels == 0 ? null : LevelSums.ofProducts(figures, levels);
        }

        /**
         * Adds a customer with all of his answers in the domain.
         *
         * @param isCounted whether the customer counts here; one with several PSUs is counted elsewhere
         */
        public void add(Answers customer, boolean isCounted) {
            addMember(customer, customer, isCounted);
        }

        private void addMember(Answers customer, Answers all, boolean isCounted) {
            addAnswers(customer);
            if (customers != null) {
                customers.add(customer, all, all);
            }
            for (int figure = 0; figure < a.length; figure++) {
                long y = customer.a[figure];
                long x = customer.b[figure];
                if (x > 0) {
                    counts[figure * COUNTS + CUSTOMERS] += isCounted ? 1 : 0;
                    int at = figure * SQUARES_WIDTH;
                    Exact.addProduct(squares, at + QAA, y, y);
                    Exact.addProduct(squares, at + QAB, y, x);
                    Exact.addProduct(squares, at + QBB, x, x);
                }
            }
        }

        /**
         * Adds a customer who answered outside the domain too.
         *
         * @param whole all of the customer's answers
         */
        public void add(Answers customer, Answers whole, boolean isCounted) {
            addMember(customer, whole, isCounted);
            if (outside == null) {
                outside = new long[a.length * CROSS_WIDTH];
            }
            addOutside(outside, customer, whole);
        }

        /** Adds other customers of the unit. */
        public void add(Unit other) {
            addAnswers(other);
            if (customers != null) {
                customers.add(other.customers);
            }
            Exact.addAll(squares, other.squares);
            if (other.outside != null) {
                if (outside == null) {
                    outside = new long[a.length * CROSS_WIDTH];
                }
                Exact.addAll(outside, other.outside);
            }
        }

        private BigInteger product(int figure, int cross) {
            return outside == null ? BigInteger.ZERO : Exact.at(outside, figure * CROSS_WIDTH + cross);
        }
    }

    /**
     * Adds a PSU that is one customer.
     *
     * @param isCounted whether the customer counts here
     */
    public void add(Answers customer, boolean isCounted) {
        for (int figure = 0; figure < figures; figure++) {
            long x = customer.b[figure];
            if (x > 0) {
                counts[figure * COUNTS + CUSTOMERS] += isCounted ? 1 : 0;
                if (summed.get(figure)) {
                    Exact.addProduct(sums, figure * WIDTH + KISH, x, x);
                }
                addUnit(figure, customer);
            }
        }
        addLevels(customer, customer);
    }

    /** Adds a PSU all of whose members are in the domain. */
    public void add(Unit unit, SecondStage stage) {
        addMembers(unit, stage);
        addLevels(unit, unit);
        if (stage.counts()) {
            addSecondLevels(unit, unit, stage);
        }
    }

    private void addMembers(Unit unit, SecondStage stage) {
        for (int figure = 0; figure < figures; figure++) {
            if (unit.b[figure] > 0) {
                counts[figure * COUNTS + CUSTOMERS] += unit.counts[figure * COUNTS + CUSTOMERS];
                int at = figure * Unit.SQUARES_WIDTH + Unit.QBB;
                if (summed.get(figure)) {
                    Exact.add(sums, figure * WIDTH + KISH, unit.squares[at], unit.squares[at + 1]);
                }
                addUnit(figure, unit);
            }
        }
        if (stage.counts()) {
            addSecond(unit, stage);
        }
    }

    /**
     * Adds a PSU with members outside the domain.
     *
     * @param whole the unit's members in the domain and outside of it
     */
    public void add(Unit unit, Unit whole, SecondStage stage) {
        addMembers(unit, stage);
        addLevels(unit, whole);
        if (outside == null) {
            outside = new long[figures * CROSS_WIDTH];
        }
        addOutside(outside, unit, whole);
        if (stage.counts()) {
            addSecondLevels(unit, whole, stage);
            if (secondOutside == null) {
                secondOutside = new long[figures * CROSS_WIDTH];
            }
            for (int figure = 0; figure < figures; figure++) {
                long y = unit.a[figure];
                long x = unit.b[figure];
                long restY = whole.a[figure] - y;
                long restX = whole.b[figure] - x;
                int at = figure * CROSS_WIDTH;
                Exact.add(secondOutside, at, stage.variation(unit.product(figure, 0), y, restY));
                Exact.add(secondOutside, at + 2, stage.variation(unit.product(figure, 2), y, restX));
                Exact.add(secondOutside, at + 4, stage.variation(unit.product(figure, 4), x, restY));
                Exact.add(secondOutside, at + 6, stage.variation(unit.product(figure, 6), x, restX));
            }
        }
    }

    /** Adds the sums over other units of the stratum. */
    public void add(DomainSums other) {
        addCounts(counts, other.counts);
        for (int figure = summed.nextSetBit(0); figure >= 0; figure = summed.nextSetBit(figure + 1)) {
            Exact.addAll(sums, other.sums, figure * WIDTH, (figure + 1) * WIDTH);
        }
        outside = joined(outside, other.outside);
        second = joined(second, other.second);
        secondOutside = joined(secondOutside, other.secondOutside);
        levels = LevelSums.joined(levels, other.levels);
        secondLevels = LevelSums.joined(secondLevels, other.secondLevels);
    }

    /** Everything as whole numbers, for {@link #of}. */
    public long[] data() {
        return Packed.of(
                counts, sums, outside, second, secondOutside, LevelSums.data(levels), LevelSums.data(secondLevels));
    }

    /** The sums whose {@link #data} these are. */
    public static DomainSums of(int figures, long[] data) {
        Packed packed = new Packed(data);
        DomainSums read = new DomainSums(figures);
        packed.into(read.counts);
        packed.into(read.sums);
        read.outside = packed.next();
        read.second = packed.next();
        read.secondOutside = packed.next();
        read.levels = LevelSums.of(figures, packed);
        read.secondLevels = LevelSums.of(figures, packed);
        return read;
    }

    /** What ties the figures to raked margins; null where there are none, or no unit. */
    LevelSums levels() {
        return levels;
    }

    /** Variation of a figure's A or B with a level's raked weight within PSUs. */
    BigInteger secondWithLevel(int figure, int kind, int level) {
        return secondLevels == null ? BigInteger.ZERO : secondLevels.product(figure, kind, level);
    }

    /** Variation of two levels' raked weights within PSUs. */
    BigInteger secondOfLevels(int row, int level) {
        return secondLevels == null ? BigInteger.ZERO : secondLevels.square(row, level);
    }

    /** Raked weight of all units in a level. */
    BigInteger levelTotal(int level) {
        return levels == null ? BigInteger.ZERO : levels.total(level);
    }

    int figures() {
        return figures;
    }

    /** Whether there are sums of the figure. */
    boolean sums(int figure) {
        return summed.get(figure);
    }

    long count(int figure, int which) {
        return counts[figure * COUNTS + which];
    }

    BigInteger sum(int figure, int which) {
        return Exact.at(sums, figure * WIDTH + which);
    }

    /** Σ over PSUs of a figure's A or B. */
    BigInteger of(int figure, int kind) {
        return sum(figure, kind == LevelSums.A ? A : WEIGHT);
    }

    void addTo(long[] others, int at, int figure, int which) {
        Exact.add(others, at, sums[figure * WIDTH + which], sums[figure * WIDTH + which + 1]);
    }

    /** Whether not all members of a PSU are in the sample, so that there is variation within. */
    boolean hasSecondStage() {
        return second != null;
    }

    /** Variation within PSUs: 0 for AA, 2 for AB, 4 for BB. */
    BigInteger second(int figure, int which) {
        return second == null ? BigInteger.ZERO : Exact.at(second, figure * SECOND_WIDTH + which);
    }

    BigInteger outside(int figure, int which) {
        return outside == null ? BigInteger.ZERO : Exact.at(outside, figure * CROSS_WIDTH + which);
    }

    BigInteger secondOutside(int figure, int which) {
        return secondOutside == null ? BigInteger.ZERO : Exact.at(secondOutside, figure * CROSS_WIDTH + which);
    }

    private void addUnit(int figure, Answers unit) {
        int count = figure * COUNTS;
        counts[count + PSUS]++;
        counts[count + RESPONSES] += unit.counts[count + RESPONSES];
        counts[count + LOWEST] = StrictMath.min(counts[count + LOWEST], unit.counts[count + LOWEST]);
        counts[count + HIGHEST] = StrictMath.max(counts[count + HIGHEST], unit.counts[count + HIGHEST]);
        if (!summed.get(figure)) {
            return;
        }
        int at = figure * WIDTH;
        int from = figure * Answers.WIDTH;
        Exact.add(sums, at + TOTAL, unit.sums[from + Answers.TOTAL], unit.sums[from + Answers.TOTAL + 1]);
        Exact.add(sums, at + SQUARES, unit.sums[from + Answers.SQUARES], unit.sums[from + Answers.SQUARES + 1]);
        Exact.add(sums, at + PARTS, unit.sums[from + Answers.PARTS], unit.sums[from + Answers.PARTS + 1]);
        long y = unit.a[figure];
        long x = unit.b[figure];
        Exact.add(sums, at + WEIGHT, 0, x);
        Exact.add(sums, at + A, y < 0 ? -1 : 0, y);
        Exact.addProduct(sums, at + AA, y, y);
        Exact.addProduct(sums, at + AB, y, x);
        Exact.addProduct(sums, at + BB, x, x);
    }

    private void addLevels(Answers part, Answers whole) {
        if (part.levels() > 0) {
            if (levels == null) {
                levels = new LevelSums(figures, part.levels());
            }
            levels.add(part, whole, whole);
            levels.addBases(part);
        }
    }

    private void addSecondLevels(Unit unit, Unit whole, SecondStage stage) {
        if (unit.levels() == 0) {
            return;
        }
        if (secondLevels == null) {
            secondLevels = LevelSums.ofProducts(figures, unit.levels());
        }
        for (int level = 0; level < whole.levels(); level++) {
            long t = whole.weight(level);
            for (int figure = 0; figure < figures; figure++) {
                for (int kind = LevelSums.A; kind <= LevelSums.B; kind++) {
                    BigInteger products = unit.customers.product(figure, kind, level);
                    secondLevels.addProduct(figure, kind, level, stage.variation(products, unit.of(figure, kind), t));
                }
            }
            for (int row = 0; row < whole.levels(); row++) {
                BigInteger products = whole.customers.square(row, level);
                secondLevels.addSquare(row, level, stage.variation(products, whole.weight(row), t));
            }
        }
    }

    private void addSecond(Unit unit, SecondStage stage) {
        if (second == null) {
            second = new long[figures * SECOND_WIDTH];
        }
        for (int figure = 0; figure < figures; figure++) {
            long y = unit.a[figure];
            long x = unit.b[figure];
            int from = figure * Unit.SQUARES_WIDTH;
            int at = figure * SECOND_WIDTH;
            Exact.add(second, at, stage.variation(Exact.at(unit.squares, from + Unit.QAA), y, y));
            Exact.add(second, at + 2, stage.variation(Exact.at(unit.squares, from + Unit.QAB), y, x));
            Exact.add(second, at + 4, stage.variation(Exact.at(unit.squares, from + Unit.QBB), x, x));
        }
    }

    private static void addOutside(long[] outside, Answers part, Answers whole) {
        for (int figure = 0; figure < part.a.length; figure++) {
            long y = part.a[figure];
            long x = part.b[figure];
            if (x > 0) {
                long restY = whole.a[figure] - y;
                long restX = whole.b[figure] - x;
                int at = figure * CROSS_WIDTH;
                Exact.addProduct(outside, at, y, restY);
                Exact.addProduct(outside, at + 2, y, restX);
                Exact.addProduct(outside, at + 4, x, restY);
                Exact.addProduct(outside, at + 6, x, restX);
            }
        }
    }

    private static BitSet all(int figures) {
        BitSet all = new BitSet(figures);
        all.set(0, figures);
        return all;
    }

    static long[] emptyCounts(int figures) {
        long[] counts = new long[figures * COUNTS];
        for (int at = 0; at < counts.length; at += COUNTS) {
            counts[at + LOWEST] = Long.MAX_VALUE;
            counts[at + HIGHEST] = Long.MIN_VALUE;
        }
        return counts;
    }

    static void addCounts(long[] counts, long[] others) {
        for (int at = 0; at < counts.length; at += COUNTS) {
            counts[at + PSUS] += others[at + PSUS];
            counts[at + CUSTOMERS] += others[at + CUSTOMERS];
            counts[at + RESPONSES] += others[at + RESPONSES];
            counts[at + LOWEST] = StrictMath.min(counts[at + LOWEST], others[at + LOWEST]);
            counts[at + HIGHEST] = StrictMath.max(counts[at + HIGHEST], others[at + HIGHEST]);
        }
    }

    private static long[] joined(long[] sums, long[] others) {
        if (others == null) {
            return sums;
        }
        if (sums == null) {
            return others.clone();
        }
        Exact.addAll(sums, others);
        return sums;
    }
}
