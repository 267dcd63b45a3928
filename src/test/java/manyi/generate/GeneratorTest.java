package manyi.generate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import manyi.config.JobFile;
import manyi.config.Questionnaire;
import manyi.config.QuestionnaireFile;
import manyi.generate.Generation.Format;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratorTest {

    private static final long CUSTOMERS = 4_000;
    private static final long PURCHASES = 60_001;
    private static final long RESPONSES = 4_003;

    private final SparkSession spark = Sparks.session();
    private Path folder;
    private Path world;

    @BeforeAll
    void generateAWorld(@TempDir Path temporary) {
        folder = temporary;
        world = folder.resolve("world");
        Generator.write(spark, generation(world, 7, Format.PARQUET));
    }

    @Test
    void sameSeedSameBytesWhateverTheSettings() throws Exception {
        SparkSession other = spark.newSession();
        other.conf().set("spark.sql.shuffle.partitions", "7");
        other.conf().set("spark.sql.session.timeZone", "America/New_York");
        other.conf().set("spark.sql.parquet.compression.codec", "gzip");
        Path again = folder.resolve("again");

        Generator.write(other, generation(again, 7, Format.PARQUET));

        assertThat(digests(again)).isEqualTo(digests(world)).hasSize(1 + 24 + 1 + 8 + 2 + 4);
    }

    @Test
    void anotherSeedIsAnotherWorld() throws Exception {
        Path another = folder.resolve("another");

        Generator.write(spark, generation(another, 8, Format.PARQUET));

        Map<String, String> digests = digests(another);
        assertThat(digests.keySet()).isEqualTo(digests(world).keySet());
        assertThat(digests.remove("questionnaire.yaml"))
                .isEqualTo(digests(world).get("questionnaire.yaml"));
        // what goods earn is no matter of chance
        assertThat(digests.remove("margins/by-group.parquet"))
                .isEqualTo(digests(world).get("margins/by-group.parquet"));
        assertThat(digests.values()).doesNotContainAnyElementsOf(digests(world).values());
    }

    @Test
    void writesExactlyWhatWasAsked() throws Exception {
        assertThat(read("customers").count()).isEqualTo(CUSTOMERS);
        assertThat(purchases().count()).isEqualTo(PURCHASES);
        assertThat(read("survey").count()).isEqualTo(RESPONSES);
        assertThat(number(read("customers").select(countDistinct("customer_id"))))
                .isEqualTo(CUSTOMERS);
        assertThat(purchases().select("order_id", "line").distinct().count()).isEqualTo(PURCHASES);
        assertThat(read("survey").select("response_id").distinct().count()).isEqualTo(RESPONSES);
        assertThat(read("survey").select("customer_id", "wave").distinct().count())
                .isEqualTo(RESPONSES);
    }

    @Test
    void theTruthTellsWhatTheFilesHold() throws Exception {
        JsonNode written = truth(world).get("written").get("purchases");

        Row seen = purchases()
                .agg(
                        count(lit(1)),
                        sum("amount").cast("string"),
                        sum(col("is_return").cast("long")),
                        sum(col("customer_id").isNull().cast("long")))
                .head();
        assertThat(written.get("rows").asLong()).isEqualTo(seen.getLong(0));
        assertThat(written.get("net").asText()).isEqualTo(seen.getString(1));
        assertThat(written.get("rows_returned").asLong()).isEqualTo(seen.getLong(2));
        assertThat(written.get("rows_without_customer").asLong()).isEqualTo(seen.getLong(3));
    }

    @Test
    void theLastDayHasAFileOfItsOwn() {
        Dataset<Row> day = spark.read().parquet(world.resolve("purchases/2025-12-30.parquet") + "");
        Dataset<Row> days = purchases().selectExpr("to_date(purchased_at) as day");

        assertThat(day.selectExpr("to_date(purchased_at)")
                        .distinct()
                        .collectAsList()
                        .toString())
                .isEqualTo("[[2025-12-30]]");
        assertThat(days.where("day = date'2025-12-30'").count()).isEqualTo(day.count());
        assertThat(days.distinct().count()).isEqualTo(730);
    }

    @Test
    void aFifthOfTheCustomersMakesMostOfThePurchases() {
        List<Row> counts = purchases()
                .where("customer_id is not null")
                .groupBy("customer_id")
                .count()
                .orderBy(col("count").desc())
                .collectAsList();
        long all = counts.stream().mapToLong(row -> row.getLong(1)).sum();
        long top = counts.stream()
                .limit(CUSTOMERS / 5)
                .mapToLong(row -> row.getLong(1))
                .sum();

        assertThat(top / (double) all).isBetween(0.5, 0.9);
    }

    @Test
    void decemberIsAboveTheMeanAndSundayBelow() {
        Dataset<Row> days =
                purchases().selectExpr("month(purchased_at) as month", "dayofweek(purchased_at) as weekday");

        assertThat(days.where("month = 12").count()).isGreaterThan(PURCHASES / 12 * 3 / 2);
        assertThat(days.where("weekday = 1").count()).isLessThan(PURCHASES / 7 * 4 / 5);
    }

    @Test
    void everyReturnTakesBackTheFirstLineOfAnEarlierOrder() {
        Dataset<Row> sold = purchases().where("not is_return and line = 1");
        Dataset<Row> returned = purchases().where("is_return");

        Dataset<Row> matched = returned.as("r")
                .join(
                        sold.as("s"),
                        col("r.order_id")
                                .equalTo(col("s.order_id"))
                                .and(col("r.amount").equalTo(col("s.amount").multiply(-1)))
                                .and(col("r.quantity").equalTo(col("s.quantity").multiply(-1)))
                                .and(col("r.purchased_at").gt(col("s.purchased_at")))
                                .and(col("r.customer_id").eqNullSafe(col("s.customer_id"))),
                        "inner");
        assertThat(returned.count()).isBetween(PURCHASES / 50, PURCHASES / 25);
        assertThat(matched.count()).isEqualTo(returned.count());
    }

    @Test
    void nobodyBuysBeforeJoining() {
        long early = purchases()
                .join(read("customers"), "customer_id")
                .where("to_date(purchased_at) < joined_on")
                .count();

        assertThat(early).isZero();
    }

    @Test
    void theSatisfiedBuyMoreAfterwardsAndLeaveLess() {
        Dataset<Row> answers = read("survey").where("wave = '2025Q1' and overall <= 7");
        Dataset<Row> next = purchases()
                .where("to_date(purchased_at) between date'2025-04-01' and date'2025-06-30'")
                .groupBy("customer_id")
                .count();
        Dataset<Row> joined = answers.join(next, answers.col("customer_id").equalTo(next.col("customer_id")), "left");
        Row means = joined.selectExpr(
                        "avg(if(overall >= 6, coalesce(count, 0), null))",
                        "avg(if(overall <= 4, coalesce(count, 0), null))",
                        "avg(if(overall >= 6, double(count is null), null))",
                        "avg(if(overall <= 4, double(count is null), null))")
                .head();

        assertThat(means.getDouble(0)).isGreaterThan(1.2 * means.getDouble(1));
        assertThat(means.getDouble(2)).isLessThan(means.getDouble(3));
    }

    @Test
    void dirtIsAddedToTheCleanRowsAndCounted() throws Exception {
        Path clean = folder.resolve("clean");
        Path dirty = folder.resolve("dirty");

        Generator.write(spark, new Generation(500, 5_000, 300, 7, clean, Format.CSV, Generation.FIRST_DAY, 91, false));
        Generator.write(spark, new Generation(500, 5_000, 300, 7, dirty, Format.CSV, Generation.FIRST_DAY, 91, true));

        for (String table : List.of("customers", "purchases", "survey")) {
            long added = lines(dirty.resolve(table)) - lines(clean.resolve(table));
            long told = 0;
            for (JsonNode fault : truth(dirty).get("dirt")) {
                told += fault.get("table").asText().equals(table)
                        ? fault.get("rows").asLong()
                        : 0;
            }
            assertThat(added).as(table).isEqualTo(told).isPositive();
        }
        assertThat(truth(dirty).get("written")).isEqualTo(truth(clean).get("written"));
    }

    @Test
    void theSamplesAreWhatTheGeneratorWrites() throws Exception {
        Path samples = folder.resolve("samples");

        Generator.write(
                spark,
                new Generation(
                        1_500, 14_000, 3_000, 2026, samples, Format.CSV, Generation.FIRST_DAY, Generation.DAYS, true));

        Map<String, String> shipped = digests(Path.of("data-samples"));
        shipped.remove("README.md");
        assertThat(shipped).isEqualTo(digests(samples));
    }

    @Test
    void theQuestionnaireNamesTheColumnsOfTheAnswers() {
        Questionnaire questionnaire = QuestionnaireFile.read(world.resolve("questionnaire.yaml"), Map.of());

        List<String> columns = List.of(read("survey").columns());
        assertThat(questionnaire.items().stream().map(Questionnaire.Item::id).toList())
                .isEqualTo(columns.subList(columns.indexOf("function"), columns.size()));
        assertThat(questionnaire.waves().stream().map(Questionnaire.Wave::name).toList())
                .isEqualTo(read("survey").select("wave").distinct().orderBy("wave").collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList());
        assertThat(JobFile.read(
                                Path.of("jobs/benchmark.yaml"),
                                Map.of("MANYI_BENCHMARK", world.toAbsolutePath().toString()))
                        .name())
                .isEqualTo("benchmark");
        assertThat(JobFile.read(Path.of("jobs/demo.yaml"), Map.of()).name()).isEqualTo("demo");
    }

    @Test
    void aFolderThatHoldsFilesIsLeftAlone() {
        assertThatThrownBy(() -> Generator.write(spark, generation(world, 7, Format.PARQUET)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is not empty");
    }

    @Test
    void aSmallestWorldIsStillAWorld() throws Exception {
        Path tiny = folder.resolve("tiny");

        Generator.Written written = Generator.write(
                spark, new Generation(1, 3, 2, 1, tiny, Format.CSV, LocalDate.of(2024, 2, 28), 3, false));

        assertThat(written.purchases()).isEqualTo(3);
        assertThat(written.responses()).isEqualTo(2);
        assertThat(lines(tiny.resolve("customers"))).isEqualTo(2);
    }

    private static Generation generation(Path to, long seed, Format format) {
        return new Generation(
                CUSTOMERS, PURCHASES, RESPONSES, seed, to, format, Generation.FIRST_DAY, Generation.DAYS, false);
    }

    private Dataset<Row> purchases() {
        return read("purchases");
    }

    private Dataset<Row> read(String table) {
        return spark.read().parquet(world.resolve(table).toString());
    }

    private static long number(Dataset<Row> one) {
        return one.head().getLong(0);
    }

    private static JsonNode truth(Path world) throws IOException {
        return new ObjectMapper().readTree(world.resolve("truth.json").toFile());
    }

    private static long lines(Path folder) throws IOException {
        long lines = 0;
        for (Path file : files(folder)) {
            lines += Files.readAllLines(file).size();
        }
        return lines;
    }

    private static Map<String, String> digests(Path folder) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : files(folder)) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest));
        }
        return digests;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
