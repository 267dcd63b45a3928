package manyi.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import manyi.table.Field;
import manyi.table.Shelf;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Lays a run's tables on its shelves: for readers as one-commit Delta tables, for the run itself as Parquet. */
public final class Shelving {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final Path run;

    public Shelving(SparkSession spark, Path run) {
        this.spark = spark;
        this.run = run;
    }

    /** Where a table of this run lies. */
    public Path path(Table table) {
        return run.resolve(
                        switch (table.shelf()) {
                            case WORK -> "work";
                            case PUBLISHED -> "published";
                            case RESTRICTED -> "restricted";
                            case STATE -> throw new IllegalArgumentException(table.name() + " lies in state");
                        })
                .resolve(table.name());
    }

    /** The rows of a table of this run. */
    public Dataset<Row> read(Table table) {
        String format = table.shelf() == Shelf.WORK ? "parquet" : "delta";
        return table.conform(spark.read().format(format).load(path(table).toString()));
    }

    /**
     * Writes a table. Aggregates become one file, sorted by their key, so that the same rows give the same bytes.
     *
     * @throws IllegalStateException where the files are not just those in the log
     */
    public void write(Table table, Dataset<Row> rows) {
        Dataset<Row> conformed = table.conform(rows);
        Path path = path(table);
        if (table.shelf() == Shelf.WORK) {
            conformed.write().mode(SaveMode.ErrorIfExists).parquet(path.toString());
            return;
        }
        Dataset<Row> laid = conformed;
        if (table.shelf() == Shelf.PUBLISHED) {
            Column[] order = table.key().stream().map(Field::col).toArray(Column[]::new);
            laid = conformed.coalesce(1).sortWithinPartitions(order);
        }
        laid.write().format("delta").mode(SaveMode.ErrorIfExists).save(path.toString());
        tidy(path);
    }

    /** Removes files that the table's only commit does not name; readers who glob must see what the log says. */
    private static void tidy(Path table) {
        Path commit = table.resolve("_delta_log").resolve("00000000000000000000.json");
        Set<Path> named = new TreeSet<>();
        try (Stream<String> lines = Files.lines(commit);
                Stream<Path> files = Files.list(table)) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode add = JSON.readTree(line).get("add");
                if (add != null) {
                    named.add(table.resolve(URI.create(add.get("path").asText()).getPath()));
                }
            }
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!named.remove(file) && file.toString().endsWith(".parquet")) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!named.isEmpty()) {
            throw new IllegalStateException(
                    "table " + table.getFileName() + " lacks " + named.size() + " files that its log names");
        }
    }
}
