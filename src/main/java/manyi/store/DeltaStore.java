package manyi.store;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.store.DeltaLog.DataFile;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The Delta tables of a state folder. Writes become part of the warehouse when their versions are pinned; until then
 * {@link #rollBack} undoes them.
 */
public final class DeltaStore {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Spark and Delta ignore folders whose names start with an underscore. */
    private static final String WRITING = "_writing";

    private final SparkSession spark;
    private final Path folder;

    public DeltaStore(SparkSession spark, Path folder) {
        this.spark = spark;
        this.folder = folder;
    }

    /** The folder of a table. */
    public Path path(Table table) {
        return folder.resolve(table.name());
    }

    /** Whether the table has been written. */
    public boolean has(Table table) {
        return version(table.name()).isPresent();
    }

    /** The rows of the table; none where it was never written. */
    public Dataset<Row> read(Table table) {
        if (!has(table)) {
            return spark.createDataFrame(List.of(), table.schema());
        }
        return rows(table, log(table).files().stream().map(DataFile::path).toList());
    }

    /** Adds rows. */
    public void append(Table table, Dataset<Row> rows) {
        write(table, rows, file -> false, added -> true);
    }

    /** Replaces all rows. */
    public void overwrite(Table table, Dataset<Row> rows) {
        write(table, rows, file -> true, added -> true);
    }

    /**
     * Replaces the rows of these values of the first partition column.
     *
     * @throws IllegalStateException where a row has another value there
     */
    public void replace(Table table, Dataset<Row> rows, List<?> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no partitions to replace");
        }
        String partition = table.partitions().get(0).name();
        Set<String> replaced = values.stream().map(String::valueOf).collect(Collectors.toSet());
        write(
                table,
                rows,
                file -> replaced.contains(file.partition().get(partition)),
                added -> replaced.contains(added.get(partition)));
    }

    /** The values of the first partition column. */
    public Set<String> partitions(Table table) {
        if (!has(table)) {
            return Set.of();
        }
        String partition = table.partitions().get(0).name();
        return log(table).files().stream()
                .map(file -> file.partition().get(partition))
                .collect(Collectors.toSet());
    }

    /** Removes the partitions for which a condition on their values holds. */
    public void drop(Table table, Predicate<Map<String, String>> isDropped) {
        if (has(table)) {
            log(table).change(table, List.of(), file -> isDropped.test(file.partition()));
        }
    }

    /** Deletes the rows for which a condition holds: the files that have such rows are rewritten without them. */
    public void delete(Table table, Column condition) {
        if (!has(table)) {
            return;
        }
        Set<String> hit = new HashSet<>();
        read(table)
                .where(condition)
                .select(input_file_name())
                .distinct()
                .collectAsList()
                .forEach(row -> hit.add(URI.create(row.getString(0)).getPath()));
        if (hit.isEmpty()) {
            return;
        }
        Dataset<Row> kept = rows(table, List.copyOf(hit)).where(not(coalesce(condition, lit(false))));
        write(table, kept, file -> hit.contains(file.path()), added -> true);
    }

    /** The rows of the files that versions after {@code since} added and that are still there. */
    public Dataset<Row> added(Table table, Optional<Long> since) {
        long last = version(table.name()).orElseThrow();
        Path log = path(table).resolve("_delta_log");
        Map<String, String> files = new TreeMap<>();
        for (long version = since.map(v -> v + 1).orElse(0L); version <= last; version++) {
            for (JsonNode action : actions(log.resolve(String.format("%020d.json", version)))) {
                if (action.has("add")) {
                    String file = action.get("add").get("path").asText();
                    files.put(
                            file,
                            path(table).resolve(URI.create(file).getPath()).toString());
                }
                if (action.has("remove")) {
                    files.remove(action.get("remove").get("path").asText());
                }
            }
        }
        return rows(table, List.copyOf(files.values()));
    }

    /** The version of a table, where it has been written. */
    public Optional<Long> version(String table) {
        Path log = folder.resolve(table).resolve("_delta_log");
        if (!Files.isDirectory(log)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{20}\\.json"))
                    .map(name -> Long.valueOf(name.substring(0, 20)))
                    .max(Long::compare);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The current versions of all tables. */
    public Map<String, Long> versions() {
        Map<String, Long> versions = new HashMap<>();
        for (String table : tables()) {
            version(table).ifPresent(version -> versions.put(table, version));
        }
        return versions;
    }

    /**
     * Undoes all that was written after the pins: tables ahead of theirs are restored, unpinned ones removed.
     *
     * @return whether anything had to be undone
     * @throws Failure where a pinned table is missing or behind its pin
     */
    public boolean rollBack(Pins pins) {
        boolean isChanged = false;
        for (Map.Entry<String, Long> pin : pins.versions().entrySet()) {
            Optional<Long> version = version(pin.getKey());
            if (version.isEmpty() || version.get() < pin.getValue()) {
                throw new Failure(
                        Failure.Kind.FAULT,
                        "state table " + pin.getKey() + " is not as the last run left it (version "
                                + version.map(String::valueOf).orElse("none") + ", expected " + pin.getValue()
                                + "); run with --reload to read the sources again");
            }
        }
        for (String table : tables()) {
            Path path = folder.resolve(table);
            Long pinned = pins.versions().get(table);
            if (pinned == null) {
                Warehouse.remove(path);
                isChanged = true;
            } else if (version(table).orElseThrow() > pinned) {
                restore(path, pinned);
                isChanged = true;
            }
        }
        return isChanged;
    }

    private void restore(Path path, long version) {
        try {
            new DeltaLog(path, spark.sessionState().newHadoopConf()).restore(version);
        } catch (NoSuchFileException missing) {
            throw Damage.ofData(path, missing);
        }
    }

    /** Deletes the data files of a table that its last version does not refer to, so that what was deleted is gone. */
    public void removeUnused(Table table) {
        Set<Path> used =
                log(table).files().stream().map(file -> Path.of(file.path())).collect(Collectors.toSet());
        try (Stream<Path> files = Files.walk(path(table))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".parquet"))
                    .filter(path -> !path.toString().contains("_delta_log"))
                    .toList()) {
                if (!used.contains(file)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes files to which no version of the last hours refers. */
    public void vacuum(double hours) {
        for (String table : tables()) {
            DeltaTable.forPath(spark, folder.resolve(table).toString()).vacuum(hours);
        }
    }

    /** The tables there are. */
    public List<String> tables() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DeltaLog log(Table table) {
        return new DeltaLog(path(table), spark.sessionState().newHadoopConf());
    }

    private Dataset<Row> rows(Table table, List<String> files) {
        if (files.isEmpty()) {
            return spark.createDataFrame(List.of(), table.schema());
        }
        try {
            return table.conform(spark.read()
                    .schema(table.schema())
                    .option("basePath", path(table).toString())
                    .parquet(files.toArray(String[]::new)));
        } catch (Exception fault) {
            // Spark's checked exceptions are not declared
            if (fault instanceof AnalysisException missing && "PATH_NOT_FOUND".equals(missing.getCondition())) {
                throw Damage.ofData(path(table), fault);
            }
            throw fault;
        }
    }

    /** Writes files next to the table's, moves them in, and commits them together with the removal of others. */
    private void write(
            Table table, Dataset<Row> rows, Predicate<DataFile> isRemoved, Predicate<Map<String, String>> isAllowed) {
        Path path = path(table);
        Path writing = path.resolve(WRITING);
        Warehouse.remove(writing);
        TableWriter.writer(table, rows)
                .partitionBy(table.partitions().stream().map(Field::name).toArray(String[]::new))
                .parquet(writing.toString());
        List<Path> added = moved(table, writing, path, isAllowed);
        Warehouse.remove(writing);
        if (has(table)) {
            widen(table);
            log(table).change(table, added, isRemoved);
        } else {
            log(table).create(table, added);
        }
    }

    /** Adds missing columns to a table of an earlier version; they are null in its rows. */
    private void widen(Table table) {
        List<String> known = log(table).columns();
        String more = table.fields().stream()
                .filter(field -> !known.contains(field.name()))
                .map(field -> "`" + field.name() + "` " + field.type().catalogString() + " COMMENT '"
                        + field.comment().replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(", "));
        if (!more.isEmpty()) {
            spark.sql(
                    "ALTER TABLE delta.`" + path(table).toString().replace("`", "``") + "` ADD COLUMNS (" + more + ")");
        }
    }

    private static List<Path> moved(Table table, Path from, Path to, Predicate<Map<String, String>> isAllowed) {
        List<Path> moved = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path file : paths.filter(path -> path.toString().endsWith(".parquet"))
                    .sorted()
                    .toList()) {
                if (!isAllowed.test(DeltaLog.partition(from.relativize(file)))) {
                    throw new IllegalStateException(
                            table.name() + ": some rows are outside the partitions to be replaced");
                }
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                moved.add(Files.move(file, target));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return moved;
    }

    private static List<JsonNode> actions(Path file) {
        List<JsonNode> actions = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                actions.add(JSON.readTree(line));
            }
        } catch (IOException | UncheckedIOException e) {
            throw Damage.ofLog(file.getParent().getParent(), e);
        }
        return actions;
    }
}
