package manyi.math.regression;

import java.util.Arrays;
import java.util.Comparator;

/** Rows that share their covariates, their offset and, where rows depend on each other, their cluster. */
public final class Cell implements Comparable<Cell> {

    /** The cluster of rows that are each a cluster of their own. */
    public static final long NO_CLUSTER = Long.MIN_VALUE;

    private static final Comparator<Cell> ORDER = Comparator.<Cell>comparingLong(cell -> cell.cluster)
            .thenComparing(cell -> cell.x, Arrays::compare)
            .thenComparingDouble(cell -> cell.offset);

    private static final Comparator<Sums> ORDER_OF_SUMS = Comparator.comparingLong(Sums::rows)
            .thenComparingDouble(Sums::w)
            .thenComparingDouble(Sums::wy)
            .thenComparingDouble(Sums::ww)
            .thenComparingDouble(Sums::wwy)
            .thenComparingDouble(Sums::wwyy);

    final double[] x;
    final double offset;
    final long cluster;
    final Sums sums;

    private Cell(double[] x, double offset, long cluster, Sums sums) {
        this.x = x;
        this.offset = offset;
        this.cluster = cluster;
        this.sums = sums;
    }

    /** Rows with these covariates, an offset of 0 and no cluster. */
    public static Cell of(Sums sums, double... x) {
        double[] own = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            if (!Double.isFinite(x[j])) {
                throw new IllegalArgumentException("a covariate of " + x[j]);
            }
            // no negative zero, which would be a cell of its own
            own[j] = x[j] + 0.0;
        }
        return new Cell(own, 0, NO_CLUSTER, sums);
    }

    /** The same rows with a known part of the linear predictor, such as the logarithm of their exposure. */
    public Cell withOffset(double known) {
        if (!Double.isFinite(known)) {
            throw new IllegalArgumentException("an offset of " + known);
        }
        return new Cell(x, known + 0.0, cluster, sums);
    }

    /** The same rows, all of one cluster, such as a customer. */
    public Cell inCluster(long id) {
        return new Cell(x, offset, id, sums);
    }

    boolean isLike(Cell other) {
        return ORDER.compare(this, other) == 0;
    }

    Cell plus(Cell other) {
        return new Cell(x, offset, cluster, sums.plus(other.sums));
    }

    @Override
    public int compareTo(Cell other) {
        int order = ORDER.compare(this, other);
        return order == 0 ? ORDER_OF_SUMS.compare(sums, other.sums) : order;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cell cell && compareTo(cell) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(x);
    }
}
