package manyi.math.clv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Cells of spend, sorted and merged.
 *
 * @param cells in order
 * @param customers in all
 * @param unit their mean spend; fitting counts in it
 */
record Spends(List<SpendCell> cells, long customers, double unit) {

    private static final int LEAST_CELLS = 10;

    /** @throws RefusedFit where no model of spend can be fitted */
    static Spends of(Collection<SpendCell> given) {
        List<SpendCell> cells = new ArrayList<>();
        for (SpendCell cell : given.stream().sorted().toList()) {
            SpendCell last = cells.isEmpty() ? null : cells.get(cells.size() - 1);
            if (last != null && last.x() == cell.x() && last.mean() == cell.mean()) {
                long customers = StrictMath.addExact(last.customers(), cell.customers());
                cells.set(cells.size() - 1, new SpendCell(cell.x(), cell.mean(), customers));
            } else {
                cells.add(cell);
            }
        }
        if (cells.isEmpty()) {
            throw new RefusedFit("no customers with spend on repeat purchases");
        }
        if (cells.size() < LEAST_CELLS) {
            throw new RefusedFit("only " + cells.size() + " distinct spends, fewer than " + LEAST_CELLS);
        }
        long customers = cells.stream().mapToLong(SpendCell::customers).sum();
        double spend = cells.stream().mapToDouble(c -> c.mean() * c.customers()).sum();
        return new Spends(List.copyOf(cells), customers, spend / customers);
    }
}
