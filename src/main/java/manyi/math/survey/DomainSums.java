package manyi.math.survey;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Exact sums of several figures over the sampling units of a domain, in 128-bit whole numbers: the order of the units
 * changes nothing. Units are as in {@link WeightedMean}.
 */
public final class DomainSums {

    /** Taken off every y before it is squared; the middle of the scale from 0 to 100. */
    public static final int MIDPOINT = 50;

    private static final long MIDPOINT_BILLIONTHS = MIDPOINT * 1_000_000_000L;
    private static final double TO_MILLIONTHS = 1e12;
    private static final int TOTAL = 0;
    private static final int WEIGHT = 2;
    private static final int AA = 4;
    private static final int AB = 6;
    private static final int BB = 8;
    private static final int PART = 10;
    private static final int WIDTH = 12;

    private final long[] psus;
    private final long[] lowest;
    private final long[] highest;
    private final long[] sums;

    /** The sums of this many figures over no unit yet. */
    public DomainSums(int figures) {
        psus = new long[figures];
        lowest = new long[figures];
        highest = new long[figures];
        Arrays.fill(lowest, Long.MAX_VALUE);
        Arrays.fill(highest, Long.MIN_VALUE);
        sums = new long[figures * WIDTH];
    }

    /** The answers of one sampling unit in one domain, before they are squared. */
    public static final class Unit {
        private final long[] a;
        private final long[] b;
        private final long[] lowest;
        private final long[] highest;
        private final long[] sums;

        /** A unit that has given no answer yet. */
        public Unit(int figures) {
            a = new long[figures];
            b = new long[figures];
            lowest = new long[figures];
            highest = new long[figures];
            sums = new long[figures * 4];
            clear();
        }

        /** Forgets all answers. */
        public void clear() {
            Arrays.fill(a, 0);
            Arrays.fill(b, 0);
            Arrays.fill(lowest, Long.MAX_VALUE);
            Arrays.fill(highest, Long.MIN_VALUE);
            Arrays.fill(sums, 0);
        }

        /**
         * Adds an answer.
         *
         * @param weight in billionths, above 0
         * @param value y in billionths
         */
        public void add(int figure, long weight, long value) {
            if (weight <= 0) {
                throw new IllegalArgumentException("a weight of " + weight + " billionths");
            }
            // one rounding per answer: a product of two whole numbers, so no order of rows can change it
            double product = (double) weight * (double) (value - MIDPOINT_BILLIONTHS);
            a[figure] = StrictMath.addExact(a[figure], StrictMath.round(product / TO_MILLIONTHS));
            b[figure] = StrictMath.addExact(b[figure], weight);
            lowest[figure] = StrictMath.min(lowest[figure], value);
            highest[figure] = StrictMath.max(highest[figure], value);
            addProduct(sums, figure * 4, weight, value);
        }

        /** Adds what an answer's figure gives to a total: weight times part, both in billionths. */
        public void addPart(int figure, long weight, long part) {
            addProduct(sums, figure * 4 + 2, weight, part);
        }
    }

    /** Adds a unit; figures it did not answer are left as they are. */
    public void add(Unit unit) {
        for (int figure = 0; figure < psus.length; figure++) {
            long b = unit.b[figure];
            if (b > 0) {
                long a = unit.a[figure];
                int at = figure * WIDTH;
                psus[figure]++;
                lowest[figure] = StrictMath.min(lowest[figure], unit.lowest[figure]);
                highest[figure] = StrictMath.max(highest[figure], unit.highest[figure]);
                add(sums, at + TOTAL, unit.sums[figure * 4], unit.sums[figure * 4 + 1]);
                add(sums, at + WEIGHT, 0, b);
                addProduct(sums, at + AA, a, a);
                addProduct(sums, at + AB, a, b);
                addProduct(sums, at + BB, b, b);
                add(sums, at + PART, unit.sums[figure * 4 + 2], unit.sums[figure * 4 + 3]);
            }
        }
    }

    /** Adds the sums over other units. */
    public void add(DomainSums other) {
        for (int figure = 0; figure < psus.length; figure++) {
            psus[figure] += other.psus[figure];
            lowest[figure] = StrictMath.min(lowest[figure], other.lowest[figure]);
            highest[figure] = StrictMath.max(highest[figure], other.highest[figure]);
        }
        for (int at = 0; at < sums.length; at += 2) {
            add(sums, at, other.sums[at], other.sums[at + 1]);
        }
    }

    /** Units that answered the figure. */
    public long psus(int figure) {
        return psus[figure];
    }

    /** The least y of the figure; meaningless where nobody answered. */
    public long lowest(int figure) {
        return lowest[figure];
    }

    /** The greatest y. */
    public long highest(int figure) {
        return highest[figure];
    }

    /** Σw·y. */
    public BigInteger total(int figure) {
        return exact(figure * WIDTH + TOTAL);
    }

    /** Σw. */
    public BigInteger weight(int figure) {
        return exact(figure * WIDTH + WEIGHT);
    }

    /** ΣA². */
    public BigInteger aa(int figure) {
        return exact(figure * WIDTH + AA);
    }

    /** ΣA·B. */
    public BigInteger ab(int figure) {
        return exact(figure * WIDTH + AB);
    }

    /** ΣB². */
    public BigInteger bb(int figure) {
        return exact(figure * WIDTH + BB);
    }

    /** Σw·part. */
    public BigInteger parts(int figure) {
        return exact(figure * WIDTH + PART);
    }

    private BigInteger exact(int at) {
        BigInteger low = BigInteger.valueOf(sums[at + 1]);
        if (low.signum() < 0) {
            low = low.add(BigInteger.ONE.shiftLeft(64));
        }
        return BigInteger.valueOf(sums[at]).shiftLeft(64).add(low);
    }

    private static void addProduct(long[] sums, int at, long x, long y) {
        add(sums, at, StrictMath.multiplyHigh(x, y), x * y);
    }

    private static void add(long[] sums, int at, long high, long low) {
        long sum = sums[at + 1] + low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        sums[at + 1] = sum;
        sums[at] = StrictMath.addExact(sums[at], high + carry);
    }
}
