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
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.xxhash64;

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
import org.apache.spark.sql.Encoders;
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

    /** A rule, and how many rows fail it. */
    public record FailedExpectation(String table, String rule, long rows) {}

    /**
     * What an audit saw.
     *
     * @param digest the content digest
     */
    public record Report(String table, long rows, List<FailedExpectation> failed, String digest) {
        public Report {
            failed = List.copyOf(failed);
        }
    }

    /** Counts failures of every rule and of the key, and digests the content: all in one pass over the rows. */
    public static Report of(Table table, Dataset<Row> rows) {
        return of(table, table.rules(), rows);
    }

    private static Report of(Table table, List<String> rules, Dataset<Row> rows) {
        List<Column> seen = new ArrayList<>(table.key().stream().map(Field::col).toList());
        for (int i = 0; i < rules.size(); i++) {
            seen.add(failed(rules.get(i)).cast("long").as("rule_" + i));
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
        List<FailedExpectation> failures = failed(
                table,
                rules,
                IntStream.range(0, rules.size())
                        .mapToLong(i -> total.getLong(4 + i))
                        .toArray());
        if (total.getLong(1) > 0) {
            String names =
                    String.join(", ", table.key().stream().map(Field::name).toList());
            failures.add(new FailedExpectation(table.name(), "one row per (" + names + ")", total.getLong(1)));
        }
        Digest.Content content = Digest.sealed(table, total.getLong(0), total.getDecimal(2), total.getDecimal(3));
        return new Report(table.name(), content.rows(), failures, content.digest());
    }

    /**
     * Counts and digests rows while they are written, so that they need not be read again, and checks the key of tables with
     * few rows. The key of a larger one is counted after the writing, unless the plan makes it unique.
     *
     * @param isKeyedByPlan whether the plan makes the key unique
     */
    public static Watch watchContent(Table table, Dataset<Row> rows, boolean isKeyedByPlan) {
        List<Column> counts = new ArrayList<>();
        counts.add(Digest.total(Digest.hash(table, Digest.FIRST)).as("hash_1"));
        counts.add(Digest.total(Digest.hash(table, Digest.SECOND)).as("hash_2"));
        boolean isKeyed = !table.key().isEmpty() && !isKeyedByPlan;
        if (isKeyed) {
            Column key = xxhash64(columns(table.key().stream().map(Field::col).toList()));
            counts.add(udaf(new KeyCount(), Encoders.LONG()).apply(key).as("repeated_keys"));
        }
        return watched(table, List.of(), rows, counts, isKeyed);
    }

    /** Checks every rule while rows are written. */
    public static Watch watchRules(Table table, Dataset<Row> rows) {
        List<Column> counts = new ArrayList<>();
        for (int i = 0; i < table.rules().size(); i++) {
            counts.add(count_if(failed(table.rules().get(i))).as("rule_" + i));
        }
        return watched(table, table.rules(), rows, counts, false);
    }

    private static Watch watched(
            Table table, List<String> rules, Dataset<Row> rows, List<Column> counts, boolean isKeyed) {
        Observation seen = new Observation();
        Dataset<Row> watched = table.conform(rows).observe(seen, count(lit(1)).as("rows"), columns(counts));
        return new Watch(table, rules, watched, seen, isKeyed);
    }

    /** Rows that are checked while they are written. */
    public static final class Watch {

        private final Table table;
        private final List<String> rules;
        private final Dataset<Row> rows;
        private final Observation seen;
        private final boolean isKeyed;

        private Watch(Table table, List<String> rules, Dataset<Row> rows, Observation seen, boolean isKeyed) {
            this.table = table;
            this.rules = rules;
            this.rows = rows;
            this.seen = seen;
            this.isKeyed = isKeyed;
        }

        /** The rows, to be written once. */
        public Dataset<Row> rows() {
            return rows;
        }

        /**
         * What was seen, once all is written.
         *
         * @param written the rows as they were written, to be read again where Spark lost count or the keys are many
         */
        public Report report(Supplier<Dataset<Row>> written) {
            Map<String, Object> totals = totals();
            if (!totals.containsKey("rows")) {
                LOG.warn("{}: Spark did not report what it wrote; the rows are read again to be audited", table.name());
                return of(table, rules, written.get());
            }
            if (isKeyed && (long) totals.get("repeated_keys") != 0) {
                return of(table, rules, written.get());
            }
            List<FailedExpectation> failures = failed(
                    table,
                    rules,
                    IntStream.range(0, rules.size())
                            .mapToLong(i -> (long) totals.get("rule_" + i))
                            .toArray());
            if (!totals.containsKey("hash_1")) {
                return new Report(table.name(), (long) totals.get("rows"), failures, "");
            }
            Digest.Content content =
                    Digest.sealed(table, (long) totals.get("rows"), (BigDecimal) totals.get("hash_1"), (BigDecimal)
                            totals.get("hash_2"));
            return new Report(table.name(), content.rows(), failures, content.digest());
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

    private static List<FailedExpectation> failed(Table table, List<String> rules, long[] rows) {
        return IntStream.range(0, rows.length)
                .filter(i -> rows[i] > 0)
                .mapToObj(i -> new FailedExpectation(table.name(), rules.get(i), rows[i]))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Column failed(String rule) {
        return not(coalesce(expr(rule), lit(true)));
    }

    private static Column total(String column) {
        return coalesce(sum(col(column)), lit(0L));
    }

    private static Column[] columns(List<Column> columns) {
        return columns.toArray(Column[]::new);
    }
}
