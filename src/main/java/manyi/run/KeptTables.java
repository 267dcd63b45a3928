package manyi.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import manyi.store.DeltaStore;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Digest;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables that are kept from run to run: brings them up to date with what has changed, each in its way, and reads them
 * as they were on the evening of as_of.
 */
final class KeptTables implements Identities.Wholeness {

    private final DeltaStore store;
    private final Graph graph;
    private final Journal journal;
    private final Landed landed;
    private final LocalDate asOf;
    private final LocalDate cut;
    private final Map<String, Integer> releases;
    private final Identities identities;
    private final Identities identitiesBefore;
    /** Versions before rows were appended in this run. */
    private final Map<String, Optional<Long>> appended = new ConcurrentHashMap<>();
    /** Whether no row of a root lies after as_of, by the root's name. */
    private final Map<String, Boolean> wholeRoots = new HashMap<>();

    /**
     * What this run has landed.
     *
     * @param months of landed rows that are others now, by their first days
     * @param grown tables to which rows were only added, none of them another version of an earlier one, with the version
     *     before
     * @param before the versions of all tables when the run began
     */
    record Landed(Set<LocalDate> months, Map<String, Optional<Long>> grown, Map<String, Long> before) {}

    KeptTables(
            DeltaStore store,
            Graph graph,
            Journal journal,
            Landed landed,
            LocalDate asOf,
            Map<String, Integer> releases,
            Map<String, String> givenIdentities) {
        this.store = store;
        this.graph = graph;
        this.journal = journal;
        this.landed = landed;
        this.asOf = asOf;
        this.cut = asOf.withDayOfMonth(1);
        this.releases = Map.copyOf(releases);
        this.identities = new Identities(
                graph,
                table -> givenIdentities.getOrDefault(
                        table.name(),
                        table.name() + "@"
                                + store.version(table.name())
                                        .map(String::valueOf)
                                        .orElse("")),
                releases,
                asOf,
                this);
        this.identitiesBefore = new Identities(
                graph,
                table -> table.name() + "@"
                        + Optional.ofNullable(landed.before().get(table.name()))
                                .map(String::valueOf)
                                .orElse(""),
                releases,
                asOf,
                this);
        if (!landed.months().isEmpty()) {
            for (Derivation derivation : graph.inOrder()) {
                if (derivation.keeping() == Keeping.BY_MONTH) {
                    Set<LocalDate> pending = journal.pending(derivation.table());
                    pending.addAll(landed.months());
                    journal.pending(derivation.table(), pending);
                }
            }
        }
    }

    Identities identities() {
        return identities;
    }

    // ---- what as_of leaves out

    @Override
    public boolean isWhole(Derivation derivation) {
        if (derivation.day().isPresent() && graph.of(derivation.inputs().get(0)).isEmpty()) {
            return wholeRoots.computeIfAbsent(
                    derivation.table().name(),
                    name -> isWhole(derivation.inputs().get(0), derivation.day().get()));
        }
        return derivation.inputs().stream()
                .flatMap(input -> graph.of(input).stream())
                .filter(Graph::isKept)
                .allMatch(this::isWhole);
    }

    /** Whether rows of a kept table lie after as_of. */
    boolean isCut(Table table) {
        return graph.of(table).filter(derivation -> !isWhole(derivation)).isPresent();
    }

    private synchronized boolean isWhole(Table root, Field day) {
        Row last = store.read(root)
                .where(col(Table.MONTH).geq(lit(cut)))
                .agg(max(day.col()))
                .head();
        return last.isNullAt(0) || !last.getLocalDate(0).isAfter(asOf);
    }

    /** Whether the table at as_of cannot be read from the kept one, and is derived for the run. */
    boolean isMadeForRun(Derivation derivation) {
        return Graph.isKept(derivation)
                && derivation.keeping() != Keeping.BY_WAVE
                && derivation.day().isEmpty()
                && !isWhole(derivation)
                && (derivation.keeping() == Keeping.ON_CHANGE || graph.readsEachRun(derivation));
    }

