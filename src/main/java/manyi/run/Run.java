package manyi.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.SourceKind;
import manyi.config.SurveyModel;
import manyi.config.Weighting;
import manyi.conformed.Customer;
import manyi.conformed.CustomerKeys;
import manyi.conformed.SurveyResponse;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.survey.MarginCount;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.Respondents;
import manyi.mart.value.EarlierModel;
import manyi.mart.value.LifetimeValueModel;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.source.SourceReader;
import manyi.store.Backup;
import manyi.store.Cache;
import manyi.store.DeltaStore;
import manyi.store.Pins;
import manyi.store.TableWriter;
import manyi.store.Warehouse;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Dictionary;
import manyi.table.Digest;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a job: read, derive, audit, stage, publish. */
public final class Run {

    /** Below so many the standard deviation of replicates is itself wrong by more than a tenth or so. */
    private static final int FEW_REPLICATES = 50;

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String AS_OF_MARK = "-asof-";
    private static final String COMPLETE = "run.json";
    private static final String HISTORY_DONE = "history.done";
    private static final double VACUUM_HOURS = 168;

    private final SparkSession spark;
    private final RunRequest request;
    private final Progress progress;
    private final Job job;
    private final LocalDate asOf;
    private final Warehouse warehouse;
    private final DeltaStore store;
    private final Cache cache;
    private final Meter meter = new Meter();
    private final String runId;
    private final Map<String, RunResult.Written> written = new TreeMap<>();
    /** Content digests of the tables that this run has derived. */
    private final Map<String, String> digests = new ConcurrentHashMap<>();

    private final Backup aside;
    /** Whether what earlier runs kept of closed waves is gone. */
    private boolean isRestatingAll;

    private int done;
    private int total = 8;

    private Run(SparkSession spark, RunRequest request, Progress progress) {
        this.spark = spark;
        this.request = request;
        this.progress = progress;
        this.job = request.job();
        this.asOf = request.asOf();
        this.warehouse = Warehouse.at(job.warehouse());
        this.store = new DeltaStore(spark, warehouse.state());
        this.aside = new Backup(warehouse.state(), warehouse.aside());
        this.cache = new Cache(warehouse.cache());
        this.runId = STAMP.format(request.startedAt()) + AS_OF_MARK + asOf;
    }

    /**
     * Runs the job and says how it ended.
     *
     * @throws Failure where configuration, data or another run stand in the way; readers then see what they saw before
     */
    public static RunResult execute(SparkSession spark, RunRequest request, Progress progress) {
        Run run = new Run(spark, request, progress);
        CustomerKeys keys = Secrets.of(request.job(), System.getenv());
        String holder =
                "run " + run.runId + ", process " + ProcessHandle.current().pid();
        spark.sparkContext().addSparkListener(run.meter);
        try (Warehouse.Lock held = run.warehouse.lock(holder)) {
            LOG.info("{} of job {}: {} is {}", run.runId, run.job.name(), run.warehouse.root(), held);
            return run.whileHeld(keys);
        } finally {
            spark.sparkContext().removeSparkListener(run.meter);
        }
    }

