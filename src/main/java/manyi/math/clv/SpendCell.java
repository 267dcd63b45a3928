package manyi.math.clv;

import java.util.Comparator;

/**
 * Customers who share the number of their repeat purchases and its mean value.
 *
 * @param x repeat purchase days, at least 1
 * @param mean mean spend of the repeat days, positive, in money
 * @param customers how many they are
 */
public record SpendCell(long x, double mean, long customers) implements Comparable<SpendCell> {

    private static final Comparator<SpendCell> ORDER = Comparator.comparingLong(SpendCell::x)
            .thenComparingDouble(SpendCell::mean)
            .thenComparingLong(SpendCell::customers);

    public SpendCell {
        if (x < 1) {
            throw new IllegalArgumentException("spend over x = " + x + " repeat purchases");
        }
        Parametric.requirePositive("mean spend", mean);
        if (customers < 1) {
            throw new IllegalArgumentException("a cell of " + customers + " customers");
        }
    }

    @Override
    public int compareTo(SpendCell other) {
        return ORDER.compare(this, other);
    }
}
