package manyi.run;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import manyi.config.Job;
import manyi.conformed.CustomerKeys;
import manyi.mart.account.FileAccount;
import manyi.mart.value.EarlierModel;
import manyi.mart.value.LifetimeValueModel;
import manyi.source.SourceReader;
import manyi.store.Damage;
import manyi.store.DeltaStore;
import manyi.store.Pins;
import manyi.store.TableWriter;
import manyi.store.Warehouse;
import manyi.table.Dictionary;
import manyi.table.Failure;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a job: restore what the last run left, read what is new, derive what has changed, publish all together. */
public final class Run {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final SparkSession spark;
    private final RunRequest request;
    private final Job job;
    private final LocalDate asOf;
    private final String runId;
    private final CustomerKeys keys;
    private final Warehouse warehouse;
    private final DeltaStore store;
    private final Steps steps;
    private final Graph graph;
    private final Recovery recovery;
    private final Publication publication;
    private final Warnings warnings = new Warnings();

    private Run(SparkSession spark, RunRequest request, Progress progress) {
        this.spark = spark;
        this.request = request;
        this.job = request.job();
        this.asOf = request.asOf();
        this.runId = RunId.of(request.startedAt(), asOf);
        this.keys = Secrets.of(job, System.getenv());
        this.warehouse = Warehouse.at(job.warehouse());
        this.store = new DeltaStore(spark, warehouse.state());
        this.steps = new Steps(spark.sparkContext(), progress);
        this.graph = new Graph(Pipeline.of(job, asOf, keys));
        this.recovery = new Recovery(warehouse, store, graph);
        this.publication = new Publication(spark, warehouse);
    }

    /**
     * Runs the job and says how it ended.
     *
     * @throws Failure where configuration, data or another run stand in the way; readers then see what they saw before
     */
    public static RunResult execute(SparkSession spark, RunRequest request, Progress progress) {
        Run run = new Run(spark, request, progress);
        String holder =
                "run " + run.runId + ", process " + ProcessHandle.current().pid();
        spark.sparkContext().addSparkListener(run.steps.meter());
        try (Warehouse.Lock held = run.warehouse.lock(holder)) {
            LOG.info("{} of job {}: {} is {}", run.runId, run.job.name(), run.warehouse.root(), held);
            return run.withRemedies();
        } finally {
            spark.sparkContext().removeSparkListener(run.steps.meter());
        }
    }

    /** What libraries throw becomes a failure with its remedy, and every failure says what readers see. */
    private RunResult withRemedies() {
        try {
            return whileLocked();
        } catch (RuntimeException e) {
            Failure found = Damage.in(warehouse, e)
                    .or(() -> SourceReader.failureIn(e, job.sources()))
                    .orElseThrow(() -> e);
            throw new Failure(found.kind(), found.getMessage() + "\n" + warehouse.outcome(runId), e);
        }
    }

