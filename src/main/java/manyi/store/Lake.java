package manyi.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DateType;

/**
 * The Delta tables of a state folder. Writes become part of the warehouse when their versions are pinned; until then a
 * {@link #rollBack} takes them back.
 */
public final class Lake {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final Path folder;

    public Lake(SparkSession spark, Path folder) {
        this.spark = spark;
        this.folder = folder;
    }

    /** Where a table lies. */
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
        return table.conform(spark.read().format("delta").load(path(table).toString()));
    }

    /** Adds rows. */
    public void append(Table table, Dataset<Row> rows) {
        writer(table, rows).mode(SaveMode.Append).save(path(table).toString());
    }

    /** Replaces all rows. */
    public void overwrite(Table table, Dataset<Row> rows) {
        writer(table, rows).mode(SaveMode.Overwrite).save(path(table).toString());
    }

    /** Replaces the rows of these partitions, which the given rows must keep to. */
    public void replace(Table table, Dataset<Row> rows, List<?> partitions) {
        if (!has(table)) {
            append(table, rows);
            return;
        }
        Field partition = table.partitions().get(0);
        writer(table, rows)
                .mode(SaveMode.Overwrite)
                .option("replaceWhere", predicate(partition, partitions))
                .save(path(table).toString());
    }

    /** Deletes the rows for which a condition holds. */
    public void delete(Table table, Column condition) {
        if (has(table)) {
            DeltaTable.forPath(spark, path(table).toString()).delete(condition);
        }
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
        if (files.isEmpty()) {
            return spark.createDataFrame(List.of(), table.schema());
        }
        return table.conform(spark.read()
                .schema(table.schema())
                .option("basePath", path(table).toString())
                .parquet(files.values().toArray(String[]::new)));
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

    /** The versions of all tables as they stand. */
    public Map<String, Long> versions() {
        Map<String, Long> versions = new HashMap<>();
        for (String table : tables()) {
            version(table).ifPresent(version -> versions.put(table, version));
        }
        return versions;
    }

    /**
     * Takes back all that was written after the pins: tables ahead of theirs are restored, unpinned ones removed.
     *
     * @return whether anything had to be taken back
     * @throws Failure where a pinned table is missing or behind its pin
     */
    public boolean rollBack(Pins pins) {
        boolean isChanged = false;
        for (Map.Entry<String, Long> pin : pins.versions().entrySet()) {
            Optional<Long> version = version(pin.getKey());
            if (version.isEmpty() || version.get() < pin.getValue()) {
                throw new Failure(
                        Failure.Kind.FAULT,
                        "state table " + pin.getKey() + " is not what the last run left (version "
                                + version.map(String::valueOf).orElse("none") + ", pinned " + pin.getValue()
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
                DeltaTable.forPath(spark, path.toString()).restoreToVersion(pinned);
                isChanged = true;
            }
        }
        return isChanged;
    }

    /** Deletes files that no version of the last days refers to. */
    public void vacuum(double hours) {
        for (String table : tables()) {
            DeltaTable.forPath(spark, folder.resolve(table).toString()).vacuum(hours);
        }
    }

    /** Removes a table. */
    public void drop(String table) {
        Warehouse.remove(folder.resolve(table));
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

    private DataFrameWriter<Row> writer(Table table, Dataset<Row> rows) {
        DataFrameWriter<Row> writer = table.conform(rows).write().format("delta");
        if (!has(table)) {
            // minima and maxima would keep personal values in the log after the rows are gone
            writer = writer.option("delta.dataSkippingStatsColumns", statistics(table));
        }
        if (!table.partitions().isEmpty()) {
            writer = writer.partitionBy(
                    table.partitions().stream().map(Field::name).toArray(String[]::new));
        }
        return writer;
    }

    /** Dates and numbers of the source's bookkeeping only; texts may name people. */
    private static String statistics(Table table) {
        List<String> columns = new ArrayList<>();
        for (Field field : table.fields()) {
            boolean isPartition = table.partitions().contains(field);
            if (!isPartition
                    && (field.type() instanceof DateType || field.name().equals("file"))) {
                columns.add(field.name());
            }
        }
        return String.join(",", columns);
    }

    private static String predicate(Field partition, List<?> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no partitions to replace");
        }
        List<String> literals = values.stream()
                .map(value -> partition.type() instanceof DateType
                        ? "date'" + value + "'"
                        : "'" + String.valueOf(value).replace("\\", "\\\\").replace("'", "\\'") + "'")
                .toList();
        return partition.name() + " in (" + String.join(", ", literals) + ")";
    }

    private static List<JsonNode> actions(Path file) {
        List<JsonNode> actions = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                actions.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return actions;
    }
}
