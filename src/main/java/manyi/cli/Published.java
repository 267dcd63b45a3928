package manyi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.store.Warehouse;
import manyi.table.Failure;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What readers see of a warehouse now. The pointer is followed once, so that all tables are of one run even where another
 * is published meanwhile.
 *
 * @param tables the aggregates, name → folder
 * @param restricted the tables with a row per customer, name → folder
 */
record Published(Map<String, Path> tables, Map<String, Path> restricted) {

    /** The tables of the job's warehouse. */
    static Published of(Job job) {
        Warehouse warehouse = Warehouse.at(job.warehouse());
        Path published = warehouse.published();
        if (!Files.exists(published)) {
            throw new Failure(
                    Failure.Kind.INPUT_MISSING,
                    "Nothing is published in " + warehouse.root() + " yet. Run `manyi run " + job.file() + "` first.");
        }
        try {
            Path folder = published.toRealPath();
            // restricted/ of the same run, not through a pointer that may have moved on
            Path restricted = folder.resolveSibling("restricted");
            return new Published(folders(folder), Files.isDirectory(restricted) ? folders(restricted) : Map.of());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** The result of a query, in a session of its own where the tables it reads are temporary views. */
    Dataset<Row> answer(Query query, SparkSession spark) {
        SparkSession session = spark.newSession();
        for (String name : query.tables()) {
            Sessions.read(session, tables.get(name)).createOrReplaceTempView(name);
        }
        return query.in(session);
    }

    /** The result of a query. */
    Dataset<Row> answer(String text, SparkSession spark) {
        return answer(Query.of(text, tables.keySet()), spark);
    }

    /** The meaning of each table, from the published dictionary. */
    Map<String, String> meanings(SparkSession spark) {
        Map<String, String> meanings = new TreeMap<>();
        Path dictionary = tables.get("data_dictionary");
        if (dictionary != null) {
            for (Row row : Sessions.read(spark, dictionary)
                    .select("table_name", "table_meaning")
                    .distinct()
                    .collectAsList()) {
                meanings.put(row.getString(0), row.getString(1));
            }
        }
        return meanings;
    }

    private static Map<String, Path> folders(Path parent) throws IOException {
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> children = Files.list(parent)) {
            List<Path> sorted = children.filter(Published::hasParquet).sorted().toList();
            sorted.forEach(child -> found.put(child.getFileName().toString(), child));
        }
        return found;
    }

    private static boolean hasParquet(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(".parquet"));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
