package manyi.run;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.SourceKind;
import manyi.conformed.Attributes;
import manyi.conformed.Customer;
import manyi.conformed.CustomerAttribute;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.LaterPurchase;
import manyi.conformed.Purchase;
import manyi.conformed.PurchaseAttribute;
import manyi.conformed.PurchaseMonth;
import manyi.conformed.SurveyResponse;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.path.WeightEstimate;
import manyi.mart.survey.MarginCount;
import manyi.mart.survey.Respondents;
import manyi.mart.survey.UnpairedWave;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.store.DeltaStore;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Digest;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * The conformed tables that are kept from run to run, and the view of them at a day. New data rewrites only the months
 * it touches; the month that holds a cut is derived from its purchases.
 */
final class State {

    /** Fingerprints of the customers whose first line fell in a month, as the cells last saw them. */
    private static final Table FINGERPRINT = Table.named(
                    "customer_fingerprint", "Who was in the cohort cells, by month of the first line.")
            .on(Visibility.STATE)
            .oneRowPer("month of the first line", CustomerSpan.FIRST_MONTH)
            .with(Field.required("fingerprint", DataTypes.createDecimalType(38, 0), "The exact sum of hashes."));

    /** All tables of the state folder. */
    static final List<Table> KEPT = List.of(
            ReadFile.TABLE,
            Landing.REJECTED_ROW,
            Landing.PURCHASE,
            Landing.CUSTOMER,
            Landing.SURVEY,
            Landing.COST,
            Landing.MARGINS,
            Landing.SPENDING,
            Landing.REFERRAL,
            Purchase.TABLE,
            PurchaseMonth.TABLE,
            PurchaseAttribute.TABLE,
            CustomerMonth.TABLE,
            CustomerSpan.TABLE,
            CustomerAttribute.TABLE,
            IndicatorWeight.TABLE,
            SurveyResponse.TABLE,
            CohortCell.TABLE,
            FINGERPRINT,
            PublishedWave.Fingerprint.TABLE,
            PublishedWaves.RESPONSE,
            PublishedWave.TABLE,
            MarginCount.TABLE,
            UnpairedWave.TABLE);

    /** The note that says that the conformed tables are whole. */
    static final String DERIVED = "derived";

    private static final String WEIGHTS = "weights";
    private static final String UNCONDENSED = "uncondensed_months";

    private final SparkSession spark;
    private final Job job;
    private final DeltaStore store;
    private final Attributes attributes;
    private final LocalDate asOf;
    private final LocalDate cut;
    private final Map<String, Dataset<Row>> lent = new ConcurrentHashMap<>();
    /** Months of the ledger that the cohort cells do not yet hold. */
    private final Set<LocalDate> uncondensed = new TreeSet<>();

    private final PublishedWaves waves;

    private volatile Boolean isWhole;
    /** What decided the derived weights that are held, beside the answers; empty where there are none. */
    private volatile String weighedBy = "";

    State(SparkSession spark, Job job, DeltaStore store, LocalDate asOf) {
        this.spark = spark;
        this.job = job;
        this.store = store;
        this.attributes = Attributes.of(job);
        this.asOf = asOf;
        this.cut = asOf.withDayOfMonth(1);
        this.waves = new PublishedWaves(spark, store, attributes.dimensions());
    }

