package manyi.conformed;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.source.Landing;
import manyi.table.Audit;
import manyi.table.Digest;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurveyResponseTest {

    private static final Job.Satisfaction SATISFACTION = Surveys.satisfaction(Surveys.questionnaire(), 1);
    private static final Attributes NONE = new Attributes(List.of(), List.of(), List.of(), List.of());
    private static final Attributes ALL = new Attributes(
            List.of(new Dimension(List.of("tier")), new Dimension(List.of("country", "tier")), dimension("panel")),
            List.of("tier"),
            List.of("country"),
            List.of("panel", "tier"));

    @Test
    void scoresARespondentByTheIndicatorsAnswered() {
        var landed = rows(Landing.SURVEY, """
                source | file | place | population | wave   | weight | answers
                survey | a    | 1     | customer   | 2026Q3 | 1      | 80, 40, 7, 10
                survey | a    | 2     | customer   | 2026Q3 | 1      | , 40, , 10
                survey | a    | 3     | customer   | 2026Q3 | 2      | , , 7, 10
                """);

        assertThat(picture(
                        responses(NONE, Map.of(Landing.SURVEY, landed)),
                        "response_key",
                        "csi",
                        "answered_weight",
                        "weight"))
                .isEqualTo("""
                response_key | csi | answered_weight | weight
                survey/a#1 | 60 | 1 | 1
                survey/a#2 | 40 | 0.5 | 1
                survey/a#3 |  | 0 | 2
                """);
    }

    @Test
    void weighsGroupsThenTheItemsWithinThem() {
        var questionnaire = new Questionnaire(
                "weighted",
                List.of(
                        weighted("q1", "quality", 3),
                        weighted("q2", "quality", 1),
                        weighted("q3", "service", 5),
                        weighted("q4", "forgotten", 0)),
                List.of(group("quality", 2), group("service", 3), group("forgotten", 100)),
                Map.of(),
                List.of(),
                "digest");

        assertThat(Indicators.of(questionnaire).items().stream()
                        .map(item -> String.format(java.util.Locale.ROOT, "%.3f", item.lambda())))
                .containsExactly("0.300", "0.100", "0.600", "0.000");
    }

    @Test
    void keepsTheGreatestRowOfAKeyAndEveryRowWithoutOne() {
        var landed = rows(Landing.SURVEY, """
                source | file | place | row_key | updated_at          | response_id | population | wave   | weight | answers
                survey | a    | 1     | k1      | 2026-09-02 00:00:00 | r1          | customer   | 2026Q3 | 1      | 10, 10
                survey | b    | 1     | k1      | 2026-09-01 00:00:00 | r1          | customer   | 2026Q3 | 1      | 20, 20
                survey | c    | 1     | k1      |                     | r1          | customer   | 2026Q3 | 1      | 30, 30
                survey | a    | 2     | k2      |                     | r2          | customer   | 2026Q3 | 1      | 40, 40
                survey | a    | 3     | k2      |                     | r2          | customer   | 2026Q3 | 1      | 50, 50
                other  | a    | 1     |         |                     | r1          | customer   | 2026Q3 | 1      | 60, 60
                other  | a    | 2     |         |                     | r1          | customer   | 2026Q3 | 1      | 60, 60
                """);

        assertThat(picture(responses(NONE, Map.of(Landing.SURVEY, landed)), "response_key", "csi"))
                .isEqualTo("""
                response_key | csi
                other/a#1 | 60
                other/a#2 | 60
                r1 | 10
                r2 | 50
                """);
        assertThat(picture(CurrentVersions.of(landed), "source", "file", "place"))
                .isEqualTo("""
                source | file | place
                other | a | 1
                other | a | 2
                survey | a | 1
                survey | a | 3
                """);
    }

    @Test
    void gathersTheAnswersOfAResponseFromARowPerAnswer() {
        var landed = rows(Landing.SURVEY, """
                source | file | place | row_key | updated_at          | response_id | customer_id | population | wave   | weight | item | answer
                survey | a    | 1     | r1      |                     | r1          | ann         | customer   | 2026Q3 | 1      | q1   | 10
                survey | a    | 2     | r1      |                     | r1          | ann         | customer   | 2026Q3 | 1      | q2   | 20
                survey | a    | 3     | r1      | 2026-09-01 00:00:00 | r1          | ann         | customer   | 2026Q3 | 1      | q2   | 40
                survey | a    | 4     | r1      |                     | r1          | ann         | customer   | 2026Q3 | 1      | r    |
                survey | a    | 5     |         |                     | r1          | ann         | customer   | 2026Q2 | 1      | o    | 7
                survey | a    | 6     |         |                     |             |             | customer   | 2026Q2 | 1      | q1   | 5
                """);

        var responses = responses(NONE, Map.of(Landing.SURVEY, landed));
        assertThat(picture(responses.selectExpr(
                        "response_key", "wave", "customer_id", "cast(answers as array<double>) answers", "csi")))
                .isEqualTo("""
                response_key | wave | customer_id | answers | csi
                r1 | 2026Q2 | ann | ArraySeq(null, null, 7.0, null) |
                r1 | 2026Q3 | ann | ArraySeq(10.0, 40.0, null, null) | 25
                survey/a#6 | 2026Q2 |  | ArraySeq(5.0, null, null, null) | 5
                """);
    }

    @Test
    void measuresWithHowMuchCareAResponseWasGiven() {
        var landed = rows(Landing.SURVEY, """
                source | file | place | population | wave   | disposition | duration_seconds | weight | answers
                survey | a    | 1     | customer   | 2026Q3 |             | 61.5             | 1      | 80, 80, ,
                survey | a    | 2     | customer   | 2026Q3 | complete    |                  | 1      | 80, 40, , 9
                survey | a    | 3     | customer   | 2026Q3 | partial     |                  | 1      | , 40, ,
                survey | a    | 4     | customer   | 2026Q3 | refusal     |                  | 1      | , , ,
                survey | a    | 5     | customer   | 2026Q3 | test        |                  | 1      | 10, 10, 7, 10
                survey | a    | 6     | employee   | 2026Q3 |             |                  | 1      | 10, , ,
                """);

        // the third item was asked of nobody but in a test, and of employees only the first
        assertThat(picture(
                        responses(NONE, Map.of(Landing.SURVEY, landed)),
                        "response_key",
                        "disposition",
                        "duration_seconds",
                        "uniform_answers",
                        "asked_items",
                        "answered_items"))
                .isEqualTo("""
                response_key | disposition | duration_seconds | uniform_answers | asked_items | answered_items
                survey/a#1 |  | 61.5 | 2 | 3 | 2
                survey/a#2 | complete |  | 0 | 3 | 3
                survey/a#3 | partial |  | 1 | 3 | 1
                survey/a#4 | refusal |  | 0 | 3 | 0
                survey/a#5 | test |  | 2 | 3 | 4
                survey/a#6 |  |  | 1 | 1 | 1
                """);
    }

    @Test
    void seesStraightLinesInRawAnswersOfOneScaleAlone() {
        var questionnaire = new Questionnaire(
                "batteries",
                List.of(
                        weighted("a1", "quality", 1),
                        reversed("a2"),
                        weighted("a3", "quality", 1),
                        Surveys.item("b1", 0, 100, Optional.of("quality"), Questionnaire.Role.INDICATOR),
                        Surveys.item("b2", 0, 100, Optional.of("quality"), Questionnaire.Role.INDICATOR),
                        Surveys.item("o", 1, 10, Optional.empty(), Questionnaire.Role.OVERALL)),
                List.of(group("quality", 1)),
                Map.of(),
                List.of(),
                "digest");
        var landed = rows(Landing.SURVEY, """
                source | file | place | population | wave   | weight | answers
                survey | a    | 1     | customer   | all    | 1      | 7, 7, 7, 7, 90, 1
                survey | a    | 2     | customer   | all    | 1      | 7, 4, 7, 60, 60, 7
                survey | a    | 3     | customer   | all    | 1      | 7, , 7, 7, 8, 7
                survey | a    | 4     | customer   | all    | 1      | 7, 4, 7, 7, 8, 7
                """);

        var responses = new SurveyResponse(questionnaire, NONE).from(table -> landed);
        assertThat(picture(responses, "response_key", "uniform_answers")).isEqualTo("""
                response_key | uniform_answers
                survey/a#1 | 3
                survey/a#2 | 2
                survey/a#3 | 2
                survey/a#4 | 0
                """);
    }

    @Test
    void keepsACaseWithoutAnswersWhereTheFileHasARowPerAnswer() {
        var landed = rows(Landing.SURVEY, """
                source | file | place | response_id | population | wave   | disposition | weight | item | answer
                survey | a    | 1     | r1          | customer   | 2026Q3 |             | 1      | q1   | 10
                survey | a    | 2     | r1          | customer   | 2026Q3 |             | 1      | q2   | 20
                survey | a    | 3     | r2          | customer   | 2026Q3 | refusal     | 1      |      |
                """);

        assertThat(picture(
                        responses(NONE, Map.of(Landing.SURVEY, landed)),
                        "response_key",
                        "disposition",
                        "asked_items",
                        "answered_items",
                        "csi"))
                .isEqualTo("""
                response_key | disposition | asked_items | answered_items | csi
                r1 |  | 2 | 2 | 15
                r2 | refusal | 2 | 0 |
                """);
    }

    @Test
    void putsAnAnswerInTheSegmentsThatHeldOnItsDay() {
        assertThat(picture(responses(ALL, inputs()).selectExpr("response_key", "array_join(segments, '; ') segments")))
                .isEqualTo("""
                response_key | segments
                s/a#1 | silver; France × silver; web
                s/a#2 | gold; Spain × gold; unknown
                s/a#3 | basic; unknown × basic; unknown
                s/a#4 | gold; Spain × gold; unknown
                s/a#5 | own; Spain × own; phone x mail
                s/a#6 | unknown; unknown × unknown; unknown
                s/a#7 | unknown; unknown × unknown; unknown
                """);
    }

    @Test
    void readsAttributesOnlyWhereADimensionAsksForThem() {
        assertThat(new SurveyResponse(SATISFACTION.questionnaire(), NONE).inputs())
                .containsExactly(Landing.SURVEY);
        assertThat(new SurveyResponse(SATISFACTION.questionnaire(), ALL).inputs())
                .containsExactly(Landing.SURVEY, CustomerAttribute.TABLE, PurchaseAttribute.TABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 32})
    void isTheSameWhateverTheOrderOfItsRows(int partitions) {
        var straight = responses(ALL, inputs());
        var shuffled = new java.util.HashMap<Table, Dataset<Row>>();
        inputs().forEach((table, rows) -> shuffled.put(table, rows.repartition(partitions)));

        assertThat(Digest.of(SurveyResponse.TABLE, responses(ALL, shuffled)))
                .isEqualTo(Digest.of(SurveyResponse.TABLE, straight));
    }

    private static Map<Table, Dataset<Row>> inputs() {
        return Map.of(
                Landing.SURVEY, rows(Landing.SURVEY, """
                        source | file | place | customer_id | population | wave   | answered_on | weight | answers | attributes
                        s      | a    | 1     | ann         | customer   | 2026Q3 | 2026-07-31  | 1      | 1, 2    | web,
                        s      | a    | 2     | ann         | customer   | 2026Q3 | 2026-08-01  | 1      | 1, 2    | ,
                        s      | a    | 3     | ann         | customer   | 2026Q3 | 2026-01-01  | 1      | 1, 2    | ,
                        s      | a    | 4     | ann         | customer   | 2026Q3 |             | 1      | 1, 2    | ,
                        s      | a    | 5     | ann         | customer   | 2026Q3 | 2026-08-01  | 1      | 1, 2    | phone × mail, own
                        s      | a    | 6     | bob         | customer   | 2026Q3 | 2026-08-01  | 1      | 1, 2    | ,
                        s      | a    | 7     |             | customer   | 2026Q3 | 2026-08-01  | 1      | 1, 2    |
                        """),
                CustomerAttribute.TABLE, rows(CustomerAttribute.TABLE, """
                        customer_id | valid_from | attributes
                        ann         |            | basic
                        ann         | 2026-02-01 | silver
                        ann         | 2026-08-01 | gold
                        """),
                PurchaseAttribute.TABLE, rows(PurchaseAttribute.TABLE, """
                        customer_id | purchased_on | month      | attributes
                        ann         | 2026-05-01   | 2026-05-01 | France
                        ann         | 2026-08-01   | 2026-08-01 | Spain
                        cid         | 2026-08-01   | 2026-08-01 | Italy
                        """));
    }

    private static Dataset<Row> responses(Attributes attributes, Map<Table, Dataset<Row>> tables) {
        Inputs inputs = tables::get;
        var responses = new SurveyResponse(SATISFACTION.questionnaire(), attributes).from(inputs);
        assertThat(Audit.of(SurveyResponse.TABLE, responses).failed()).isEmpty();
        return ScoredResponse.scored(responses, inputs, SATISFACTION);
    }

    private static Dimension dimension(String attribute) {
        return new Dimension(List.of(attribute));
    }

    private static Questionnaire.Group group(String name, int weight) {
        return new Questionnaire.Group(name, BigDecimal.valueOf(weight));
    }

    private static Questionnaire.Item reversed(String id) {
        Questionnaire.Item item = weighted(id, "quality", 1);
        return new Questionnaire.Item(
                id,
                item.text(),
                item.low(),
                item.high(),
                true,
                item.missing(),
                item.group(),
                item.weight(),
                item.roles());
    }

    private static Questionnaire.Item weighted(String id, String group, int weight) {
        return new Questionnaire.Item(
                id,
                id,
                BigDecimal.ONE,
                BigDecimal.TEN,
                false,
                List.of(),
                Optional.of(group),
                BigDecimal.valueOf(weight),
                Set.of(Questionnaire.Role.INDICATOR));
    }
}
