package manyi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
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
        Path folder = switch (table.visibility()) {
            case WORK -> work;
            case PUBLISHED -> run.resolve("published");
            case RESTRICTED -> run.resolve("restricted");
            case STATE -> throw new IllegalArgumentException(table.name() + " is a state table");
        };
        return folder.resolve(table.name());
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
        return table.visibility() == Visibility.WORK || table.visibility() == Visibility.STATE
                ? writer.option("parquet.writer.version", "PARQUET_2_0")
                : writer;
    }

    /**
     * Writes a table. Aggregates become one file, sorted by their key, so that the same rows give the same bytes.
     */
    public void write(Table table, Dataset<Row> rows) {
        Path path = path(table);
        if (table.visibility() == Visibility.WORK) {
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
