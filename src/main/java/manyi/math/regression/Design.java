package manyi.math.regression;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import manyi.math.Chunks;

/**
 * The cells of a regression, sorted and with equal ones added up, so that neither their order nor how rows were divided
 * among them matters. There is always an intercept, which is no covariate.
 */
public final class Design {

    /** A standard deviation below this share of the mean is rounding. */
    private static final double NO_VARIANCE = 1e-12;

    final List<String> names;
    final int cells;
    final int columns;
    /** Row by row. */
    final double[] x;

    final double[] offset;
    final Sums[] sums;
    /** The first cell of each cluster, and the number of cells; a cell without a cluster stands alone. */
    final int[] starts;

    final boolean[] clustered;
    final long rows;
    final long events;
    final long clusters;
    final double weight;
    final double[] means;
    final double[] deviations;

    private Design(List<String> names, Cell[] sorted) {
        this.names = List.copyOf(names);
        cells = sorted.length;
        columns = names.size();
        x = new double[cells * columns];
        offset = new double[cells];
        sums = new Sums[cells];
        int[] firsts = new int[cells + 1];
        boolean[] shared = new boolean[cells];
        int groups = 0;
        long count = 0;
        long positive = 0;
        long independent = 0;
        for (int i = 0; i < cells; i++) {
            Cell cell = sorted[i];
            System.arraycopy(cell.x, 0, x, i * columns, columns);
            offset[i] = cell.offset;
            sums[i] = cell.sums;
            count += cell.sums.rows();
            positive += cell.sums.events();
            boolean alone = cell.cluster == Cell.NO_CLUSTER;
            if (alone || i == 0 || cell.cluster != sorted[i - 1].cluster) {
                shared[groups] = !alone;
                firsts[groups++] = i;
                independent += alone ? cell.sums.rows() : 1;
            }
        }
        firsts[groups] = cells;
        starts = Arrays.copyOf(firsts, groups + 1);
        clustered = Arrays.copyOf(shared, groups);
        rows = count;
        events = positive;
        clusters = independent;
        double[] first = Chunks.sum(cells, columns + 1, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < columns; j++) {
                    into[j] += sums[i].w() * x[i * columns + j];
                }
                into[columns] += sums[i].w();
            }
        });
        weight = first[columns];
        means = Arrays.stream(first, 0, columns).map(sum -> sum / weight).toArray();
        double[] second = Chunks.sum(cells, columns, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < columns; j++) {
                    double from0 = x[i * columns + j] - means[j];
                    into[j] += sums[i].w() * from0 * from0;
                }
            }
        });
        deviations =
                Arrays.stream(second).map(sum -> StrictMath.sqrt(sum / weight)).toArray();
        for (int j = 0; j < columns; j++) {
            if (!(deviations[j] > NO_VARIANCE * StrictMath.abs(means[j]))) {
                throw new RefusedRegression(names.get(j) + " is the same in all rows. Leave it out.");
            }
        }
    }

    /**
     * The design of these cells.
     *
     * @param names of the covariates, in the order of the cells' columns
     * @throws RefusedRegression where there is no cell or a covariate does not vary
     */
    public static Design of(List<String> names, Collection<Cell> cells) {
        if (cells.isEmpty()) {
            throw new RefusedRegression("There are no rows.");
        }
        Cell[] sorted = cells.toArray(Cell[]::new);
        for (Cell cell : sorted) {
            if (cell.x.length != names.size()) {
                throw new IllegalArgumentException(
                        "a cell of " + cell.x.length + " covariates, the names are of " + names.size());
            }
        }
        Arrays.parallelSort(sorted);
        int last = 0;
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[last].isLike(sorted[i])) {
                sorted[last] = sorted[last].plus(sorted[i]);
            } else {
                sorted[++last] = sorted[i];
            }
        }
        return new Design(names, Arrays.copyOf(sorted, last + 1));
    }

    /** The covariates of a cell. */
    double[] row(int cell) {
        return Arrays.copyOfRange(x, cell * columns, (cell + 1) * columns);
    }

    /** 1 and the standardised covariates of a cell, as many as fit. */
    void standardise(int cell, double[] z) {
        z[0] = 1;
        for (int j = 1; j < z.length; j++) {
            z[j] = (x[cell * columns + j - 1] - means[j - 1]) / deviations[j - 1];
        }
    }
}
