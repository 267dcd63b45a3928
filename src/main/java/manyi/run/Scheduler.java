package manyi.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manyi.store.TableWriter;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Derives what a run needs, each table as soon as its inputs are there. A table of the last run that would be made of the
 * same again is linked instead; what only such tables read is not made at all. A kept table lies in the store from run to run
 * and is refreshed where it is stale; where rows lie after as_of, the run reads it cut, or makes it for itself alone.
 */
final class Scheduler {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /** Of a run, once its tables are made. */
    private static final int STEPS_AFTER = 8;

    private final SparkContext context;
    private final Graph graph;
    private final KeptTables kept;
    private final TableWriter writer;
    private final Journal journal;
    private final Earlier earlier;
    private final Steps steps;
    private final Map<String, Dataset<Row>> given;
    private final Map<String, RunResult.Written> written = new TreeMap<>();
    private final Set<String> linked = new TreeSet<>();
    /** What this run wrote or linked, by name. */
    private final Set<String> inRun = ConcurrentHashMap.newKeySet();

    /** Puts a table of an earlier run where this run has it. */
    @FunctionalInterface
    interface Earlier {
        /** Whether the table was still there. */
        boolean link(Table table, String runId);
    }

    /**
     * @param given the rows of tables that neither the graph nor the store has
     */
    Scheduler(
            SparkContext context,
            Graph graph,
            KeptTables kept,
            TableWriter writer,
            Journal journal,
            Earlier earlier,
            Steps steps,
            Map<String, Dataset<Row>> given) {
        this.context = context;
        this.graph = graph;
        this.kept = kept;
        this.writer = writer;
        this.journal = journal;
        this.earlier = earlier;
        this.steps = steps;
        this.given = Map.copyOf(given);
    }

    /**
     * Brings tables up to date.
     *
     * @param wanted tables; with them comes what they rest on
     * @param runId notes which run made them
     */
    void run(Set<Table> wanted, String runId) {
        List<Derivation> waiting = plan(wanted);
        Set<String> planned = new HashSet<>();
        waiting.forEach(derivation -> planned.add(derivation.table().name()));
        Set<String> ready = new HashSet<>();
        steps.expect(waiting.size() + STEPS_AFTER);
        try (Workers<Derivation> workers = new Workers<>(context)) {
            int inFlight = 0;
            while (!waiting.isEmpty() || inFlight > 0) {
                for (Derivation derivation : List.copyOf(waiting)) {
                    boolean isReady = derivation.inputs().stream()
                            .allMatch(input -> !planned.contains(input.name()) || ready.contains(input.name()));
                    if (isReady) {
                        waiting.remove(derivation);
                        inFlight++;
                        workers.submit(() -> steps.timed(derivation.table().name(), () -> made(derivation, runId)));
                    }
                }
                Derivation finished = workers.next();
                inFlight--;
                ready.add(finished.table().name());
                steps.done(finished.table().name());
            }
        }
    }

    /** What must be made, in order. Who reads comes first, since what only linked tables read is not made. */
    private List<Derivation> plan(Set<Table> wanted) {
        List<Derivation> order = graph.inOrder();
        Set<String> read = new HashSet<>();
        wanted.stream().filter(table -> !graph.kept().contains(table)).forEach(table -> read.add(table.name()));
        Set<String> names = graph.withInputs(wanted);
        List<Derivation> planned = new ArrayList<>();
        for (int i = order.size() - 1; i >= 0; i--) {
            Derivation derivation = order.get(i);
            if (names.contains(derivation.table().name()) && isNeeded(derivation, read)) {
                planned.add(0, derivation);
                boolean isCut = !derivation.isUncut() && (!Graph.isKept(derivation) || kept.isMadeForRun(derivation));
                derivation.inputs().stream()
                        .filter(input ->
                                isCut || graph.of(input).filter(Graph::isKept).isEmpty())
                        .forEach(input -> read.add(input.name()));
            }
        }
        return planned;
    }

