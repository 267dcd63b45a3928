package manyi.math.survey;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Weights fitted to population margins by iterative proportional fitting: attribute after attribute, the respondents of
 * each level are scaled to the level's total, until all margins hold at once. It works on cells, so that its cost does
 * not grow with respondents. Totals are counts or shares; the raked weights sum to the total of a margin.
 *
 * @param margins the attributes with their totals, in the order of the {@link Cell#levels()}
 * @param trimming bounds of the raked weights; none by default
 * @see "Deming, Stephan (1940), Annals of Mathematical Statistics 11(4); Deville, Särndal, Sautory (1993), Generalized
 *     Raking Procedures in Survey Sampling, JASA 88(423)"
 */
public record Raking(List<Margin> margins, Optional<Trimming> trimming) {

    /** The largest relative error of a margin that counts as none. */
    public static final double TOLERANCE = 1e-10;

    /** One round scales to every margin once. */
    public static final int ROUNDS = 1_000;

    /** Margins whose totals differ by more than this, relative to the larger, contradict each other. */
    private static final double SAME_TOTAL = 1e-9;

    /** A round that changes no weight by more than this, relatively, changes nothing any more. */
    private static final double STANDSTILL = 1e-13;

    /**
     * The population by one attribute.
     *
     * @param totals persons, or a share of them, by level; 0 or above
     */
    public record Margin(String attribute, SortedMap<String, Double> totals) {
        public Margin {
            totals = Collections.unmodifiableSortedMap(new TreeMap<>(totals));
            for (Map.Entry<String, Double> total : totals.entrySet()) {
                if (!(total.getValue() >= 0 && total.getValue() < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException(
                            "margin " + attribute + " = " + total.getKey() + " is " + total.getValue());
                }
            }
        }

        /** The population by this margin. */
        public double total() {
            double sum = 0;
            for (double total : totals.values()) {
                sum += total;
            }
            return sum;
        }
    }

    /**
     * Respondents who are alike in all margins.
     *
     * @param levels one of each margin
     * @param respondents a count above 0
     * @param weight Σw, w the base weights
     * @param squares Σw²
     */
    public record Cell(List<String> levels, long respondents, double weight, double squares) {
        public Cell {
            levels = List.copyOf(levels);
            if (!(respondents > 0 && weight > 0 && squares > 0)) {
                throw new IllegalArgumentException(
                        "a cell of " + respondents + " respondents of weight " + weight + ", squares " + squares);
            }
        }

        /** Respondents who share a base weight: what trimming needs. */
        public static Cell of(List<String> levels, long respondents, double eachWeight) {
            return new Cell(levels, respondents, respondents * eachWeight, respondents * eachWeight * eachWeight);
        }
    }

    /** What the bounds of trimming are multiples of. */
    public enum Centre {
        /** The mean raked weight: the margins' total over the respondents. */
        MEAN,
        /** The median over respondents of the weights raked without trimming. */
        MEDIAN
    }

    /**
     * Bounds of the raked weights. After each round of raking, weights beyond a bound are set to it. The bounds hold in
     * the end; the margins may not, and by how much is said ({@link Raked#marginError()}).
     *
     * @param lowest as a multiple of the centre, 0 to 1
     * @param highest as a multiple of the centre, 1 or above
     * @see "DeBell, Krosnick (2009), Computing Weights for American National Election Study Survey Data, ANES Technical
     *     Report nes012427"
     */
    public record Trimming(double lowest, double highest, Centre centre) {
        public Trimming {
            if (!(lowest >= 0 && lowest <= 1 && highest >= 1 && lowest < highest)) {
                throw new IllegalArgumentException("weights trimmed to " + lowest + " up to " + highest);
            }
        }
    }

    /**
     * Raked weights.
     *
     * @param factors what the base weights of each cell are multiplied by, in the order of the cells
     * @param rounds that it took
     * @param marginError the largest relative error of a level's total that remains
     * @param designEffect of unequal weights (Kish): n·Σw²/(Σw)², 1 where all weigh the same
     * @param trimmed respondents whose weight lies at a bound
     */
    public record Raked(List<Double> factors, int rounds, double marginError, double designEffect, long trimmed) {
        public Raked {
            factors = List.copyOf(factors);
        }
    }

    /** A column of the regression on the margins: 1 for who has this level, else 0. */
    public record Indicator(String attribute, String level) {}

    public Raking {
        margins = List.copyOf(margins);
        HashSet<String> attributes = new HashSet<>();
        for (Margin margin : margins) {
            if (!attributes.add(margin.attribute())) {
                throw new IllegalArgumentException("two margins of " + margin.attribute());
            }
        }
        if (margins.isEmpty()) {
            throw new IllegalArgumentException("raking to no margin");
        }
    }

    /** Raking without trimming. */
    public static Raking to(List<Margin> margins) {
        return new Raking(margins, Optional.empty());
    }

    /**
     * The factors that fit these cells to the margins. The order of the cells changes nothing, to the last bit.
     *
     * @param cells where weights are trimmed, each of one base weight; else one for each combination of levels is enough
     * @throws RefusedRaking where margins contradict each other, a level is missing in the margins or in the answers, or
     *     the margins do not come to hold; the message names attribute and level
     */
    public Raked fit(List<Cell> cells) {
        requireSameTotals();
        requireSameLevels(cells);
        List<Integer> order = canonicalOrder(cells);
        Iteration iteration = new Iteration(order.stream().map(cells::get).toList());
        int rounds = iteration.rake();
        if (trimming.isPresent()) {
            rounds += iteration.trim(trimming.get(), ROUNDS - rounds);
        }
        Double[] factors = new Double[cells.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[order.get(i)] = iteration.factors[i];
        }
        return new Raked(
                Arrays.asList(factors), rounds, iteration.marginError(), iteration.designEffect(), iteration.trimmed);
    }

    /** The columns of the regression on the margins: every level of every margin, in the order of the margins. */
    public List<Indicator> indicators() {
        List<Indicator> indicators = new ArrayList<>();
        for (Margin margin : margins) {
            for (String level : margin.totals().keySet()) {
                indicators.add(new Indicator(margin.attribute(), level));
            }
        }
        return indicators;
    }

    /** The columns that are 1 for a respondent of these levels, one of each margin. */
    public int[] columns(List<String> levels) {
        if (levels.size() != margins.size()) {
            throw new IllegalArgumentException(levels + " in " + margins.size() + " margins");
        }
        int[] columns = new int[levels.size()];
        int start = 0;
        for (int m = 0; m < columns.length; m++) {
            columns[m] = start + position(margins.get(m), levels.get(m));
            start += margins.get(m).totals().size();
        }
        return columns;
    }

    /** The regression on the indicators of the margins with the base weights of these cells. */
    public MarginRegression regression(List<Cell> cells) {
        int size = indicators().size();
        double[][] normal = new double[size][size];
        for (int i : canonicalOrder(cells)) {
            int[] columns = columns(cells.get(i).levels());
            for (int row : columns) {
                for (int column : columns) {
                    normal[row][column] += cells.get(i).weight();
                }
            }
        }
        return MarginRegression.of(normal);
    }

    private void requireSameTotals() {
        Margin first = margins.get(0);
        for (Margin margin : margins) {
            double larger = StrictMath.max(first.total(), margin.total());
            if (!(larger > 0) || StrictMath.abs(first.total() - margin.total()) > SAME_TOTAL * larger) {
                throw new RefusedRaking("The margins contradict each other: " + first.attribute() + " sums to "
                        + plain(first.total()) + ", " + margin.attribute() + " to " + plain(margin.total()));
            }
        }
    }

    private void requireSameLevels(List<Cell> cells) {
        List<String> faults = new ArrayList<>();
        for (int m = 0; m < margins.size(); m++) {
            Margin margin = margins.get(m);
            SortedMap<String, Long> respondents = new TreeMap<>();
            for (Cell cell : cells) {
                if (cell.levels().size() != margins.size()) {
                    throw new IllegalArgumentException(cell.levels() + " in " + margins.size() + " margins");
                }
                respondents.merge(cell.levels().get(m), cell.respondents(), Long::sum);
            }
            margin.totals().forEach((level, total) -> {
                if (total > 0 && !respondents.containsKey(level)) {
                    faults.add(margin.attribute() + " = " + level + " has " + plain(total)
                            + " in the margin and no respondent");
                }
                if (total == 0 && respondents.containsKey(level)) {
                    faults.add(margin.attribute() + " = " + level + " has 0 in the margin and " + respondents.get(level)
                            + " respondents");
                }
            });
            respondents.forEach((level, count) -> {
                if (!margin.totals().containsKey(level)) {
                    faults.add(margin.attribute() + " = " + level + " has " + count
                            + " respondents and is not in the margin");
                }
            });
        }
        if (!faults.isEmpty()) {
            throw new RefusedRaking(String.join("; ", faults));
        }
    }

    private static List<Integer> canonicalOrder(List<Cell> cells) {
        Comparator<Cell> comparator = Comparator.<Cell, String>comparing(cell -> String.join("\u0000", cell.levels()))
                .thenComparingDouble(Cell::weight)
                .thenComparingLong(Cell::respondents)
                .thenComparingDouble(Cell::squares);
        return IntStream.range(0, cells.size())
                .boxed()
                .sorted(Comparator.comparing(cells::get, comparator))
                .toList();
    }

    private static int position(Margin margin, String level) {
        if (!margin.totals().containsKey(level)) {
            throw new RefusedRaking(margin.attribute() + " = " + level + " is not in the margin");
        }
        return margin.totals().headMap(level).size();
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** Factors on their way. */
    private final class Iteration {
        private final List<Cell> cells;
        private final double[] factors;
        private final double[] targets;
        private final int[][] columns;
        private double error;
        private int worst;
        private long trimmed;

        Iteration(List<Cell> cells) {
            this.cells = cells;
            factors = new double[cells.size()];
            Arrays.fill(factors, 1);
            targets = margins.stream()
                    .flatMap(margin -> margin.totals().values().stream())
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            columns = cells.stream().map(cell -> columns(cell.levels())).toArray(int[][]::new);
        }

        int rake() {
            int rounds = 0;
            measure();
            while (error > TOLERANCE) {
                if (rounds == ROUNDS) {
                    Indicator indicator = indicators().get(worst);
                    throw new RefusedRaking(String.format(
                            Locale.ROOT,
                            "After %,d rounds %s = %s still misses %s by %.2g %%: no weights of these combinations of %s"
                                    + " fit all margins. Join levels or leave out an attribute.",
                            rounds,
                            indicator.attribute(),
                            indicator.level(),
                            plain(targets[worst]),
                            100 * error,
                            margins.stream().map(Margin::attribute).collect(Collectors.joining(", "))));
                }
                round();
                measure();
                rounds++;
            }
            return rounds;
        }

        int trim(Trimming bounds, int most) {
            requireOneWeightEach();
            double centre = bounds.centre() == Centre.MEAN ? meanWeight() : medianWeight();
            double low = bounds.lowest() * centre;
            double high = bounds.highest() * centre;
            clip(low, high);
            measure();
            int rounds = 0;
            boolean moves = true;
            while (error > TOLERANCE && moves && rounds < most) {
                double[] before = factors.clone();
                round();
                clip(low, high);
                measure();
                moves = false;
                for (int i = 0; i < before.length; i++) {
                    moves |= StrictMath.abs(factors[i] - before[i]) > STANDSTILL * before[i];
                }
                rounds++;
            }
            return rounds;
        }

        double marginError() {
            return error;
        }

        double designEffect() {
            double respondents = 0;
            double weight = 0;
            double squares = 0;
            for (int i = 0; i < factors.length; i++) {
                respondents += cells.get(i).respondents();
                weight += factors[i] * cells.get(i).weight();
                squares += factors[i] * factors[i] * cells.get(i).squares();
            }
            return respondents * squares / (weight * weight);
        }

        private void round() {
            for (int m = 0; m < margins.size(); m++) {
                double[] sums = new double[targets.length];
                for (int i = 0; i < factors.length; i++) {
                    sums[columns[i][m]] += factors[i] * cells.get(i).weight();
                }
                for (int i = 0; i < factors.length; i++) {
                    factors[i] *= targets[columns[i][m]] / sums[columns[i][m]];
                }
            }
        }

        private void measure() {
            double[] sums = new double[targets.length];
            for (int i = 0; i < factors.length; i++) {
                for (int column : columns[i]) {
                    sums[column] += factors[i] * cells.get(i).weight();
                }
            }
            error = 0;
            for (int column = 0; column < targets.length; column++) {
                // a level of nobody on either side has no error
                if (targets[column] > 0) {
                    double off = StrictMath.abs(sums[column] / targets[column] - 1);
                    if (off > error) {
                        error = off;
                        worst = column;
                    }
                }
            }
        }

        private void clip(double low, double high) {
            trimmed = 0;
            for (int i = 0; i < factors.length; i++) {
                double each = eachWeight(i);
                double weight = factors[i] * each;
                if (weight < low || weight > high) {
                    factors[i] = (weight < low ? low : high) / each;
                    trimmed += cells.get(i).respondents();
                }
            }
        }

        private double eachWeight(int i) {
            return cells.get(i).weight() / cells.get(i).respondents();
        }

        private void requireOneWeightEach() {
            for (Cell cell : cells) {
                double spread = cell.squares() * cell.respondents() / (cell.weight() * cell.weight()) - 1;
                if (spread > 1e-6) {
                    throw new IllegalArgumentException(
                            "trimming needs a cell for each base weight; those of " + cell.levels() + " differ");
                }
            }
        }

        private double meanWeight() {
            double respondents = 0;
            double weight = 0;
            for (int i = 0; i < factors.length; i++) {
                respondents += cells.get(i).respondents();
                weight += factors[i] * cells.get(i).weight();
            }
            return weight / respondents;
        }

        private double medianWeight() {
            List<Integer> rising = IntStream.range(0, factors.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> factors[i] * eachWeight(i)))
                    .toList();
            long respondents = cells.stream().mapToLong(Cell::respondents).sum();
            return (weightOf((respondents - 1) / 2, rising) + weightOf(respondents / 2, rising)) / 2;
        }

        private double weightOf(long rank, List<Integer> rising) {
            long passed = 0;
            for (int i : rising) {
                passed += cells.get(i).respondents();
                if (passed > rank) {
                    return factors[i] * eachWeight(i);
                }
            }
            throw new IllegalStateException("rank " + rank + " of " + passed + " respondents");
        }
    }
}
