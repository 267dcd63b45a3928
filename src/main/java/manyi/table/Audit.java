package manyi.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Checks a table's rows against the rules the table declares: one pass for the rules, one for the key. */
public final class Audit {

    private Audit() {}

    /** A rule, and how many rows break it. */
    public record Breach(String table, String rule, long rows) {}

    /** What an audit saw. */
    public record Report(String table, long rows, List<Breach> breaches) {
        public Report {
            breaches = List.copyOf(breaches);
        }
    }

    /** Reads the rows and counts breaches of every rule, the uniqueness of the key among them. */
    public static Report of(Table table, Dataset<Row> rows) {
        Report report = rules(table, rows);
        List<Breach> breaches = new ArrayList<>(report.breaches());
        if (!table.key().isEmpty()) {
            Column[] key = table.key().stream().map(Field::col).toArray(Column[]::new);
            long repeated = rows.groupBy(key)
                    .agg(count(lit(1)).as("rows_of_key"))
                    .where(col("rows_of_key").gt(1))
                    .count();
            if (repeated > 0) {
                String names =
                        String.join(", ", table.key().stream().map(Field::name).toList());
                breaches.add(new Breach(table.name(), "one row per (" + names + ")", repeated));
            }
        }
        return new Report(table.name(), report.rows(), breaches);
    }

    /** Reads the rows and counts breaches of every rule but the key's. */
    public static Report rules(Table table, Dataset<Row> rows) {
        List<String> rules = table.rules();
        List<Column> counts = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            counts.add(count_if(not(coalesce(expr(rules.get(i)), lit(true)))).as("rule_" + i));
        }
        Row seen = rows.agg(count(lit(1)).as("rows"), counts.toArray(Column[]::new))
                .head();
        List<Breach> breaches = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (seen.getLong(i + 1) > 0) {
                breaches.add(new Breach(table.name(), rules.get(i), seen.getLong(i + 1)));
            }
        }
        return new Report(table.name(), seen.getLong(0), breaches);
    }
}
