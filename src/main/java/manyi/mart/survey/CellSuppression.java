package manyi.mart.survey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.IntStream;
import manyi.math.survey.ChangeSums;
import manyi.math.survey.DesignSums;
import manyi.math.survey.DomainSums;
import manyi.math.survey.MarginRegression;
import manyi.source.Landing;
import manyi.table.Failure;
import manyi.table.Field;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Adds up the parts of each population and wave, which lie side by side, and marks the hidden cells. A cell is hidden
 * whole where one of its segment's figures must be; an item of a published cell is hidden where its own answers are too
 * few, and an indicator then with a second one, since the contributions add up to the index. What rests on a hidden item
 * is hidden with it.
 */
record CellSuppression(Plan plan, int minimumRespondents) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    /** The figures that hide a cell whole; the first one orders cells by size. */
    private static final List<String> BASES = List.of(Figure.RESPONDENT, Figure.CSI, Figure.CSM, Figure.NPS);

    private static final BigInteger GREATEST = BigInteger.TEN.pow(38);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private PartialAggregate next = rows.hasNext() ? PartialAggregate.of(rows.next()) : null;
            private final Deque<Row> marked = new ArrayDeque<>();

            @Override
            public boolean hasNext() {
                if (marked.isEmpty() && next != null) {
                    WaveSums wave = new WaveSums(next.population(), next.wave());
                    while (next != null
                            && next.population().equals(wave.population)
                            && next.wave().equals(wave.name)) {
                        wave.add(next);
                        next = rows.hasNext() ? PartialAggregate.of(rows.next()) : null;
                    }
                    wave.mark(marked);
                }
                return !marked.isEmpty();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return marked.removeFirst();
            }
        };
    }

    private static Comparator<StratumSums.Cell> inOrder() {
        return Comparator.comparingInt(StratumSums.Cell::dimension).thenComparing(StratumSums.Cell::value);
    }

    /** All sums of one population and wave, and of the wave together with the one before. */
    private final class WaveSums {
        private final String population;
        private final String name;
        private final int figures = plan.figures().size();
        private final BitSet compared = plan.compared();
        private final StratumDesign design = new StratumDesign();
        private final Map<StratumSums.Cell, DesignSums> cells = new TreeMap<>(inOrder());
        private final Map<String, Map<StratumSums.Cell, ChangeSums>> changes = new TreeMap<>();

        WaveSums(String population, String name) {
            this.population = population;
            this.name = name;
        }

        void add(PartialAggregate part) {
            StratumSums.Cell cell = new StratumSums.Cell(part.dimension(), part.value());
            switch (part.kind()) {
                case WAVE -> design.addAccount(new StratumDesign(part.data()));
                case CELL -> cell(cell).add(DesignSums.of(figures, plan.withReplacement(), part.data()));
                case STRAYS -> cell(cell).addCustomers(DomainSums.of(figures, part.data()));
                case CHANGE ->
                    changes.computeIfAbsent(part.previousWave(), any -> new TreeMap<>(inOrder()))
                            .computeIfAbsent(cell, any -> new ChangeSums(figures))
                            .add(ChangeSums.of(figures, part.data()));
                default -> throw new IllegalStateException(part.kind() + " was not folded");
            }
        }

        private DesignSums cell(StratumSums.Cell cell) {
            return cells.computeIfAbsent(cell, any -> new DesignSums(figures, plan.withReplacement()));
        }

        void mark(Deque<Row> marked) {
            List<StratumSums.Cell> places = List.copyOf(cells.keySet());
            List<DesignSums> sums = List.copyOf(cells.values());
            BitSet[] hidden = hidden(places, sums);
            Map<StratumSums.Cell, Integer> placeOf = new HashMap<>();
            MarginRegression regression = plan.margins().regression(population, name);
            DesignSums everybody = cells.get(StratumSums.Cell.ALL);
            for (int i = 0; i < places.size(); i++) {
                placeOf.put(places.get(i), i);
                DesignSums cell = regression == null ? sums.get(i) : sums.get(i).residual(everybody, regression);
                BitSet told = plan.summed(places.get(i).dimension());
                for (int figure = told.nextSetBit(0); figure >= 0; figure = told.nextSetBit(figure + 1)) {
                    marked.add(ofCell(places.get(i), figure, cell, hidden[figure].get(i)));
                }
            }
            changes.forEach((previous, ofCells) -> {
                MarginRegression before = plan.margins().regression(population, previous);
                ChangeSums ofEverybody = ofCells.get(StratumSums.Cell.ALL);
                ofCells.forEach((cell, change) -> {
                    Integer place = placeOf.get(cell);
                    if (place != null) {
                        ChangeSums left = before == null && regression == null
                                ? change
                                : change.residual(ofEverybody, before, regression);
                        for (int figure = compared.nextSetBit(0);
                                figure >= 0;
                                figure = compared.nextSetBit(figure + 1)) {
                            marked.add(ofChange(previous, cell, figure, left, hidden[figure].get(place)));
                        }
                    }
                });
            });
        }

        /** The hidden cells of each figure. */
        private BitSet[] hidden(List<StratumSums.Cell> places, List<DesignSums> sums) {
            Suppression suppression = new Suppression(minimumRespondents);
            List<Integer> bases = BASES.stream()
                    .map(base -> IntStream.range(0, figures)
                            .filter(figure -> plan.figures().get(figure).name().equals(base))
                            .findFirst()
                            .orElseThrow())
                    .toList();
            List<Suppression.Cell> counted = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                DesignSums cell = sums.get(i);
                counted.add(Suppression.Cell.of(
                        plan.segments().name(places.get(i).dimension()),
                        places.get(i).value(),
                        bases.stream().map(base -> customers(cell, base)).toList()));
            }
            BitSet whole = suppression.hidden(counted, new BitSet());
            Map<String, BitSet> items = hiddenItems(suppression, counted, sums, whole);
            BitSet[] hidden = new BitSet[figures];
            for (int i = 0; i < figures; i++) {
                int place = i;
                Figure figure = plan.figures().get(i);
                if (figure.isOfTheCell()) {
                    hidden[i] = whole;
                } else if (figure.isOfTheItem()) {
                    hidden[i] = items.get(figure.item());
                } else {
                    BitSet already = (BitSet) whole.clone();
                    figure.items().forEach(item -> already.or(items.get(item)));
                    if (figure.isTotal()) {
                        partsOf(figure, place).forEach(part -> already.or(hidden[part]));
                    }
                    if (figure.isOfBoth()) {
                        already.or(nearlyAll(figure, place, sums));
                    }
                    hidden[i] = suppression.hidden(on(counted, sums, place), already);
                }
            }
            return hidden;
        }

        /** The figures that a total takes together; they stand before it. */
        private List<Integer> partsOf(Figure total, int place) {
            return IntStream.range(0, place)
                    .filter(part -> plan.figures().get(part).name().equals(total.name()))
                    .boxed()
                    .toList();
        }

        /** Where so few answered one of the items and not the other that the items' own means would tell of them. */
        private BitSet nearlyAll(Figure figure, int place, List<DesignSums> sums) {
            BitSet cells = new BitSet();
            for (int other = 0; other < figures; other++) {
                Figure item = plan.figures().get(other);
                if (item.name().equals(Figure.SCORE) && figure.items().contains(item.item())) {
                    for (int i = 0; i < sums.size(); i++) {
                        long apart = customers(sums.get(i), other) - customers(sums.get(i), place);
                        if (apart > 0 && apart < minimumRespondents) {
                            cells.set(i);
                        }
                    }
                }
            }
            return cells;
        }

        private long customers(DesignSums cell, int figure) {
            return cell.count(figure, DesignSums.Count.CUSTOMERS);
        }

        private List<Suppression.Cell> on(List<Suppression.Cell> cells, List<DesignSums> sums, int figure) {
            return IntStream.range(0, cells.size())
                    .mapToObj(i -> cells.get(i).on(List.of(customers(sums.get(i), figure))))
                    .toList();
        }

        private Map<String, BitSet> hiddenItems(
                Suppression suppression, List<Suppression.Cell> cells, List<DesignSums> sums, BitSet hidden) {
            Map<String, BitSet> hiddenItems = new TreeMap<>();
            Map<String, List<Suppression.Cell>> cellsOfItem = new TreeMap<>();
            Map<String, Integer> indicators = new TreeMap<>();
            for (int place = 0; place < figures; place++) {
                Figure figure = plan.figures().get(place);
                if (figure.name().equals(Figure.SCORE)) {
                    List<Suppression.Cell> answered = on(cells, sums, place);
                    cellsOfItem.put(figure.item(), answered);
                    hiddenItems.put(figure.item(), suppression.hidden(answered, hidden));
                    if (figure.isPartOfTheIndex()) {
                        indicators.put(figure.item(), place);
                    }
                }
            }
            boolean isChanged = true;
            while (isChanged) {
                isChanged = false;
                for (int i = 0; i < cells.size(); i++) {
                    Map<String, Long> answers = new TreeMap<>();
                    DesignSums cell = sums.get(i);
                    indicators.forEach((item, place) -> answers.put(item, customers(cell, place)));
                    if (!hidden.get(i) && hideAnother(suppression, answers, hiddenItems, i)) {
                        isChanged = true;
                    }
                }
                if (isChanged) {
                    hiddenItems.replaceAll(
                            (item, hiddenCells) -> suppression.hidden(cellsOfItem.get(item), hiddenCells));
                }
            }
            return hiddenItems;
        }

        private Row ofCell(StratumSums.Cell cell, int figure, DesignSums sums, boolean isHidden) {
            Map<Field, Object> values = named("", cell, figure);
            boolean isAnswered = sums.count(figure, DesignSums.Count.PSUS) > 0;
            values.put(SatisfactionCell.CUSTOMERS, customers(sums, figure));
            values.put(SatisfactionCell.RESPONSES, sums.count(figure, DesignSums.Count.RESPONSES));
            values.put(SatisfactionCell.PSUS, sums.count(figure, DesignSums.Count.PSUS));
            values.put(SatisfactionCell.STRATA, sums.count(figure, DesignSums.Count.STRATA));
            values.put(SatisfactionCell.SINGLE_STRATA, sums.count(figure, DesignSums.Count.SINGLE_STRATA));
            if (isAnswered) {
                values.put(SatisfactionCell.LOWEST, sums.count(figure, DesignSums.Count.LOWEST));
                values.put(SatisfactionCell.HIGHEST, sums.count(figure, DesignSums.Count.HIGHEST));
            }
            SatisfactionCell.SUMS.forEach((field, sum) -> values.put(field, decimal(sums.sum(figure, sum))));
            values.put(SatisfactionCell.DESIGN_PSUS, design.psus());
            values.put(
                    SatisfactionCell.IS_FINITE,
                    design.isFinite() && !plan.withReplacement().get(figure));
            values.put(SatisfactionCell.IS_COMPLETE, sums.count(figure, DesignSums.Count.INCOMPLETE_STRATA) == 0);
            if (cell.equals(StratumSums.Cell.ALL) && figure == 0) {
                values.put(SatisfactionCell.STRATA_WITH_TWO_SIZES, design.strataWithTwoSizes());
                values.put(SatisfactionCell.STRATA_SMALLER_THAN_THEIR_SAMPLE, design.strataBelowSample());
                values.put(SatisfactionCell.PSUS_WITH_TWO_SIZES, design.psusWithTwoSizes());
                values.put(SatisfactionCell.PSUS_SMALLER_THAN_THEIR_SAMPLE, design.psusBelowSample());
            }
            values.put(SatisfactionCell.IS_SUPPRESSED, isHidden);
            return row(values);
        }

        private Row ofChange(String previous, StratumSums.Cell cell, int figure, ChangeSums sums, boolean isHidden) {
            Map<Field, Object> values = named(previous, cell, figure);
            values.put(SatisfactionCell.PSUS, sums.count(figure, ChangeSums.Count.PSUS));
            values.put(SatisfactionCell.STRATA, sums.count(figure, ChangeSums.Count.STRATA));
            values.put(SatisfactionCell.SINGLE_STRATA, sums.count(figure, ChangeSums.Count.SINGLE_STRATA));
            SatisfactionCell.CHANGES.forEach((field, sum) -> values.put(field, decimal(sums.sum(figure, sum))));
            values.put(SatisfactionCell.IS_SUPPRESSED, isHidden);
            return row(values);
        }

        private Map<Field, Object> named(String previous, StratumSums.Cell cell, int figure) {
            Map<Field, Object> values = new HashMap<>();
            values.put(Landing.POPULATION, population);
            values.put(Landing.WAVE, name);
            values.put(SatisfactionCell.PREVIOUS_WAVE, previous);
            values.put(SatisfactionCell.SEGMENT, plan.segments().name(cell.dimension()));
            values.put(SatisfactionCell.SEGMENT_VALUE, cell.value());
            values.put(SatisfactionCell.FIGURE, plan.figures().get(figure).name());
            values.put(SatisfactionCell.ITEM, plan.figures().get(figure).item());
            return values;
        }
    }

    private static Row row(Map<Field, Object> values) {
        return RowFactory.create(
                SatisfactionCell.TABLE.fields().stream().map(values::get).toArray());
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

    /** The index less the published contributions is what the hidden indicators add: it must rest on enough, and on two. */
    private static boolean hideAnother(
            Suppression suppression, Map<String, Long> answers, Map<String, BitSet> hiddenItems, int cell) {
        List<Long> bases = answers.keySet().stream()
                .filter(item -> hiddenItems.get(item).get(cell))
                .map(answers::get)
                .toList();
        long greatest = bases.stream().mapToLong(base -> base).max().orElse(0);
        if (bases.isEmpty() || (bases.size() > 1 && greatest >= suppression.minimum())) {
            return false;
        }
        var smallest = answers.keySet().stream()
                .filter(item -> answers.get(item) > 0 && !hiddenItems.get(item).get(cell))
                .min(Comparator.<String, Long>comparing(answers::get).thenComparing(item -> item));
        smallest.ifPresent(item -> hiddenItems.get(item).set(cell));
        return smallest.isPresent();
    }
}
