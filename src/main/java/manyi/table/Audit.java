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

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/** Checks a table's rows against the rules the table declares, the uniqueness of its key among them. */
public final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    /** How long after the writing its metrics may take. */
    private static final long PATIENCE_SECONDS = 60;

    private Audit() {}

    /** A rule, and how many rows break it. */
    public record FailedExpectation(String table, String rule, long rows) {}

    /**
     * What an audit saw.
     *
     * @param digest the content digest
     */
    public record Report(String table, long rows, List<FailedExpectation> breaches, String digest) {
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
        List<FailedExpectation> breaches = breaches(
                table,
                IntStream.range(0, rules.size())
                        .mapToLong(i -> total.getLong(4 + i))
                        .toArray());
        if (total.getLong(1) > 0) {
            String names =
                    String.join(", ", table.key().stream().map(Field::name).toList());
            breaches.add(new FailedExpectation(table.name(), "one row per (" + names + ")", total.getLong(1)));
        }
        Digest.Content content = Digest.sealed(table, total.getLong(0), total.getDecimal(2), total.getDecimal(3));
        return new Report(table.name(), content.rows(), breaches, content.digest());
    }

    /**
     * Looks on while rows are written, so that they need not be read again: at every rule and at the content, but not at
     * the key, whose rows would have to be brought together. For tables whose plan makes the key unique.
     */
    public static Watch watch(Table table, Dataset<Row> rows) {
        List<Column> counts = new ArrayList<>(List.of(
                Digest.total(Digest.hash(table, Digest.FIRST)).as("hash_1"),
                Digest.total(Digest.hash(table, Digest.SECOND)).as("hash_2")));
        for (int i = 0; i < table.rules().size(); i++) {
            counts.add(count_if(broken(table.rules().get(i))).as("rule_" + i));
        }
        Observation seen = new Observation();
        Dataset<Row> watched = table.conform(rows).observe(seen, count(lit(1)).as("rows"), columns(counts));
        return new Watch(table, watched, seen);
    }

    /** Rows that are looked at while they pass. */
    public static final class Watch {

        private final Table table;
        private final Dataset<Row> rows;
        private final Observation seen;

        private Watch(Table table, Dataset<Row> rows, Observation seen) {
            this.table = table;
            this.rows = rows;
            this.seen = seen;
        }

        /** The rows, to be written once. */
        public Dataset<Row> rows() {
            return rows;
        }

        /**
         * What was seen, once all is written.
         *
         * @param written the rows as they were written, to be looked at again where Spark lost count
         */
        public Report report(Supplier<Dataset<Row>> written) {
            Map<String, Object> totals = totals();
            if (!totals.containsKey("rows")) {
                LOG.warn("{}: Spark did not tell what it wrote; the rows are read again to be audited", table.name());
                return of(table, written.get());
            }
            List<FailedExpectation> breaches = breaches(
                    table,
                    IntStream.range(0, table.rules().size())
                            .mapToLong(i -> (long) totals.get("rule_" + i))
                            .toArray());
            Digest.Content content =
                    Digest.sealed(table, (long) totals.get("rows"), (BigDecimal) totals.get("hash_1"), (BigDecimal)
                            totals.get("hash_2"));
            return new Report(table.name(), content.rows(), breaches, content.digest());
        }

        /** The metrics come by a queue that may drop them; empty then. */
        private Map<String, Object> totals() {
            try {
                Await.ready(seen.future(), Duration.create(PATIENCE_SECONDS, TimeUnit.SECONDS));
                return seen.getAsJava();
            } catch (TimeoutException lost) {
                return Map.of();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(table.name() + ": interrupted while its rows were counted", e);
            }
        }
    }

    private static List<FailedExpectation> breaches(Table table, long[] broken) {
        return IntStream.range(0, broken.length)
                .filter(i -> broken[i] > 0)
                .mapToObj(i -> new FailedExpectation(table.name(), table.rules().get(i), broken[i]))
                .collect(Collectors.toCollection(ArrayList::new));
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