    private RunResult whileLocked() {
        Set<Table> wanted = wanted();
        warehouse.create();
        recovery.cleanUp();
        publication.finish();
        Journal journal = recovery.restored(request);
        Map<String, Long> before = store.versions();
        LocalDate today = request.startedAt().atZone(job.timeZone()).toLocalDate();
        RunWarnings checks = new RunWarnings(job, asOf, warnings);
        checks.ofRequest(today);

        Ingest ingest = new Ingest(spark, job, store, today, request.forgotten(), warnings, steps::done);
        Ingest.Changes changes = steps.timed("ingest", () -> ingest.read());
        Releases releases = steps.timed("releases", () -> Releases.decided(spark, store, job, asOf, warnings));
        publication.requireSeen(releases.revised(), asOf, request.isMadeCurrent());
        releases.write();

        Path folder = isPublishing() ? warehouse.run(runId) : warehouse.scratch();
        if (!isPublishing()) {
            Warehouse.remove(folder);
        }
        TableWriter writer = new TableWriter(spark, folder, warehouse.work());
        warehouse.restrict(folder);
        BorrowedModels earlier = new BorrowedModels(publication.history(), asOf);
        KeptTables kept = new KeptTables(
                store,
                graph,
                journal,
                new KeptTables.Landed(changes.months(), changes.grown(), before),
                asOf,
                releases.seen(),
                Map.of(EarlierModel.TABLE.name(), earlier.identity()));
        Scheduler scheduler = new Scheduler(
                spark.sparkContext(),
                graph,
                kept,
                writer,
                journal,
                (table, id) -> isPublishing() && writer.link(table, warehouse.run(id)),
                steps,
                Map.of(EarlierModel.TABLE.name(), earlier.rows()));
        scheduler.run(wanted, runId);
        steps.done("derivation");
        steps.run("warnings", () -> checks.ofTables(scheduler, kept, changes));
        List<RunResult.Account> accounts =
                steps.timed("accounts", () -> ingest.accounts(scheduler.read(FileAccount.TABLE)));

        if (!isPublishing()) {
            recovery.pinUnpublished(journal, before);
            Warehouse.remove(warehouse.work());
            return result(folder, false, Optional.empty(), accounts, scheduler);
        }
        steps.run("manifest", () -> {
            Dataset<Row> models = scheduler.has(LifetimeValueModel.TABLE)
                    ? scheduler.read(LifetimeValueModel.TABLE)
                    : spark.createDataFrame(List.of(), LifetimeValueModel.TABLE.schema());
            List<Row> borrowed = earlier.used(models, runId, warnings);
            writer.write(
                    Dictionary.TABLE,
                    spark.createDataFrame(Dictionary.rows(Pipeline.READABLE), Dictionary.TABLE.schema()));
            writer.write(
                    RunManifest.TABLE,
                    spark.createDataFrame(
                            RunManifest.rows(
                                    request,
                                    runId,
                                    RunManifest.facts(request, keys, spark.version()),
                                    ingest.inputs(),
                                    borrowed,
                                    store.versions(),
                                    scheduler.written()),
                            RunManifest.TABLE.schema()));
        });
        steps.done("staging");
        recovery.pin(journal);
        steps.done("pins");
        publication.complete(folder, asOf, releases.revised(), scheduler.linked());
        steps.done("publishing");
        Optional<LocalDate> later = publication.publish(runId, asOf, request.isMadeCurrent());
        steps.done("published");
        steps.run("history", () -> publication.append(folder));
        steps.done("history");
        Warehouse.remove(warehouse.work());
        steps.done("cleaned work");
        publication.clean(runId, job.retention(), store, request.startedAt());
        steps.done("cleaning");
        Pins.write(folder.resolve("metrics.json"), steps.meter().json());
        return result(folder, later.isEmpty(), later, accounts, scheduler);
    }

    /** A run of selected tables is a trial: it publishes nothing. */
    private boolean isPublishing() {
        return request.select().isEmpty();
    }

    /** The tables that are asked for, and the account of what was read. */
    private Set<Table> wanted() {
        Map<String, Table> known = new TreeMap<>();
        graph.inOrder().forEach(derivation -> known.put(derivation.table().name(), derivation.table()));
        for (String name : new TreeSet<>(request.select())) {
            if (!known.containsKey(name)) {
                throw new Failure(
                        Failure.Kind.USAGE, "no table " + name + " to select; the tables are " + known.keySet());
            }
        }
        Set<Table> wanted = new HashSet<>(Set.of(FileAccount.TABLE));
        known.values().stream()
                .filter(table -> isPublishing()
                        ? table.visibility() != Visibility.INTERNAL
                                || graph.kept().contains(table)
                        : request.select().contains(table.name()))
                .forEach(wanted::add);
        return wanted;
    }

    private RunResult result(
            Path folder,
            boolean isCurrent,
            Optional<LocalDate> later,
            List<RunResult.Account> accounts,
            Scheduler scheduler) {
        return new RunResult(
                runId, asOf, folder, isCurrent, later, accounts, new ArrayList<>(scheduler.written()), warnings.all());
    }
}
