package manyi.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Checks a table's rows against the rules the table declares, the uniqueness of its key among them. */
public final class Audit {

    private Audit() {}

    /** A rule, and how many rows break it. */
    public record Breach(String table, String rule, long rows) {}

    /**
     * What an audit saw.
     *
     * @param digest the content digest, where the key was looked at too; else an empty string
     */
    public record Report(String table, long rows, List<Breach> breaches, String digest) {
        public Report {
            breaches = List.copyOf(breaches);
        }
    }

    /** Counts breaches of every rule and of the key, and digests the content: all in one pass over the rows. */
    public static Report of(Table table, Dataset<Row> rows) {
        List<String> rules = table.rules();
        List<Column> seen = new ArrayList<>(table.key().stream().map(Field::col).toList());
        for (int i = 0; i < rules.size(); i++) {
            seen.add(broken(rules.get(i)).cast("long").as("rule_" + i));
        }
        seen.add(Digest.hash(table, Digest.FIRST).as("hash_1"));
        seen.add(Digest.hash(table, Digest.SECOND).as("hash_2"));
        Dataset<Row> checked = rows.select(columns(seen)).withColumn("rows_of_key", lit(1L));
        if (!table.key().isEmpty()) {
            // a key that comes twice is a breach and its digest of no use, so any of its hashes will do
            checked = checked.groupBy(
                            columns(table.key().stream().map(Field::col).toList()))
                    .agg(
                            count(lit(1)).as("rows_of_key"),
                            columns(Stream.concat(
                                            IntStream.range(0, rules.size())
                                                    .mapToObj(i -> sum(col("rule_" + i))
                                                            .as("rule_" + i)),
                                            Stream.of(
                                                    max(col("hash_1")).as("hash_1"),
                                                    max(col("hash_2")).as("hash_2")))
                                    .toList()));
        }
        List<Column> totals = new ArrayList<>(
                List.of(count_if(col("rows_of_key").gt(1)), Digest.total(col("hash_1")), Digest.total(col("hash_2"))));
        IntStream.range(0, rules.size()).forEach(i -> totals.add(total("rule_" + i)));
        Row total = checked.agg(total("rows_of_key"), columns(totals)).head();
        List<Breach> breaches = breaches(table, total, 4);
        if (total.getLong(1) > 0) {
            String names =
                    String.join(", ", table.key().stream().map(Field::name).toList());
            breaches.add(new Breach(table.name(), "one row per (" + names + ")", total.getLong(1)));
        }
        Digest.Content content = Digest.sealed(table, total.getLong(0), total.getDecimal(2), total.getDecimal(3));
        return new Report(table.name(), content.rows(), breaches, content.digest());
    }

    /** Counts breaches of every rule but the key's. */
    public static Report rules(Table table, Dataset<Row> rows) {
        List<Column> counts =
                table.rules().stream().map(rule -> count_if(broken(rule))).toList();
        Row total = rows.agg(count(lit(1)), columns(counts)).head();
        return new Report(table.name(), total.getLong(0), breaches(table, total, 1), "");
    }

    private static List<Breach> breaches(Table table, Row counts, int from) {
        List<Breach> breaches = new ArrayList<>();
        for (int i = 0; i < table.rules().size(); i++) {
            if (counts.getLong(from + i) > 0) {
                breaches.add(new Breach(table.name(), table.rules().get(i), counts.getLong(from + i)));
            }
        }
        return breaches;
    }

    private static Column broken(String rule) {
        return not(coalesce(expr(rule), lit(true)));
    }

    private static Column total(String column) {
        return coalesce(sum(col(column)), lit(0L));
    }

    private static Column[] columns(List<Column> columns) {
        return columns.toArray(Column[]::new);
    }
}
