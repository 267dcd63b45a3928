package manyi.mart.survey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import manyi.config.Dimension;

/**
 * Decides which cells of one population and wave are hidden, so that nobody can be told apart: those on too few
 * customers, and as many more as keep the published totals from giving them away.
 *
 * <p>Cells stand in lines: a total and the cells that add up to it ({@code all} and the values of a dimension, a country
 * and its channels). A line must not reveal a hidden cell, nor the sum of hidden cells that rests on fewer than the
 * minimum; the sum of all that a line hides is what a reader gets by taking one published cell from the total, so this is
 * the rule for complements too. What one line does not give away several may together: all lines are solved as linear
 * equations, and where a small cell or a small sum comes out, more is hidden, the smallest first, until nothing does.
 *
 * @param minimum the least number of distinct customers behind a published figure
 */
public record Suppression(int minimum) {

    private static final long PRIME = Integer.MAX_VALUE;

    /**
     * A cell and how many customers stand behind each of its figures.
     *
     * @param attributes the attributes of its dimension, none for {@code all}
     * @param values their values, in the same order; none where the cell gathers rare values of a combined dimension
     * @param bases distinct customers behind each figure, the one that orders cells by size first
     */
    public record Cell(List<String> attributes, List<String> values, List<Long> bases) {
        public Cell {
            attributes = List.copyOf(attributes);
            values = List.copyOf(values);
            bases = List.copyOf(bases);
        }

        /** A cell by its names in the columns {@code segment} and {@code segment_value}. */
        public static Cell of(String segment, String value, List<Long> bases) {
            if (segment.equals(Dimension.ALL)) {
                return new Cell(List.of(), List.of(), bases);
            }
            List<String> attributes = Arrays.asList(segment.split(Dimension.CROSS, -1));
            List<String> values =
                    attributes.size() == 1 ? List.of(value) : Arrays.asList(value.split(Dimension.CROSS, -1));
            return new Cell(attributes, values.size() == attributes.size() ? values : List.of(), bases);
        }

        /** The same cell with other counts. */
        public Cell on(List<Long> newBases) {
            return new Cell(attributes, values, newBases);
        }

        private List<String> projectedTo(List<String> chosen) {
            return chosen.stream()
                    .map(attribute -> values.get(attributes.indexOf(attribute)))
                    .toList();
        }
    }

    /** A total and the cells that add up to it, by their places; the total of a virtual line is never published. */
    private record Line(int total, List<Integer> parts) {}

    public Suppression {
        if (minimum < 1) {
            throw new IllegalArgumentException("at least one respondent stands behind a figure, not " + minimum);
        }
    }

    /**
     * The places of the cells to hide.
     *
     * @param already cells that are hidden for another reason
     */
    public BitSet hidden(List<Cell> cells, BitSet already) {
        BitSet hidden = (BitSet) already.clone();
        for (int i = 0; i < cells.size(); i++) {
            if (isSmall(cells.get(i).bases())) {
                hidden.set(i);
            }
        }
        if (hidden.isEmpty()) {
            return hidden;
        }
        List<Line> lines = lines(cells);
        Map<Integer, List<Line>> linesOfCell = new HashMap<>();
        for (Line line : lines) {
            linesOfCell.computeIfAbsent(line.total(), at -> new ArrayList<>()).add(line);
            for (int part : line.parts()) {
                linesOfCell.computeIfAbsent(part, at -> new ArrayList<>()).add(line);
            }
        }
        boolean isChanged = true;
        while (isChanged) {
            while (closeLines(cells, lines, hidden)) {
                // hiding a cell for one line may open another
            }
            isChanged = closeSystem(cells, lines, linesOfCell, hidden);
        }
        return hidden;
    }

    /** Whether a figure of the cell rests on too few; one that rests on nobody is not there to be hidden. */
    public boolean isSmall(List<Long> bases) {
        return bases.stream().anyMatch(base -> base > 0 && base < minimum);
    }

    private boolean closeLines(List<Cell> cells, List<Line> lines, BitSet hidden) {
        boolean isChanged = false;
        for (Line line : lines) {
            if (line.total() >= cells.size()) {
                continue;
            }
            List<Integer> unknown =
                    new ArrayList<>(line.parts().stream().filter(hidden::get).toList());
            boolean isTotalHidden = hidden.get(line.total());
            boolean isOpen = isTotalHidden
                    ? unknown.isEmpty()
                    : unknown.size() == 1 || (!unknown.isEmpty() && isSmall(summed(cells, unknown)));
            if (isOpen) {
                List<Integer> candidates = new ArrayList<>(line.parts());
                candidates.add(line.total());
                isChanged |= hideSmallest(cells, candidates, hidden);
            }
        }
        return isChanged;
    }