    /**
     * @param read names of the tables that are read in this run
     */
    private boolean isNeeded(Derivation derivation, Set<String> read) {
        Table table = derivation.table();
        boolean isRead = read.contains(table.name());
        if (Graph.isKept(derivation)) {
            return kept.isStale(derivation) || (isRead && kept.isMadeForRun(derivation));
        }
        return table.visibility() == Visibility.INTERNAL ? isRead : !hasLinked(derivation);
    }

    /** Links the table of the last run, where it would be made of the same again and is still there. */
    private boolean hasLinked(Derivation derivation) {
        Table table = derivation.table();
        Optional<Journal.Made> made = journal.made(table)
                .filter(last -> last.identity().equals(kept.identities().ofRead(table)))
                .filter(last -> earlier.link(table, last.runId()));
        made.ifPresent(last -> {
            LOG.info("{}: unchanged since run {}, since none of its inputs has changed", table.name(), last.runId());
            linked.add(table.name());
            record(table, new RunResult.Written(table.name(), last.rows(), last.digest()));
        });
        return made.isPresent();
    }

    private Derivation made(Derivation derivation, String runId) {
        Table table = derivation.table();
        if (!Graph.isKept(derivation)) {
            make(derivation, derivation.isUncut() ? this::readUncut : this::read, runId);
            return derivation;
        }
        if (kept.isStale(derivation)) {
            kept.refresh(derivation, declared(derivation, this::readUncut));
        }
        if (kept.isMadeForRun(derivation)) {
            writer.write(table, derivation.from(declared(derivation, this::read)));
            inRun.add(table.name());
        }
        return derivation;
    }

    /** Audits the rows while they are written. Suppressed and rounded rows need not add up: the rules are those of the rows before. */
    private void make(Derivation derivation, Function<Table, Dataset<Row>> reading, String runId) {
        Table table = derivation.table();
        Audit.Watch whole = Audit.watchRules(table, derivation.from(declared(derivation, reading)));
        Audit.Watch published =
                Audit.watchContent(table, derivation.suppressed(whole.rows()), derivation.isKeyedByPlan());
        writer.write(table, published.rows());
        FailedAudit.refused(whole.report(() -> table.conform(derivation.from(declared(derivation, reading)))));
        inRun.add(table.name());
        Audit.Report report = published.report(() -> writer.read(table));
        FailedAudit.refused(report);
        if (table.visibility() != Visibility.INTERNAL) {
            record(table, new RunResult.Written(table.name(), report.rows(), report.digest()));
            journal.made(
                    table, new Journal.Made(kept.identities().ofRead(table), report.rows(), report.digest(), runId));
        }
    }

    private synchronized void record(Table table, RunResult.Written one) {
        inRun.add(table.name());
        written.put(table.name(), one);
        LOG.info("{}: {} rows, digest {}", one.table(), one.rows(), one.digest());
    }

    private static Inputs declared(Derivation derivation, Function<Table, Dataset<Row>> reading) {
        return input -> {
            if (!derivation.inputs().contains(input)) {
                throw new IllegalStateException(
                        derivation.table().name() + " reads " + input.name() + " without declaring it");
            }
            return reading.apply(input);
        };
    }

    /** Whether this run has made or linked a table. */
    boolean has(Table table) {
        return inRun.contains(table.name());
    }

    /** The rows of a table as the run sees them. */
    Dataset<Row> read(Table table) {
        if (inRun.contains(table.name())) {
            return writer.read(table);
        }
        return given.containsKey(table.name()) ? given.get(table.name()) : kept.read(table);
    }

    /** The rows of a table, those after as_of included where it is a kept one. */
    private Dataset<Row> readUncut(Table table) {
        boolean isKept = graph.of(table).map(Graph::isKept).orElse(true);
        return isKept ? kept.readUncut(table) : read(table);
    }

    /** The names of the tables that are those of an earlier run of the same day. */
    Set<String> linked() {
        return Set.copyOf(linked);
    }

    /** The published and restricted tables of the run. */
    synchronized List<RunResult.Written> written() {
        return List.copyOf(written.values());
    }
}
