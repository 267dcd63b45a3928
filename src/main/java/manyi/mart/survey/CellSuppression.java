package manyi.mart.survey;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
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
 * Adds up the parts of each population and wave, which lie side by side, and marks what is hidden of their cells by
 * {@link FigureMasks}.
 */
record CellSuppression(Plan plan, int minimumRespondents) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final BigInteger GREATEST = BigInteger.TEN.pow(38);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new GroupReader(rows) {
            @Override
            protected void readGroup() {
                PartialAggregate first = PartialAggregate.of(peek());
                WaveSums wave = new WaveSums(first.population(), first.wave());
                takeWhile(wave::isOf, row -> wave.add(PartialAggregate.of(row)));
                wave.mark(this::give);
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

        boolean isOf(Row row) {
            return row.<String>getAs(Landing.POPULATION.name()).equals(population)
                    && row.<String>getAs(Landing.WAVE.name()).equals(name);
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
                default -> throw new IllegalStateException(part.kind() + " was not aggregated");
            }
        }

        private DesignSums cell(StratumSums.Cell cell) {
            return cells.computeIfAbsent(cell, any -> new DesignSums(figures, plan.withReplacement()));
        }

        void mark(Consumer<Row> to) {
            List<StratumSums.Cell> places = List.copyOf(cells.keySet());
            List<DesignSums> sums = List.copyOf(cells.values());
            FigureMasks masks = masks(places, sums);
            Map<StratumSums.Cell, Integer> placeOf = new HashMap<>();
            MarginRegression regression = plan.margins().regression(population, name);
            DesignSums everybody = cells.get(StratumSums.Cell.ALL);
            for (int i = 0; i < places.size(); i++) {
                placeOf.put(places.get(i), i);
                DesignSums cell = regression == null ? sums.get(i) : sums.get(i).residual(everybody, regression);
                BitSet told = plan.summed(places.get(i).dimension());
                for (int figure = told.nextSetBit(0); figure >= 0; figure = told.nextSetBit(figure + 1)) {
                    to.accept(ofCell(places.get(i), figure, cell, masks.of(figure, i)));
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
                            to.accept(ofChange(previous, cell, figure, left, masks.of(figure, place)));
                        }
                    }
                });
            });
        }

        private FigureMasks masks(List<StratumSums.Cell> places, List<DesignSums> sums) {
            List<Suppression.Cell> named = places.stream()
                    .map(place ->
                            Suppression.Cell.of(plan.segments().name(place.dimension()), place.value(), List.of(0L)))
                    .toList();
            long[][] customers = new long[figures][];
            for (int i = 0; i < figures; i++) {
                int figure = i;
                customers[i] =
                        sums.stream().mapToLong(cell -> customers(cell, figure)).toArray();
            }
            return new FigureMasks(plan.figures(), new Suppression(minimumRespondents), named, customers);
        }

        private long customers(DesignSums cell, int figure) {
            return cell.count(figure, DesignSums.Count.CUSTOMERS);
        }

        private Row ofCell(StratumSums.Cell cell, int figure, DesignSums sums, FigureMasks.Mask mask) {
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
            mask(values, mask);
            return row(values);
        }

        private Row ofChange(
                String previous, StratumSums.Cell cell, int figure, ChangeSums sums, FigureMasks.Mask mask) {
            Map<Field, Object> values = named(previous, cell, figure);
            values.put(SatisfactionCell.PSUS, sums.count(figure, ChangeSums.Count.PSUS));
            values.put(SatisfactionCell.STRATA, sums.count(figure, ChangeSums.Count.STRATA));
            values.put(SatisfactionCell.SINGLE_STRATA, sums.count(figure, ChangeSums.Count.SINGLE_STRATA));
            SatisfactionCell.CHANGES.forEach((field, sum) -> values.put(field, decimal(sums.sum(figure, sum))));
            mask(values, mask);
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

    private static void mask(Map<Field, Object> values, FigureMasks.Mask mask) {
        values.put(SatisfactionCell.IS_SUPPRESSED, mask.isHidden());
        values.put(SatisfactionCell.IS_CONTRIBUTION_SUPPRESSED, mask.isContributionHidden());
        values.put(SatisfactionCell.IS_BASE_SUPPRESSED, mask.isBaseHidden());
    }

    private static Row row(Map<Field, Object> values) {
        return RowFactory.create(
                SatisfactionCell.TABLE.fields().stream().map(values::get).toArray());
    }

    private static BigDecimal decimal(BigInteger sum) {
        if (sum.abs().compareTo(GREATEST) >= 0) {
            throw new Failure(
                    Failure.Kind.QUALITY,
                    "The survey weights are too large for exact sums. Divide all of them by the same number, such as their mean; that "
                            + "changes no figure.");
        }
        return new BigDecimal(sum);
    }
}
