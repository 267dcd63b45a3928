package manyi.mart.survey;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import manyi.config.Dimension;
import manyi.math.survey.ChangeSums;
import manyi.math.survey.DesignSums;
import manyi.math.survey.DomainSums;
import manyi.math.survey.PairSums;

/**
 * The sums of one population and stratum, or of some of its units, by wave and cell. Once the stratum is complete they are
 * added to the sums over all strata.
 */
final class StratumSums {

    /** A cell by the place of its dimension and its value. */
    record Cell(int dimension, String value) {
        static final Cell ALL = new Cell(PartialAggregate.ALL, Dimension.ALL);
    }

    private final Plan plan;
    private final int figures;
    private final BitSet compared;
    private final Map<String, StratumDesign> designs = new TreeMap<>();
    private final Map<Plan.Waves, long[]> inBoth = new HashMap<>();
    private final Map<Cell, Map<String, DomainSums>> cells = new HashMap<>();
    private final Map<Cell, Map<Plan.Waves, PairSums>> pairs = new HashMap<>();
    private int size;
    private boolean isTotalFinalised;

    StratumSums(Plan plan) {
        this.plan = plan;
        figures = plan.figures().size();
        compared = plan.compared();
    }

    /** How many sums are open. */
    int size() {
        return size;
    }

    StratumDesign design(String wave) {
        return designs.computeIfAbsent(wave, any -> new StratumDesign());
    }

    void addInBoth(Plan.Waves waves, long units) {
        inBoth.computeIfAbsent(waves, any -> new long[1])[0] += units;
    }

    DomainSums cell(String wave, Cell cell) {
        return cells.computeIfAbsent(cell, any -> new TreeMap<>()).computeIfAbsent(wave, any -> {
            size++;
            return new DomainSums(figures, plan.summed(cell.dimension()));
        });
    }

    PairSums pair(Plan.Waves waves, Cell cell) {
        return pairs.computeIfAbsent(cell, any -> new HashMap<>()).computeIfAbsent(waves, any -> {
            size++;
            return new PairSums(figures, compared);
        });
    }

    /** Takes up what {@link #parts} gave. */
    void add(PartialAggregate part) {
        Cell cell = new Cell(part.dimension(), part.value());
        switch (part.kind()) {
            case STRATUM -> {
                if (part.previousWave().isEmpty()) {
                    design(part.wave()).add(new StratumDesign(part.data()));
                } else {
                    addInBoth(new Plan.Waves(part.previousWave(), part.wave()), part.data()[0]);
                }
            }
            case CELL_IN_STRATUM -> cell(part.wave(), cell).add(DomainSums.of(figures, part.data()));
            case PAIR_IN_STRATUM ->
                pair(new Plan.Waves(part.previousWave(), part.wave()), cell).add(PairSums.of(figures, part.data()));
            default -> throw new IllegalArgumentException(part.kind() + " is of no stratum");
        }
    }

    /** Everything held, packed, where other units of the stratum are held elsewhere. */
    List<PartialAggregate> parts(String population, String stratum) {
        List<PartialAggregate> parts = new ArrayList<>();
        designs.forEach((wave, design) -> parts.add(new PartialAggregate(
                PartialAggregate.Kind.STRATUM,
                population,
                stratum,
                PartialAggregate.DESIGN,
                "",
                wave,
                "",
                design.data())));
        inBoth.forEach((waves, units) -> parts.add(new PartialAggregate(
                PartialAggregate.Kind.STRATUM,
                population,
                stratum,
                PartialAggregate.DESIGN,
                "",
                waves.later(),
                waves.earlier(),
                units)));
        cells.forEach((cell, byWave) -> byWave.forEach((wave, sums) -> parts.add(new PartialAggregate(
                PartialAggregate.Kind.CELL_IN_STRATUM,
                population,
                stratum,
                cell.dimension(),
                cell.value(),
                wave,
                "",
                sums.data()))));
        pairs.forEach((cell, byWaves) -> byWaves.forEach((waves, sums) -> parts.add(new PartialAggregate(
                PartialAggregate.Kind.PAIR_IN_STRATUM,
                population,
                stratum,
                cell.dimension(),
                cell.value(),
                waves.later(),
                waves.earlier(),
                sums.data()))));
        return parts;
    }