    private RunResult whileHeld(CustomerKeys keys) {
        warehouse.create();
        recover();
        State state = new State(spark, job, store, asOf);
        // what is read again needs nothing of what is there, so damage to it is no matter
        // the pins may be damaged, which is what --reload is for
        isRestatingAll = request.isReload() && store.has(PublishedWaves.RESPONSE);
        Pins pins = prepared(request.isReload() ? Pins.none() : Pins.read(warehouse.state()), state);
        if (store.rollBack(pins)) {
            // the restored versions are what the pins mean; they must not grow old in the log
            pins = new Pins(store.versions(), pins.notes());
            pins.write(warehouse.state());
        }
        state.recall(pins.notes());
        if (request.isReload() || request.isFullRefresh()) {
            cache.clear();
        }
        boolean isRebuilt = store.has(ReadFile.TABLE) && !pins.notes().containsKey(State.DERIVED);
        LocalDate today = request.startedAt().atZone(job.timeZone()).toLocalDate();
        Ingest ingest = new Ingest(spark, job, store, today, request.forgotten(), (name, at, of) -> step(name));

        if (isRestatingAll && request.select().isEmpty()) {
            ingest.warn("survey: all closed waves are published anew, with answers that were held back until there are"
                    + " enough of them, since the questionnaire, the segments or the columns of a survey are others,"
                    + " or all was derived again");
        }
        job.satisfaction()
                .flatMap(satisfaction -> satisfaction.questionnaire().model())
                .map(SurveyModel::replicates)
                .filter(replicates -> replicates < FEW_REPLICATES)
                .ifPresent(replicates -> ingest.warn("questionnaire: bootstrap.replicates is " + replicates
                        + "; errors and limits of path model and drivers that rest on fewer than " + FEW_REPLICATES
                        + " are not to be relied on"));
        if (asOf.isAfter(today)) {
            ingest.warn("as_of " + asOf + " lies after today, which is " + today + " in " + job.timeZone()
                    + "; the days between count as days without purchases and answers");
        }
        Set<String> forgotten = state.wavesOf(request.forgotten());
        Ingest.Changes found = timed("ingest", () -> ingest.read(warehouse.seen()));
        Ingest.Changes changes = isRebuilt
                ? new Ingest.Changes(Set.copyOf(List.of(SourceKind.values())), state.months(), false, Optional.empty())
                : found;
        stage("state", () -> state.update(ingest, changes, forgotten, this::stage, (name, at, of) -> step(name)));
        stage("waves", () -> state.settleWaves(ingest, forgotten));
        if (state.isAllLater()) {
            ingest.warn("purchases: no line lies up to as_of " + asOf
                    + ", so the tables of purchases are empty; name a later day with --as-of");
        }

        Path folder = request.select().isEmpty() ? warehouse.run(runId) : warehouse.scratch();
        if (!request.select().isEmpty()) {
            Warehouse.remove(folder);
        }
        TableWriter writer = new TableWriter(spark, folder, warehouse.work());
        warehouse.restrict(folder);
        if (job.lifetimeValue().isPresent()) {
            state.lend(EarlierModel.TABLE, earlierModels());
        }
        derive(selected(Pipeline.of(job, asOf, keys)), state, writer);
        step("derivation");
        if (!job.segments().isEmpty()) {
            timed("gathered values", () -> gatheredValues(state, writer, changes))
                    .forEach(ingest::warn);
        }
        List<Row> borrowed = borrowedModels(ingest, writer);
        if (!request.select().isEmpty()) {
            // what is published rests on the state that was laid aside, and the next run finds it there
            if (!aside.isHolding()) {
                pin(state);
            }
            Warehouse.remove(warehouse.work());
            return new RunResult(
                    runId,
                    asOf,
                    folder,
                    false,
                    Optional.empty(),
                    ingest.accounts(),
                    List.copyOf(written.values()),
                    ingest.warnings());
        }
        stage("waves", () -> state.keepWaves(counts(writer)));
        timed("staging", () -> {
            write(
                    writer,
                    Dictionary.TABLE,
                    spark.createDataFrame(Dictionary.rows(Pipeline.READABLE), Dictionary.TABLE.schema()));
            write(writer, RunManifest.TABLE, manifest(ingest, keys, borrowed));
            return null;
        });
        step("staging");
        pin(state);
        Optional<LocalDate> later = publish(folder);
        step("published");
        stage("history", () -> appendHistory(folder));
        step("history");
        clean();
        step("cleaning");
        write(folder.resolve("metrics.json"), meter.json());
        return new RunResult(
                runId,
                asOf,
                folder,
                later.isEmpty(),
                later,
                ingest.accounts(),
                List.copyOf(written.values()),
                ingest.warnings());
    }

    /**
     * Puts back the state that a run which did not come to its end was building anew, removes what a killed run left of
     * its folder, and finishes the history of runs that were complete.
     */
    private void recover() {
        aside.restore();
        Warehouse.remove(warehouse.work());
        warehouse.create();
        for (String id : warehouse.runIds()) {
            Path folder = warehouse.run(id);
            if (!Files.exists(folder.resolve(COMPLETE))) {
                LOG.info("removing what is left of {}", id);
                Warehouse.remove(folder);
            } else if (!Files.exists(folder.resolve(HISTORY_DONE))) {
                appendHistory(folder);
            }
        }
    }

