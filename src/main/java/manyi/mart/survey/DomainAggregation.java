package manyi.mart.survey;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import manyi.math.survey.DomainSums;
import manyi.math.survey.DomainSums.Answers;
import manyi.math.survey.DomainSums.SecondStage;
import manyi.math.survey.DomainSums.Unit;
import manyi.math.survey.PairSums;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Condenses the responses of a partition to the sums of its cells. The responses of a sampling unit lie side by side, wave
 * by wave and there customer by customer. A unit whose responses of a wave share all segment values, as nearly every
 * unit's do, is added once to the cell of these values together, and these cells are added up per dimension afterwards;
 * any other unit is added to each cell it has a response in. A stratum that lies whole in the partition is folded at
 * once; the sums of others leave as they are.
 */
record DomainAggregation(Plan plan) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> responses) {
        return new Cells(responses);
    }

    private record StratumKey(String population, String stratum) {}

    /** The segment values of a unit's responses in a wave. */
    private record Together(StratumKey stratum, String wave, List<String> values) {}

    private record PairTogether(StratumKey stratum, Plan.Waves waves, List<String> values) {}

    /**
     * A sampling unit in one wave.
     *
     * @param values what all of its responses share; null where they differ
     * @param whole all of its answers
     * @param parts its answers by cell, where they differ
     */
    private record UnitWave(String wave, List<String> values, Answers whole, Map<StratumSums.Cell, Unit> parts) {

        Answers in(StratumSums.Cell cell) {
            if (cell.dimension() == PartialAggregate.ALL) {
                return whole;
            }
            if (values == null) {
                return parts.get(cell);
            }
            return values.get(cell.dimension()).equals(cell.value()) ? whole : null;
        }

        void forEach(BiConsumer<StratumSums.Cell, Answers> each) {
            each.accept(StratumSums.Cell.ALL, whole);
            if (values == null) {
                parts.forEach(each);
            } else {
                for (int i = 0; i < values.size(); i++) {
                    each.accept(new StratumSums.Cell(i, values.get(i)), whole);
                }
            }
        }
    }

    private final class Cells implements Iterator<Row> {
        private final Iterator<Row> responses;
        private final int figures = plan.figures().size();
        private final BitSet compared = plan.compared();
        private final ResponseView answered = new ResponseView(plan.index());
        private final Deque<Row> ready = new ArrayDeque<>();
        private final Map<StratumKey, StratumSums> strata = new HashMap<>();
        private final Map<Together, DomainSums> together = new HashMap<>();
        private final Map<PairTogether, PairSums> pairsTogether = new HashMap<>();
        private final StratumSums.Folded folded = new StratumSums.Folded(plan);
        private Row next;
        private StratumKey current;

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
                leave();
                emit();
                folded.drain(part -> ready.add(part.row()));
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
            StratumKey key =
                    new StratumKey(next.getString(ResponseView.POPULATION), next.getString(ResponseView.STRATUM));
            if (!key.equals(current)) {
                leave();
                current = key;
            }
            String name = next.getString(ResponseView.UNIT);
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
            if (together.size() + pairsTogether.size() > plan.mostSums()) {
                spread();
            }
            if (sums.size() > plan.mostSums() && plan.isSplit(key.population(), key.stratum())) {
                emit();
            }
        }

        private boolean isOf(StratumKey key, String unit) {
            return next != null
                    && next.getString(ResponseView.UNIT).equals(unit)
                    && next.getString(ResponseView.STRATUM).equals(key.stratum())
                    && next.getString(ResponseView.POPULATION).equals(key.population());
        }

        private UnitWave readWave(StratumKey key, String unit, StratumSums sums) {
            String wave = next.getString(ResponseView.WAVE);
            long leastSize = Long.MAX_VALUE;
            long greatestSize = Long.MIN_VALUE;
            StratumDesign design = sums.design(wave);
            Cluster cluster = null;
            Answers only = null;
            List<String> values = null;
            boolean isOnlyCounted = false;
            long customers = 0;
            while (isOf(key, unit) && next.getString(ResponseView.WAVE).equals(wave)) {
                List<Row> given = new ArrayList<>(1);
                List<List<String>> segments = new ArrayList<>(1);
                String customer = next.getString(ResponseView.CUSTOMER);
                while (isOf(key, unit)
                        && next.getString(ResponseView.WAVE).equals(wave)
                        && next.getString(ResponseView.CUSTOMER).equals(customer)) {
                    given.add(next);
                    segments.add(plan.segments().of(next));
                    design.addSize(
                            next.isNullAt(ResponseView.STRATUM_SIZE) ? 0 : next.getLong(ResponseView.STRATUM_SIZE));
                    long size = next.isNullAt(ResponseView.PSU_SIZE) ? 0 : next.getLong(ResponseView.PSU_SIZE);
                    leastSize = Math.min(leastSize, size);
                    greatestSize = Math.max(greatestSize, size);
                    advance();
                }
                customers++;
                boolean isCounted = !given.get(0).getBoolean(ResponseView.IS_STRAY);
                boolean isAlike = segments.stream().allMatch(segments.get(0)::equals);
                if (customers == 1 && isAlike) {
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
                    if (isAlike) {
                        cluster.add(segments.get(0), answers(given), isCounted);
                    } else {
                        cluster.add(given, segments, isCounted);
                    }
                }
            }
            design.addUnit(customers, leastSize, greatestSize);
            if (cluster == null) {
                together(key, wave, values).add(only, isOnlyCounted);
                return new UnitWave(wave, values, only, Map.of());
            }
            return cluster.close(key, wave, sums, new SecondStage(customers, greatestSize));
        }

        /** The customers of one unit in one wave. */
        private final class Cluster {
            private final Map<List<String>, Unit> alike = new HashMap<>();
            private final Map<StratumSums.Cell, Unit> apart = new HashMap<>();
            private final Unit whole = plan.unit();

            /** Adds a customer all of whose responses share the segment values. */
            void add(List<String> values, Answers customer, boolean isCounted) {
                alike.computeIfAbsent(values, any -> plan.unit()).add(customer, isCounted);
            }

            /** Adds a customer whose responses differ in them. */
            void add(List<Row> given, List<List<String>> segments, boolean isCounted) {
                Answers all = answers(given);
                whole.add(all, isCounted);
                for (int i = 0; i < plan.segments().count(); i++) {
                    Map<String, List<Row>> byValue = new HashMap<>();
                    for (int j = 0; j < given.size(); j++) {
                        byValue.computeIfAbsent(segments.get(j).get(i), any -> new ArrayList<>())
                                .add(given.get(j));
                    }
                    int dimension = i;
                    byValue.forEach((value, rows) ->
                            apart(new StratumSums.Cell(dimension, value)).add(answers(rows), all, isCounted));
                }
            }

            private Unit apart(StratumSums.Cell cell) {
                return apart.computeIfAbsent(cell, any -> plan.unit());
            }

            UnitWave close(StratumKey key, String wave, StratumSums sums, SecondStage stage) {
                if (alike.size() == 1 && apart.isEmpty()) {
                    var one = alike.entrySet().iterator().next();
                    together(key, wave, one.getKey()).add(one.getValue(), stage);
                    return new UnitWave(wave, one.getKey(), one.getValue(), Map.of());
                }
                alike.forEach((values, unit) -> {
                    whole.add(unit);
                    for (int i = 0; i < values.size(); i++) {
                        apart(new StratumSums.Cell(i, values.get(i))).add(unit);
                    }
                });
                sums.cell(wave, StratumSums.Cell.ALL).add(whole, stage);
                apart.forEach((cell, unit) -> sums.cell(wave, cell).add(unit, whole, stage));
                return new UnitWave(wave, null, whole, apart);
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

        private DomainSums together(StratumKey key, String wave, List<String> values) {
            return together.computeIfAbsent(new Together(key, wave, values), any -> new DomainSums(figures));
        }

        private void addPair(StratumKey key, StratumSums sums, Plan.Waves waves, UnitWave before, UnitWave now) {
            sums.addInBoth(waves, 1);
            if (before.values() != null && before.values().equals(now.values())) {
                PairSums pair = pairsTogether.computeIfAbsent(
                        new PairTogether(key, waves, now.values()), any -> new PairSums(figures, compared));
                pair.add(before.whole(), now.whole());
                pair.addLevels(before.whole(), before.whole(), now.whole(), now.whole());
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
                            sums.pair(waves, cell).addLevels(earlier, before.whole(), null, now.whole()));
                    now.forEach((cell, later) ->
                            sums.pair(waves, cell).addLevels(null, before.whole(), later, now.whole()));
                }
            }
        }

        private void spread() {
            together.forEach((shared, sums) -> {
                StratumSums stratum = strata.get(shared.stratum());
                stratum.cell(shared.wave(), StratumSums.Cell.ALL).add(sums);
                for (int i = 0; i < shared.values().size(); i++) {
                    stratum.cell(
                                    shared.wave(),
                                    new StratumSums.Cell(i, shared.values().get(i)))
                            .add(sums);
                }
            });
            together.clear();
            pairsTogether.forEach((shared, sums) -> {
                StratumSums stratum = strata.get(shared.stratum());
                stratum.pair(shared.waves(), StratumSums.Cell.ALL).add(sums);
                for (int i = 0; i < shared.values().size(); i++) {
                    stratum.pair(
                                    shared.waves(),
                                    new StratumSums.Cell(i, shared.values().get(i)))
                            .add(sums);
                }
            });
            pairsTogether.clear();
        }

        /** A stratum that lies whole in this partition ends where the next one begins. */
        private void leave() {
            if (current == null || plan.isSplit(current.population(), current.stratum())) {
                return;
            }
            spread();
            StratumSums whole = strata.remove(current);
            if (whole != null) {
                whole.fold(folded, current.population(), plan.pairs(current.population()));
                whole.foldDesigns(folded, current.population());
            }
            current = null;
            if (folded.size() > plan.mostSums()) {
                folded.drain(part -> ready.add(part.row()));
            }
        }

        private void emit() {
            spread();
            strata.forEach(
                    (key, sums) -> sums.parts(key.population(), key.stratum()).forEach(part -> ready.add(part.row())));
            strata.clear();
        }
    }
}
