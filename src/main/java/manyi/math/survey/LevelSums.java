package manyi.math.survey;

import java.math.BigInteger;

/**
 * Exact sums that tie the figures of a domain to the margins its weights are raked to: over sampling units, products of
 * each figure's A and B (see {@link DomainSums}) with t, the raked weight that the unit's members have in each level of
 * the margins, and over responses A and B by the base weights in each level.
 */
final class LevelSums {

    static final int A = 0;
    static final int B = 1;
    private static final int KINDS = 2;

    private final int figures;
    private final int levels;
    /** Figure × A or B × level. */
    private final long[] products;
    /** Level × level. */
    private final long[] squares;
    /** Level: Σt. */
    private final long[] totals;
    /** Figure × A or B × level. */
    private final long[] bases;

    LevelSums(int figures, int levels) {
        this(figures, levels, new long[figures * KINDS * levels * 2]);
    }

    private LevelSums(int figures, int levels, long[] bases) {
        this(
                figures,
                new long[figures * KINDS * levels * 2],
                new long[levels * levels * 2],
                new long[levels * 2],
                bases);
    }

    private LevelSums(int figures, long[] products, long[] squares, long[] totals, long[] bases) {
        this.figures = figures;
        this.levels = totals.length / 2;
        this.products = products;
        this.squares = squares;
        this.totals = totals;
        this.bases = bases;
    }

    int levels() {
        return levels;
    }

    /** Sums of products alone, with no room for base weights. */
    static LevelSums ofProducts(int figures, int levels) {
        return new LevelSums(figures, levels, new long[0]);
    }

    /** What of answers is read here. */
    interface Answers {
        int figures();

        int levels();

        /** A or B of a figure. */
        long of(int figure, int kind);

        /** A or B by base weights in a level. */
        long base(int figure, int kind, int level);

        /** The raked weight in a level, in billionths. */
        long weight(int level);
    }

    /**
     * Adds a unit.
     *
     * @param part its members in the domain
     * @param rows the weights that stand first in the products of two levels
     * @param whole all of its members, whose weights stand second, and in the products with figures
     */
    void add(Answers part, Answers rows, Answers whole) {
        for (int level = 0; level < levels; level++) {
            long t = whole.weight(level);
            if (t != 0) {
                Exact.add(totals, level * 2, 0, t);
                for (int figure = 0; figure < figures; figure++) {
                    if (part.of(figure, B) > 0) {
                        Exact.addProduct(products, at(figure, A, level), part.of(figure, A), t);
                        Exact.addProduct(products, at(figure, B, level), part.of(figure, B), t);
                    }
                }
                for (int row = 0; row < levels; row++) {
                    Exact.addProduct(squares, (row * levels + level) * 2, rows.weight(row), t);
                }
            }
        }
    }

    /** Adds the answers by their base weights. */
    void addBases(Answers part) {
        for (int level = 0; level < levels; level++) {
            if (part.weight(level) != 0) {
                for (int figure = 0; figure < figures; figure++) {
                    for (int kind = 0; kind < KINDS; kind++) {
                        long base = part.base(figure, kind, level);
                        Exact.add(bases, at(figure, kind, level), base < 0 ? -1 : 0, base);
                    }
                }
            }
        }
    }

    void add(LevelSums other) {
        Exact.addAll(products, other.products);
        Exact.addAll(squares, other.squares);
        Exact.addAll(totals, other.totals);
        Exact.addAll(bases, other.bases);
    }

    void addBases(int figure, LevelSums other) {
        for (int at = at(figure, A, 0); at < at(figure + 1, A, 0); at += 2) {
            Exact.add(bases, at, other.bases[at], other.bases[at + 1]);
        }
    }

    void addProduct(int figure, int kind, int level, BigInteger value) {
        Exact.add(products, at(figure, kind, level), value);
    }

    void addSquare(int row, int level, BigInteger value) {
        Exact.add(squares, (row * levels + level) * 2, value);
    }

    BigInteger product(int figure, int kind, int level) {
        return Exact.at(products, at(figure, kind, level));
    }

    BigInteger square(int row, int level) {
        return Exact.at(squares, (row * levels + level) * 2);
    }

    BigInteger total(int level) {
        return Exact.at(totals, level * 2);
    }

    BigInteger base(int figure, int kind, int level) {
        return Exact.at(bases, at(figure, kind, level));
    }

    /** Everything as whole numbers, for {@link #of(int, Packed)}; nothing where there are no levels. */
    static long[] data(LevelSums sums) {
        return sums == null ? null : Packed.of(sums.products, sums.squares, sums.totals, sums.bases);
    }

    static LevelSums of(int figures, Packed packed) {
        long[] data = packed.next();
        if (data == null) {
            return null;
        }
        Packed arrays = new Packed(data);
        return new LevelSums(figures, arrays.next(), arrays.next(), arrays.next(), arrays.next());
    }

    /** The one and the other together; each may be absent. */
    static LevelSums joined(LevelSums sums, LevelSums other) {
        if (other == null) {
            return sums;
        }
        LevelSums joined =
                sums == null ? new LevelSums(other.figures, other.levels, new long[other.bases.length]) : sums;
        joined.add(other);
        return joined;
    }

    private int at(int figure, int kind, int level) {
        return ((figure * KINDS + kind) * levels + level) * 2;
    }
}
