package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ToleratedRiseTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Dimension REGION = new Dimension(List.of("region"));

    @Test
    void findsTheRiseAtWhichHalfWouldLeave() {
        var tolerance = published("4", 1, rows(SurveyResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 50, 1   | East     | 50
                2            | customer   | 2026Q3 | 1      | 50, 1   | East     | 50
                3            | customer   | 2026Q3 | 1      | 50, 2   | East     | 50
                4            | customer   | 2026Q3 | 1      | 50, 2   | East     | 50
                5            | customer   | 2026Q3 | 1      | 50, 2   | East     | 50
                6            | customer   | 2026Q3 | 1      | 50, 4   | East     | 50
                7            | customer   | 2026Q3 | 1      | 50, 4   | East     | 50
                8            | customer   | 2026Q3 | 1      | 50, 4   | East     | 50
                9            | customer   | 2026Q3 | 1      | 50,     | East     | 50
                """));

        // 2/8 leave at 1, 5/8 at 2, all at 4: half at 1 + 2/3. With n/(n-1) = 9/8 the errors are √(9/8·(3/16)/8) =
        // .162380
        // at 1 and .181550 at 2, .175160 between; logit ± 2.364624·.175160/.25 gives shares of .160191 and .839809,
        // which are reached at .160191/.25 and at 2 + 2·(.839809 − .625)/.375
        assertThat(picture(
                        tolerance,
                        "wave",
                        "segment_value",
                        "respondents",
                        "tolerated_rise",
                        "standard_error",
                        "low",
                        "high",
                        "degrees_of_freedom",
                        "reason"))
                .isEqualTo("""
                wave | segment_value | respondents | tolerated_rise | standard_error | low | high | degrees_of_freedom | reason
                2026Q3 | East | 8 | 1.6667 | 0.5296 | 0.6408 | 3.1456 | 7 |
                2026Q3 | all | 8 | 1.6667 | 0.5296 | 0.6408 | 3.1456 | 7 |
                """);
    }

    @Test
    void saysWhereHalfWouldStayAndWhereThereIsNoInterval() {
        var tolerance = published("2.5", 1, rows(SurveyResponse.TABLE, """
                response_key | population | wave   | weight | answers  | segments | csi
                1            | customer   | 2026Q3 | 1      | 50, 1    | East     | 50
                2            | customer   | 2026Q3 | 1      | 50, 2.5  | East     | 50
                3            | customer   | 2026Q3 | 1      | 50, 2.5  | East     | 50
                4            | customer   | 2026Q3 | 1      | 50, 2    | West     | 50
                """));

        // of all, 1/4 leaves at 1 and half at 2, with an error of √(4/3·(1/4)/4) there: logit − 3.182446·.288675/.25 is
        // a
        // share of .024727, a tenth of the first quarter
        assertThat(picture(tolerance, "segment_value", "respondents", "tolerated_rise", "low", "high", "reason"))
                .isEqualTo("""
                segment_value | respondents | tolerated_rise | low | high | reason
                East | 3 |  |  |  | fewer than half would leave at the greatest rise asked
                West | 1 | 1.0000 |  |  | a single sampling unit
                all | 4 | 2.0000 | 0.0989 |  | the upper limit lies beyond the greatest rise asked
                """);
    }

    @Test
    void hidesWhatTooFewAnsweredAlone() {
        var tolerance = published("4", 2, rows(SurveyResponse.TABLE, """
                response_key | population | wave   | weight | answers  | segments | csi
                1            | customer   | 2026Q3 | 1      | 50, 1    | East     | 50
                2            | customer   | 2026Q3 | 1      | 50, 2    | East     | 50
                3            | customer   | 2026Q3 | 1      | 50, 3    | East     | 50
                4            | customer   | 2026Q3 | 1      | 50, 2    | West     | 50
                5            | customer   | 2026Q3 | 1      | 50,      | West     | 50
                """));

        assertThat(picture(tolerance, "segment_value", "respondents", "tolerated_rise", "is_suppressed"))
                .isEqualTo("""
                segment_value | respondents | tolerated_rise | is_suppressed
                East |  |  | true
                West |  |  | true
                all |  | 1.5000 | false
                """);
    }

    /** How much cheaper others would have to be: 250 answers from 1 to 10; recomputed independently (Python). */
    @Test
    void agreesWithTheMobilePhoneStudy() throws IOException {
        Path reference = Path.of(System.getenv().getOrDefault("MANYI_REFERENCE", "../shared/reference"));
        Path file = reference.resolve("mobi").resolve("mobi.csv");
        assumeTrue(Files.exists(file), "shared/reference/mobi is not beside the checkout");
        List<String> lines = Files.readAllLines(file);
        int at = List.of(lines.get(0).split(",", -1)).indexOf("CUSL2");
        var responses = IntStream.range(1, lines.size())
                .mapToObj(i ->
                        i + " | customer | 2026Q3 | 1 | 50, " + lines.get(i).split(",", -1)[at] + " | East | 50")
                .collect(Collectors.joining("\n"));

        var tolerance = published(
                "10",
                10,
                rows(
                        SurveyResponse.TABLE,
                        "response_key | population | wave | weight | answers | segments | csi\n" + responses));

        assertThat(picture(
                        tolerance.where("segment = 'all'"),
                        "respondents",
                        "tolerated_rise",
                        "standard_error",
                        "low",
                        "high",
                        "degrees_of_freedom"))
                .isEqualTo("""
                respondents | tolerated_rise | standard_error | low | high | degrees_of_freedom
                250 | 3.8889 | 0.3247 | 3.3153 | 4.5946 | 249
                """);
    }

    private static Dataset<Row> published(String greatest, int minimum, Dataset<Row> responses) {
        var items = List.of(
                Surveys.item("q", 0, 100, Optional.empty(), Role.INDICATOR),
                new Questionnaire.Item(
                        "p",
                        "How much dearer before you left?",
                        BigDecimal.ZERO,
                        new BigDecimal(greatest),
                        false,
                        List.of(),
                        Optional.empty(),
                        BigDecimal.ONE,
                        Set.of(Role.PRICE_TOLERANCE)));
        var questionnaire = new Questionnaire("small", items, List.of(), Map.of(), Surveys.WAVES, "digest");
        var cells = new SatisfactionCell(AS_OF, Surveys.satisfaction(questionnaire, minimum), List.of(REGION))
                .from(table -> responses)
                .persist();
        var mart = new ToleratedRise(AS_OF);
        var audited = mart.from(table -> cells);
        assertThat(Audit.of(SatisfactionCell.TABLE, cells).breaches()).isEmpty();
        assertThat(Audit.of(ToleratedRise.TABLE, audited).breaches()).isEmpty();
        return mart.suppressed(audited);
    }
}
