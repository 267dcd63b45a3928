package manyi.math.moment;

/**
 * Exact {@link Moments} of rows in 128-bit whole numbers: the order of the rows changes nothing. Rows that answered every
 * item lie in one triangle; where some are missing, sums by pairs of items are kept beside it. Doubles begin in
 * {@link #packed}, after all adding.
 *
 * <p>Weights are billionths, up to a billion; values are whole numbers of a unit the caller chooses, up to two billion.
 * A sum up to 1.7e38 is held: with values up to 90,000 (a scale from 1 to 10 in twenty-thousandths) 2e19 rows of weight 1,
 * at the outermost bounds 42 rows. Beyond it is refused, never wrapped.
 */
public final class MomentSums {

    /** The greatest weight, in billionths. */
    public static final long GREATEST_WEIGHT = 1_000_000_000_000_000_000L;

    /** The greatest value, taken positive. */
    public static final long GREATEST_VALUE = 2_000_000_000L;

    /** Stands for an answer that is missing. */
    public static final long MISSING = Long.MIN_VALUE;

    private static final double BILLION = 1e9;
    private static final double WORD = 0x1.0p64;

    private final int items;
    private long rows;
    private final long[] weight = new long[2];
    /** High and low words: Σw·x_i of complete rows, then Σw·x_i·x_j with j ≤ i. */
    private final long[] complete;

    private final long[] completeWeight = new long[2];
    /** The same of the others: Σw·r_i·r_j with j ≤ i, Σw·x_i·r_j row by row, Σw·x_i·x_j; null where there are none. */
    private long[] others;