    /**
     * Brings the conformed tables up to landing, checks what it rewrites, and accounts for the rows.
     *
     * @param forgotten waves of which answers were taken back on demand, which no minimum holds up
     */
    void update(Ingest ingest, Ingest.Changes changes, Set<String> forgotten, Stages stages, Progress progress) {
        isWhole = null;
        uncondensed.addAll(changes.months());
        boolean isAppended = changes.isAppendOnly()
                && (store.has(Purchase.TABLE) || changes.purchasesBefore().isEmpty());
        var before = store.version(Purchase.TABLE.name());
        List<Runnable> rows = new ArrayList<>();
        if (changes.touches(SourceKind.CUSTOMERS)) {
            rows.add(() -> stages.run(
                    CustomerAttribute.TABLE.name(),
                    () -> store.overwrite(CustomerAttribute.TABLE, new CustomerAttribute().from(store::read))));
        }
        List<Runnable> months = new ArrayList<>();
        if (!changes.months().isEmpty()) {
            rows.add(() -> stages.run(Purchase.TABLE.name(), () -> purchases(ingest, changes, isAppended)));
            months.addAll(monthly(List.copyOf(changes.months()), stages));
            months.add(() -> {
                stages.run(CustomerMonth.TABLE.name(), () -> ledger(List.copyOf(changes.months())));
                progress.step("ledger", 0, 0);
                stages.run(CustomerSpan.TABLE.name(), () -> spans(isAppended, before));
            });
        }
        Workers.run(spark.sparkContext(), rows);
        if (!months.isEmpty()) {
            progress.step("conformed", 0, 0);
        }
        Workers.run(spark.sparkContext(), months);
        boolean isWeighedAnew = weigh(changes, forgotten);
        List<Runnable> rest = new ArrayList<>(List.of(() -> stages.run("account", () -> ingest.account(changes))));
        job.satisfaction()
                .ifPresent(satisfaction -> rest.add(() -> stages.run(
                        SurveyResponse.TABLE.name(),
                        () -> responses(new SurveyResponse(satisfaction, attributes), changes, isWeighedAnew))));
        Workers.run(spark.sparkContext(), rest);
    }

    /** Runs a piece of work under a name, so that its cost is known. */
    @FunctionalInterface
    interface Stages {
        void run(String name, Runnable work);
    }

    /** Responses carry the segments of their day, so they follow the attributes too. */
    private void responses(Derivation response, Ingest.Changes changes, boolean isWeighedAnew) {
        List<Table> inputs = response.inputs();
        boolean isStale = isWeighedAnew
                || changes.touches(SourceKind.SURVEY)
                || (inputs.contains(CustomerAttribute.TABLE) && changes.touches(SourceKind.CUSTOMERS))
                || (inputs.contains(PurchaseAttribute.TABLE)
                        && !changes.months().isEmpty());
        if (isStale) {
            store.overwrite(response.table(), response.from(store::read));
            if (isWeighedAnew || changes.touches(SourceKind.SURVEY)) {
                FailedAudit.refused(Audit.of(response.table(), store.read(response.table())));
            }
            waves.note();
        }
    }

    /** The waves whose answers, or the attributes of whose respondents, lie in files. */
    Set<String> wavesOf(Set<String> files) {
        if (files.isEmpty()) {
            return Set.of();
        }
        Column isOfFile = Landing.FILE.col().isin(files.toArray());
        Dataset<Row> answers = store.read(Landing.SURVEY);
        boolean areAllConcerned = !store.read(Landing.CUSTOMER).where(isOfFile).isEmpty();
        return (areAllConcerned ? answers : answers.where(isOfFile))
                .select(Landing.WAVE.col()).distinct().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .collect(Collectors.toSet());
    }

    /** Decides which closed waves stay as they were published. */
    void settleWaves(Ingest ingest, Set<String> forgotten) {
        job.satisfaction().ifPresent(satisfaction -> {
            waves.settle(asOf, satisfaction, forgotten, ingest::warn);
            List<String> unanswered = waves.unanswered(Respondents.closedWaves(asOf, satisfaction));
            if (!unanswered.isEmpty()) {
                ingest.warn("survey: closed waves without any response, and so without figures: "
                        + String.join(", ", unanswered));
            }
        });
    }

    /**
     * Keeps closed waves as they are about to be published.
     *
     * @param counts the customers that they are raked to
     */
    void keepWaves(List<Row> counts) {
        waves.keep();
        if (!counts.isEmpty()) {
            waves.keep(counts);
        }
    }

