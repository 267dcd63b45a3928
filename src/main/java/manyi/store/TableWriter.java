package manyi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Writes a run's tables: for readers as one-commit Delta tables, for the run itself as Parquet. */
public final class TableWriter {

    private final SparkSession spark;
    private final Path run;
    private final Path work;

    /**
     * @param run the run's folder
     * @param work the folder of its working tables
     */
    public TableWriter(SparkSession spark, Path run, Path work) {
        this.spark = spark;
        this.run = run;
        this.work = work;
    }

    /** The folder of a table of this run. */
    public Path path(Table table) {
        return folder(run, work, table.visibility()).resolve(table.name());
    }

    private static Path folder(Path run, Path work, Visibility visibility) {
        return switch (visibility) {
            case INTERNAL -> work;
            case PUBLISHED -> run.resolve("published");
            case RESTRICTED -> run.resolve("restricted");
        };
    }

    /**
     * Gives this run a table of an earlier one: the same files under a second name.
     *
     * @param earlier the earlier run's folder
     * @return whether that run has the table
     */
    public boolean link(Table table, Path earlier) {
        Path from = folder(earlier, work, table.visibility()).resolve(table.name());
        if (!Files.isDirectory(from)) {
            return false;
        }
        Path to = path(table);
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    linkOrCopy(path, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    private static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | FileSystemException withoutLinks) {
            Files.copy(from, to);
        }
    }

    /** The rows of a table of this run: it consists of all files of its folder, so its log need not be read. */
    public Dataset<Row> read(Table table) {
        return table.conform(
                spark.read().schema(table.schema()).parquet(path(table).toString()));
    }

    /** Writes rows in the order in which the table wants its files. */
    static DataFrameWriter<Row> writer(Table table, Dataset<Row> rows) {
        Column[] order = table.order().stream().map(Field::col).toArray(Column[]::new);
        Dataset<Row> conformed = table.conform(rows);
        DataFrameWriter<Row> writer = (order.length == 0 ? conformed : conformed.sortWithinPartitions(order)).write();
        // delta encodings of names and numbers; not every reader of published tables supports them
        return table.visibility() == Visibility.INTERNAL
                ? writer.option("parquet.writer.version", "PARQUET_2_0")
                : writer;
    }

    /**
     * Writes a table. Aggregates become one file, sorted by their key, so that the same rows give the same bytes.
     */
    public void write(Table table, Dataset<Row> rows) {
        Path path = path(table);
        if (table.visibility() == Visibility.INTERNAL) {
            writer(table, rows).mode(SaveMode.ErrorIfExists).parquet(path.toString());
            return;
        }
        Dataset<Row> ordered = table.conform(rows);
        if (table.visibility() == Visibility.PUBLISHED) {
            Column[] order = table.key().stream().map(Field::col).toArray(Column[]::new);
            ordered = ordered.coalesce(1).sortWithinPartitions(order);
        }
        ordered.write().mode(SaveMode.ErrorIfExists).parquet(path.toString());
        List<Path> data = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".parquet")) {
                    data.add(file);
                } else {
                    // markers and checksums of Spark's writer are not part of a table
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new DeltaLog(path, spark.sessionState().newHadoopConf()).create(table, data);
    }
}
