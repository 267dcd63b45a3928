package manyi.cli;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import manyi.config.Job;
import manyi.run.Run;
import manyi.run.RunRequest;
import manyi.run.RunResult;
import manyi.table.Failure;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the sample job and shows its results. */
@Command(
        name = "demo",
        description = {
            "Run the sample job on the small synthetic data that come with Manyi, and show the results:",
            "satisfaction by segment and its drivers, cohorts, lifetime values, what was rejected and why."
        },
        footer = {"", "Examples:", "  manyi demo", "  manyi demo --warehouse my-demo"})
final class Demo extends Verb {

    private static final int MOST_COHORTS = 13;
    private static final int MOST_AGES = 12;
    private static final int MOST_REASONS = 100;

    @Option(
            names = "--warehouse",
            paramLabel = "DIR",
            description = "The warehouse's folder, instead of the one that the job names (warehouse/demo).")
    private String warehouse;

    @Override
    public Integer call() throws IOException {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        Path home = Path.of(environment.computeIfAbsent("MANYI_HOME", name -> "."));
        Path file = home.resolve("jobs").resolve("demo.yaml");
        if (!Files.exists(file)) {
            throw new Failure(
                    Failure.Kind.INPUT_MISSING,
                    "The sample job " + file + " is missing; start the demo with the launcher ./manyi.");
        }
        Job job = Jobs.read(file, Optional.ofNullable(warehouse), environment, false);
        Clock clock = Clock.systemUTC();
        LocalDate asOf = Jobs.asOf(Optional.empty(), job, clock);
        try (SparkSession spark = Sessions.open(job.name(), job.timeZone())) {
            RunResult result;
            try (Bar bar = Bar.open("demo")) {
                result = Run.execute(spark, RunRequest.of(job, asOf, Instant.now(clock)), bar);
            }
            Published published = Published.of(job);
            System.out.println("Synthetic data, as of " + result.asOf() + ". Nothing here is about real people.\n");
            satisfaction(spark, published);
            drivers(spark, published);
            cohorts(spark, published);
            value(spark, published);
            accounts(spark, job, published, result);
            next(result, file, home);
        }
        return 0;
    }

    private static void satisfaction(SparkSession spark, Published published) {
        System.out.println("Customer satisfaction by segment, the latest wave (0 to 100, with 95 % intervals)\n");
        List<Row> cells = published.answer("""
                        select wave, segment, segment_value, respondents, csi, csi_low, csi_high, nps, is_suppressed
                        from segment_satisfaction
                        where population = 'customer' and segment not like '%×%'
                          and wave = (select max(wave) from segment_satisfaction where population = 'customer')
                        order by segment <> 'all', segment, segment_value
                        """, spark).collectAsList();
        List<List<Object>> rows = new ArrayList<>();
        for (Row cell : cells) {
            boolean isSuppressed = cell.getBoolean(8);
            String interval = cell.isNullAt(5) ? "" : points(cell, 5) + " to " + points(cell, 6);
            rows.add(Arrays.asList(
                    cell.get(0),
                    cell.get(1),
                    cell.get(2),
                    cell.get(3),
                    points(cell, 4),
                    isSuppressed ? "(too few to show)" : interval,
                    points(cell, 7)));
        }
        print(List.of("wave", "segment", "value", "answers", "CSI", "interval", "NPS"), rows);
    }

    private static void drivers(SparkSession spark, Published published) {
        System.out.println("What drives satisfaction, the latest wave (percent of the explained "
                + "variance; performance, 0 to 100, is the mean score)\n");
        System.out.println(Sheet.of(published.answer("""
                                select predictor, cast(100 * johnson / r_squared as decimal(5, 1)) as percent,
                                  cast(performance as decimal(5, 1)) as performance, quadrant
                                from satisfaction_driver
                                where population = 'customer' and segment = 'all'
                                  and wave = (select max(wave) from satisfaction_driver where population = 'customer')
                                order by johnson desc, predictor
                                """, spark), MOST_REASONS).text(Sheet.Format.TABLE));
    }

    private static void value(SparkSession spark, Published published) {
        System.out.println("What customers are expected to bring in the next 52 weeks (margin, with 95 % limits)\n");
        System.out.println(Sheet.of(published.answer("""
                                select segment, segment_value as value, customers,
                                  cast(expected_active_customers as decimal(9, 0)) as active,
                                  cast(lifetime_value as decimal(12, 0)) as lifetime_value, currency,
                                  concat_ws(' to ', cast(confidence_low as decimal(12, 0)),
                                    cast(confidence_high as decimal(12, 0))) as limits
                                from segment_lifetime_value
                                where segment not like '%×%'
                                order by segment <> 'all', segment, segment_value
                                """, spark), MOST_REASONS).text(Sheet.Format.TABLE));
    }

