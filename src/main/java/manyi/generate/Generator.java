package manyi.generate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.generate.Generation.Format;
import manyi.table.Failure;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Writes a generated world: {@code customers/}, {@code purchases/} by month with the last day in a file of its own,
 * {@code survey/} by wave, {@code costs/}, {@code margins/}, {@code spending/}, {@code referrals/}, {@code
 * questionnaire.yaml} and {@code truth.json}. A file is made by one task from the seed alone, so its bytes depend
 * neither on the number of cores nor on Spark's settings.
 */
public final class Generator {

    private static final int CUSTOMERS_PER_FILE = 1_000_000;
    private static final int PURCHASES_PER_FILE = 500_000;
    private static final List<String> UNREPEATED =
            List.of("order_id", "customer_id", "purchased_at", "response_id", "answered_at", "received_at");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private Generator() {}

    /** What was written. */
    public record Written(long files, long customers, long purchases, long responses, long bytes) {}

    /** Makes the rows of a file. */
    @FunctionalInterface
    private interface Maker extends Serializable {
        Iterator<Row> rows(int file);
    }

    /** Makes the rows of a file of the customers from one number up to another. */
    @FunctionalInterface
    private interface GroupMaker extends Serializable {
        Iterator<Row> rows(long from, long to);
    }

    /** A run of days that shares a file. */
    private record Days(String name, int first, int last) implements Serializable {}