    /**
     * Brings derived weights of the indicators up to the answers of their base. Where no answer and no setting has changed
     * they are not estimated again, and where the same come out they stay as they are.
     *
     * @return whether the responses rest on others than before
     */
    private boolean weigh(Ingest.Changes changes, Set<String> forgotten) {
        Optional<Job.Satisfaction> asked = job.satisfaction()
                .filter(one -> IndicatorWeight.asked(one.questionnaire()).isPresent());
        Set<Row> held = Set.copyOf(store.read(IndicatorWeight.TABLE).collectAsList());
        if (asked.isEmpty()) {
            weighedBy = "";
            if (!held.isEmpty()) {
                store.overwrite(
                        IndicatorWeight.TABLE, store.read(IndicatorWeight.TABLE).limit(0));
            }
            return !held.isEmpty();
        }
        Job.Satisfaction satisfaction = asked.get();
        WeightEstimate estimate = new WeightEstimate(asOf, satisfaction);
        estimate.requireClosed();
        String recipe = Digest.sha256(Versions.code() + " " + satisfaction);
        if (recipe.equals(weighedBy) && !changes.touches(SourceKind.SURVEY)) {
            return false;
        }
        List<String> names = IndicatorWeight.asked(satisfaction.questionnaire())
                .orElseThrow()
                .waves();
        SurveyResponse response = new SurveyResponse(satisfaction, attributes);
        Inputs given = byGivenWeights(satisfaction.questionnaire(), names);
        // looked at several times: which waves stay, who counts, how many units each stratum has, and their moments
        Dataset<Row> now = response.from(given).persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> weights;
        try {
            Dataset<Row> base =
                    waves.base(now, rows -> response.scored(rows, given), names, asOf, satisfaction, forgotten);
            weights = estimate.from(table -> base);
        } finally {
            now.unpersist();
        }
        FailedAudit.refused(Audit.of(IndicatorWeight.TABLE, weights));
        weighedBy = recipe;
        if (held.equals(Set.copyOf(weights.collectAsList()))) {
            return false;
        }
        store.overwrite(IndicatorWeight.TABLE, weights.coalesce(1));
        return true;
    }

    /** The answers of some waves, and the weights that the questionnaire gives before any are derived. */
    private Inputs byGivenWeights(Questionnaire questionnaire, List<String> waves) {
        return table -> {
            if (table.equals(IndicatorWeight.TABLE)) {
                return spark.createDataFrame(IndicatorWeight.given(questionnaire), table.schema());
            }
            Dataset<Row> rows = store.read(table);
            return table.equals(Landing.SURVEY) ? rows.where(Landing.WAVE.col().isin(waves.toArray())) : rows;
        };
    }

    /** Table versions and settings on which the kept tables rest, to tell when they must be built anew. */
    Map<String, String> notes() {
        Map<String, String> notes = new TreeMap<>();
        for (Table table : KEPT) {
            notes.put("version." + table.name(), String.valueOf(table.version()));
        }
        notes.put("dimensions", attributes.toString());
        notes.put(DERIVED, "yes");
        notes.put(WEIGHTS, weighedBy);
        notes.put(
                UNCONDENSED,
                String.join(",", uncondensed.stream().map(LocalDate::toString).toList()));
        job.satisfaction()
                .ifPresent(satisfaction -> notes.put(
                        "index", satisfaction.questionnaire().digest() + " " + satisfaction.minimumAnsweredWeight()));
        return notes;
    }

    /** Takes up what earlier runs left: the months that the cohort cells lack, and what the weights were derived by. */
    void recall(Map<String, String> notes) {
        weighedBy = notes.getOrDefault(WEIGHTS, "");
        Arrays.stream(notes.getOrDefault(UNCONDENSED, "").split(","))
                .filter(month -> !month.isEmpty())
                .forEach(month -> uncondensed.add(LocalDate.parse(month)));
    }

    /** The months of landed purchases. */
    Set<LocalDate> months() {
        return monthsOf(store.read(Landing.PURCHASE));
    }

    /** Lets this run read other rows for a kept table: those of an earlier day. */
    void lend(Table table, Dataset<Row> rows) {
        lent.put(table.name(), rows);
    }

    /** The kept tables as they were on the evening of as_of. */
    Dataset<Row> read(Table table) {
        if (lent.containsKey(table.name())) {
            return lent.get(table.name());
        }
        if (table.equals(SurveyResponse.TABLE)) {
            return waves.responses();
        }
        if (table.equals(MarginCount.TABLE)) {
            return waves.counts();
        }
        if (table.equals(UnpairedWave.TABLE)) {
            return waves.unpaired();
        }
        if (table.equals(Purchase.TABLE)) {
            return store.read(Purchase.TABLE).where(Landing.PURCHASED_ON.col().leq(lit(asOf)));
        }
        if (table.equals(PurchaseAttribute.TABLE)) {
            return store.read(PurchaseAttribute.TABLE)
                    .where(Landing.PURCHASED_ON.col().leq(lit(asOf)));
        }
        if (table.equals(CustomerMonth.TABLE)) {
            return monthly(CustomerMonth.TABLE, new CustomerMonth());
        }
        if (table.equals(PurchaseMonth.TABLE)) {
            return monthly(PurchaseMonth.TABLE, new PurchaseMonth());
        }
        if (table.equals(LaterPurchase.TABLE)) {
            return isWhole()
                    ? spark.createDataFrame(List.of(), LaterPurchase.TABLE.schema())
                    : LaterPurchase.of(store.read(Purchase.TABLE), asOf);
        }
        if (table.equals(CustomerSpan.TABLE)) {
            return isWhole() ? store.read(CustomerSpan.TABLE) : new CustomerSpan().from(this::read);
        }
        return store.read(table);
    }

