package manyi.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.config.Job;
import manyi.store.Damage;
import manyi.store.Warehouse;
import manyi.table.Failure;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the tables that readers see, or the columns of one. */
@Command(
        name = "tables",
        description = "List the published tables with their rows and meaning, or the columns of one table.",
        footer = {"", "Examples:", "  manyi tables jobs/demo.yaml", "  manyi tables jobs/demo.yaml segment_satisfaction"
        })
final class Tables extends JobVerb {

    @Parameters(index = "1", arity = "0..1", paramLabel = "TABLE", description = "The table whose columns are shown.")
    private String table;

    @Override
    public Integer call() throws Exception {
        Job job = job();
        Published published = Published.of(job);
        Map<String, Path> all = new TreeMap<>(published.tables());
        all.putAll(published.restricted());
        if (table != null && !all.containsKey(table)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "There is no table " + table + "; the tables are " + String.join(", ", all.keySet()) + ".");
        }
        try (SparkSession spark = Sessions.open(job.name(), job.timeZone())) {
            if (table == null) {
                list(spark, published, all);
            } else {
                columns(Sessions.read(spark, all.get(table)), all.get(table));
            }
        } catch (Exception thrown) {
            throw Damage.in(Warehouse.at(job.warehouse()), thrown).orElseThrow(() -> thrown);
        }
        return 0;
    }

    private static void list(SparkSession spark, Published published, Map<String, Path> all) {
        Map<String, String> meanings = published.meanings(spark);
        List<List<Object>> rows = new ArrayList<>();
        all.forEach((name, folder) -> rows.add(List.of(
                published.tables().containsKey(name) ? "published" : "restricted",
                name,
                Sessions.read(spark, folder).count(),
                meanings.getOrDefault(name, ""))));
        System.out.print(Sheet.of(List.of("visibility", "table", "rows", "meaning"), rows)
                .text(Sheet.Format.TABLE));
    }

    private static void columns(Dataset<Row> data, Path folder) {
        List<List<Object>> rows = new ArrayList<>();
        for (StructField field : data.schema().fields()) {
            rows.add(List.of(
                    field.name(),
                    field.dataType().simpleString(),
                    field.getComment().getOrElse(() -> "")));
        }
        System.out.print(
                Sheet.of(List.of("column", "type", "meaning [unit]"), rows).text(Sheet.Format.TABLE));
        System.out.println("\n" + Summary.count(data.count()) + " rows in " + folder);
    }
}