    private boolean closeSystem(
            List<Cell> cells, List<Line> lines, Map<Integer, List<Line>> linesOfCell, BitSet hidden) {
        boolean isChanged = false;
        List<Map<Integer, Long>> solved = solved(cells.size(), lines, hidden);
        for (Map<Integer, Long> known : solved) {
            Set<Integer> places = known.keySet();
            boolean isSum = known.values().stream().allMatch(factor -> factor == 1);
            boolean isReal = places.stream().allMatch(place -> place < cells.size());
            if (isSum && isReal && isSmall(summed(cells, places))) {
                isChanged |= hideNear(cells, places, linesOfCell, hidden);
            }
        }
        if (!isChanged) {
            Set<Integer> told = new SmallSums(cells, solved, minimum).found();
            isChanged = !told.isEmpty() && hideNear(cells, told, linesOfCell, hidden);
        }
        return isChanged;
    }

    /**
     * Looks for hidden cells whose sum is small and known only from several known sums together, such as (a + b) + (c + d)
     * − (b + c). Each unknown cell is a vector over the free ones of the reduced equations; a sum is known where the
     * vectors of its cells add up to nothing. A set grows by a cell that has the least place not yet cancelled, as long as
     * its customers are fewer than the minimum.
     */
    private static final class SmallSums {
        /** Sets looked at before the search ends, so that it ends where thousands of tiny cells hang together, too. */
        private static final int MOST_SETS = 100_000;

        private final List<Cell> cells;
        private final int minimum;
        private final Map<Integer, Map<Integer, Long>> vectors = new TreeMap<>();
        private final Map<Integer, List<Integer>> having = new HashMap<>();
        private int sets;

        SmallSums(List<Cell> cells, List<Map<Integer, Long>> solved, int minimum) {
            this.cells = cells;
            this.minimum = minimum;
            for (Map<Integer, Long> row : solved) {
                int pivot = row.keySet().iterator().next();
                Map<Integer, Long> vector = new TreeMap<>();
                row.forEach((place, factor) -> {
                    if (place != pivot) {
                        vector.put(place, PRIME - factor);
                        vectors.put(place, new TreeMap<>(Map.of(place, 1L)));
                    }
                });
                vectors.put(pivot, vector);
            }
            vectors.keySet().removeIf(place -> place >= cells.size());
            vectors.forEach((place, vector) -> vector.keySet()
                    .forEach(free -> having.computeIfAbsent(free, any -> new ArrayList<>())
                            .add(place)));
        }

        /** The first such set; empty where there is none. */
        Set<Integer> found() {
            int bases = cells.isEmpty() ? 0 : cells.get(0).bases().size();
            for (int base = 0; base < bases; base++) {
                for (int place : vectors.keySet()) {
                    Set<Integer> set = new LinkedHashSet<>(List.of(place));
                    if (isTold(set, new TreeMap<>(vectors.get(place)), count(place, base), base)) {
                        return set;
                    }
                }
            }
            return Set.of();
        }

        private boolean isTold(Set<Integer> set, SortedMap<Integer, Long> rest, long customers, int base) {
            if (customers == 0 || customers >= minimum || ++sets > MOST_SETS) {
                return false;
            }
            if (rest.isEmpty()) {
                return true;
            }
            for (int place : having.get(rest.firstKey())) {
                if (count(place, base) > 0 && set.add(place)) {
                    TreeMap<Integer, Long> sum = new TreeMap<>(rest);
                    subtract(sum, vectors.get(place), PRIME - 1);
                    if (isTold(set, sum, customers + count(place, base), base)) {
                        return true;
                    }
                    set.remove(place);
                }
            }
            return false;
        }

        private long count(int place, int base) {
            return cells.get(place).bases().get(base);
        }
    }

