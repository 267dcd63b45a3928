package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Gap;
import manyi.config.Questionnaire.Role;
import manyi.config.Weighting;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.PanelPairs;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.Respondents;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Table;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What customers experienced over what they had expected in an earlier response. */
class PanelPairsTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Dimension REGION = new Dimension(List.of("region"));
    private static final List<Questionnaire.Wave> WAVES = List.of(
            new Questionnaire.Wave("w1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 3, 10), 0),
            new Questionnaire.Wave("w2", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 5, 31), 0),
            new Questionnaire.Wave("w3", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 8, 31), 0));
    private static final Questionnaire QUESTIONNAIRE = questionnaire(List.of(new Gap("service", "e", "p")), WAVES);

    /** Of these the hash puts deb aside for everybody, dot for the region, and the others nowhere. */
    private static final String FOUR = """
            response_key | customer_id | population | wave | answered_on | weight | answers | segments | csi
            1            | ann         | customer   | w1   | 2026-01-10  | 1      | 3,      | East     | 30
            2            | bob         | customer   | w1   | 2026-01-10  | 1      | 7,      | East     | 30
            3            | deb         | customer   | w1   | 2026-01-10  | 1      | 3,      | West     | 30
            4            | dot         | customer   | w1   | 2026-01-10  | 1      | 5,      | East     | 30
            1            | ann         | customer   | w2   | 2026-04-10  | 1      | , 7     | East     | 70
            2            | bob         | customer   | w2   | 2026-04-10  | 1      | , 3     | East     | 30
            3            | deb         | customer   | w2   | 2026-04-10  | 1      | , 7     | East     | 70
            4            | dot         | customer   | w2   | 2026-04-10  | 1      | , 5     | East     | 50
            """;

    @Test
    void pairsAnAnswerWithTheLatestExpectationOfAnEarlierDay() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave | answered_on | weight | answers
                three-1      | ann         | customer   | w1   | 2026-01-10  | 1      | 3,
                three-2      | ann         | customer   | w1   | 2026-02-10  | 1      | 5,
                three-3      | ann         | customer   | w2   | 2026-04-10  | 1      | 9, 7
                tie-1        | bob         | customer   | w1   | 2026-01-10  | 1      | 2,
                tie-2        | bob         | customer   | w1   | 2026-01-10  | 1      | 8,
                tie-3        | bob         | customer   | w1   | 2026-01-10  | 1      | , 4
                tie-4        | bob         | customer   | w2   | 2026-04-10  | 1      | , 6
                nobody-1     |             | customer   | w1   | 2026-01-10  | 1      | 2,
                nobody-2     |             | customer   | w2   | 2026-04-10  | 1      | , 2
                staff-1      | ann         | employee   | w2   | 2026-04-10  | 1      | , 1
                wave-1       | cid         | customer   | w2   | 2026-03-01  | 1      | 1,
                wave-2       | cid         | customer   | w1   | 2026-03-05  | 1      | , 4
                same-wave-1  | dan         | customer   | w1   | 2026-01-05  | 1      | 4,
                same-wave-2  | dan         | customer   | w1   | 2026-01-20  | 1      | , 3
                same-wave-3  | dan         | customer   | w1   | 2026-01-21  | 1      | , 2
                no-day-1     | eve         | customer   | w1   |             | 1      | 4,
                no-day-2     | eve         | customer   | w2   | 2026-04-10  | 1      | , 3
                """);

        var paired = new PanelPairs(QUESTIONNAIRE, List.of("region")).applied(responses);

        // tie-2 has the greater key of one day's two; tie-3 is of that day itself; wave-1 belongs to a later wave
        assertThat(picture(
                        paired.where("expected_before is not null").selectExpr("response_key", "expected_before[0]")))
                .isEqualTo("""
                response_key | expected_before[0]
                same-wave-2 | 4.0000
                same-wave-3 | 4.0000
                three-3 | 5.0000
                tie-4 | 8.0000
                """);
    }

    /**
     * Answers are moved up by 1. All but deb: met 8 + 4 + 6 over expected 4 + 8 + 6 is 1; z = ±4/18, 0 and, for deb, 0;
     * V = 4/3 · 2 · (4/18)², its root .3629. East without dot: 8 + 4 + 8 over 4 + 8 + 4 is 1.25; z = 3/16, −6/16, 3/16, and
     * 0 for dot; V = 4/3 · 54/256, its root .5303. Two degrees of freedom, t 4.3027. The segment is the later response's.
     */
    @Test
    void setsWhatWasMetAgainstWhatHadBeenExpected() {
        assertThat(picture(ExpectationGap.TABLE, published(1, FOUR))).isEqualTo("""
                as_of | population | wave | segment | segment_value | dimension | pairing | respondents | expected | perceived | ratio | standard_error | low | high | reason | state | waves_above_one | is_recoded | is_suppressed
                2026-10-31 | customer | w2 | all | all | service | before and after | 3 |  |  | 1.0000 | 0.3630 | 0.0000 | 2.5610 |  | satisfied | 0 | true | false
                2026-10-31 | customer | w2 | region | East | service | before and after | 3 |  |  | 1.2500 | 0.5300 | 0.0000 | 3.5320 |  | satisfied | 0 | true | false
                """);
    }

    /**
     * A census has an error, since who stands aside is not among the pairs: that of a sample with replacement, whatever
     * stands beside it on raked weights. The index of everybody has none.
     */
    @Test
    void knowsNoFiniteCorrection() {
        String sized = FOUR.replace(" | segments | csi", " | segments | csi | stratum_size")
                .replaceAll("(?m)(\\| \\d0)$", "$1 | 4");
        var cells = cells(1, sized, SatisfactionCell.TABLE);

        assertThat(picture(published(1, sized), "segment", "ratio", "standard_error", "low", "high"))
                .isEqualTo("""
                segment | ratio | standard_error | low | high
                all | 1.0000 | 0.3630 | 0.0000 | 2.5610
                region | 1.2500 | 0.5300 | 0.0000 | 3.5320
                """);
        assertThat(picture(cells.where("wave = 'w2' and segment = 'all' and previous_wave = ''"
                                + " and figure in ('csi', 'perceived over expected before, by all')")
                        .selectExpr("figure", "vaa > 0 as varies", "is_finite")))
                .isEqualTo("""
                figure | varies | is_finite
                csi | false | true
                perceived over expected before, by all | true | false
                """);
    }

    /** Three strata of clusters, raked to the regions: what their sizes say changes the index's error and no pair's. */
    @Test
    void knowsNoFiniteCorrectionOfRakedWeightsEither() {
        Dataset<Row> sized = clustered("40", "30");
        Dataset<Row> endless = clustered("", "");
        String pairs = "previous_wave = '' and figure like 'perceived over expected before%' and psus > 0";
        String[] variations = {"wave", "segment", "segment_value", "figure", "psus", "vaa", "vab", "vbb", "xaa", "xbb"};

        var ofSized = rakedCells(sized);
        var ofEndless = rakedCells(endless);

        assertThat(picture(ofSized.where(pairs), variations))
                .contains("region | West | perceived over expected before, by region")
                .isEqualTo(picture(ofEndless.where(pairs), variations));
        assertThat(picture(ofSized.where("figure = 'csi' and previous_wave = ''"), variations))
                .isNotEqualTo(picture(ofEndless.where("figure = 'csi' and previous_wave = ''"), variations));
    }

    private static Dataset<Row> clustered(String stratumSize, String psuSize) {
        StringBuilder responses =
                new StringBuilder("response_key | customer_id | population | wave | answered_on | weight"
                        + " | answers | segments | csi | stratum | psu | stratum_size | psu_size\n");
        for (int i = 0; i < 144; i++) {
            int customer = i % 72;
            boolean isLater = i >= 72;
            responses.append("r%d | c%d | customer | %s | %d | %s | %s | 50 | s%d | p%d | %s | %s\n"
                    .formatted(
                            i,
                            customer,
                            isLater ? "w2 | 2026-04-10" : "w1 | 2026-01-10",
                            1 + i % 3,
                            isLater ? ", " + (i * 7) % 11 : (i * 5) % 11 + ", ",
                            customer % 5 < 2 ? "West" : "East",
                            customer / 6 % 3,
                            customer / 6,
                            stratumSize,
                            psuSize));
        }
        return rows(ScoredResponse.TABLE, responses.toString());
    }

    private static Dataset<Row> rakedCells(Dataset<Row> responses) {
        var weighting = new Weighting(
                "customer",
                List.of(new Weighting.Margin(
                        "region",
                        new TreeMap<>(Map.of("East", BigDecimal.valueOf(700), "West", BigDecimal.valueOf(200))))),
                Optional.empty());
        Job.Satisfaction satisfaction = Surveys.satisfaction(QUESTIONNAIRE, 1).raked(Optional.of(weighting));
        Dataset<Row> factors =
                new ResponseRaking(AS_OF, satisfaction, weighting, List.of(REGION)).from(table -> responses);
        return new SatisfactionCell(AS_OF, satisfaction, List.of(REGION))
                .from(table -> table.equals(RakingFactor.TABLE)
                        ? factors
                        : Surveys.inputs(responses).read(table));
    }

    /** Ann stands for three: met 3·8 + 4 + 6 = 34 over expected 3·4 + 8 + 6 = 26. */
    @Test
    void weighsBySurveyWeightsOfTheLaterResponse() {
        String weighted = FOUR.replace(
                "ann         | customer   | w2   | 2026-04-10  | 1 ",
                "ann         | customer   | w2   | 2026-04-10  | 3 ");

        Row all = published(1, weighted).where("segment = 'all'").head();

        assertThat(all.<Double>getAs("ratio"))
                .as("34 over 26, to three decimals")
                .isEqualTo(1.308);
    }

    /** With deb aside everybody's figure leaves out one customer of a class and takes three of it: one remains always. */
    @Test
    void hidesPairsThatCouldBeToldFromTheOthers() {
        assertThat(picture(
                        cells(1, FOUR, PairedCell.TABLE),
                        "wave",
                        "segment",
                        "segment_value",
                        "inseparable_customers",
                        "is_suppressed"))
                .isEqualTo("""
                wave | segment | segment_value | inseparable_customers | is_suppressed
                w1 | all | all | 0 | true
                w1 | region | East | 0 | true
                w1 | region | West | 0 | true
                w2 | all | all | 1 | false
                w2 | region | East | 1 | false
                """);
        // deb lives elsewhere now, and nobody there is like her
        String apart = FOUR.replace("| , 7     | East     | 70\n4", "| , 7     | West     | 70\n4");
        assertThat(picture(published(1, apart), "segment", "segment_value", "respondents", "ratio", "is_suppressed"))
                .isEqualTo("""
                segment | segment_value | respondents | ratio | is_suppressed
                all | all |  |  | true
                region | East | 2 | 1.0000 | false
                region | West |  |  | true
                """);
        assertThat(published(2, FOUR).where("not is_suppressed").count()).isZero();
    }

    @Test
    void leavesOutLateAndExcludedResponsesOnBothSides() {
        Questionnaire dated = questionnaire(
                List.of(new Gap("service", "e", "p")),
                List.of(
                        new Questionnaire.Wave("w1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 31), 5),
                        new Questionnaire.Wave("w2", LocalDate.of(2026, 4, 1), LocalDate.of(2026, 4, 30), 5),
                        new Questionnaire.Wave("w3", LocalDate.of(2026, 10, 1), LocalDate.of(2026, 10, 30), 5)));
        var responses = rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave | answered_on | received_on | weight | answers | csi
                1            | ann         | customer   | w1   | 2026-01-10  |             | 1      | 3,      | 30
                2            | ann         | customer   | w1   | 2026-01-11  | 2026-02-06  | 1      | 9,      | 30
                3            | ann         | customer   | w1   | 2026-01-12  |             | 1      | 8,      |
                4            | ann         | customer   | w2   | 2026-04-10  |             | 1      | , 7     | 70
                5            | bob         | customer   | w1   | 2026-01-10  |             | 1      | 3,      | 30
                6            | bob         | customer   | w2   | 2026-04-10  | 2026-06-01  | 1      | , 7     | 70
                7            | cid         | customer   | w1   | 2026-01-10  |             | 1      | 3,      | 30
                8            | cid         | customer   | w3   | 2026-10-10  |             | 1      | , 7     | 70
                """);

        // 2 came late, 3 has no index, 6 came late, 8 is of a wave that is not closed
        assertThat(picture(pairs(dated, responses).get(0), "response_key", "expected"))
                .isEqualTo("""
                response_key | expected
                4 | 3.0000
                """);
    }

    /** Else the close of the first wave would change pairs of the second, which are published by then. */
    @Test
    void aWaveThatIsClosedLaterComesNotBefore() {
        Questionnaire dated = questionnaire(
                List.of(new Gap("service", "e", "p")),
                List.of(
                        new Questionnaire.Wave("w1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 31), 120),
                        new Questionnaire.Wave("w2", LocalDate.of(2026, 4, 1), LocalDate.of(2026, 4, 30), 5)));
        var responses = rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave | answered_on | weight | answers | csi
                1            | ann         | customer   | w1   | 2026-01-10  | 1      | 3,      | 30
                2            | ann         | customer   | w2   | 2026-04-10  | 1      | , 7     | 70
                """);

        assertThat(pairs(dated, responses).get(0).isEmpty()).isTrue();
    }

    @Test
    void pairsNoItemThatTwoDimensionsAskFor() {
        List<Gap> gaps = List.of(new Gap("service", "e", "p"), new Gap("image", "f", "q"), new Gap("brand", "g", "q"));

        assertThat(new PanelPairs(questionnaire(gaps, WAVES), List.of()).gaps()).containsExactly(gaps.get(0));
    }

    @Test
    void orderAndPartitionsChangeNothing() {
        String many = FOUR.lines().findFirst().orElseThrow() + "\n"
                + IntStream.range(0, 60)
                        .mapToObj(i -> "x%d | c%d | customer | w%d | 2026-0%d-%02d | %d | %d, %d | %s | 50"
                                .formatted(
                                        i,
                                        i % 23,
                                        1 + i / 20,
                                        1 + i / 20,
                                        1 + i % 7,
                                        1 + i % 3,
                                        i % 11,
                                        (i * 7) % 11,
                                        i % 2 == 0 ? "East" : "West"))
                        .collect(Collectors.joining("\n"))
                + "\n";
        Dataset<Row> once = rows(ScoredResponse.TABLE, many);
        Dataset<Row> turned = once.orderBy(org.apache.spark.sql.functions.desc("response_key"))
                .repartition(7);

        String first = picture(ExpectationGap.TABLE, published(1, once));

        assertThat(first).contains("before and after");
        assertThat(picture(ExpectationGap.TABLE, published(1, turned))).isEqualTo(first);
    }

    // ---- what is made from responses

    /** What was expected before, of the responses that count and tell what was experienced. */
    private static List<Dataset<Row>> pairs(Questionnaire questionnaire, Dataset<Row> responses) {
        Job.Satisfaction satisfaction = Surveys.satisfaction(questionnaire, 1);
        PanelPairs pairs = new PanelPairs(questionnaire, List.of(REGION.name()));
        Dataset<Row> paired = pairs.applied(
                responses.where(Respondents.reasonLeftOut(AS_OF, satisfaction).isNull()));
        return IntStream.range(0, pairs.gaps().size())
                .mapToObj(gap -> {
                    int perceived = questionnaire.place(pairs.gaps().get(gap).perceived());
                    return paired.withColumn("expected", expr("expected_before[" + gap + "]"))
                            .where("expected is not null and answers[" + perceived + "] is not null");
                })
                .toList();
    }

    private static Questionnaire questionnaire(List<Gap> gaps, List<Questionnaire.Wave> waves) {
        return new Questionnaire(
                "pairs",
                List.of(
                        Surveys.item("e", 0, 10, Optional.empty(), Role.EXPECTED),
                        Surveys.item("p", 0, 10, Optional.of("quality"), Role.INDICATOR),
                        Surveys.item("f", 0, 10, Optional.empty(), Role.EXPECTED),
                        Surveys.item("g", 0, 10, Optional.empty(), Role.EXPECTED),
                        Surveys.item("q", 0, 10, Optional.of("quality"), Role.INDICATOR)),
                List.of(new Questionnaire.Group("quality", BigDecimal.ONE)),
                Map.of(),
                waves,
                gaps,
                Optional.empty(),
                "digest",
                Optional.empty());
    }

    private static Dataset<Row> cells(int minimum, String responses, Table table) {
        return cells(minimum, rows(ScoredResponse.TABLE, responses), table);
    }

    private static Dataset<Row> cells(int minimum, Dataset<Row> responses, Table table) {
        Job.Satisfaction satisfaction = Surveys.satisfaction(QUESTIONNAIRE, minimum);
        return table.equals(PairedCell.TABLE)
                ? new PairedCell(AS_OF, satisfaction, List.of(REGION)).from(Surveys.inputs(responses))
                : new SatisfactionCell(AS_OF, satisfaction, List.of(REGION)).from(Surveys.inputs(responses));
    }

    private static Dataset<Row> published(int minimum, String responses) {
        return published(minimum, rows(ScoredResponse.TABLE, responses));
    }

    private static Dataset<Row> published(int minimum, Dataset<Row> responses) {
        var mart = new ExpectationGap(AS_OF, QUESTIONNAIRE);
        var whole = mart.from(table -> cells(minimum, responses, table));
        assertThat(Audit.of(mart.table(), whole).failed()).isEmpty();
        var published = mart.suppressed(whole);
        assertThat(Audit.of(mart.table(), published).failed()).isEmpty();
        return published;
    }
}