    private static void cohorts(SparkSession spark, Published published) {
        System.out.println(
                "Customers who came back, by month of first purchase (percent active that many months later;");
        System.out.println("* the month has not ended)\n");
        List<Row> cells = published.answer("""
                        select date_format(cohort_on, 'yyyy-MM'), customers, months_since, retention, is_unfinished
                        from cohort_retention
                        where segment = 'all'
                        order by cohort_on, months_since
                        """, spark).collectAsList();
        Map<String, Map<Integer, String>> byCohort = new TreeMap<>();
        Map<String, Object> sizes = new TreeMap<>();
        TreeSet<Integer> ages = new TreeSet<>();
        for (Row cell : cells) {
            int age = ((Number) cell.get(2)).intValue();
            if (age > MOST_AGES) {
                continue;
            }
            ages.add(age);
            sizes.put(cell.getString(0), cell.get(1));
            String share = cell.isNullAt(3)
                    ? ""
                    : BigDecimal.valueOf(100 * cell.getDouble(3)).setScale(0, RoundingMode.HALF_UP)
                            + (cell.getBoolean(4) ? "*" : "");
            byCohort.computeIfAbsent(cell.getString(0), cohort -> new TreeMap<>())
                    .put(age, share);
        }
        List<String> shown = new ArrayList<>(byCohort.keySet());
        shown = shown.subList(Math.max(0, shown.size() - MOST_COHORTS), shown.size());
        List<String> header = new ArrayList<>(List.of("cohort", "customers"));
        ages.forEach(age -> header.add(String.valueOf(age)));
        List<List<Object>> rows = new ArrayList<>();
        for (String cohort : shown) {
            List<Object> row = new ArrayList<>(List.of(cohort, sizes.get(cohort)));
            ages.forEach(age -> row.add(byCohort.get(cohort).getOrDefault(age, "")));
            rows.add(row);
        }
        print(header, rows);
    }

    private static void accounts(SparkSession spark, Job job, Published published, RunResult result) {
        System.out.println("Every row is accounted for\n");
        System.out.println(Summary.accounts(result));
        System.out.println("Rejected, and why (the sample is dirty on purpose)\n");
        Dataset<Row> reasons = Sessions.rejected(spark, job)
                .groupBy("source", "reason")
                .count()
                .withColumnRenamed("count", "rows");
        System.out.println(Sheet.of(reasons.orderBy(col("source"), col("rows").desc(), col("reason")), MOST_REASONS)
                .text(Sheet.Format.TABLE));
        System.out.println("Left out of tables, and why\n");
        System.out.println(Sheet.of(published.answer("""
                                select table_name, reason, customers, rows from exclusion
                                where coalesce(customers, 0) + coalesce(rows, 0) > 0
                                order by all
                                """, spark), MOST_REASONS).text(Sheet.Format.TABLE));
        result.warnings().forEach(warning -> System.out.println("! " + warning));
    }

    /** Commands that run as they are printed, with the launcher of this folder where there is one. */
    private void next(RunResult result, Path file, Path home) {
        Path launcher = Path.of("manyi");
        Path sample = Path.of("jobs", "demo.yaml");
        boolean isHere = Files.isExecutable(launcher) && Files.isRegularFile(launcher) && Files.exists(sample);
        String manyi = isHere ? "./manyi" : home.resolve(launcher).toString();
        String job = (isHere ? sample : file) + (warehouse == null ? "" : " --warehouse " + warehouse);
        System.out.println("\nWhat to look at next\n");
        System.out.println("  " + manyi + " tables " + job);
        System.out.println("  " + manyi + " sql " + job + " \"select * from indicator_satisfaction\"");
        System.out.println("  " + result.folder().resolve("published") + "   (Delta, and plain Parquet)");
        System.out.println("  " + manyi + " run YOUR-JOB.yaml   (start from a copy of the sample job)");
    }

    private static BigDecimal points(Row row, int column) {
        return row.isNullAt(column)
                ? null
                : BigDecimal.valueOf(row.getDouble(column)).setScale(1, RoundingMode.HALF_UP);
    }

    private static void print(List<String> columns, List<List<Object>> rows) {
        System.out.println(Sheet.of(columns, rows).text(Sheet.Format.TABLE));
    }
}