    /** The rows of a kept or landed table that lie up to as_of; not for tables that are made for the run. */
    Dataset<Row> read(Table table) {
        Optional<Derivation> made = graph.of(table);
        if (made.isEmpty()) {
            return store.read(table);
        }
        Derivation derivation = made.get();
        if (derivation.keeping() == Keeping.BY_WAVE) {
            return store.read(table)
                    .where(col(Table.WAVE).isin(releases.keySet().toArray()));
        }
        if (isWhole(derivation)) {
            return store.read(table);
        }
        if (derivation.day().isPresent()) {
            return store.read(table).where(derivation.day().get().col().leq(lit(asOf)));
        }
        if (isMadeForRun(derivation)) {
            throw new IllegalStateException(table.name() + " is made for the run");
        }
        Dataset<Row> ofCutMonth =
                derivation.from(input -> read(input).where(col(Table.MONTH).equalTo(lit(cut))));
        return store.read(table).where(col(Table.MONTH).lt(lit(cut))).unionByName(table.conform(ofCutMonth));
    }

    /** All rows of a kept or landed table. */
    Dataset<Row> readUncut(Table table) {
        return store.read(table);
    }

    // ---- bringing up to date

    /** Whether the kept table is not what it would be if it were derived now. */
    boolean isStale(Derivation derivation) {
        Table table = derivation.table();
        return switch (derivation.keeping()) {
            case EACH_RUN -> false;
            case ON_CHANGE -> !identities.ofKept(table).equals(journal.identity(table));
            case BY_WAVE -> !missing(derivation).isEmpty();
            case BY_MONTH ->
                (isWhole(derivation) || !graph.readsEachRun(derivation))
                        && (!journal.pending(table).isEmpty()
                                || !noted(derivation).equals(journal.identity(table)));
        };
    }

    /** What is noted of a table by month: its definition, and what it follows. */
    private String noted(Derivation derivation) {
        return Digest.sha256(Identities.definition(derivation)) + ":"
                + derivation.follows().map(identities::ofRead).orElse("");
    }

    /** The waves, with their revisions, that a table by wave lacks. */
    private Map<String, Integer> missing(Derivation derivation) {
        Map<String, Integer> missing = new TreeMap<>(releases);
        missing.entrySet().removeAll(journal.waves(derivation.table()).entrySet());
        return missing;
    }

    /**
     * Brings a stale table up to date.
     *
     * @param inputs all rows of its inputs
     * @throws FailedAudit where rows break the table's rules; what was written is not pinned then
     */
    void refresh(Derivation derivation, Inputs inputs) {
        switch (derivation.keeping()) {
            case ON_CHANGE -> refreshOnChange(derivation, inputs);
            case BY_MONTH -> refreshByMonth(derivation, inputs);
            case BY_WAVE -> refreshByWave(derivation, inputs);
            case EACH_RUN ->
                throw new IllegalArgumentException(derivation.table().name() + " is not kept");
        }
    }

    private void refreshOnChange(Derivation derivation, Inputs inputs) {
        Table table = derivation.table();
        Optional<Table> extendedBy = derivation.extendedBy().filter(input -> appended.containsKey(input.name()));
        boolean wasUpToDate = store.has(table) && journal.identity(table).equals(identitiesBefore.ofKept(table));
        Dataset<Row> rows = extendedBy.isPresent() && wasUpToDate
                ? derivation.extended(store.read(table), added(extendedBy.get()))
                : derivation.from(inputs);
        audited(derivation, rows, watched -> store.overwrite(table, watched), () -> store.read(table));
        journal.identity(table, identities.ofKept(table));
    }

    private Dataset<Row> added(Table table) {
        return store.added(table, appended.get(table.name()));
    }

