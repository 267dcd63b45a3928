package manyi.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import manyi.config.Job;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.mart.account.FileAccount;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.source.SourceFile;
import manyi.source.SourceReader;
import manyi.store.DeltaStore;
import manyi.table.Digest;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings landing up to the files there are: new and changed ones are read, all others are left alone. */
final class Ingest {

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    /** Accepted and rejected rows land in one pass, in folders of their own; the rejected then move out. */
    private static final Field IS_ACCEPTED =
            Field.required("is_accepted", DataTypes.BooleanType, "Whether the row was accepted.");

    private static final Field REJECT_REASON =
            Field.optional("reject_reason", DataTypes.StringType, "Why the row was rejected.");

    private final SparkSession spark;
    private final Job job;
    private final DeltaStore store;
    private final SourceReader reader;
    private final LocalDate today;
    private final Set<String> forgotten;
    private final Consumer<String> progress;
    private final Warnings warnings;
    private boolean isRegistryStale;
    private final Map<String, Entry> registry = new TreeMap<>();
    /** Rows that files held which are read anew because they changed. */
    private final Map<String, Long> rowsBefore = new HashMap<>();

    private final Map<String, Long> filesNow = new HashMap<>();
    private final Map<String, Long> filesNew = new HashMap<>();

    /** A file as the registry knows it. */
    private record Entry(
            String source,
            String file,
            String digest,
            String mapping,
            long bytes,
            long modifiedAt,
            long rowsIn,
            long rejected) {
        String id() {
            return source + "\u001f" + file;
        }

        Entry counted(long newRowsIn, long newRejected) {
            return new Entry(source, file, digest, mapping, bytes, modifiedAt, newRowsIn, newRejected);
        }
    }

    /**
     * What changed in landing.
     *
     * @param kinds kinds of which rows were added or taken away
     * @param months months of purchases that must be derived anew
     * @param grown landing tables to which rows were only added, none of them another version of an earlier one, with the
     *     version before, where there was one
     */
    record Changes(Set<SourceKind> kinds, Set<LocalDate> months, Map<String, Optional<Long>> grown) {
        boolean touches(SourceKind kind) {
            return kinds.contains(kind);
        }
    }

    /**
     * @param today the day of the run, from which rejected rows are kept for some days
     * @param forgotten files that are gone and whose rows shall go too
     */
    Ingest(
            SparkSession spark,
            Job job,
            DeltaStore store,
            LocalDate today,
            Set<String> forgotten,
            Warnings warnings,
            Consumer<String> progress) {
        this.spark = spark;
        this.job = job;
        this.store = store;
        this.today = today;
        this.forgotten = Set.copyOf(forgotten);
        this.warnings = warnings;
        this.progress = progress;
        this.reader = new SourceReader(spark, job);
    }

