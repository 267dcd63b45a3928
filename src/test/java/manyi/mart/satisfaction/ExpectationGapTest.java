package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.config.DeliveredValue;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ExpectationGapTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Dimension REGION = new Dimension(List.of("region"));
    private static final DeliveredValue ASKED = new DeliveredValue(
            List.of(new DeliveredValue.Component("product", List.of("v"), 1)),
            List.of(new DeliveredValue.Component("money", List.of("c"), 1)),
            0.05);
    private static final Questionnaire QUESTIONNAIRE = new Questionnaire(
            "gaps",
            List.of(
                    Surveys.item("e", 0, 10, Optional.empty(), Role.EXPECTED),
                    Surveys.item("p", 0, 10, Optional.of("quality"), Role.INDICATOR),
                    Surveys.item("v", 0, 100, Optional.of("quality"), Role.INDICATOR),
                    new Questionnaire.Item(
                            "c",
                            "How much did it cost you?",
                            BigDecimal.ZERO,
                            BigDecimal.valueOf(100),
                            true,
                            List.of(),
                            Optional.empty(),
                            BigDecimal.ONE,
                            Set.of())),
            List.of(new Questionnaire.Group("quality", BigDecimal.ONE)),
            Map.of(),
            List.of(),
            List.of(new Questionnaire.Gap("service", "e", "p")),
            Optional.of(ASKED),
            "digest",
            Optional.empty());

    @Test
    void comparesMeansOfThoseWhoSaidBoth() {
        // z = ±1/15 and 0 for who did not say: three units, so the error is the root of 3/2·2/225
        var gap = published(1, new ExpectationGap(AS_OF, QUESTIONNAIRE), """
                response_key | customer_id | population | wave   | weight | answers        | segments | csi
                1            | ann         | customer   | w1     | 1      | 4, 5, 80, 20   | East     | 65
                2            | bob         | customer   | w1     | 1      | 9, 8, 40, 60   | East     | 60
                3            | cid         | customer   | w1     | 1      | , 1, 10, 10    | West     | 10
                """);

        assertThat(picture(ExpectationGap.TABLE, gap)).isEqualTo("""
                as_of | population | wave | segment | segment_value | dimension | pairing | respondents | expected | perceived | ratio | standard_error | low | high | reason | state | waves_above_one | is_recoded | is_suppressed
                2026-10-31 | customer | w1 | all | all | service | one response | 2 | 7.5000 | 7.5000 | 1.0000 | 0.1155 | 0.0000 | 2.4672 |  | satisfied | 0 | true | false
                2026-10-31 | customer | w1 | region | East | service | one response | 2 | 7.5000 | 7.5000 | 1.0000 | 0.1155 | 0.0000 | 2.4672 |  | satisfied | 0 | true | false
                """);
    }

    @Test
    void countsTheWavesInARowThatSurpassedExpectation() {
        var gap = published(2, new ExpectationGap(AS_OF, QUESTIONNAIRE), """
                response_key | customer_id | population | wave   | weight | answers | segments | csi
                1            | ann         | customer   | w1     | 1      | 1, 9    | East     | 90
                2            | bob         | customer   | w1     | 1      | 1, 10   | East     | 100
                1            | ann         | customer   | w2     | 1      | 9, 0    | East     | 0
                2            | bob         | customer   | w2     | 1      | 10, 0   | East     | 0
                1            | ann         | customer   | w3     | 1      | 0, 9    | East     | 90
                2            | bob         | customer   | w3     | 1      | 0, 10   | East     | 100
                1            | ann         | customer   | w4     | 1      | 1, 10   | East     | 100
                2            | bob         | customer   | w4     | 1      | 1, 9    | East     | 90
                1            | ann         | customer   | w5     | 1      | 1, 2    | East     | 20
                """);

        assertThat(picture(gap.where("segment = 'all'"), "wave", "ratio", "state", "waves_above_one", "is_suppressed"))
                .isEqualTo("""
                wave | ratio | state | waves_above_one | is_suppressed
                w1 | 5.2500 | very satisfied | 1 | false
                w2 | 0.0952 | dissatisfied | 0 | false
                w3 | 10.5000 | very satisfied | 1 | false
                w4 | 5.2500 | very satisfied | 2 | false
                w5 |  |  |  | true
                """);
    }

    /** Both met twice what they had expected and gave alike: that says nothing of how others differ. */
    @Test
    void isNoVerdictWhereAllAnswerAlike() {
        String alike = """
                response_key | customer_id | population | wave   | weight | answers       | segments | csi
                1            | ann         | customer   | w1     | 1      | 1, 3, 80, 20  | East     | 65
                2            | bob         | customer   | w1     | 1      | 2, 5, 80, 20  | East     | 60
                """;

        assertThat(picture(
                        published(1, new ExpectationGap(AS_OF, QUESTIONNAIRE), alike)
                                .where("segment = 'all'"),
                        "ratio",
                        "standard_error",
                        "low",
                        "reason",
                        "state",
                        "waves_above_one"))
                .isEqualTo("""
                ratio | standard_error | low | reason | state | waves_above_one
                2.0000 |  |  | no variance between sampling units |  | 0
                """);
        assertThat(picture(
                        published(1, new CustomerDeliveredValue(AS_OF, ASKED), alike)
                                .where("segment = 'all' and kind = 'total'"),
                        "measure",
                        "amount",
                        "standard_error",
                        "high",
                        "reason"))
                .isEqualTo("""
                measure | amount | standard_error | high | reason
                cost | 20.0000 |  |  | no variance between sampling units
                delivered value | 60.0000 |  |  | no variance between sampling units
                value over cost | 4.0000 |  |  | no variance between sampling units
                value | 80.0000 |  |  | no variance between sampling units
                """);
    }

    /** Two of twelve said what they met and not what they had expected: ten expected means and twelve others tell of them. */
    @Test
    void hidesTheGapWhereFewAnsweredOneQuestionAlone() {
        StringBuilder ten = new StringBuilder(
                "response_key | customer_id | population | wave | weight | answers | segments | csi\n");
        for (int i = 0; i < 10; i++) {
            ten.append("%d | c%d | customer | w1 | 1 | %d, 5, 80, 20 | East | 65\n".formatted(i, i, i));
        }
        String two = """
                11 | ann | customer | w1 | 1 | , 1, 80, 20 | East | 65
                12 | bob | customer | w1 | 1 | , 9, 80, 20 | East | 65
                """;

        var gap = new ExpectationGap(AS_OF, QUESTIONNAIRE);

        assertThat(published(10, gap, ten.toString()).where("is_suppressed").count())
                .isZero();
        assertThat(published(10, gap, ten + two).where("not is_suppressed").count())
                .isZero();
    }

    @Test
    void setsWhatCustomersGetAgainstWhatTheyGive() {
        // ratio 120/80; z = ±50/80, and 0 for who did not say what it cost
        var value = published(1, new CustomerDeliveredValue(AS_OF, ASKED), """
                response_key | customer_id | population | wave   | weight | answers        | segments | csi
                1            | ann         | customer   | w1     | 1      | 4, 5, 80, 20   | East     | 65
                2            | bob         | customer   | w1     | 1      | 9, 8, 40, 60   | East     | 60
                3            | cid         | customer   | w1     | 1      | 1, 1, 10,      | East     | 10
                """);

        assertThat(picture(
                        value.where("segment = 'all'"),
                        "measure",
                        "kind",
                        "respondents",
                        "amount",
                        "standard_error",
                        "verdict"))
                .isEqualTo("""
                measure | kind | respondents | amount | standard_error | verdict
                cost | money | 2 | 40.0000 | 17.3205 |
                cost | total | 2 | 40.0000 | 17.3205 |
                delivered value | total | 2 | 20.0000 | 34.6410 |
                value for price | money | 2 | 1.5000 | 1.0825 | very satisfied
                value over cost | total | 2 | 1.5000 | 1.0825 | very satisfied
                value | product | 3 | 43.3333 | 20.2759 |
                value | total | 2 | 60.0000 | 17.3205 |
                """);
    }

    private static Dataset<Row> published(int minimum, Derivation mart, String responses) {
        var satisfaction = Surveys.satisfaction(QUESTIONNAIRE, minimum);
        var cells = new SatisfactionCell(AS_OF, satisfaction, List.of(REGION))
                .from(Surveys.inputs(rows(ScoredResponse.TABLE, responses)));
        var pairs = new PairedCell(AS_OF, satisfaction, List.of(REGION))
                .from(Surveys.inputs(rows(ScoredResponse.TABLE, responses)));
        var whole = mart.from(table -> table.equals(PairedCell.TABLE) ? pairs : cells);
        assertThat(Audit.of(mart.table(), whole).failed()).isEmpty();
        var published = mart.suppressed(whole);
        assertThat(Audit.of(mart.table(), published).failed()).isEmpty();
        return published;
    }
}
