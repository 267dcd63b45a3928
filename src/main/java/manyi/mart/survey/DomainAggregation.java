package manyi.mart.survey;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import manyi.math.survey.Answers;
import manyi.math.survey.DomainSums;
import manyi.math.survey.PairSums;
import manyi.math.survey.SamplingUnit;
import manyi.math.survey.SecondStage;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Condenses the responses of a partition to the sums of its cells. The responses of a sampling unit lie side by side, wave
 * by wave and there customer by customer. A unit whose responses of a wave share all segment values, as nearly every
 * unit's do, is added once to the cell of the cross-classification, and these cells are added to those of each dimension afterwards;
 * any other unit is added to each cell it has a response in. The sums of a stratum whose responses all lie in the
 * partition are finalised there; those of other strata are passed on as they are.
 */
record DomainAggregation(Plan plan) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> responses) {
        return new Cells(responses);
    }

    private record StratumKey(String population, String stratum) {}

    /** A cell of the cross-classification: one value in every dimension. */
    private record CrossCell(StratumKey stratum, String wave, List<String> values) {}

    private record CrossPair(StratumKey stratum, Plan.Waves waves, List<String> values) {}

    /**
     * A sampling unit in one wave.
     *
     * @param values what all of its responses share; null where they differ
     * @param total all of its answers
     * @param byCell its answers by cell, where they differ
     */
    private record UnitWave(
            String wave, List<String> values, Answers total, Map<StratumSums.Cell, SamplingUnit> byCell) {

        Answers in(StratumSums.Cell cell) {
            if (cell.dimension() == PartialAggregate.ALL) {
                return total;
            }
            if (values == null) {
                return byCell.get(cell);
            }
            return values.get(cell.dimension()).equals(cell.value()) ? total : null;
        }

        void forEach(BiConsumer<StratumSums.Cell, Answers> each) {
            each.accept(StratumSums.Cell.ALL, total);
            if (values == null) {
                byCell.forEach(each);
            } else {
                for (int i = 0; i < values.size(); i++) {
                    each.accept(new StratumSums.Cell(i, values.get(i)), total);
                }
            }
        }
    }

    private final class Cells extends GroupReader {
        private final int figures = plan.figures().size();
        private final BitSet compared = plan.compared();
        private final ResponseView answered = new ResponseView(plan.index());
        private final Map<StratumKey, StratumSums> strata = new HashMap<>();
        private final Map<CrossCell, DomainSums> crossCells = new HashMap<>();
        private final Map<CrossPair, PairSums> crossPairs = new HashMap<>();
        private final StratumSums.OverStrata overStrata = new StratumSums.OverStrata(plan);
        private StratumKey current;

        Cells(Iterator<Row> responses) {
            super(responses);
        }

        @Override
        protected void finish() {
            finishStratum();
            emit();
            overStrata.drain(part -> give(part.row()));
        }

        @Override
        protected void readGroup() {
            StratumKey key =
                    new StratumKey(peek().getString(ResponseView.POPULATION), peek().getString(ResponseView.STRATUM));
            if (!key.equals(current)) {
                finishStratum();
                current = key;
            }
            String name = peek().getString(ResponseView.UNIT);
            StratumSums sums = strata.computeIfAbsent(key, any -> new StratumSums(plan));
            UnitWave before = null;
            while (isOf(key, name)) {
                UnitWave now = readWave(key, name, sums);
                if (before != null) {
                    Plan.Waves waves = new Plan.Waves(before.wave(), now.wave());
                    if (plan.pairs(key.population()).contains(waves)) {
                        addPair(key, sums, waves, before, now);
                    }
                }
                before = now;
            }
            if (crossCells.size() + crossPairs.size() > plan.mostSums()) {
                addToDomains();
            }
            if (sums.size() > plan.mostSums() && plan.isSplit(key.population(), key.stratum())) {
                emit();
            }
        }

        private boolean isOf(StratumKey key, String unit) {
            return peek() != null
                    && peek().getString(ResponseView.UNIT).equals(unit)
                    && peek().getString(ResponseView.STRATUM).equals(key.stratum())
                    && peek().getString(ResponseView.POPULATION).equals(key.population());
        }

        private UnitWave readWave(StratumKey key, String unit, StratumSums sums) {
            String wave = peek().getString(ResponseView.WAVE);
            long leastSize = Long.MAX_VALUE;
            long greatestSize = Long.MIN_VALUE;
            StratumDesign design = sums.design(wave);
            Cluster cluster = null;
            Answers only = null;
            List<String> values = null;
            boolean isOnlyCounted = false;
            long customers = 0;
            while (isOf(key, unit) && peek().getString(ResponseView.WAVE).equals(wave)) {
                String customer = peek().getString(ResponseView.CUSTOMER);
                List<Row> given = takeWhile(response -> isOf(key, unit)
                        && response.getString(ResponseView.WAVE).equals(wave)
                        && response.getString(ResponseView.CUSTOMER).equals(customer));
                List<List<String>> segments =
                        given.stream().map(plan.segments()::of).toList();
                for (Row response : given) {
                    design.addSize(orNone(response, ResponseView.STRATUM_SIZE));
                    long size = orNone(response, ResponseView.PSU_SIZE);
                    leastSize = Math.min(leastSize, size);
                    greatestSize = Math.max(greatestSize, size);
                }
                customers++;
                boolean isCounted = !given.get(0).getBoolean(ResponseView.IS_CROSS_PSU);
                boolean isUniform = segments.stream().allMatch(segments.get(0)::equals);
                if (customers == 1 && isUniform) {
                    only = answers(given);
                    values = segments.get(0);
                    isOnlyCounted = isCounted;
                } else {
                    if (cluster == null) {
                        cluster = new Cluster();
                        if (only != null) {
                            cluster.add(values, only, isOnlyCounted);
                        }
                    }
                    if (isUniform) {
                        cluster.add(segments.get(0), answers(given), isCounted);
                    } else {
                        cluster.add(given, segments, isCounted);
                    }
                }
            }
            design.addUnit(customers, leastSize, greatestSize);
            if (cluster == null) {
                crossCell(key, wave, values).add(only, isOnlyCounted);
                return new UnitWave(wave, values, only, Map.of());
            }
            return cluster.close(key, wave, sums, new SecondStage(customers, greatestSize));
        }

        private static long orNone(Row response, int field) {
            return response.isNullAt(field) ? 0 : response.getLong(field);
        }

        /** The customers of one unit in one wave. */
        private final class Cluster {
            private final Map<List<String>, SamplingUnit> byValues = new HashMap<>();
            private final Map<StratumSums.Cell, SamplingUnit> byCell = new HashMap<>();
            private final SamplingUnit total = plan.unit();

            /** Adds a customer all of whose responses share the segment values. */
            void add(List<String> values, Answers customer, boolean isCounted) {
                byValues.computeIfAbsent(values, any -> plan.unit()).add(customer, isCounted);
            }

            /** Adds a customer whose responses differ in them. */
            void add(List<Row> given, List<List<String>> segments, boolean isCounted) {
                Answers all = answers(given);
                total.add(all, isCounted);
                for (int i = 0; i < plan.segments().count(); i++) {
                    Map<String, List<Row>> byValue = new HashMap<>();
                    for (int j = 0; j < given.size(); j++) {
                        byValue.computeIfAbsent(segments.get(j).get(i), any -> new ArrayList<>())
                                .add(given.get(j));
                    }
                    int dimension = i;
                    byValue.forEach((value, rows) ->
                            byCell(new StratumSums.Cell(dimension, value)).add(answers(rows), all, isCounted));
                }
            }

            private SamplingUnit byCell(StratumSums.Cell cell) {
                return byCell.computeIfAbsent(cell, any -> plan.unit());
            }

            UnitWave close(StratumKey key, String wave, StratumSums sums, SecondStage stage) {
                if (byValues.size() == 1 && byCell.isEmpty()) {
                    var one = byValues.entrySet().iterator().next();
                    crossCell(key, wave, one.getKey()).add(one.getValue(), stage);
                    return new UnitWave(wave, one.getKey(), one.getValue(), Map.of());
                }
                byValues.forEach((values, unit) -> {
                    total.add(unit);
                    for (int i = 0; i < values.size(); i++) {
                        byCell(new StratumSums.Cell(i, values.get(i))).add(unit);
                    }
                });
                sums.cell(wave, StratumSums.Cell.ALL).add(total, stage);
                byCell.forEach((cell, unit) -> sums.cell(wave, cell).add(unit, total, stage));
                return new UnitWave(wave, null, total, byCell);
            }
        }

        private Answers answers(List<Row> given) {
            Answers sums = plan.answers();
            for (Row response : given) {
                answered.read(response);
                plan.measure(answered, sums);
            }
            return sums;
        }

        private DomainSums crossCell(StratumKey key, String wave, List<String> values) {
            return crossCells.computeIfAbsent(new CrossCell(key, wave, values), any -> new DomainSums(figures));
        }

        private void addPair(StratumKey key, StratumSums sums, Plan.Waves waves, UnitWave before, UnitWave now) {
            sums.addInBoth(waves, 1);
            if (before.values() != null && before.values().equals(now.values())) {
                PairSums pair = crossPairs.computeIfAbsent(
                        new CrossPair(key, waves, now.values()), any -> new PairSums(figures, compared));
                pair.add(before.total(), now.total());
                pair.addLevels(before.total(), before.total(), now.total(), now.total());
            } else {
                before.forEach((cell, earlier) -> {
                    Answers later = now.in(cell);
                    if (later != null) {
                        sums.pair(waves, cell).add(earlier, later);
                    }
                });
                if (plan.margins().levels() > 0) {
                    // raked to the margins of the other wave, a unit matters there even outside the domain
                    before.forEach((cell, earlier) ->
                            sums.pair(waves, cell).addLevels(earlier, before.total(), null, now.total()));
                    now.forEach((cell, later) ->
                            sums.pair(waves, cell).addLevels(null, before.total(), later, now.total()));
                }
            }
        }

        private void addToDomains() {
            crossCells.forEach((shared, sums) -> {
                StratumSums stratum = strata.get(shared.stratum());
                stratum.cell(shared.wave(), StratumSums.Cell.ALL).add(sums);
                for (int i = 0; i < shared.values().size(); i++) {
                    stratum.cell(
                                    shared.wave(),
                                    new StratumSums.Cell(i, shared.values().get(i)))
                            .add(sums);
                }
            });
            crossCells.clear();
            crossPairs.forEach((shared, sums) -> {
                StratumSums stratum = strata.get(shared.stratum());
                stratum.pair(shared.waves(), StratumSums.Cell.ALL).add(sums);
                for (int i = 0; i < shared.values().size(); i++) {
                    stratum.pair(
                                    shared.waves(),
                                    new StratumSums.Cell(i, shared.values().get(i)))
                            .add(sums);
                }
            });
            crossPairs.clear();
        }

        /** Finalises a stratum whose responses all lie in this partition, where the next one begins. */
        private void finishStratum() {
            if (current == null || plan.isSplit(current.population(), current.stratum())) {
                return;
            }
            addToDomains();
            StratumSums complete = strata.remove(current);
            if (complete != null) {
                complete.finalise(overStrata, current.population(), plan.pairs(current.population()));
                complete.finaliseDesigns(overStrata, current.population());
            }
            current = null;
            if (overStrata.size() > plan.mostSums()) {
                overStrata.drain(part -> give(part.row()));
            }
        }

        private void emit() {
            addToDomains();
            strata.forEach(
                    (key, sums) -> sums.parts(key.population(), key.stratum()).forEach(part -> give(part.row())));
            strata.clear();
        }
    }
}