    /** Lays aside what must be built anew, and leaves it out of the pins. */
    private Pins prepared(Pins pins, State state) {
        Map<String, String> notes = state.notes();
        boolean isOlder = pins.notes().containsKey(State.DERIVED)
                && notes.entrySet().stream()
                        .anyMatch(note -> note.getKey().startsWith("version.")
                                && !note.getValue().equals(pins.notes().get(note.getKey())));
        if (isOlder && !request.isFullRefresh() && !request.isReload()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "warehouse " + warehouse.root()
                            + " was written by another version of Manyi; run with --full-refresh"
                            + " to derive its tables anew from landing, or with --reload to read the sources again");
        }
        boolean isResplit = pins.notes().containsKey(State.DERIVED)
                && Stream.of("dimensions", "index")
                        .anyMatch(note -> !Objects.equals(pins.notes().get(note), notes.get(note)));
        Map<String, Long> kept = new HashMap<>(pins.versions());
        if (request.isReload()) {
            kept.clear();
        } else if (request.isFullRefresh() || isResplit) {
            kept.keySet()
                    .removeIf(table -> !table.startsWith("landing_")
                            && !table.equals(ReadFile.TABLE.name())
                            && !table.equals(Landing.REJECTED_ROW.name())
                            && (request.isFullRefresh() || !table.equals(MarginCount.TABLE.name())));
            isRestatingAll = pins.versions().containsKey(PublishedWaves.RESPONSE.name());
        } else {
            return pins;
        }
        Set<String> anew = new TreeSet<>(store.tables());
        anew.removeAll(kept.keySet());
        aside.put(anew);
        Pins fewer = new Pins(kept, Map.of());
        fewer.write(warehouse.state());
        return fewer;
    }

    /** Derives tables as soon as their inputs are there, two at a time. */
    private void derive(List<Derivation> derivations, State state, TableWriter writer) {
        Set<String> derived = new HashSet<>();
        derivations.forEach(derivation -> derived.add(derivation.table().name()));
        Set<String> ready = new HashSet<>();
        List<Derivation> waiting = new ArrayList<>(derivations);
        total = done + derivations.size() + 4;
        try (Workers<Derivation> workers = new Workers<>(spark.sparkContext())) {
            int inFlight = 0;
            while (!waiting.isEmpty() || inFlight > 0) {
                for (Derivation derivation : List.copyOf(waiting)) {
                    boolean isReady = derivation.inputs().stream()
                            .map(Run::derivedBy)
                            .allMatch(input -> !derived.contains(input.name()) || ready.contains(input.name()));
                    if (isReady) {
                        waiting.remove(derivation);
                        inFlight++;
                        workers.submit(() -> one(derivation, state, writer, derived));
                    }
                }
                if (inFlight == 0) {
                    throw new IllegalStateException("derivations wait for each other: "
                            + waiting.stream().map(d -> d.table().name()).toList());
                }
                Derivation finished = workers.next();
                inFlight--;
                ready.add(finished.table().name());
                step(finished.table().name());
            }
        }
    }

    /** What is said of dimensions with more values than keep a name. */
    private List<String> gatheredValues(State state, TableWriter writer, Ingest.Changes changes) {
        LumpedValues values = new LumpedValues(job.segments(), SegmentColumns.MOST_VALUES);
        List<String> told = new ArrayList<>();
        if (digests.containsKey(CustomerCell.TABLE.name())) {
            told.addAll(values.ofCustomers(writer.read(CustomerCell.TABLE)));
        }
        // all answers are looked at for this, so a day without new ones says nothing of them
        if (job.satisfaction().isPresent() && changes.touches(SourceKind.SURVEY)) {
            told.addAll(values.ofAnswers(state.read(SurveyResponse.TABLE)
                    .where(Respondents.reasonLeftOut(asOf, job.satisfaction().get())
                            .isNull())));
        }
        return told;
    }

    /** The cohort cells are brought up to date with the customers' cells. */
    private static Table derivedBy(Table input) {
        return input.equals(CohortCell.TABLE) ? CustomerCell.TABLE : input;
    }

    private Derivation one(Derivation derivation, State state, TableWriter writer, Set<String> derived) {
        Table table = derivation.table();
        return timed(table.name(), () -> {
            Inputs inputs = input -> {
                if (!derivation.inputs().contains(input)) {
                    throw new IllegalStateException(table.name() + " reads " + input.name() + " without declaring it");
                }
                return derived.contains(input.name()) ? writer.read(input) : state.read(input);
            };
            Audit.Report report;
            Optional<String> key = key(derivation, state, derived);
            if (key.isPresent() && cache.recall(table.name(), key.get(), writer.path(table))) {
                LOG.info("{}: as in an earlier run, since nothing it rests on has changed", table.name());
                report = check(table, writer.read(table));
            } else {
                report = derive(derivation, inputs, writer);
                key.ifPresent(digest -> cache.keep(table.name(), digest, writer.path(table)));
            }
            digests.put(table.name(), report.digest());
            if (table.visibility() != Visibility.WORK) {
                record(new RunResult.Written(table.name(), report.rows(), report.digest()));
            }
            if (table.equals(CustomerCell.TABLE)) {
                cells(state, writer);
            }
            return derivation;
        });
    }

    private Audit.Report derive(Derivation derivation, Inputs inputs, TableWriter writer) {
        Table table = derivation.table();
        Dataset<Row> rows = derivation.from(inputs);
        if (derivation.isKeyedByPlan() && derivation.suppressed(rows) == rows) {
            Audit.Watch watch = Audit.watch(table, rows);
            write(writer, table, watch.rows());
            return FailedAudit.refused(watch.report(() -> writer.read(table)));
        }
        if (derivation.suppressed(rows) == rows) {
            write(writer, table, rows);
            return check(table, writer.read(table));
        }
        // audited whole, published suppressed
        Table whole = table.on(Visibility.WORK);
        writer.write(whole, rows);
        check(whole, writer.read(whole));
        write(writer, table, derivation.suppressed(writer.read(whole)));
        return Audit.of(table, writer.read(table));
    }

    /** The digest of all that decides a table's rows; empty where it is not known, or the table not worth keeping. */
    private Optional<String> key(Derivation derivation, State state, Set<String> derived) {
        if (derivation.recipe().isEmpty() || derivation.table().visibility() != Visibility.WORK) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>(List.of(
                Versions.code(),
                derivation.table().toString(),
                derivation.recipe().get()));
        for (Table input : derivation.inputs()) {
            Optional<String> known = derived.contains(input.name())
                    ? Optional.of(digests.get(input.name()))
                    : state.fingerprint(input, derivation.isOfOpenWaves());
            if (known.isEmpty()) {
                return Optional.empty();
            }
            parts.add(input.name() + " " + known.get());
        }
        return Optional.of(Digest.sha256(String.join("\n", parts)));
    }

    /** The cohort cells follow the customers: kept and refreshed where the state ends at as_of, else made for this run. */
    private void cells(State state, TableWriter writer) {
        timed("cohort_cell", () -> {
            if (state.isWhole()) {
                state.refreshCells(writer::read);
            } else {
                Table mine = CohortCell.TABLE.on(Visibility.WORK);
                writer.write(
                        mine,
                        new CohortCell(job.segments())
                                .from(table -> table.equals(Customer.TABLE) ? writer.read(table) : state.read(table)));
                state.lend(CohortCell.TABLE, writer.read(mine));
            }
            return null;
        });
    }

    private static Audit.Report check(Table table, Dataset<Row> rows) {
        return FailedAudit.refused(Audit.of(table, rows));
    }

    private void write(TableWriter writer, Table table, Dataset<Row> rows) {
        writer.write(table, rows);
    }

    private synchronized void record(RunResult.Written table) {
        written.put(table.table(), table);
        LOG.info("{}: {} rows, digest {}", table.table(), table.rows(), table.digest());
    }

    /** The customers that waves were raked to in this run. */
    private List<Row> counts(TableWriter writer) {
        return job.satisfaction()
                .flatMap(Job.Satisfaction::weighting)
                .filter(Weighting::isOfCustomers)
                .map(weighting -> MarginCount.of(
                        weighting, writer.read(RakingFactor.TABLE).collectAsList()))
                .orElse(List.of());
    }

    /** The models that runs of earlier days left in the history. */
    private Dataset<Row> earlierModels() {
        Table kept = LifetimeValueModel.TABLE.partitionedBy(SegmentColumns.AS_OF);
        return new DeltaStore(spark, warehouse.history()).read(kept);
    }

    /** Says loudly which models are an earlier day's, and gives them as inputs of the manifest. */
    private List<Row> borrowedModels(Ingest ingest, TableWriter writer) {
        List<Row> inputs = new ArrayList<>();
        if (!written.containsKey(LifetimeValueModel.TABLE.name())) {
            return inputs;
        }
        Column fittedOn = LifetimeValueModel.FITTED_ON.col();
        List<Row> borrowed = writer.read(LifetimeValueModel.TABLE)
                .where(fittedOn.lt(functions.lit(asOf)).and(LifetimeValueModel.IS_CHOSEN.col()))
                .select(LifetimeValueModel.PURPOSE.col(), LifetimeValueModel.MODEL.col(), fittedOn)
                .distinct()
                .orderBy(LifetimeValueModel.PURPOSE.name(), LifetimeValueModel.MODEL.name())
                .collectAsList();
        Set<LocalDate> days = new TreeSet<>();
        for (Row row : borrowed) {
            days.add(row.getLocalDate(2));
            ingest.warn("lifetime_value_model: nothing could be fitted for " + row.getString(0) + "; the "
                    + row.getString(1) + " fitted on " + row.getLocalDate(2)
                    + " is used instead (reasons are in the table)");
        }
        for (LocalDate day : days) {
            Dataset<Row> rows = earlierModels().where(SegmentColumns.AS_OF.col().equalTo(functions.lit(day)));
            Digest.Content content = Digest.of(LifetimeValueModel.TABLE, rows);
            inputs.add(RowFactory.create(
                    asOf,
                    "input",
                    "history/" + LifetimeValueModel.TABLE.name() + "/as_of=" + day,
                    runId,
                    content.rows(),
                    content.digest(),
                    null));
        }
        return inputs;
    }

    private Dataset<Row> manifest(Ingest ingest, CustomerKeys keys, List<Row> borrowed) {
        List<Row> rows = new ArrayList<>(borrowed);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("status", "complete");
        facts.put("job", job.name());
        facts.put("configuration_digest", job.digest());
        facts.put("started_at", request.startedAt().toString());
        facts.put("customer_key_fingerprint", keys.fingerprint());
        facts.put("manyi_version", Versions.manyi());
        facts.put("spark_version", spark.version());
        facts.put("delta_version", Versions.delta());
        facts.put("jdk_version", System.getProperty("java.version"));
        facts.forEach((name, value) -> rows.add(RowFactory.create(asOf, "run", name, runId, null, null, value)));
        for (Object[] input : ingest.inputs()) {
            rows.add(RowFactory.create(asOf, "input", input[0], runId, input[1], input[2], null));
        }
        store.versions()
                .forEach((table, version) ->
                        rows.add(RowFactory.create(asOf, "state", table, runId, null, null, String.valueOf(version))));
        written.values()
                .forEach(table -> rows.add(
                        RowFactory.create(asOf, "table", table.table(), runId, table.rows(), table.digest(), null)));
        return spark.createDataFrame(rows, RunManifest.TABLE.schema());
    }

    private void pin(State state) {
        new Pins(store.versions(), state.notes()).write(warehouse.state());
        aside.drop();
        step("pins");
    }

    /** Swaps the pointer, unless readers see a later day, which is then given. */
    private Optional<LocalDate> publish(Path folder) {
        write(folder.resolve(COMPLETE), "{\"run_id\": \"" + runId + "\", \"as_of\": \"" + asOf + "\"}\n");
        step("publishing");
        Optional<LocalDate> seen = warehouse.current().map(Run::dayOf);
        Optional<LocalDate> later = seen.filter(day -> asOf.isBefore(day) && !request.isMadeCurrent());
        if (later.isEmpty()) {
            warehouse.point(runId);
        }
        return later;
    }

    private void appendHistory(Path folder) {
        DeltaStore history = new DeltaStore(spark, warehouse.history());
        TableWriter writer = new TableWriter(spark, folder, warehouse.work());
        LocalDate day = dayOf(folder.getFileName().toString());
        Workers.run(
                spark.sparkContext(),
                Pipeline.READABLE.stream()
                        .filter(table -> Pipeline.hasHistory(table) && Files.isDirectory(writer.path(table)))
                        .<Runnable>map(table -> () -> {
                            Field asOfField = table.fields().stream()
                                    .filter(field -> field.name().equals("as_of"))
                                    .findFirst()
                                    .orElseThrow();
                            history.replace(table.partitionedBy(asOfField), writer.read(table), List.of(day));
                        })
                        .toList());
        write(folder.resolve(HISTORY_DONE), "");
    }

    /** Removes working files, runs beyond their retention, and now and then files that no version needs. */
    private void clean() {
        Warehouse.remove(warehouse.work());
        step("cleaned work");
        List<String> ids = warehouse.runIds();
        Set<String> kept = new TreeSet<>(
                ids.subList(Math.max(0, ids.size() - 1 - job.retention().runs()), ids.size()));
        warehouse.current().ifPresent(kept::add);
        kept.add(runId);
        kept.addAll(monthEnds(ids, job.retention().monthEnds()));
        ids.stream().filter(id -> !kept.contains(id)).forEach(id -> {
            LOG.info("removing run {}", id);
            Warehouse.remove(warehouse.run(id));
        });
        Path mark = warehouse.root().resolve(".vacuumed");
        if (isOlderThanAWeek(mark)) {
            store.vacuum(VACUUM_HOURS);
            new DeltaStore(spark, warehouse.history()).vacuum(VACUUM_HOURS);
            write(mark, request.startedAt().toString());
        }
    }

    /** The newest run of each of the last month ends. */
    static List<String> monthEnds(List<String> ids, int months) {
        NavigableMap<LocalDate, String> ends = new TreeMap<>();
        for (String id : ids) {
            LocalDate day = dayOf(id);
            if (day.plusDays(1).getDayOfMonth() == 1) {
                ends.put(day, id);
            }
        }
        return ends.descendingMap().values().stream().limit(months).toList();
    }

    /** The as_of of a run. */
    private static LocalDate dayOf(String id) {
        return LocalDate.parse(id.substring(id.indexOf(AS_OF_MARK) + AS_OF_MARK.length()));
    }

    private boolean isOlderThanAWeek(Path mark) {
        try {
            if (!Files.exists(mark)) {
                write(mark, request.startedAt().toString());
                return false;
            }
            var then = Instant.parse(Files.readString(mark).strip());
            return then.plusSeconds((long) (VACUUM_HOURS * 3600)).isBefore(request.startedAt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Derivation> selected(List<Derivation> all) {
        if (request.select().isEmpty()) {
            return all;
        }
        Set<String> wanted = new TreeSet<>(request.select());
        Set<String> known = new TreeSet<>();
        all.forEach(derivation -> known.add(derivation.table().name()));
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new Failure(Failure.Kind.USAGE, "no table " + name + " to select; there are " + known);
            }
        }
        for (int before = -1; before < wanted.size(); ) {
            before = wanted.size();
            for (Derivation derivation : all) {
                if (wanted.contains(derivation.table().name())) {
                    derivation.inputs().stream()
                            .map(input -> derivedBy(input).name())
                            .filter(known::contains)
                            .forEach(wanted::add);
                }
            }
        }
        return all.stream()
                .filter(derivation -> wanted.contains(derivation.table().name()))
                .toList();
    }

    private void stage(String name, Runnable work) {
        timed(name, () -> {
            work.run();
            return null;
        });
    }

    private <T> T timed(String step, Callable<T> work) {
        SparkContext context = spark.sparkContext();
        long start = System.nanoTime();
        String outer = Meter.mark(context, step);
        try {
            return work.call();
        } catch (FailedAudit e) {
            throw new Failure(
                    Failure.Kind.QUALITY, e.getMessage() + "\nNothing was published; " + warehouse.seen() + ".", e);
        } catch (RuntimeException e) {
            // what a task found in a file comes wrapped in Spark's words
            Optional<Failure> found = e instanceof Failure
                    ? Optional.empty()
                    : SourceReader.failureIn(e).or(() -> store.damage(e));
            if (found.isPresent()) {
                throw new Failure(
                        found.get().kind(),
                        found.get().getMessage() + "\nNothing was published; " + warehouse.seen() + ".",
                        e);
            }
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            meter.took(step, System.nanoTime() - start);
            Meter.mark(context, outer);
        }
    }

    private synchronized void step(String name) {
        done++;
        total = Math.max(total, done);
        progress.step(name, done, total);
    }

    private static void write(Path file, String content) {
        Pins.write(file, content);
    }
}