    /** Sums over no row. */
    public MomentSums(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("moments of " + items + " items");
        }
        this.items = items;
        complete = new long[2 * (items + triangle(items))];
    }

    /** One row made ready: its products are worked out once and added to as many sums as it belongs to. */
    public static final class Answers {
        private final int items;
        private final long[] products;
        private final long[] sums;
        private final boolean[] isGiven;
        private long weight;
        private int given;

        /** A row of so many items. */
        public Answers(int items) {
            this.items = items;
            products = new long[2 * triangle(items)];
            sums = new long[2 * items];
            isGiven = new boolean[items];
        }

        /**
         * Takes a row in.
         *
         * @param rowWeight in billionths, above 0
         * @param values from the items' origins; {@link #MISSING} where there is no answer
         */
        public void set(long rowWeight, long[] values) {
            if (rowWeight <= 0 || rowWeight > GREATEST_WEIGHT) {
                throw new IllegalArgumentException("a weight of " + rowWeight + " billionths");
            }
            weight = rowWeight;
            given = 0;
            int at = 0;
            for (int i = 0; i < items; i++) {
                long x = values[i];
                isGiven[i] = x != MISSING;
                if (!isGiven[i]) {
                    at += 2 * (i + 1);
                    continue;
                }
                if (x > GREATEST_VALUE || x < -GREATEST_VALUE) {
                    throw new IllegalArgumentException("a value of " + x + " units");
                }
                given++;
                sums[2 * i] = StrictMath.multiplyHigh(rowWeight, x);
                sums[2 * i + 1] = rowWeight * x;
                for (int j = 0; j <= i; j++) {
                    if (isGiven[j]) {
                        long product = x * values[j];
                        products[at] = StrictMath.multiplyHigh(rowWeight, product);
                        products[at + 1] = rowWeight * product;
                    }
                    at += 2;
                }
            }
        }

        /** How many items were answered. */
        public int given() {
            return given;
        }
    }

    private static int triangle(int items) {
        return items * (items + 1) / 2;
    }

    /** Adds a row. */
    public void add(Answers row) {
        rows++;
        plus(weight, 0, 0, row.weight);
        if (row.given == items) {
            plus(completeWeight, 0, 0, row.weight);
            for (int at = 0; at < row.sums.length; at += 2) {
                plus(complete, at, row.sums[at], row.sums[at + 1]);
            }
            int from = row.sums.length;
            for (int at = 0; at < row.products.length; at += 2) {
                plus(complete, from + at, row.products[at], row.products[at + 1]);
            }
        } else {
            addIncomplete(row);
        }
    }

    private void addIncomplete(Answers row) {
        int triangle = triangle(items);
        if (others == null) {
            others = new long[2 * (2 * triangle + items * items)];
        }
        int sums = 2 * triangle;
        int products = sums + 2 * items * items;
        int at = 0;
        for (int i = 0; i < items; i++) {
            if (!row.isGiven[i]) {
                at += 2 * (i + 1);
                continue;
            }
            for (int j = 0; j < items; j++) {
                if (row.isGiven[j]) {
                    plus(others, sums + 2 * (i * items + j), row.sums[2 * i], row.sums[2 * i + 1]);
                    if (j <= i) {
                        plus(others, at, 0, row.weight);
                        plus(others, products + at, row.products[at], row.products[at + 1]);
                    }
                }
                if (j <= i) {
                    at += 2;
                }
            }
        }
    }

    /** Adds the rows of another set. */
    public void add(MomentSums other) {
        rows += other.rows;
        plus(weight, 0, other.weight[0], other.weight[1]);
        plus(completeWeight, 0, other.completeWeight[0], other.completeWeight[1]);
        addAll(complete, other.complete);
        if (other.others != null) {
            if (others == null) {
                others = other.others.clone();
            } else {
                addAll(others, other.others);
            }
        }
    }

    private static void addAll(long[] sums, long[] more) {
        for (int at = 0; at < sums.length; at += 2) {
            plus(sums, at, more[at], more[at + 1]);
        }
    }

    private static void plus(long[] sums, int at, long high, long low) {
        long sum = sums[at + 1] + low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        long before = sums[at];
        long after = before + high + carry;
        if (((before ^ after) & (high ^ after)) < 0) {
            throw new ArithmeticException("a sum beyond 128 bits");
        }
        sums[at] = after;
        sums[at + 1] = sum;
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /**
     * The sums as doubles, for {@link MomentGroups}: rows, Σw, then either the sums of complete rows, or those by pairs.
     *
     * @param unitsOfOne how many whole numbers of a value make up 1
     */
    public double[] packed(double unitsOfOne) {
        double[] units = {BILLION, BILLION * unitsOfOne, BILLION * unitsOfOne * unitsOfOne};
        int triangle = triangle(items);
        if (others == null) {
            double[] packed = new double[2 + items + triangle];
            packed[0] = rows;
            packed[1] = number(weight, 0) / BILLION;
            for (int place = 0; place < items + triangle; place++) {
                packed[2 + place] = number(complete, 2 * place) / units[place < items ? 1 : 2];
            }
            return packed;
        }
        long[] sums = others.clone();
        int square = items * items;
        int at = 0;
        for (int i = 0; i < items; i++) {
            for (int j = 0; j < items; j++) {
                plus(sums, 2 * (triangle + i * items + j), complete[2 * i], complete[2 * i + 1]);
                if (j <= i) {
                    plus(sums, 2 * at, completeWeight[0], completeWeight[1]);
                    int product = 2 * (items + at);
                    plus(sums, 2 * (triangle + square + at), complete[product], complete[product + 1]);
                    at++;
                }
            }
        }
        double[] packed = new double[2 + 2 * triangle + square];
        packed[0] = rows;
        packed[1] = number(weight, 0) / BILLION;
        for (int place = 0; place < packed.length - 2; place++) {
            int power = place < triangle ? 0 : place < triangle + square ? 1 : 2;
            packed[2 + place] = number(sums, 2 * place) / units[power];
        }
        return packed;
    }

    private static double number(long[] sums, int at) {
        long low = sums[at + 1];
        double unsigned = (low >>> 11) * 2048.0 + (low & 2047);
        // a small negative number is the difference of two great ones: taken exactly in its own word
        if (sums[at] == (low >> 63)) {
            return low;
        }
        return sums[at] * WORD + unsigned;
    }
}
