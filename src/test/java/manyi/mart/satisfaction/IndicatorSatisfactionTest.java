package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.Attributes;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.source.Landing;
import manyi.table.Audit;
import manyi.table.Digest;
import manyi.testing.ReferenceData;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class IndicatorSatisfactionTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final List<Dimension> SEGMENTS = List.of(
            new Dimension(List.of("region")), new Dimension(List.of("tier")), new Dimension(List.of("region", "tier")));

    @Test
    void saysWhatEachIndicatorAddsToTheIndex() {
        var mart = new IndicatorSatisfaction(AS_OF, Surveys.questionnaire());
        var cells = cells(1, List.of(), rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 3      | 80, 60  | ignored  | 70
                2            | customer   | 2026Q3 | 1      | , 50    | ignored  | 50
                """));

        // csi (3·70 + 50)/4 = 65 = 3·40/4 + (3·30 + 50)/4
        assertThat(picture(
                        mart.from(table -> cells),
                        "item",
                        "item_text",
                        "item_group",
                        "weight",
                        "respondents",
                        "missing_share",
                        "mean_score",
                        "standard_error",
                        "contribution",
                        "is_suppressed"))
                .isEqualTo("""
                item | item_text | item_group | weight | respondents | missing_share | mean_score | standard_error | contribution | is_suppressed
                q1 | How about q1? | quality | 0.5000 | 1 | 0.2500 | 80.0000 |  | 30.0000 | false
                q2 | How about q2? | service | 0.5000 | 2 | 0.0000 | 57.5000 | 3.7500 | 35.0000 | false
                """);
    }

    @Test
    void hidesTheIndicatorThatTooFewAnsweredAndWhatTheOtherAdds() {
        var mart = new IndicatorSatisfaction(AS_OF, Surveys.questionnaire());
        var cells = cells(2, List.of(), rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 60  | ignored  | 70
                2            | customer   | 2026Q3 | 1      | , 50    | ignored  | 50
                3            | customer   | 2026Q3 | 1      | , 30    | ignored  | 30
                """));

        assertThat(picture(
                        mart.suppressed(mart.from(table -> cells)),
                        "item",
                        "respondents",
                        "missing_share",
                        "mean_score",
                        "contribution",
                        "is_suppressed"))
                .isEqualTo("""
                item | respondents | missing_share | mean_score | contribution | is_suppressed
                q1 |  |  |  |  | true
                q2 | 3 | 0.0000 | 46.6667 |  | false
                """);
    }

    @Test
    void addsUpToTheIndexInEverySegment() {
        var cells = cells(1, SEGMENTS, manyResponses());
        var indices = new SegmentSatisfaction(AS_OF).from(table -> cells);
        var items = new IndicatorSatisfaction(AS_OF, Surveys.questionnaire()).from(table -> cells);

        assertThat(Audit.of(SegmentSatisfaction.TABLE, indices).failed()).isEmpty();
        assertThat(Audit.of(IndicatorSatisfaction.TABLE, items).failed()).isEmpty();
        indices.createOrReplaceTempView("index_of_segment");
        items.createOrReplaceTempView("index_of_item");
        List<Row> compared = Sparks.session().sql("""
                select csi, total
                from index_of_segment join (
                  select population, wave, segment, segment_value, sum(contribution) as total
                  from index_of_item group by all)
                using (population, wave, segment, segment_value)
                """).collectAsList();
        assertThat(compared).hasSize(2 * (1 + 3 + 4 + 12));
        for (Row row : compared) {
            assertThat(row.getDouble(1)).isCloseTo(row.getDouble(0), within(1e-11));
        }
    }

    @Test
    void hidesTheSameCellsInBothTablesAndPublishesNoFigureOnFewerThanTheMinimum() {
        var cells = cells(40, SEGMENTS, manyResponses());
        var segments = new SegmentSatisfaction(AS_OF);
        var items = new IndicatorSatisfaction(AS_OF, Surveys.questionnaire());
        var hiddenSegments = segments.suppressed(segments.from(table -> cells))
                .where("is_suppressed")
                .select("wave", "segment", "segment_value");
        var hiddenItems = items.suppressed(items.from(table -> cells))
                .where("is_suppressed")
                .groupBy("wave", "segment", "segment_value")
                .count()
                .where("count = 2")
                .drop("count");

        assertThat(hiddenSegments.isEmpty()).isFalse();
        assertThat(hiddenSegments.except(hiddenItems).isEmpty()).isTrue();
        assertThat(segments.suppressed(segments.from(table -> cells))
                        .where("respondents < 40 or (is_suppressed and csi is not null)")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void isTheSameWhateverTheOrderOfTheResponses() {
        var responses = manyResponses();
        var straight = digests(responses);
        for (int partitions : List.of(1, 7, 32)) {
            assertThat(digests(responses.repartition(partitions))).isEqualTo(straight);
        }
    }

    private static List<Digest.Content> digests(Dataset<Row> responses) {
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), 5);
        var cells = new SatisfactionCell(AS_OF, satisfaction, SEGMENTS)
                .from(table -> responses)
                .persist();
        var segments = new SegmentSatisfaction(AS_OF);
        var items = new IndicatorSatisfaction(AS_OF, Surveys.questionnaire());
        return List.of(
                Digest.of(SatisfactionCell.TABLE, cells),
                Digest.of(SegmentSatisfaction.TABLE, segments.suppressed(segments.from(table -> cells))),
                Digest.of(IndicatorSatisfaction.TABLE, items.suppressed(items.from(table -> cells))));
    }

    @Test
    void gathersTheRareValuesOfADimensionThatHasTooMany() {
        List<Row> data = new ArrayList<>();
        for (int i = 0; i < 2 * SatisfactionCell.MAXIMUM_VALUES; i++) {
            // every value of the first thousand twice, then a thousand once, all of them from one customer
            int value = i < 1500 ? i % 750 : i;
            data.add(RowFactory.create("r" + i, i < 1500 ? null : "ann", "v%05d".formatted(value)));
        }
        var responses = Sparks.session()
                .createDataFrame(
                        data,
                        org.apache.spark.sql.types.StructType.fromDDL(
                                "response_key string, customer_id string, value string"))
                .selectExpr(
                        "response_key",
                        "customer_id",
                        "'customer' as population",
                        "'2026Q3' as wave",
                        "cast(null as date) as answered_on",
                        "cast(null as date) as received_on",
                        "'complete' as disposition",
                        "cast(null as decimal(12,3)) as duration_seconds",
                        "0 as uniform_answers",
                        "2 as asked_items",
                        "2 as answered_items",
                        "cast(1 as decimal(18,9)) as weight",
                        "cast(null as string) as stratum",
                        "cast(null as string) as psu",
                        "cast(null as bigint) as stratum_size",
                        "cast(null as bigint) as psu_size",
                        "cast(50 as decimal(18,9)) as csi",
                        "cast(array(50, 50) as array<decimal(9,4)>) as answers",
                        "array(value) as segments");
        var cells = cells(1, List.of(new Dimension(List.of("value"))), responses)
                .where("segment = 'value' and figure = 'respondent' and previous_wave = ''");

        assertThat(cells.count()).isEqualTo(SatisfactionCell.MAXIMUM_VALUES + 1);
        assertThat(picture(cells.where("segment_value = 'other'"), "customers", "weight"))
                .isEqualTo("""
                customers | weight
                1 | 250000000000
                """);
    }

    @Test
    void agreesWithThePublishedRecommendationOfTheMobilePhoneStudy() throws IOException {
        List<String> lines = Files.readAllLines(ReferenceData.of("mobi/mobi.csv"));
        List<Questionnaire.Item> items = new ArrayList<>();
        for (String name : lines.get(0).split(",", -1)) {
            var roles = switch (name) {
                case "CUSL3" -> new Role[] {Role.RECOMMEND};
                case "CUSA1" -> new Role[] {Role.OVERALL, Role.INDICATOR};
                case "CUSA2", "CUSA3" -> new Role[] {Role.INDICATOR};
                default -> new Role[] {Role.COMPLAINT};
            };
            items.add(Surveys.item(name, 1, 10, Optional.empty(), roles));
        }
        var satisfaction =
                Surveys.satisfaction(new Questionnaire("mobi", items, List.of(), Map.of(), List.of(), "mobi"), 10);
        List<Row> data = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            Object[] answers = Arrays.stream(lines.get(i).split(",", -1))
                    .map(BigDecimal::new)
                    .toArray();
            data.add(RowFactory.create((long) i, answers));
        }
        var landed = Sparks.session()
                .createDataFrame(
                        data,
                        org.apache.spark.sql.types.StructType.fromDDL("place bigint, answers array<decimal(9,4)>"))
                .withColumn("source", lit("survey"))
                .withColumn("file", lit("mobi.csv"))
                .withColumn("population", lit("customer"))
                .withColumn("wave", lit("all"))
                .withColumn("weight", lit(BigDecimal.ONE).cast("decimal(18,9)"));
        for (var field : Landing.SURVEY.fields()) {
            if (!Arrays.asList(landed.columns()).contains(field.name())) {
                landed = landed.withColumn(field.name(), lit(null).cast(field.type()));
            }
        }
        Dataset<Row> accepted = landed;
        var answers = new SurveyResponse(
                        satisfaction.questionnaire(), new Attributes(List.of(), List.of(), List.of(), List.of()))
                .from(table -> accepted);
        var responses = ScoredResponse.scored(answers, table -> accepted, satisfaction);
        var cells = new SatisfactionCell(AS_OF, satisfaction, List.of()).from(table -> responses);
        Row all = new SegmentSatisfaction(AS_OF)
                .from(table -> cells)
                .select("respondents", "nps", "nps_standard_error", "csi")
                .head();

        assertThat(all.getLong(0)).isEqualTo(250);
        assertThat(all.getDouble(1)).isCloseTo(14, within(1e-9));
        assertThat(all.getDouble(2)).isCloseTo(4.910443, within(5e-7));
        double meanOfThree = lines.stream()
                .skip(1)
                .mapToDouble(line -> Arrays.stream(line.split(",", -1), 17, 20)
                        .mapToInt(Integer::parseInt)
                        .sum())
                .average()
                .orElseThrow();
        assertThat(all.getDouble(3)).isCloseTo((meanOfThree / 3 - 1) / 9 * 100, within(1e-8));
    }

    private static Dataset<Row> cells(int minimum, List<Dimension> dimensions, Dataset<Row> responses) {
        Job.Satisfaction satisfaction = Surveys.satisfaction(Surveys.questionnaire(), minimum);
        var cells = new SatisfactionCell(AS_OF, satisfaction, dimensions)
                .from(table -> responses)
                .persist();
        assertThat(Audit.of(SatisfactionCell.TABLE, cells).failed()).isEmpty();
        return cells;
    }

    /** Some 1,200 responses of 900 customers with weights, gaps and customers who answer in several segments. */
    private static Dataset<Row> manyResponses() {
        var random = new Random(11);
        List<Row> data = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            String region = List.of("East", "West", "North").get(random.nextInt(3));
            String tier = List.of("gold", "silver", "basic", "none").get(Math.min(3, random.nextInt(8)));
            Object[] answers = {
                random.nextInt(5) == 0 ? null : BigDecimal.valueOf(random.nextInt(101)),
                BigDecimal.valueOf(random.nextInt(101)),
                random.nextInt(9) == 0 ? null : BigDecimal.valueOf(1 + random.nextInt(7)),
                BigDecimal.valueOf(random.nextInt(11))
            };
            data.add(RowFactory.create(
                    (long) i,
                    random.nextInt(4) == 0 ? null : "c" + random.nextInt(900),
                    random.nextBoolean() ? "2026Q3" : "2026Q1",
                    BigDecimal.valueOf(1 + random.nextInt(3_000_000), 6),
                    answers,
                    new Object[] {region, tier}));
        }
        var landed = Sparks.session()
                .createDataFrame(
                        data,
                        org.apache.spark.sql.types.StructType.fromDDL(
                                "place bigint, customer_id string, wave string, weight decimal(18,9), answers array<decimal(9,4)>,"
                                        + " attributes array<string>"))
                .withColumn("source", lit("survey"))
                .withColumn("file", lit("a"))
                .withColumn("population", lit("customer"))
                .withColumn("weight", col("weight").cast("decimal(18,9)"));
        for (var field : Landing.SURVEY.fields()) {
            if (!Arrays.asList(landed.columns()).contains(field.name())) {
                landed = landed.withColumn(field.name(), lit(null).cast(field.type()));
            }
        }
        Dataset<Row> accepted = landed;
        var attributes = new Attributes(SEGMENTS, List.of(), List.of(), List.of("region", "tier"));
        var responses = new SurveyResponse(Surveys.questionnaire(), attributes).from(table -> accepted);
        return ScoredResponse.scored(responses, table -> accepted, Surveys.satisfaction(Surveys.questionnaire(), 1))
                .persist();
    }
}
