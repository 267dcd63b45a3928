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

/** Lays a run's tables on its folders: for readers as one-commit Delta tables, for the run itself as Parquet. */
public final class TableWriter {

    private final SparkSession spark;
    private final Path run;
    private final Path work;

    /**
     * @param run the run's folder
     * @param work where its working tables lie
     */
    public TableWriter(SparkSession spark, Path run, Path work) {
        this.spark = spark;
        this.run = run;
        this.work = work;
    }

    /** Where a table of this run lies. */
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

    /** The rows of a table of this run: all files of its folder are its own, so no log need be read. */
    public Dataset<Row> read(Table table) {
        return table.conform(
                spark.read().schema(table.schema()).parquet(path(table).toString()));
    }

    /** Writes rows in the order in which the table wants its files. */
    static DataFrameWriter<Row> writer(Table table, Dataset<Row> rows) {
        Column[] order = table.order().stream().map(Field::col).toArray(Column[]::new);
        Dataset<Row> conformed = table.conform(rows);
        DataFrameWriter<Row> writer = (order.length == 0 ? conformed : conformed.sortWithinPartitions(order)).write();
        // names and numbers as differences from their neighbours; not every reader of published tables knows them
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
        Dataset<Row> laid = table.conform(rows);
        if (table.visibility() == Visibility.PUBLISHED) {
            Column[] order = table.key().stream().map(Field::col).toArray(Column[]::new);
            laid = laid.coalesce(1).sortWithinPartitions(order);
        }
        laid.write().mode(SaveMode.ErrorIfExists).parquet(path.toString());
        List<Path> data = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".parquet")) {
                    data.add(file);
                } else {
                    // a folder of data files and a log: neither markers nor checksums of the writer
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new DeltaLog(path, spark.sessionState().newHadoopConf()).create(table, data);
    }
}