    private void refreshByMonth(Derivation derivation, Inputs inputs) {
        Table table = derivation.table();
        Set<LocalDate> months = journal.pending(table);
        String noted = noted(derivation);
        String before = journal.identity(table);
        Map<LocalDate, String> followed =
                derivation.follows().map(input -> values(inputs.read(input))).orElse(Map.of());
        if (!noted.substring(0, noted.indexOf(':')).equals(before.substring(0, Math.max(0, before.indexOf(':'))))) {
            audited(
                    derivation,
                    derivation.from(inputs),
                    watched -> store.overwrite(table, watched),
                    () -> store.read(table));
        } else if (isAppended(derivation, months)) {
            Table first = derivation.inputs().get(0);
            Optional<Long> version = store.version(table.name());
            Dataset<Row> grown = store.added(first, landed.grown().get(first.name()));
            audited(
                    derivation,
                    derivation.from(input -> input.equals(first) ? grown : inputs.read(input)),
                    watched -> store.append(table, watched),
                    () -> store.added(table, version));
            appended.put(table.name(), version);
        } else {
            months.addAll(followers(derivation, followed));
            if (!months.isEmpty()) {
                replace(derivation, inputs, List.copyOf(months));
            }
        }
        journal.pending(table, Set.of());
        journal.followed(table, followed);
        journal.identity(table, noted);
    }

    private void replace(Derivation derivation, Inputs inputs, List<LocalDate> months) {
        Table table = derivation.table();
        Dataset<Row> rows = derivation
                .from(input -> {
                    Dataset<Row> all = inputs.read(input);
                    return input.isBy(Table.MONTH) ? derivation.deciding(input, all, months) : all;
                })
                .where(col(Table.MONTH).isin(months.toArray()));
        audited(
                derivation,
                rows,
                watched -> store.replace(table, watched, months),
                () -> store.read(table).where(col(Table.MONTH).isin(months.toArray())));
    }

    private boolean isAppended(Derivation derivation, Set<LocalDate> months) {
        return derivation.isRowByRow()
                && landed.grown().containsKey(derivation.inputs().get(0).name())
                && months.equals(landed.months());
    }

    /** The months of a table that are no longer right since another table has changed. */
    private Set<LocalDate> followers(Derivation derivation, Map<LocalDate, String> now) {
        Map<LocalDate, String> before = journal.followed(derivation.table());
        Set<LocalDate> changed = new TreeSet<>(before.keySet());
        changed.addAll(now.keySet());
        changed.removeIf(month -> Objects.equals(before.get(month), now.get(month)));
        Set<LocalDate> months = new TreeSet<>();
        if (!changed.isEmpty()) {
            LocalDate first = changed.iterator().next();
            derivation.inputs().stream()
                    .filter(input -> input.isBy(Table.MONTH))
                    .flatMap(input -> store.partitions(input).stream())
                    .map(LocalDate::parse)
                    .filter(month -> !month.isBefore(first))
                    .forEach(months::add);
        }
        return months;
    }

    private static Map<LocalDate, String> values(Dataset<Row> rows) {
        Map<LocalDate, String> values = new LinkedHashMap<>();
        rows.collectAsList().forEach(row -> values.put(row.getLocalDate(0), String.valueOf(row.get(1))));
        return values;
    }

    private void refreshByWave(Derivation derivation, Inputs inputs) {
        Table table = derivation.table();
        Map<String, Integer> missing = missing(derivation);
        Object[] names = missing.keySet().toArray();
        Dataset<Row> rows = derivation
                .from(input -> {
                    Dataset<Row> all = inputs.read(input);
                    return input.has(Table.WAVE) && !derivation.isOfEarlierWaves()
                            ? all.where(col(Table.WAVE).isin(names))
                            : all;
                })
                .where(col(Table.WAVE).isin(names));
        audited(
                derivation,
                rows,
                watched -> store.replace(table, watched, new ArrayList<>(missing.keySet())),
                () -> store.read(table).where(col(Table.WAVE).isin(names)));
        Map<String, Integer> waves = journal.waves(table);
        waves.putAll(missing);
        journal.waves(table, waves);
    }

    private interface Writing {
        void write(Dataset<Row> rows);
    }

    private interface Written {
        Dataset<Row> rows();
    }

    private static void audited(Derivation derivation, Dataset<Row> rows, Writing writing, Written written) {
        Table table = derivation.table();
        if (derivation.isKeyedByPlan() || table.key().isEmpty()) {
            Audit.Watch watch = Audit.watchRules(table, rows);
            writing.write(watch.rows());
            FailedAudit.refused(watch.report(written::rows));
        } else {
            writing.write(rows);
            FailedAudit.refused(Audit.of(table, written.rows()));
        }
    }
}