    /** Reads what is new. Nothing it writes counts until the run pins it. */
    Changes read() {
        for (Row row : store.read(ReadFile.TABLE).collectAsList()) {
            Entry entry = new Entry(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7));
            registry.put(entry.id(), entry);
        }
        refuseDifferingAttributes();
        refuseUnknown();
        LocalDate oldest = today.minusDays(job.retention().rejectedRowDays());
        store.drop(
                Landing.REJECTED_ROW,
                partition -> LocalDate.parse(partition.get(Landing.REJECTED_ON.name()))
                        .isBefore(oldest));
        Set<SourceKind> kinds = new HashSet<>();
        Set<LocalDate> months = new TreeSet<>();
        Optional<Long> purchasesBefore = store.version(Landing.PURCHASE.name());
        boolean isAppendOnly = !isKeyed(SourceKind.PURCHASES);
        Map<SourceKind, Map<Source, List<SourceFile>>> toLand = new LinkedHashMap<>();
        for (SourceKind kind : SourceKind.all()) {
            Map<Source, List<SourceFile>> fresh = new HashMap<>();
            for (String gone : dropped(kind)) {
                months.addAll(takeBack(kind, Landing.SOURCE.col().equalTo(gone)));
                registry.values().removeIf(entry -> entry.source().equals(gone));
                warn(gone + ": no longer in the job document; its rows are retracted");
                kinds.add(kind);
                isAppendOnly = false;
            }
            for (Source source : job.sources(kind)) {
                List<SourceFile> toRead = new ArrayList<>();
                List<String> replaced = changed(source, toRead);
                if (!replaced.isEmpty()) {
                    Column theirs = Landing.SOURCE
                            .col()
                            .equalTo(source.name())
                            .and(Landing.FILE.col().isin(replaced.toArray()));
                    months.addAll(takeBack(kind, theirs));
                    isAppendOnly = false;
                    kinds.add(kind);
                }
                if (!toRead.isEmpty()) {
                    fresh.put(source, toRead);
                    kinds.add(kind);
                }
            }
            if (!fresh.isEmpty()) {
                toLand.put(kind, fresh);
            }
        }
        SmallData.prepare(
                spark, registry.values().stream().mapToLong(Entry::bytes).sum());
        if (!toLand.isEmpty()) {
            progress.accept("ingest");
            months.addAll(land(toLand));
            progress.accept("landing");
        }
        for (String warning : reader.warnings()) {
            warn(warning);
        }
        if (kinds.contains(SourceKind.MARGINS)) {
            // what lines earned is part of the ledger
            months.addAll(months(store.read(Landing.PURCHASE)));
            isAppendOnly = false;
        }
        if (!kinds.isEmpty() || isRegistryStale) {
            writeRegistry();
        }
        return new Changes(
                kinds,
                months,
                isAppendOnly && kinds.contains(SourceKind.PURCHASES)
                        ? Map.of(Landing.PURCHASE.name(), purchasesBefore)
                        : Map.of());
    }

    private void writeRegistry() {
        List<Row> rows = registry.values().stream()
                .map(entry -> RowFactory.create(
                        entry.source(),
                        entry.file(),
                        entry.digest(),
                        entry.mapping(),
                        entry.bytes(),
                        entry.modifiedAt(),
                        entry.rowsIn(),
                        entry.rejected()))
                .toList();
        store.overwrite(
                ReadFile.TABLE,
                spark.createDataFrame(rows, ReadFile.TABLE.schema()).coalesce(1));
    }

    /**
     * The accounts of all sources, for the summary.
     *
     * @param files rows of {@link FileAccount}
     */
    List<RunResult.Account> accounts(Dataset<Row> files) {
        Map<String, Row> sums = new HashMap<>();
        files.groupBy(Landing.SOURCE.col())
                .agg(
                        sum(ReadFile.ROWS_IN.col()),
                        sum(FileAccount.ROWS_ACCEPTED.col()),
                        sum(ReadFile.ROWS_REJECTED.col()),
                        sum(FileAccount.ROWS_DUPLICATE.col()))
                .collectAsList()
                .forEach(row -> sums.put(row.getString(0), row));
        return job.sources().stream()
                .map(source -> {
                    Row counts = sums.getOrDefault(source.name(), RowFactory.create(source.name(), 0L, 0L, 0L, 0L));
                    return new RunResult.Account(
                            source.name(),
                            filesNow.getOrDefault(source.name(), 0L),
                            filesNew.getOrDefault(source.name(), 0L),
                            counts.getLong(1),
                            counts.getLong(2),
                            counts.getLong(3),
                            counts.getLong(4));
                })
                .toList();
    }

    /** The files that the tables rest on: name, rows and digest of each. */
    List<Object[]> inputs() {
        List<Object[]> inputs = new ArrayList<>();
        registry.values()
                .forEach(entry ->
                        inputs.add(new Object[] {entry.source() + "/" + entry.file(), entry.rowsIn(), entry.digest()}));
        return inputs;
    }

    boolean isKeyed(SourceKind kind) {
        return job.sources(kind).stream().anyMatch(source -> !source.key().isEmpty());
    }

    /** Files to read, and the names of those of them whose earlier rows must go. */
    private List<String> changed(Source source, List<SourceFile> toRead) {
        List<SourceFile> files = listed(source);
        String mapping = mapping(source);
        List<String> replaced = new ArrayList<>();
        Set<String> present = new TreeSet<>();
        files.forEach(file -> present.add(file.file()));
        Map<String, String> named = new HashMap<>();
        registry.values().stream()
                .filter(entry -> entry.source().equals(source.name()))
                .forEach(entry -> named.put(entry.digest(), entry.file()));
        forget(source, present).forEach(entry -> {
            replaced.add(entry.file());
            registry.remove(entry.id());
            warn(source.name() + ": the rows of " + entry.file() + " are retracted");
        });
        refuseOrphans(source, mapping, present);
        for (SourceFile file : files) {
            Entry known = registry.get(source.name() + "\u001f" + file.file());
            boolean isMapped = known != null && known.mapping().equals(mapping);
            if (isMapped && known.bytes() == file.bytes() && known.modifiedAt() == file.modifiedAt()) {
                continue;
            }
            String digest = reader.digest(file);
            Entry entry = new Entry(source.name(), file.file(), digest, mapping, file.bytes(), file.modifiedAt(), 0, 0);
            if (isMapped && known.digest().equals(digest)) {
                // touched, not changed: remember the new time, so that it is not digested again
                registry.put(entry.id(), entry.counted(known.rowsIn(), known.rejected()));
                isRegistryStale = true;
                continue;
            }
            String twin = named.put(digest, file.file());
            if (twin != null && !twin.equals(file.file())) {
                warn(source.name() + ": " + file.file() + " has the same content as " + twin
                        + "; rows without a key count twice. Remove one if it is a copy; if " + twin
                        + " is gone, --forget retracts its rows");
            }
            if (known != null) {
                replaced.add(file.file());
                rowsBefore.put(known.id(), known.rowsIn());
            }
            registry.put(entry.id(), entry);
            toRead.add(file);
        }
        long vanished = registry.values().stream()
                .filter(entry -> entry.source().equals(source.name()) && !present.contains(entry.file()))
                .count();
        if (vanished > 0) {
            warn(source.name() + ": "
                    + (vanished == 1
                            ? "1 file that was read before is gone; its rows stay"
                            : vanished + " files that were read before are gone; their rows stay"));
        }
        filesNow.put(source.name(), (long) files.size());
        filesNew.put(source.name(), (long) toRead.size());
        return replaced;
    }

    /** Only what was read can be forgotten; a slip must not pass for a retraction. */
    private void refuseUnknown() {
        Set<String> known = new TreeSet<>();
        registry.values().forEach(entry -> known.add(entry.file()));
        for (String file : new TreeSet<>(forgotten)) {
            if (!known.contains(file)) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "--forget " + file + ": no file of that name was read; ingest_account lists the names");
            }
        }
    }

    /** The files of a source that shall be forgotten. */
    private List<Entry> forget(Source source, Set<String> present) {
        List<Entry> entries = registry.values().stream()
                .filter(entry -> entry.source().equals(source.name()) && forgotten.contains(entry.file()))
                .toList();
        for (Entry entry : entries) {
            if (present.contains(entry.file())) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "--forget " + entry.file()
                                + ": the file is still there and would be read again; move it away first");
            }
        }
        isRegistryStale |= !entries.isEmpty();
        return entries;
    }

    /** The files there are; none, with a warning, where all that were read are gone. */
    private List<SourceFile> listed(Source source) {
        try {
            return reader.files(source);
        } catch (Failure missing) {
            boolean isKnown =
                    registry.values().stream().anyMatch(entry -> entry.source().equals(source.name()));
            if (missing.kind() != Failure.Kind.INPUT_MISSING || !isKnown) {
                throw missing;
            }
            return List.of();
        }
    }

    /** Rows of files that are gone cannot be read by a new mapping. */
    private void refuseOrphans(Source source, String mapping, Set<String> present) {
        List<String> orphans = registry.values().stream()
                .filter(entry -> entry.source().equals(source.name())
                        && !present.contains(entry.file())
                        && !entry.mapping().equals(mapping))
                .map(Entry::file)
                .toList();
        if (!orphans.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    source.name() + ": the mapping has changed, and files that were read with the old one are gone: "
                            + orphans.size() + " (first: " + orphans.get(0)
                            + "); restore them, or run with --reload, which drops their rows");
        }
    }

    /** Attributes are kept by their place; sources that map different ones would erase each other's. */
    private void refuseDifferingAttributes() {
        Set<Set<String>> mapped = new HashSet<>();
        job.sources(SourceKind.CUSTOMERS)
                .forEach(source -> mapped.add(Set.copyOf(source.columns().keySet())));
        if (mapped.size() > 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the customers sources map different columns; the latest row of a customer replaces the others as a"
                            + " whole, so map the same columns in each (\"null\" where a source has none), or join them first");
        }
    }

    /** Sources of a kind that were read once and are in the job no more. */
    private Set<String> dropped(SourceKind kind) {
        Set<String> dropped = new TreeSet<>();
        registry.values().forEach(entry -> dropped.add(entry.source()));
        dropped.removeIf(name -> !kindOf(name).equals(kind));
        job.sources(kind).forEach(source -> dropped.remove(source.name()));
        return dropped;
    }

    private static SourceKind kindOf(String source) {
        return SourceKind.of(source.split(":", 2)[0]).orElseThrow();
    }

    /** Deletes landed rows; gives the months that must be derived anew, those of other rows of their keys included. */
    private Set<LocalDate> takeBack(SourceKind kind, Column theirs) {
        Set<LocalDate> months = new TreeSet<>();
        if (kind.equals(SourceKind.PURCHASES)) {
            Dataset<Row> landed = store.read(Landing.PURCHASE);
            months.addAll(months(landed.where(theirs)));
            Dataset<Row> keys = landed.where(theirs.and(Landing.ROW_KEY.col().isNotNull()))
                    .select(Landing.ROW_KEY.col())
                    .distinct();
            months.addAll(months(landed.join(keys, Landing.ROW_KEY.name(), "left_semi")));
        }
        store.delete(received(kind), theirs);
        store.delete(Landing.REJECTED_ROW, theirs);
        return months;
    }

    /** Landing as files are read into it, the rejected beside the accepted until they are moved out. */
    private static Table received(SourceKind kind) {
        Table landing = kind.landing();
        List<Field> partitions = new ArrayList<>(List.of(IS_ACCEPTED));
        partitions.addAll(landing.partitions());
        return landing.with(IS_ACCEPTED, REJECT_REASON, Landing.RECORD).partitionedBy(partitions.toArray(Field[]::new));
    }

    /**
     * What the files of a kind held.
     *
     * @param rows of landing, the rejected among them
     * @param counts rows by source, file, whether accepted, and month where the kind has months
     * @param reasons of rejected rows, by source
     */
    private record Landed(SourceKind kind, Dataset<Row> rows, List<Row> counts, Map<String, String> reasons) {
        Dataset<Row> rejected() {
            return rows.where(IS_ACCEPTED.col().equalTo(false));
        }
    }

    /** Reads files into landing, kinds side by side; gives the months of purchases among them. */
    private Set<LocalDate> land(Map<SourceKind, Map<Source, List<SourceFile>>> fresh) {
        List<Landed> landed = Collections.synchronizedList(new ArrayList<>());
        Workers.run(
                spark.sparkContext(),
                fresh.entrySet().stream()
                        .<Runnable>map(kind -> () -> landed.add(landed(kind.getKey(), kind.getValue())))
                        .toList());
        landed.sort(Comparator.comparing(one -> List.copyOf(fresh.keySet()).indexOf(one.kind())));
        Set<LocalDate> months = new TreeSet<>();
        List<String> excess = new ArrayList<>();
        for (Landed one : landed) {
            Map<String, long[]> totals = new TreeMap<>();
            for (Row row : one.counts()) {
                String id = row.getString(0) + "\u001f" + row.getString(1);
                long rows = row.getLong(4);
                long rejects = row.getBoolean(2) ? 0 : rows;
                Entry entry = registry.get(id);
                registry.put(id, entry.counted(entry.rowsIn() + rows, entry.rejected() + rejects));
                long[] total = totals.computeIfAbsent(row.getString(0), name -> new long[2]);
                total[0] += rows;
                total[1] += rejects;
                if (row.getBoolean(2) && !row.isNullAt(3)) {
                    months.add(row.getLocalDate(3));
                }
            }
            fresh.get(one.kind()).forEach(this::mentionEmpty);
            excess.addAll(excess(one, totals));
        }
        if (!excess.isEmpty()) {
            throw new Failure(
                    Failure.Kind.QUALITY,
                    String.join("\n", excess) + "\nFix the files or the mapping, or raise maximum_rejected_share.");
        }
        List<Landed> withRejects =
                landed.stream().filter(one -> !one.reasons().isEmpty()).toList();
        withRejects.stream()
                .map(one -> one.rejected()
                        .withColumn(Landing.REJECT_REASON.name(), REJECT_REASON.col())
                        .withColumn(Landing.REJECTED_ON.name(), lit(today)))
                .map(Landing.REJECTED_ROW::conform)
                .reduce(Dataset::unionByName)
                .ifPresent(rejected -> store.append(Landing.REJECTED_ROW, rejected.coalesce(1)));
        withRejects.forEach(one -> store.drop(
                received(one.kind()),
                partition -> partition.get(IS_ACCEPTED.name()).equals("false")));
        landed.stream()
                .filter(one -> one.kind().equals(SourceKind.PURCHASES) && isKeyed(one.kind()))
                .forEach(one -> {
                    Dataset<Row> keys = one.rows()
                            .where(IS_ACCEPTED.col().and(Landing.ROW_KEY.col().isNotNull()))
                            .select(Landing.ROW_KEY.col())
                            .distinct();
                    months.addAll(months(store.read(Landing.PURCHASE).join(keys, Landing.ROW_KEY.name(), "left_semi")));
                });
        return months;
    }

    private Landed landed(SourceKind kind, Map<Source, List<SourceFile>> fresh) {
        Table received = received(kind);
        Optional<Long> before = store.version(received.name());
        for (Source source : job.sources(kind)) {
            if (fresh.containsKey(source)) {
                Dataset<Row> rows = reader.read(source, fresh.get(source));
                store.append(
                        received,
                        rows.withColumn(IS_ACCEPTED.name(), REJECT_REASON.col().isNull()));
            }
        }
        Dataset<Row> added = store.added(received, before);
        boolean isMonthly = received.partitions().contains(Landing.MONTH);
        List<Row> counts = added.groupBy(
                        Landing.SOURCE.col(),
                        Landing.FILE.col(),
                        IS_ACCEPTED.col(),
                        (isMonthly ? Landing.MONTH.col() : lit(null)).as(Landing.MONTH.name()))
                .agg(count(lit(1)))
                .collectAsList();
        Landed landed = new Landed(kind, added, counts, Map.of());
        return counts.stream().allMatch(row -> row.getBoolean(2))
                ? landed
                : new Landed(kind, added, counts, reasons(landed.rejected()));
    }

    /** A file without rows is in no group. */
    private void mentionEmpty(Source source, List<SourceFile> files) {
        for (SourceFile file : files) {
            String id = source.name() + "\u001f" + file.file();
            if (registry.get(id).rowsIn() == 0) {
                long held = rowsBefore.getOrDefault(id, 0L);
                if (held > 0) {
                    warn(String.format(
                            Locale.ROOT,
                            "%s: %s is empty now; the %,d rows that were read from it before are retracted",
                            source.name(),
                            file.file(),
                            held));
                } else {
                    LOG.info("{}: {} is empty", source.name(), file.file());
                }
            }
        }
    }

    /** Complaints about sources of which too many rows were rejected. */
    private List<String> excess(Landed landed, Map<String, long[]> totals) {
        List<String> excess = new ArrayList<>();
        if (landed.reasons().isEmpty()) {
            return excess;
        }
        for (Source source : job.sources(landed.kind())) {
            if (!totals.containsKey(source.name())) {
                continue;
            }
            long[] total = totals.get(source.name());
            String reasons = landed.reasons().getOrDefault(source.name(), "none");
            if (total[1] > source.maximumRejectedShare() * total[0]) {
                excess.add(String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d rows (%.1f %%) were rejected, more than the %.1f %% allowed: %s",
                        source.name(),
                        total[1],
                        total[0],
                        100.0 * total[1] / total[0],
                        100.0 * source.maximumRejectedShare(),
                        reasons));
            }
            LOG.info("{}: {} rows read, {} rejected: {}", source.name(), total[0], total[1], reasons);
        }
        return excess;
    }

    /** Reasons with their counts and the first place of each, most frequent first; per source. */
    private static Map<String, String> reasons(Dataset<Row> rejected) {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Row row : rejected.groupBy(Landing.SOURCE.col(), REJECT_REASON.col())
                .agg(
                        count(lit(1)).as("rejected_rows"),
                        min(struct(Landing.FILE.col(), Landing.PLACE.col())).as("first_place"))
                .orderBy(Landing.SOURCE.col(), col("rejected_rows").desc(), REJECT_REASON.col())
                .limit(50)
                .collectAsList()) {
            Row place = row.getStruct(3);
            lines.computeIfAbsent(row.getString(0), source -> new ArrayList<>())
                    .add(String.format(
                            Locale.ROOT,
                            "%,d %s (first: %s record %d)",
                            row.getLong(2),
                            row.getString(1),
                            place.getString(0),
                            place.getLong(1)));
        }
        Map<String, String> reasons = new HashMap<>();
        lines.forEach((source, found) -> reasons.put(source, String.join("; ", found)));
        return reasons;
    }

    private static Set<LocalDate> months(Dataset<Row> rows) {
        Set<LocalDate> months = new TreeSet<>();
        for (Row row : rows.select(Landing.MONTH.col()).distinct().collectAsList()) {
            months.add(row.getLocalDate(0));
        }
        return months;
    }

    private String mapping(Source source) {
        StringBuilder all = new StringBuilder(source.mapping());
        all.append('|').append(job.timeZone()).append('|').append(job.currency());
        if (source.kind().equals(SourceKind.SURVEY)) {
            job.satisfaction().ifPresent(satisfaction -> {
                all.append('|').append(satisfaction.questionnaire().digest());
                if (!source.columns().containsKey("wave")) {
                    // the days of the waves decide in which one an answer lands
                    all.append('|').append(satisfaction.questionnaire().waves());
                }
            });
        }
        if (!source.kind().equals(SourceKind.PURCHASES)) {
            // attributes are kept by the place of their names over all sources of the kind
            Set<String> names = new TreeSet<>();
            job.sources(source.kind())
                    .forEach(other -> names.addAll(other.columns().keySet()));
            all.append('|').append(names);
        }
        return Digest.sha256(all.toString());
    }

    private void warn(String warning) {
        warnings.add(warning);
    }
}