    /** Hides the smallest published cell that stands in a line with one of these, or in a line with such a cell. */
    private static boolean hideNear(
            List<Cell> cells, Set<Integer> places, Map<Integer, List<Line>> linesOfCell, BitSet hidden) {
        Set<Integer> reached = new LinkedHashSet<>(places);
        int size = 0;
        while (reached.size() > size) {
            size = reached.size();
            for (int place : List.copyOf(reached)) {
                for (Line line : linesOfCell.getOrDefault(place, List.of())) {
                    reached.add(line.total());
                    reached.addAll(line.parts());
                }
            }
            List<Integer> candidates =
                    reached.stream().filter(place -> place < cells.size()).toList();
            if (hideSmallest(cells, candidates, hidden)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hideSmallest(List<Cell> cells, List<Integer> candidates, BitSet hidden) {
        var smallest = candidates.stream()
                .filter(place -> !hidden.get(place) && cells.get(place).bases().get(0) > 0)
                .min(Comparator.<Integer, Long>comparing(
                                place -> cells.get(place).bases().get(0))
                        .thenComparing(place -> -cells.get(place).attributes().size())
                        .thenComparing(place -> place));
        smallest.ifPresent(hidden::set);
        return smallest.isPresent();
    }

    private static List<Long> summed(List<Cell> cells, Iterable<Integer> places) {
        List<Long> sums = new ArrayList<>();
        for (int place : places) {
            List<Long> bases = cells.get(place).bases();
            for (int i = 0; i < bases.size(); i++) {
                if (i < sums.size()) {
                    sums.set(i, sums.get(i) + bases.get(i));
                } else {
                    sums.add(bases.get(i));
                }
            }
        }
        return sums;
    }

    /**
     * All sums that readers know. Where two dimensions share attributes that make no dimension of their own, both add up
     * to the same totals, which are not published: such a total has a place behind the cells and is unknown always. Cells
     * that gather rare values of a combined dimension stand in the line of {@code all} alone.
     */
    private static List<Line> lines(List<Cell> cells) {
        Map<List<String>, Map<List<String>, Integer>> placed = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            placed.computeIfAbsent(cells.get(i).attributes(), any -> new LinkedHashMap<>())
                    .put(cells.get(i).values(), i);
        }
        List<List<String>> dimensions = List.copyOf(placed.keySet());
        Map<Set<String>, List<String>> totals = new LinkedHashMap<>();
        dimensions.forEach(dimension -> totals.putIfAbsent(new HashSet<>(dimension), dimension));
        for (List<String> one : dimensions) {
            for (List<String> other : dimensions) {
                List<String> shared = one.stream().filter(other::contains).toList();
                totals.putIfAbsent(new HashSet<>(shared), shared);
            }
        }
        List<Line> lines = new ArrayList<>();
        int[] next = {cells.size()};
        for (List<String> total : totals.values()) {
            boolean isVirtual = !placed.containsKey(total);
            Map<List<String>, Integer> places = placed.getOrDefault(total, new HashMap<>());
            for (List<String> finer : dimensions) {
                if (!finer.equals(total) && finer.containsAll(total)) {
                    Map<Integer, List<Integer>> parts = new TreeMap<>();
                    placed.get(finer).forEach((values, place) -> {
                        Integer at = isVirtual && !values.isEmpty()
                                ? places.computeIfAbsent(cells.get(place).projectedTo(total), any -> next[0]++)
                                : totalOf(cells.get(place), total, places);
                        if (at != null) {
                            parts.computeIfAbsent(at, any -> new ArrayList<>()).add(place);
                        }
                    });
                    parts.forEach((at, added) -> lines.add(new Line(at, List.copyOf(added))));
                }
            }
        }
        return lines;
    }

    private static Integer totalOf(Cell cell, List<String> total, Map<List<String>, Integer> places) {
        if (total.isEmpty()) {
            return places.get(List.of());
        }
        if (cell.values().isEmpty()) {
            return null;
        }
        Integer named = places.get(cell.projectedTo(total));
        Integer gathered = places.get(total.size() == 1 ? List.of(Dimension.OTHER) : List.of());
        return named != null ? named : gathered;
    }

    /**
     * What the lines say of the unknown cells, as sums that are known: the reduced row echelon form of the equations
     * "total − parts = 0" over the unknown places. A cell can be computed by adding and subtracting published ones if and
     * only if it stands alone in a row. The factors are taken modulo a prime, so they never grow.
     */
    private static List<Map<Integer, Long>> solved(int cells, List<Line> lines, BitSet hidden) {
        TreeMap<Integer, Map<Integer, Long>> rows = new TreeMap<>();
        for (Line line : lines) {
            TreeMap<Integer, Long> row = new TreeMap<>();
            if (line.total() >= cells || hidden.get(line.total())) {
                row.put(line.total(), PRIME - 1);
            }
            line.parts().stream().filter(hidden::get).forEach(part -> row.put(part, 1L));
            for (int pivot : List.copyOf(row.keySet())) {
                if (rows.containsKey(pivot)) {
                    subtract(row, rows.get(pivot), row.getOrDefault(pivot, 0L));
                }
            }
            if (!row.isEmpty()) {
                int pivot = row.firstKey();
                long inverse = power(row.get(pivot), PRIME - 2);
                row.replaceAll((place, factor) -> factor * inverse % PRIME);
                for (Map<Integer, Long> other : rows.values()) {
                    if (other.containsKey(pivot)) {
                        subtract(other, row, other.get(pivot));
                    }
                }
                rows.put(pivot, row);
            }
        }
        return List.copyOf(rows.values());
    }

    private static void subtract(Map<Integer, Long> row, Map<Integer, Long> other, long times) {
        if (times != 0) {
            other.forEach((place, factor) -> row.merge(
                    place,
                    Math.floorMod(-times * factor, PRIME),
                    (a, b) -> (a + b) % PRIME == 0 ? null : (a + b) % PRIME));
        }
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = result * square % PRIME;
            }
            square = square * square % PRIME;
        }
        return result;
    }
}