    /**
     * What tells the rows of a kept table that a recipe may speak of from all others, as a run at as_of reads them: the
     * responses of closed waves. Empty for all other tables, which are cut at as_of.
     *
     * @param isOfOpenWaves whether the recipe speaks of open waves as well
     */
    Optional<String> fingerprint(Table table, boolean isOfOpenWaves) {
        if (List.of(IndicatorWeight.TABLE, MarginCount.TABLE, UnpairedWave.TABLE)
                .contains(table)) {
            return Optional.of(Digest.of(table, read(table)).digest());
        }
        if (!table.equals(SurveyResponse.TABLE) || lent.containsKey(table.name())) {
            return Optional.empty();
        }
        List<String> closed = job.satisfaction()
                .map(satisfaction -> Respondents.closedWaves(asOf, satisfaction))
                .orElse(List.of());
        // answers after as_of are left out, so with them the day matters; those of open waves are left out anyway
        return Optional.of(waves.fingerprints().stream()
                .filter(print -> isOfOpenWaves || closed.contains(print.wave()))
                .map(print -> print.wave() + " " + print.digest()
                        + (closed.contains(print.wave()) && print.isAnsweredAfter(asOf) ? " cut at " + asOf : ""))
                .sorted()
                .collect(Collectors.joining("\n")));
    }

    /** Whether the state holds purchases, and all of them lie after as_of. */
    boolean isAllLater() {
        return !isWhole()
                && store.read(Purchase.TABLE)
                        .where(Landing.MONTH.col().leq(lit(cut)))
                        .where(Landing.PURCHASED_ON.col().leq(lit(asOf)))
                        .isEmpty();
    }

    /** Whether nothing that the state holds lies after as_of. */
    boolean isWhole() {
        if (isWhole == null) {
            Row last = store.read(Purchase.TABLE)
                    .where(Landing.MONTH.col().geq(lit(cut)))
                    .agg(max(Landing.PURCHASED_ON.col()))
                    .head();
            isWhole = last.isNullAt(0) || !last.getLocalDate(0).isAfter(asOf);
        }
        return isWhole;
    }

    /**
     * Brings the cohort cells up to the ledger and to the customers of this run: months that were touched, and months in
     * which a customer may stand whose cohort or segments changed.
     */
    void refreshCells(Inputs inputs) {
        Map<LocalDate, Object> before = new HashMap<>();
        store.read(FINGERPRINT).collectAsList().forEach(row -> before.put(row.getLocalDate(0), row.get(1)));
        List<Row> now = inputs.read(CustomerCell.TABLE)
                .where(Customer.FIRST_MONTH.col().isNotNull())
                .groupBy(Customer.FIRST_MONTH.col())
                .agg(sum(CustomerCell.FINGERPRINT.col()).cast(DataTypes.createDecimalType(38, 0)))
                .collectAsList();
        Map<LocalDate, Object> after = new TreeMap<>();
        now.forEach(row -> after.put(row.getLocalDate(0), row.get(1)));
        Set<LocalDate> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(month -> Objects.equals(before.get(month), after.get(month)));
        Set<LocalDate> stale = new TreeSet<>(uncondensed);
        if (!changed.isEmpty()) {
            LocalDate first = changed.iterator().next();
            monthsOf(store.read(CustomerMonth.TABLE)).stream()
                    .filter(month -> !month.isBefore(first))
                    .forEach(stale::add);
        }
        if (stale.isEmpty()) {
            return;
        }
        Derivation cells = new CohortCell(job.segments());
        store.replace(
                CohortCell.TABLE,
                cells.from(table -> table.equals(CustomerMonth.TABLE)
                                ? store.read(CustomerMonth.TABLE)
                                        .where(Landing.MONTH.col().isin(stale.toArray()))
                                : inputs.read(table))
                        .coalesce(1),
                List.copyOf(stale));
        List<Row> rows = new ArrayList<>();
        uncondensed.clear();
        after.forEach((month, print) -> rows.add(RowFactory.create(month, print)));
        store.overwrite(
                FINGERPRINT, spark.createDataFrame(rows, FINGERPRINT.schema()).coalesce(1));
    }