    /**
     * Adds the cells that are held to the sums over strata; the total and the designs stay, since later cells of the
     * stratum need them.
     *
     * @param waves the consecutive waves of the population
     */
    void finalise(OverStrata overStrata, String population, List<Plan.Waves> waves) {
        Map<String, DomainSums> all = cells.getOrDefault(Cell.ALL, Map.of());
        Set<Cell> open = new HashSet<>(cells.keySet());
        if (isTotalFinalised) {
            open.remove(Cell.ALL);
        }
        isTotalFinalised |= open.contains(Cell.ALL);
        for (Cell cell : open) {
            Map<String, DomainSums> byWave = cells.get(cell);
            byWave.forEach((wave, sums) -> overStrata
                    .cell(population, wave, cell)
                    .add(sums, all.get(wave), designs.get(wave).stratum()));
            for (Plan.Waves pair : waves) {
                DomainSums earlier = byWave.get(pair.earlier());
                DomainSums later = byWave.get(pair.later());
                if (earlier != null || later != null) {
                    PairSums shared = pairs.getOrDefault(cell, Map.of()).get(pair);
                    DomainSums before = orNone(earlier);
                    DomainSums now = orNone(later);
                    boolean isTotal = cell.equals(Cell.ALL);
                    overStrata
                            .change(population, pair, cell)
                            .add(
                                    before,
                                    now,
                                    shared == null ? new PairSums(figures, compared) : shared,
                                    isTotal ? before : orNone(all.get(pair.earlier())),
                                    isTotal ? now : orNone(all.get(pair.later())),
                                    psusInEither(pair));
                }
            }
        }
        cells.keySet().removeIf(cell -> !cell.equals(Cell.ALL));
        pairs.clear();
        size = 0;
    }

    /** Adds the stratum to the accounts of its waves. */
    void finaliseDesigns(OverStrata overStrata, String population) {
        designs.forEach((wave, design) -> overStrata.design(population, wave).addStratum(design));
    }

    private DomainSums orNone(DomainSums sums) {
        return sums == null ? new DomainSums(figures) : sums;
    }

    private long psusInEither(Plan.Waves waves) {
        long[] both = inBoth.getOrDefault(waves, new long[1]);
        StratumDesign earlier = designs.get(waves.earlier());
        StratumDesign later = designs.get(waves.later());
        return (earlier == null ? 0 : earlier.psus()) + (later == null ? 0 : later.psus()) - both[0];
    }

    /** Sums over strata. */
    static final class OverStrata {
        private record Key(String population, String wave, String previousWave, Cell cell) {}

        private final int figures;
        private final BitSet withReplacement;
        private final Map<Key, DesignSums> cells = new HashMap<>();
        private final Map<Key, ChangeSums> changes = new HashMap<>();
        private final Map<Key, StratumDesign> designs = new HashMap<>();

        OverStrata(Plan plan) {
            figures = plan.figures().size();
            withReplacement = plan.withReplacement();
        }

        int size() {
            return cells.size() + changes.size();
        }

        DesignSums cell(String population, String wave, Cell cell) {
            return cells.computeIfAbsent(
                    new Key(population, wave, "", cell), any -> new DesignSums(figures, withReplacement));
        }

        ChangeSums change(String population, Plan.Waves waves, Cell cell) {
            return changes.computeIfAbsent(
                    new Key(population, waves.later(), waves.earlier(), cell), any -> new ChangeSums(figures));
        }

        StratumDesign design(String population, String wave) {
            return designs.computeIfAbsent(
                    new Key(population, wave, "", new Cell(PartialAggregate.DESIGN, "")), any -> new StratumDesign());
        }

        /** Hands over everything, packed, and is empty again. */
        void drain(Consumer<PartialAggregate> to) {
            designs.forEach((key, sums) -> to.accept(part(PartialAggregate.Kind.WAVE, key, sums.data())));
            cells.forEach((key, sums) -> to.accept(part(PartialAggregate.Kind.CELL, key, sums.data())));
            changes.forEach((key, sums) -> to.accept(part(PartialAggregate.Kind.CHANGE, key, sums.data())));
            designs.clear();
            cells.clear();
            changes.clear();
        }

        private static PartialAggregate part(PartialAggregate.Kind kind, Key key, long[] data) {
            return new PartialAggregate(
                    kind,
                    key.population(),
                    "",
                    key.cell().dimension(),
                    key.cell().value(),
                    key.wave(),
                    key.previousWave(),
                    data);
        }
    }
}
