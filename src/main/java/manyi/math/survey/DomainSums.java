package manyi.math.survey;

import java.math.BigInteger;
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
        counts = FigureCounts.none(figures);
        sums = new long[figures * WIDTH];
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
                counts[figure * FigureCounts.COUNTS + FigureCounts.CUSTOMERS] += isCounted ? 1 : 0;
                if (summed.get(figure)) {
                    Exact.addProduct(sums, figure * WIDTH + KISH, x, x);
                }
                addUnit(figure, customer);
            }
        }
        addLevels(customer, customer);
    }

    /** Adds a PSU all of whose members are in the domain. */
    public void add(SamplingUnit unit, SecondStage stage) {
        addMembers(unit, stage);
        addLevels(unit, unit);
        if (stage.counts()) {
            addSecondLevels(unit, unit, stage);
        }
    }

    private void addMembers(SamplingUnit unit, SecondStage stage) {
        for (int figure = 0; figure < figures; figure++) {
            if (unit.b[figure] > 0) {
                counts[figure * FigureCounts.COUNTS + FigureCounts.CUSTOMERS] +=
                        unit.counts[figure * FigureCounts.COUNTS + FigureCounts.CUSTOMERS];
                int at = figure * SamplingUnit.SQUARES_WIDTH + SamplingUnit.QBB;
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
    public void add(SamplingUnit unit, SamplingUnit whole, SecondStage stage) {
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
        FigureCounts.addAll(counts, other.counts);
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

    /** Whether not all members of a PSU are in the sample, so that there is variation within. */
    boolean hasSecondStage() {
        return second != null;
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
        return counts[figure * FigureCounts.COUNTS + which];
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
        int count = figure * FigureCounts.COUNTS;
        counts[count + FigureCounts.PSUS]++;
        counts[count + FigureCounts.RESPONSES] += unit.counts[count + FigureCounts.RESPONSES];
        counts[count + FigureCounts.LOWEST] =
                StrictMath.min(counts[count + FigureCounts.LOWEST], unit.counts[count + FigureCounts.LOWEST]);
        counts[count + FigureCounts.HIGHEST] =
                StrictMath.max(counts[count + FigureCounts.HIGHEST], unit.counts[count + FigureCounts.HIGHEST]);
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

    private void addSecondLevels(SamplingUnit unit, SamplingUnit whole, SecondStage stage) {
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

    private void addSecond(SamplingUnit unit, SecondStage stage) {
        if (second == null) {
            second = new long[figures * SECOND_WIDTH];
        }
        for (int figure = 0; figure < figures; figure++) {
            long y = unit.a[figure];
            long x = unit.b[figure];
            int from = figure * SamplingUnit.SQUARES_WIDTH;
            int at = figure * SECOND_WIDTH;
            Exact.add(second, at, stage.variation(Exact.at(unit.squares, from + SamplingUnit.QAA), y, y));
            Exact.add(second, at + 2, stage.variation(Exact.at(unit.squares, from + SamplingUnit.QAB), y, x));
            Exact.add(second, at + 4, stage.variation(Exact.at(unit.squares, from + SamplingUnit.QBB), x, x));
        }
    }

    static void addOutside(long[] outside, Answers part, Answers whole) {
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