    private void purchases(Ingest ingest, Ingest.Changes changes, boolean isAppended) {
        Derivation purchase = new Purchase(
                ingest.isKeyed(SourceKind.PURCHASES),
                !job.sources(SourceKind.MARGINS).isEmpty());
        if (isAppended) {
            Dataset<Row> added = store.added(Landing.PURCHASE, changes.purchasesBefore());
            store.append(
                    Purchase.TABLE, purchase.from(table -> table.equals(Landing.MARGINS) ? store.read(table) : added));
        } else {
            Dataset<Row> deciding = ingest.deciding(changes.months());
            Dataset<Row> standing =
                    purchase.from(table -> table.equals(Landing.MARGINS) ? store.read(table) : deciding);
            store.replace(
                    Purchase.TABLE,
                    standing.where(Landing.MONTH.col().isin(changes.months().toArray())),
                    List.copyOf(changes.months()));
        }
    }

    /** What the touched months give besides the ledger. */
    private List<Runnable> monthly(List<LocalDate> months, Stages stages) {
        List<Runnable> tables = new ArrayList<>();
        if (!attributes.fromPurchases().isEmpty()) {
            tables.add(() -> stages.run(
                    PurchaseAttribute.TABLE.name(),
                    () -> store.replace(
                            PurchaseAttribute.TABLE,
                            new PurchaseAttribute(attributes.fromPurchases()).from(touched(months)),
                            months)));
        }
        tables.add(() -> stages.run(PurchaseMonth.TABLE.name(), () -> {
            store.replace(
                    PurchaseMonth.TABLE,
                    new PurchaseMonth().from(touched(months)).coalesce(1),
                    months);
            FailedAudit.refused(Audit.of(PurchaseMonth.TABLE, touched(months).read(PurchaseMonth.TABLE)));
        }));
        return tables;
    }

    private void ledger(List<LocalDate> months) {
        Audit.Watch ledger = Audit.watch(CustomerMonth.TABLE, new CustomerMonth().from(touched(months)));
        store.replace(CustomerMonth.TABLE, ledger.rows(), months);
        FailedAudit.refused(ledger.report(() -> touched(months).read(CustomerMonth.TABLE)));
    }

    private void spans(boolean isAppended, Optional<Long> before) {
        Dataset<Row> rows;
        if (isAppended && store.has(CustomerSpan.TABLE)) {
            Dataset<Row> added = store.added(Purchase.TABLE, before);
            Dataset<Row> more = CustomerSpan.ofMonths(new CustomerMonth().from(table -> added));
            rows = CustomerSpan.folded(store.read(CustomerSpan.TABLE).unionByName(more));
        } else {
            rows = new CustomerSpan().from(store::read);
        }
        Audit.Watch spans = Audit.watch(CustomerSpan.TABLE, rows);
        store.overwrite(CustomerSpan.TABLE, spans.rows());
        FailedAudit.refused(spans.report(() -> store.read(CustomerSpan.TABLE)));
    }

    private Inputs touched(List<LocalDate> months) {
        return table -> store.read(table).where(Landing.MONTH.col().isin(months.toArray()));
    }

    private Dataset<Row> monthly(Table table, Derivation derivation) {
        if (isWhole()) {
            return store.read(table);
        }
        Dataset<Row> cutMonth =
                derivation.from(input -> read(input).where(Landing.MONTH.col().equalTo(lit(cut))));
        return store.read(table).where(Landing.MONTH.col().lt(lit(cut))).unionByName(table.conform(cutMonth));
    }

    private static Set<LocalDate> monthsOf(Dataset<Row> rows) {
        Set<LocalDate> months = new TreeSet<>();
        rows.select(Landing.MONTH.col()).distinct().collectAsList().forEach(row -> months.add(row.getLocalDate(0)));
        return months;
    }
}
