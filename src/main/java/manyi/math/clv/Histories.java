package manyi.math.clv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Cells in columns, sorted and merged, times over their mean: what the likelihoods of purchase models are summed over. */
final class Histories {

    private static final int LEAST_CELLS = 10;

    final int cells;
    final long customers;
    /** The mean of T over customers, the unit of the times below. */
    final double meanT;
    /** Σ x over customers. */
    final double purchases;

    /** The distinct x in order. */
    final long[] xs;
    /** Where the cells of each x begin; one more than there are x. */
    final int[] begins;
    /** The distinct times in order. */
    final double[] times;

    final int[] x;
    final int[] tx;
    final int[] T;
    final double[] count;

    private final List<Cell> sorted;

    private Histories(List<Cell> sorted, double unit) {
        this.sorted = sorted;
        cells = sorted.size();
        customers = sorted.stream().mapToLong(Cell::customers).sum();
        meanT = unit;
        purchases = sorted.stream()
                .mapToDouble(cell -> (double) cell.x() * cell.customers())
                .sum();
        xs = sorted.stream().mapToLong(Cell::x).distinct().toArray();
        double[] all = new double[2 * cells];
        for (int i = 0; i < cells; i++) {
            all[2 * i] = sorted.get(i).tx();
            all[2 * i + 1] = sorted.get(i).T();
        }
        Arrays.parallelSort(all);
        double[] raw = Arrays.stream(all).distinct().toArray();
        times = Arrays.stream(raw).map(time -> time / unit).toArray();
        begins = new int[xs.length + 1];
        begins[xs.length] = cells;
        x = new int[cells];
        tx = new int[cells];
        T = new int[cells];
        count = new double[cells];
        for (int i = 0; i < cells; i++) {
            Cell cell = sorted.get(i);
            x[i] = Arrays.binarySearch(xs, cell.x());
            tx[i] = Arrays.binarySearch(raw, cell.tx());
            T[i] = Arrays.binarySearch(raw, cell.T());
            count[i] = cell.customers();
            if (i == 0 || x[i] != x[i - 1]) {
                begins[x[i]] = i;
            }
        }
    }

    /** @throws RefusedFit where no model of purchases can be fitted */
    static Histories of(Collection<Cell> cells) {
        List<Cell> merged = merged(cells);
        if (merged.isEmpty()) {
            throw new RefusedFit("no customers");
        }
        if (merged.stream().allMatch(cell -> cell.x() == 0)) {
            throw new RefusedFit("no repeat purchases");
        }
        if (merged.size() < LEAST_CELLS) {
            throw new RefusedFit("only " + merged.size() + " distinct histories, fewer than " + LEAST_CELLS);
        }
        double customers = merged.stream().mapToDouble(Cell::customers).sum();
        double age =
                merged.stream().mapToDouble(cell -> cell.T() * cell.customers()).sum();
        return new Histories(merged, age / customers);
    }

    /** Every so-manieth cell, in the same units; for a first approach. */
    Histories thinned(int every) {
        List<Cell> kept = new ArrayList<>();
        for (int i = every / 2; i < cells; i += every) {
            kept.add(sorted.get(i));
        }
        return new Histories(kept, meanT);
    }

    private static List<Cell> merged(Collection<Cell> cells) {
        Cell[] all = cells.toArray(Cell[]::new);
        Arrays.parallelSort(all);
        List<Cell> merged = new ArrayList<>(all.length);
        for (Cell cell : all) {
            Cell last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && last.x() == cell.x() && last.T() == cell.T() && last.tx() == cell.tx()) {
                merged.set(
                        merged.size() - 1,
                        new Cell(
                                cell.x(),
                                cell.tx(),
                                cell.T(),
                                StrictMath.addExact(last.customers(), cell.customers())));
            } else {
                merged.add(cell);
            }
        }
        return merged;
    }
}