    /** Writes the world into the generation's folder, which must be new or empty. */
    public static Written write(SparkSession spark, Generation generation) {
        Path to = prepared(generation.to());
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        session.conf().set("spark.sql.datetime.java8API.enabled", "true");
        session.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        session.conf().set("spark.sql.parquet.compression.codec", "snappy");
        session.conf().set("spark.sql.parquet.writeLegacyFormat", "false");
        session.conf().set("spark.sql.files.maxRecordsPerFile", "0");

        Draw draw = new Draw(generation.seed());
        Waves waves = new Waves(generation.from(), generation.days());
        Society society = new Society(draw, generation.customers(), generation.days(), waves);
        Till till = new Till(draw, society, generation.from(), generation.days(), generation.purchases());
        Customers customers = new Customers(society, generation.from());
        Purchases purchases = new Purchases(draw, society, till, generation.from());
        Responses responses = new Responses(draw, society, generation.from(), generation.responses());

        Output output = new Output(session, generation, new TreeMap<>());
        List<String> groups = names((int) ((generation.customers() - 1) / CUSTOMERS_PER_FILE + 1));
        Column rows = count(lit(1)).as("rows");
        output.write("customers", groups, Customers.SCHEMA, byGroup(society.size(), customers::rows), rows);

        List<Days> days = files(till, generation.from());
        output.write(
                "purchases",
                days.stream().map(Days::name).toList(),
                Purchases.SCHEMA,
                file -> purchases.rows(days.get(file).first(), days.get(file).last()),
                rows,
                count_if(col("is_return")).as("rows_returned"),
                count_if(col("line").equalTo(1)).as("orders"),
                count_if(col("customer_id").isNull()).as("rows_without_customer"),
                sum(when(col("is_return"), BigDecimal.ZERO).otherwise(col("amount")))
                        .as("gross"),
                sum(when(col("is_return"), col("amount")).otherwise(BigDecimal.ZERO))
                        .as("returns"),
                sum(col("amount")).as("net"));

        List<Integer> asked = IntStream.range(0, waves.count())
                .filter(wave -> responses.size(wave) > 0)
                .boxed()
                .toList();
        output.write(
                "survey",
                asked.stream().map(waves::name).toList(),
                Responses.schema(),
                file -> responses.rows(asked.get(file)),
                rows);

        Economics economics =
                new Economics(draw, society, generation.from(), generation.days(), generation.purchases());
        output.write(
                "costs",
                List.of("by-month"),
                Economics.COSTS,
                file -> economics.costs(),
                rows,
                sum(when(col("purpose").equalTo("acquisition"), col("amount"))).as("acquisition"),
                sum(when(col("purpose").equalTo("retention"), col("amount"))).as("retention"));
        output.write("margins", List.of("by-group"), Economics.MARGINS, file -> economics.margins(), rows);
        output.write("spending", groups, Economics.SPENT, byGroup(society.size(), economics::spending), rows);
        output.write(
                "referrals",
                groups,
                Economics.REFERRALS,
                byGroup(society.size(), economics::referrals),
                rows,
                count_if(col("referred_customer_id").isNotNull()).as("referred"));
        Truth truth = new Truth(generation, output.tables(), respondents(session, responses, asked));
        try {
            Files.writeString(to.resolve("truth.json"), truth.json());
            Files.writeString(to.resolve("questionnaire.yaml"), new QuestionnaireText(waves, generation.from()).yaml());
            try (Stream<Path> files = Files.walk(to)) {
                List<Path> regular = files.filter(Files::isRegularFile).toList();
                long bytes = 0;
                for (Path file : regular) {
                    bytes += Files.size(file);
                }
                return new Written(
                        regular.size(),
                        output.rows("customers"),
                        output.rows("purchases"),
                        output.rows("survey"),
                        bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A maker of files by groups of customers. */
    private static Maker byGroup(long customers, GroupMaker maker) {
        return file ->
                maker.rows((long) file * CUSTOMERS_PER_FILE, Math.min(customers, (file + 1L) * CUSTOMERS_PER_FILE));
    }

    /**
     * Where tables go.
     *
     * @param tables what went into each, dirt apart
     */
    private record Output(SparkSession session, Generation generation, Map<String, Map<String, Object>> tables) {

        void write(String table, List<String> names, StructType schema, Maker maker, Column first, Column... more) {
            tables.put(table, names.isEmpty() ? Map.of("rows", 0L) : written(table, names, schema, maker, first, more));
        }

        long rows(String table) {
            return (Long) tables.get(table).get("rows");
        }

        private Map<String, Object> written(
                String table, List<String> names, StructType schema, Maker maker, Column first, Column... more) {
            int files = names.size();
            Observation observation = new Observation();
            MapPartitionsFunction<Long, Row> make = place -> maker.rows(TaskContext.getPartitionId());
            Dataset<Row> rows = session.range(0, files, 1, files)
                    .mapPartitions(make, Encoders.row(schema))
                    .observe(observation, first, more);
            Path folder = generation.to().resolve(table);
            Path draft = generation.to().resolve("." + table);
            if (generation.format() == Format.PARQUET) {
                save(rows.write(), "parquet", draft);
            } else {
                boolean isDirty = generation.isDirty();
                String header = String.join(",", schema.fieldNames());
                MapPartitionsFunction<Row, String> print = records -> {
                    List<String> lines = new ArrayList<>();
                    records.forEachRemaining(record -> lines.add(line(record)));
                    List<String> all = isDirty ? Dirt.strewn(table, lines, TaskContext.getPartitionId(), files) : lines;
                    return Stream.concat(Stream.of(header), all.stream()).iterator();
                };
                save(rows.mapPartitions(print, Encoders.STRING()).write(), "text", draft);
            }
            rename(draft, folder, names, generation.format());
            Map<String, Object> seen = seen(observation);
            seen.put("files", (long) files);
            return seen;
        }
    }

    private static Map<String, Object> seen(Observation observation) {
        try {
            return new TreeMap<>(observation.getAsJava());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Kind.FAULT, "interrupted while writing; empty the folder and start again", e);
        }
    }

    private static void save(DataFrameWriter<?> writer, String format, Path draft) {
        // a dictionary of values that hardly repeat costs much and saves nothing
        UNREPEATED.forEach(column -> writer.option("parquet.enable.dictionary#" + column, "false"));
        writer.format(format).save(draft.toString());
    }

    /** Gives the task's files their names and drops what Spark leaves beside them. */
    private static void rename(Path draft, Path folder, List<String> names, Format format) {
        try {
            Files.createDirectories(folder);
            List<Path> left;
            try (Stream<Path> files = Files.list(draft)) {
                left = files.sorted().toList();
            }
            for (Path file : left) {
                String name = file.getFileName().toString();
                if (name.startsWith("part-")) {
                    int place = Integer.parseInt(name.substring("part-".length(), name.indexOf('-', 5)));
                    Files.move(file, folder.resolve(names.get(place) + "." + format.extension()));
                } else {
                    Files.delete(file);
                }
            }
            Files.delete(draft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file per month, several where a month is large, and one for the last day alone. */
    private static List<Days> files(Till till, LocalDate from) {
        List<Days> files = new ArrayList<>();
        int end = till.days() - 1;
        int first = 0;
        while (first < end) {
            YearMonth month = YearMonth.from(from.plusDays(first));
            int after =
                    Math.min(end, Math.toIntExact(month.plusMonths(1).atDay(1).toEpochDay() - from.toEpochDay()));
            files.addAll(cut(till, month.toString(), first, after));
            first = after;
        }
        files.add(new Days(from.plusDays(end).toString(), end, end));
        return files.stream()
                .filter(days -> rows(till, days.first(), days.last()) > 0)
                .toList();
    }

    private static List<Days> cut(Till till, String month, int first, int after) {
        List<Days> parts = new ArrayList<>();
        int begin = first;
        long rows = 0;
        for (int day = first; day < after; day++) {
            if (day > begin && rows + till.rows(day) > PURCHASES_PER_FILE) {
                parts.add(new Days(month + "." + (parts.size() + 1), begin, day - 1));
                begin = day;
                rows = 0;
            }
            rows += till.rows(day);
        }
        boolean isWhole = parts.isEmpty();
        parts.add(new Days(isWhole ? month : month + "." + (parts.size() + 1), begin, after - 1));
        return parts;
    }

    private static long rows(Till till, int first, int last) {
        long rows = 0;
        for (int day = first; day <= last; day++) {
            rows += till.rows(day);
        }
        return rows;
    }

    private static List<String> names(int files) {
        return IntStream.range(0, files)
                .mapToObj(file -> "part-" + Purchases.padded(file, 5))
                .toList();
    }

    /** Who answered: answers and the sum of their satisfaction, in sixteenths, by wave, region and tier. */
    private static List<Truth.Cell> respondents(SparkSession session, Responses responses, List<Integer> asked) {
        if (asked.isEmpty()) {
            return List.of();
        }
        StructType schema = new StructType()
                .add("wave", "int")
                .add("region", "int")
                .add("tier", "int")
                .add("answers", "long")
                .add("sixteenths", "long");
        MapPartitionsFunction<Long, Row> sums = place -> {
            int wave = asked.get(TaskContext.getPartitionId());
            return sums(responses, wave).iterator();
        };
        return session
                .range(0, asked.size(), 1, asked.size())
                .mapPartitions(sums, Encoders.row(schema))
                .collectAsList()
                .stream()
                .map(row -> new Truth.Cell(
                        responses.society().waves().name(row.getInt(0)),
                        Society.regionName(row.getInt(1)),
                        Society.TIERS.get(row.getInt(2)),
                        row.getLong(3),
                        row.getLong(4)))
                .toList();
    }

    private static List<Row> sums(Responses responses, int wave) {
        Society society = responses.society();
        Map<List<Integer>, long[]> cells = new HashMap<>();
        responses.respondents(wave, Responses.Respondent::customer).forEachRemaining(customer -> {
            long[] cell = cells.computeIfAbsent(
                    List.of(society.region(customer), society.tier(customer)), key -> new long[2]);
            cell[0]++;
            cell[1] += society.sixteenths(customer, wave);
        });
        return cells.entrySet().stream()
                .map(cell -> org.apache.spark.sql.RowFactory.create(
                        wave, cell.getKey().get(0), cell.getKey().get(1), cell.getValue()[0], cell.getValue()[1]))
                .sorted(Comparator.comparing((Row row) -> row.getInt(1)).thenComparing(row -> row.getInt(2)))
                .toList();
    }

    private static String line(Row row) {
        return IntStream.range(0, row.size())
                .mapToObj(place -> text(row.get(place)))
                .collect(Collectors.joining(","));
    }

    private static String text(Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof Instant instant ? SECONDS.format(instant) : value.toString();
    }

    private static Path prepared(Path to) {
        try {
            if (Files.exists(to)) {
                try (Stream<Path> inside = Files.list(to)) {
                    if (inside.findAny().isPresent()) {
                        throw new Failure(
                                Failure.Kind.USAGE,
                                to + " is not empty; generate writes into a new or empty folder only");
                    }
                }
            }
            return Files.createDirectories(to);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.USAGE, "cannot write to " + to + ": " + e.getMessage(), e);
        }
    }
}
