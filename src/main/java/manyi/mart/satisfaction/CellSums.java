package manyi.mart.satisfaction;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import manyi.config.Dimension;
import manyi.math.survey.DomainSums;
import manyi.math.survey.RespondentIndex;
import manyi.table.Failure;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Condenses the responses of a partition to the sums of its cells. The responses of a sampling unit lie side by side.
 * A unit whose responses share all segment values, as nearly every unit's do, is added once to the cell of these values
 * together, and these cells are added up per dimension afterwards; any other unit is added to each cell it has a
 * response in.
 *
 * @param dimensions the names of the dimensions, in the order of the segment values
 * @param kept the most frequent values of the dimensions that have too many, by {@link #keptKey}; others are gathered
 */
record CellSums(Measures measures, List<String> dimensions, Map<String, Set<String>> kept)
        implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final int CELLS_IN_MEMORY = 4096;
    private static final BigInteger GREATEST = BigInteger.TEN.pow(38);

    CellSums {
        dimensions = List.copyOf(dimensions);
        kept = Map.copyOf(kept);
    }

    static String keptKey(String population, String wave, int dimension) {
        return population + "\n" + wave + "\n" + dimension;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> responses) {
        return new Cells(responses);
    }

    private record Wave(String population, String wave) {}

    /** The segment values of a response, in the order of the dimensions. */
    private record Together(Wave wave, List<String> values) {}

    /** A cell by the place of its dimension and its value; the place −1 is everybody. */
    private record Cell(Wave wave, int dimension, String value) {}

    private final class Cells implements Iterator<Row> {
        private final Iterator<Row> responses;
        private final Deque<Row> ready = new ArrayDeque<>();
        private final Map<Together, DomainSums> together = new HashMap<>();
        private final Map<Cell, DomainSums> cells = new HashMap<>();
        private final DomainSums.Unit unit = new DomainSums.Unit(measures.figures());
        private Row next;

        Cells(Iterator<Row> responses) {
            this.responses = responses;
            advance();
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && next != null) {
                readUnit();
            }
            if (ready.isEmpty()) {
                emit();
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.removeFirst();
        }

        private void advance() {
            next = responses.hasNext() ? responses.next() : null;
        }

        private void readUnit() {
            Row first = next;
            Wave wave = new Wave(first.getString(Response.POPULATION), first.getString(Response.WAVE));
            String name = first.getString(Response.UNIT);
            List<Row> given = new ArrayList<>(1);
            List<List<String>> segments = new ArrayList<>(1);
            while (next != null
                    && next.getString(Response.UNIT).equals(name)
                    && next.getString(Response.WAVE).equals(wave.wave())
                    && next.getString(Response.POPULATION).equals(wave.population())) {
                given.add(next);
                segments.add(segmentsOf(wave, next));
                advance();
            }
            List<String> values = segments.get(0);
            if (segments.stream().allMatch(values::equals)) {
                add(given, together.computeIfAbsent(new Together(wave, values), any -> empty()));
            } else {
                add(given, cell(new Cell(wave, -1, Dimension.ALL)));
                for (int i = 0; i < dimensions.size(); i++) {
                    addToCells(wave, i, given, segments);
                }
            }
            if (together.size() > CELLS_IN_MEMORY) {
                spread();
            }
            if (cells.size() > CELLS_IN_MEMORY) {
                emit();
            }
        }

        private void addToCells(Wave wave, int dimension, List<Row> given, List<List<String>> segments) {
            Map<String, List<Row>> byValue = new HashMap<>();
            for (int i = 0; i < given.size(); i++) {
                byValue.computeIfAbsent(segments.get(i).get(dimension), any -> new ArrayList<>())
                        .add(given.get(i));
            }
            byValue.forEach((value, rows) -> add(rows, cell(new Cell(wave, dimension, value))));
        }

        private List<String> segmentsOf(Wave wave, Row response) {
            List<String> values = response.getList(Response.SEGMENTS);
            if (kept.isEmpty()) {
                return List.copyOf(values);
            }
            List<String> folded = new ArrayList<>(values);
            for (int i = 0; i < dimensions.size(); i++) {
                Set<String> named = kept.get(keptKey(wave.population(), wave.wave(), i));
                if (named != null && !named.contains(values.get(i))) {
                    folded.set(i, Dimension.OTHER);
                }
            }
            return folded;
        }

        private void add(List<Row> given, DomainSums sums) {
            unit.clear();
            for (Row response : given) {
                measures.add(response, unit);
            }
            sums.add(unit);
        }

        private DomainSums empty() {
            return new DomainSums(measures.figures());
        }

        private DomainSums cell(Cell cell) {
            return cells.computeIfAbsent(cell, any -> empty());
        }

        private void spread() {
            together.forEach((shared, sums) -> {
                cell(new Cell(shared.wave(), -1, Dimension.ALL)).add(sums);
                for (int i = 0; i < dimensions.size(); i++) {
                    cell(new Cell(shared.wave(), i, shared.values().get(i))).add(sums);
                }
            });
            together.clear();
        }

        private void emit() {
            spread();
            cells.forEach((cell, sums) -> {
                for (int figure = 0; figure < measures.figures(); figure++) {
                    ready.add(RowFactory.create(
                            cell.wave().population(),
                            cell.wave().wave(),
                            cell.dimension() < 0 ? Dimension.ALL : dimensions.get(cell.dimension()),
                            cell.value(),
                            measures.name(figure),
                            measures.item(figure),
                            sums.psus(figure),
                            decimal(sums.total(figure)),
                            decimal(sums.weight(figure)),
                            decimal(sums.aa(figure)),
                            decimal(sums.ab(figure)),
                            decimal(sums.bb(figure)),
                            decimal(sums.parts(figure)),
                            sums.psus(figure) == 0 ? null : sums.lowest(figure),
                            sums.psus(figure) == 0 ? null : sums.highest(figure)));
                }
            });
            cells.clear();
        }

        private static BigDecimal decimal(BigInteger sum) {
            if (sum.abs().compareTo(GREATEST) >= 0) {
                throw new Failure(
                        Failure.Kind.QUALITY,
                        "The survey weights are too great for exact sums. Divide all of them by the same number, such as"
                                + " their mean; no figure changes by that.");
            }
            return new BigDecimal(sum);
        }
    }

    /** The fields of a response that {@link Measures} reads. */
    static final class Response {
        static final int POPULATION = 0;
        static final int WAVE = 1;
        static final int UNIT = 2;
        static final int SEGMENTS = 3;
        static final int WEIGHT = 4;
        static final int CSI = 5;
        static final int ANSWERS = 6;

        private Response() {}
    }

    /**
     * What is measured in every cell. First the figures of the segment, then the score of each indicator.
     *
     * @param overall the place of the item that asks for overall satisfaction, −1 where there is none
     * @param recommend the place of the item that asks for recommendation
     * @param indicators the places of the indicators
     * @param items the identifiers of all items
     */
    record Measures(
            RespondentIndex index,
            int overall,
            int recommend,
            double satisfiedFrom,
            double verySatisfiedFrom,
            double promotersFrom,
            double detractorsTo,
            List<Integer> indicators,
            List<String> items)
            implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final long FULL = 100_000_000_000L;

        Measures {
            indicators = List.copyOf(indicators);
            items = List.copyOf(items);
        }

        int figures() {
            return SatisfactionCell.FIGURES.size() + indicators.size();
        }

        String name(int figure) {
            return figure < SatisfactionCell.FIGURES.size()
                    ? SatisfactionCell.FIGURES.get(figure)
                    : SatisfactionCell.SCORE;
        }

        String item(int figure) {
            int place = figure - SatisfactionCell.FIGURES.size();
            return place < 0 ? "" : items.get(indicators.get(place));
        }

        void add(Row response, DomainSums.Unit unit) {
            long weight = response.getDecimal(Response.WEIGHT).movePointRight(9).longValueExact();
            double[] answers = new double[items.size()];
            List<Double> given = response.isNullAt(Response.ANSWERS) ? List.of() : response.getList(Response.ANSWERS);
            for (int i = 0; i < answers.length; i++) {
                answers[i] = i < given.size() && given.get(i) != null ? given.get(i) : Double.NaN;
            }
            long csi = index.index(answers);
            unit.add(0, weight, 0);
            if (!response.isNullAt(Response.CSI)) {
                unit.add(1, weight, csi);
            }
            if (overall >= 0 && !Double.isNaN(answers[overall])) {
                double score = index.items().get(overall).score(answers[overall]);
                boolean isVery = score >= verySatisfiedFrom;
                boolean isSatisfied = score >= satisfiedFrom;
                unit.add(2, weight, billionths(120 * score / 100 - 60));
                unit.add(3, weight, isSatisfied || isVery ? 0 : FULL);
                unit.add(4, weight, isSatisfied && !isVery ? FULL : 0);
                unit.add(5, weight, isVery ? FULL : 0);
            }
            if (recommend >= 0 && !Double.isNaN(answers[recommend])) {
                double answer = answers[recommend];
                unit.add(6, weight, answer >= promotersFrom ? FULL : answer <= detractorsTo ? -FULL : 0);
            }
            long[] parts = index.contributions(answers, csi);
            for (int i = 0; i < indicators.size(); i++) {
                int place = indicators.get(i);
                if (!Double.isNaN(answers[place])) {
                    int figure = SatisfactionCell.FIGURES.size() + i;
                    unit.add(figure, weight, billionths(index.items().get(place).score(answers[place])));
                    unit.addPart(figure, weight, parts[place]);
                }
            }
        }

        private static long billionths(double points) {
            return StrictMath.round(points * RespondentIndex.BILLION);
        }
    }
}
