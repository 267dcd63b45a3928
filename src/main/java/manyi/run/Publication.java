package manyi.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import manyi.config.Job;
import manyi.store.DeltaStore;
import manyi.store.Pins;
import manyi.store.TableWriter;
import manyi.store.Warehouse;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What readers see: the pointer to a run, the history of segment tables, and how long runs are kept. Files in a run's folder
 * say how far its publication has come: {@code withdrawn} and {@code linked} say what is to be done, {@code run.json} that
 * the run is complete, {@code history.done} that the history has it. A run that was killed between the last two is finished
 * by the next one.
 */
final class Publication {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    private static final String COMPLETE = "run.json";
    private static final String HISTORY_DONE = "history.done";
    /** Waves whose earlier releases a run withdraws, a line each. */
    private static final String WITHDRAWN = "withdrawn";
    /** Tables that are those of an earlier run of the same day, and so in the history, a line each. */
    private static final String LINKED = "linked";

    private static final double VACUUM_HOURS = 168;

    private final SparkSession spark;
    private final Warehouse warehouse;
    private final DeltaStore history;

    Publication(SparkSession spark, Warehouse warehouse) {
        this.spark = spark;
        this.warehouse = warehouse;
        this.history = new DeltaStore(spark, warehouse.history());
    }

    /** The segment tables of all days. */
    DeltaStore history() {
        return history;
    }

    /**
     * Refuses a revision that readers would not see, since they would go on seeing what it withdraws.
     *
     * @param revised the waves of which the run makes a revision
     */
    void requireSeen(Set<String> revised, LocalDate asOf, boolean isMadeCurrent) {
        laterDay(asOf, isMadeCurrent).filter(day -> !revised.isEmpty()).ifPresent(day -> {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "satisfaction.restate_waves: a revision of wave " + String.join(", ", revised)
                            + " would replace what readers see, which is the run of " + day
                            + "; use --as-of with that day or later, or --make-current");
        });
    }

    /** Whether a folder holds a whole run. */
    static boolean isComplete(Path folder) {
        return Files.exists(folder.resolve(COMPLETE));
    }

    /**
     * Marks a run as complete: from now on it is kept, and its history will be written.
     *
     * @param withdrawn waves whose earlier releases go
     * @param linked names of tables that are those of an earlier run of the same day
     */
    void complete(Path folder, LocalDate asOf, Set<String> withdrawn, Set<String> linked) {
        Pins.write(folder.resolve(WITHDRAWN), String.join("\n", withdrawn));
        Pins.write(folder.resolve(LINKED), String.join("\n", linked));
        String runId = folder.getFileName().toString();
        Pins.write(folder.resolve(COMPLETE), "{\"run_id\": \"" + runId + "\", \"as_of\": \"" + asOf + "\"}\n");
    }

    /** Swaps the pointer to a complete run, unless readers see a later day, which is then given. */
    Optional<LocalDate> publish(String runId, LocalDate asOf, boolean isMadeCurrent) {
        Optional<LocalDate> later = laterDay(asOf, isMadeCurrent);
        if (later.isEmpty()) {
            warehouse.point(runId);
        }
        return later;
    }

    private Optional<LocalDate> laterDay(LocalDate asOf, boolean isMadeCurrent) {
        return warehouse.current().map(RunId::dayOf).filter(day -> asOf.isBefore(day) && !isMadeCurrent);
    }

    /** Finishes the history of complete runs that did not come to it. */
    void finish() {
        for (String id : warehouse.runIds()) {
            Path folder = warehouse.run(id);
            if (isComplete(folder) && !Files.exists(folder.resolve(HISTORY_DONE))) {
                append(folder);
            }
        }
    }

    /** Puts a run's segment tables into the history, in place of those of the same day, and withdraws what it revises. */
    void append(Path folder) {
        withdraw(folder);
        TableWriter writer = new TableWriter(spark, folder, warehouse.work());
        LocalDate day = RunId.dayOf(folder.getFileName().toString());
        Set<String> linked = lines(folder.resolve(LINKED));
        Workers.run(
                spark.sparkContext(),
                Pipeline.READABLE.stream()
                        .filter(table -> Pipeline.hasHistory(table) && Files.isDirectory(writer.path(table)))
                        .filter(table -> !linked.contains(table.name()))
                        .<Runnable>map(table -> () -> history.replace(byDay(table), writer.read(table), List.of(day)))
                        .toList());
        Pins.write(folder.resolve(HISTORY_DONE), "");
    }

    private static Table byDay(Table table) {
        Field asOf = table.fields().stream()
                .filter(field -> field.name().equals("as_of"))
                .findFirst()
                .orElseThrow();
        return table.partitionedBy(asOf);
    }

    /** Takes earlier releases of revised waves out of the history and removes the other runs that show them. */
    private void withdraw(Path folder) {
        Set<String> waves = lines(folder.resolve(WITHDRAWN));
        if (waves.isEmpty()) {
            return;
        }
        for (Table table : Pipeline.READABLE) {
            if (Pipeline.hasHistory(table) && table.has(Table.WAVE) && history.has(byDay(table))) {
                Column isWithdrawn = functions.col(Table.WAVE).isin(waves.toArray());
                Column isOfPair = table.has("previous_wave")
                        ? functions.col("previous_wave").isin(waves.toArray())
                        : functions.lit(false);
                history.delete(byDay(table), isWithdrawn.or(isOfPair));
                history.removeUnused(byDay(table));
            }
        }
        for (String id : warehouse.runIds()) {
            if (!id.equals(folder.getFileName().toString())) {
                LOG.info("removing run {}, which shows an earlier release of a revised wave", id);
                Warehouse.remove(warehouse.run(id));
            }
        }
    }

    private static Set<String> lines(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .filter(line -> !line.isEmpty())
                            .collect(Collectors.toCollection(TreeSet::new))
                    : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes runs beyond their retention, and now and then files that no version of a table needs. */
    void clean(String runId, Job.Retention retention, DeltaStore state, Instant now) {
        List<String> ids = warehouse.runIds();
        Set<String> kept = new TreeSet<>(ids.subList(Math.max(0, ids.size() - 1 - retention.runs()), ids.size()));
        warehouse.current().ifPresent(kept::add);
        kept.add(runId);
        kept.addAll(monthEnds(ids, retention.monthEnds()));
        ids.stream().filter(id -> !kept.contains(id)).forEach(id -> {
            LOG.info("removing run {}", id);
            Warehouse.remove(warehouse.run(id));
        });
        vacuum(state, now);
    }

    private void vacuum(DeltaStore state, Instant now) {
        Path mark = warehouse.root().resolve(".vacuumed");
        if (isOlderThanAWeek(mark, now)) {
            state.vacuum(VACUUM_HOURS);
            history.vacuum(VACUUM_HOURS);
            Pins.write(mark, now.toString());
        }
    }

    /** The newest run of each of the last month ends. */
    static List<String> monthEnds(List<String> ids, int months) {
        NavigableMap<LocalDate, String> ends = new TreeMap<>();
        for (String id : ids) {
            LocalDate day = RunId.dayOf(id);
            if (day.plusDays(1).getDayOfMonth() == 1) {
                ends.put(day, id);
            }
        }
        return ends.descendingMap().values().stream().limit(months).toList();
    }

    private static boolean isOlderThanAWeek(Path mark, Instant now) {
        try {
            if (!Files.exists(mark)) {
                Pins.write(mark, now.toString());
                return false;
            }
            var then = Instant.parse(Files.readString(mark).strip());
            return then.plusSeconds((long) (VACUUM_HOURS * 3600)).isBefore(now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
