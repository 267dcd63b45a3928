package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.ResponseRules;
import manyi.conformed.Attributes;
import manyi.conformed.ScoredResponse;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Digest;
import manyi.table.Table;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ResponseQualityTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Dimension REGION = new Dimension(List.of("region"));
    private static final Attributes FROM_CUSTOMERS =
            new Attributes(List.of(REGION), List.of("region"), List.of(), List.of());
    private static final Attributes FROM_SURVEY =
            new Attributes(List.of(REGION), List.of(), List.of(), List.of("region"));
    private static final ResponseRules STRICT =
            new ResponseRules(true, 2, true, Optional.of(new BigDecimal("60")), true, new BigDecimal("0.5"), true);
    private static final ResponseRules WATCHFUL =
            new ResponseRules(false, 2, false, Optional.of(new BigDecimal("60")), false, new BigDecimal("0.5"), false);

    /** Everybody whom a wave asked, and what became of them. */
    private static final String CASES = """
            response_key | customer_id | population | wave   | received_on | disposition         | duration_seconds | uniform_answers | asked_items | answered_items | weight | answers | segments | csi
            01           | ann         | customer   | 2026Q3 |             |                     | 300              | 0               | 4           | 4              | 1      | 80, 40  | East     | 60
            02           | bob         | customer   | 2026Q3 |             | complete            | 59.999           | 0               | 4           | 4              | 1      | 70, 90  | East     | 80
            03           | cid         | customer   | 2026Q3 |             | complete            | 60               | 2               | 4           | 2              | 1      | 50, 50  | East     | 50
            04           | dan         | customer   | 2026Q3 |             | partial             |                  | 0               | 4           | 1              | 1      | 10      | West     | 10
            05           | eve         | customer   | 2026Q3 | 2026-10-11  | complete            | 300              | 0               | 4           | 4              | 1      | 10, 20  | West     | 15
            06           | fay         | customer   | 2026Q3 |             | refusal             |                  | 0               | 4           | 0              | 1      |         | West     |
            07           | gus         | customer   | 2026Q3 |             | non_contact         |                  | 0               | 4           | 0              | 1      |         | West     |
            08           | hal         | customer   | 2026Q3 |             | other_nonresponse   |                  | 0               | 4           | 0              | 1      |         | East     |
            09           | ida         | customer   | 2026Q3 |             | unknown_eligibility |                  | 0               | 4           | 0              | 1      |         | East     |
            10           | jan         | customer   | 2026Q3 |             | not_eligible        |                  | 0               | 4           | 0              | 1      |         | East     |
            11           | ann         | customer   | 2026Q3 |             | test                | 1                | 2               | 4           | 4              | 1      | 99, 99  | East     | 99
            12           | ann         | customer   | 2026Q4 |             | complete            | 300              | 0               | 4           | 4              | 1      | 80, 40  | East     | 60
            """;

    @Test
    void countsEveryCaseOnceAndComputesTheRatesOfAapor() {
        var published = published(1, WATCHFUL, FROM_SURVEY, rows(ScoredResponse.TABLE, CASES), "");

        // RR1 = I / (I + P + R + NC + O + U), late answers among O; RR2 = (I + P) over the same;
        // RR3 of East: 4 of 5 known cases are eligible, so 3 / (4 + 0.8); of all 8 of 9, so 3 / (8 + 8/9)
        assertThat(picture(
                        published,
                        "segment_value",
                        "invitations",
                        "completes",
                        "partials",
                        "late_responses",
                        "refusals",
                        "non_contacts",
                        "other_nonresponses",
                        "unknown_eligibility",
                        "not_eligible",
                        "tests",
                        "response_rate_1",
                        "response_rate_2",
                        "response_rate_3"))
                .isEqualTo("""
                segment_value | invitations | completes | partials | late_responses | refusals | non_contacts | other_nonresponses | unknown_eligibility | not_eligible | tests | response_rate_1 | response_rate_2 | response_rate_3
                East | 6 | 3 | 0 | 0 | 0 | 0 | 1 | 1 | 1 | 1 | 0.6000 | 0.6000 | 0.6250
                West | 4 | 0 | 1 | 1 | 1 | 1 | 0 | 0 | 0 | 0 | 0.0000 | 0.2500 | 0.0000
                all | 10 | 3 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 0.3333 | 0.4444 | 0.3375
                """);
    }

    @Test
    void flagsHasteStraightLinesAndGaps() {
        var published = published(1, WATCHFUL, FROM_SURVEY, rows(ScoredResponse.TABLE, CASES), "");

        assertThat(picture(
                        published,
                        "segment_value",
                        "straight_lined_responses",
                        "straight_lined_share",
                        "sped_responses",
                        "sped_share",
                        "mostly_missing_responses",
                        "mostly_missing_share",
                        "mean_missing_share",
                        "counted_responses"))
                .isEqualTo("""
                segment_value | straight_lined_responses | straight_lined_share | sped_responses | sped_share | mostly_missing_responses | mostly_missing_share | mean_missing_share | counted_responses
                East | 1 | 0.3333 | 1 | 0.3333 | 0 | 0.0000 | 0.1667 | 3
                West | 0 | 0.0000 |  |  | 1 | 1.0000 | 0.7500 | 1
                all | 1 | 0.2500 | 1 | 0.3333 | 1 | 0.2500 | 0.3125 | 4
                """);
    }

    @Test
    void leavesOutWhatTheRulesExcludeAndSaysWhy() {
        var responses = rows(ScoredResponse.TABLE, CASES);
        var strict = satisfaction(1, STRICT);

        assertThat(picture(
                        SurveyExclusion.TABLE,
                        new SurveyExclusion(AS_OF, strict)
                                .from(Surveys.inputs(responses))
                                .where("table_name = 'segment_satisfaction'")))
                .isEqualTo("""
                table_name | reason | customers | rows
                segment_satisfaction | answered too fast | 1 | 1
                segment_satisfaction | did not answer for another reason | 1 | 1
                segment_satisfaction | not known whether to be asked | 1 | 1
                segment_satisfaction | not reached | 1 | 1
                segment_satisfaction | not to be asked | 1 | 1
                segment_satisfaction | partly answered | 1 | 1
                segment_satisfaction | received after the wave was closed | 1 | 1
                segment_satisfaction | refused | 1 | 1
                segment_satisfaction | test | 1 | 1
                segment_satisfaction | the same answer throughout | 1 | 1
                segment_satisfaction | the wave is not closed | 1 | 1
                """);
        var cells = new SatisfactionCell(AS_OF, strict, List.of(REGION)).from(table -> responses);
        assertThat(picture(new SegmentSatisfaction(AS_OF).from(table -> cells), "segment_value", "respondents", "csi"))
                .isEqualTo("""
                segment_value | respondents | csi
                East | 1 | 60.0000
                all | 1 | 60.0000
                """);
        assertThat(picture(
                        published(1, STRICT, FROM_SURVEY, responses, ""),
                        "segment_value",
                        "counted_responses",
                        "partials"))
                .isEqualTo("""
                segment_value | counted_responses | partials
                East | 1 | 0
                West | 0 | 1
                all | 1 | 1
                """);
    }

    @Test
    void hasNoRateWhereNobodyIsNamedWhoDidNotAnswerAndNoSpeedWhereNoneIsAsked() {
        var published = published(1, ResponseRules.STANDARD, FROM_SURVEY, rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                2            | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                """), "");

        assertThat(picture(
                        published,
                        "segment_value",
                        "completes",
                        "response_rate_1",
                        "sped_responses",
                        "mean_missing_share",
                        "customers_share"))
                .isEqualTo("""
                segment_value | completes | response_rate_1 | sped_responses | mean_missing_share | customers_share
                East | 2 |  |  |  |
                all | 2 |  |  |  |
                """);
    }

    @Test
    void holdsRespondentsAgainstCustomersBeforeAndAfterWeighting() {
        var published = published(1, ResponseRules.STANDARD, FROM_CUSTOMERS, rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave   | weight | answers | segments | csi
                1            | ann         | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                2            | bob         | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                3            | cid         | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                4            | dan         | customer   | 2026Q3 | 2      | 60, 60  | West     | 60
                5            | sue         | employee   | 2026Q3 | 1      | 60, 60  | West     | 60
                """), """
                segments | customers | fingerprint
                East     | 20        | 1
                West     | 30        | 2
                West     | 30        | 3
                North    | 20        | 4
                """);

        // half the sum of |75-20|, |25-60| and |0-20|; after weighting of |60-20|, |40-60| and |0-20|
        assertThat(picture(
                        published,
                        "population",
                        "segment_value",
                        "invitations",
                        "respondents_share",
                        "weighted_respondents_share",
                        "customers_share",
                        "difference",
                        "weighted_difference",
                        "dissimilarity",
                        "weighted_dissimilarity"))
                .isEqualTo("""
                population | segment_value | invitations | respondents_share | weighted_respondents_share | customers_share | difference | weighted_difference | dissimilarity | weighted_dissimilarity
                customer | East | 3 | 0.7500 | 0.6000 | 0.2000 | 55.0000 | 40.0000 | 0.5500 | 0.4000
                customer | North | 0 | 0.0000 | 0.0000 | 0.2000 | -20.0000 | -20.0000 | 0.5500 | 0.4000
                customer | West | 1 | 0.2500 | 0.4000 | 0.6000 | -35.0000 | -20.0000 | 0.5500 | 0.4000
                customer | all | 4 | 1.0000 | 1.0000 | 1.0000 | 0.0000 | 0.0000 |  |
                employee | West | 1 | 1.0000 | 1.0000 |  |  |  |  |
                employee | all | 1 | 1.0000 | 1.0000 |  |  |  |  |
                """);
    }

    @Test
    void hidesWhatTheSatisfactionTablesHideAndSmallCellsThatTheyDoNotHave() {
        var published = published(2, ResponseRules.STANDARD, FROM_CUSTOMERS, rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave   | disposition | weight | answers | segments | csi
                01           | ann         | customer   | 2026Q3 |             | 1      | 80, 80  | East     | 80
                02           | bob         | customer   | 2026Q3 |             | 1      | 70, 70  | East     | 70
                03           | cid         | customer   | 2026Q3 |             | 1      | 60, 60  | East     | 60
                04           | dan         | customer   | 2026Q3 |             | 1      | 50, 50  | West     | 50
                05           | eve         | customer   | 2026Q3 |             | 1      | 40, 40  | West     | 40
                06           | fay         | customer   | 2026Q3 |             | 1      | 40, 40  | North    | 40
                07           | gus         | customer   | 2026Q3 | refusal     | 1      |         | North    |
                08           | hal         | customer   | 2026Q3 | refusal     | 1      |         | South    |
                09           | ida         | customer   | 2026Q3 | refusal     | 1      |         | Isles    |
                10           | jan         | customer   | 2026Q3 | refusal     | 1      |         | Isles    |
                """), """
                segments | customers | fingerprint
                East     | 20        | 1
                West     | 10        | 1
                North    | 10        | 1
                South    | 5         | 1
                Isles    | 5         | 1
                """);

        // West hides North in segment_satisfaction; South is hidden for its one case, the sum of the three tells
        // nothing
        assertThat(picture(
                        published,
                        "segment_value",
                        "invitations",
                        "refusals",
                        "respondents_share",
                        "customers_share",
                        "dissimilarity",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | invitations | refusals | respondents_share | customers_share | dissimilarity | is_suppressed
                East | 3 | 0 | 0.5000 | 0.4000 | 0.1000 | false
                Isles | 2 | 2 | 0.0000 | 0.1000 | 0.1000 | false
                North |  |  |  |  |  | true
                South |  |  |  |  |  | true
                West |  |  |  |  |  | true
                all | 10 | 4 | 1.0000 | 1.0000 |  | false
                """);
    }

    @Test
    void countsACustomerOnceWhoIsAskedTwice() {
        var published = published(2, ResponseRules.STANDARD, FROM_SURVEY, rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave   | weight | answers | segments | csi
                1            | ann         | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                2            | ann         | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                3            | ann         | customer   | 2026Q3 | 1      | 70, 70  | West     | 70
                4            | bob         | customer   | 2026Q3 | 1      | 60, 60  | West     | 60
                5            | cid         | customer   | 2026Q3 | 1      | 60, 60  | West     | 60
                """), "");

        assertThat(picture(published, "segment_value", "invitations", "is_suppressed"))
                .isEqualTo("""
                segment_value | invitations | is_suppressed
                East |  | true
                West |  | true
                all | 5 | false
                """);
    }

    @Test
    void givesNamesToTheValuesThatHaveOneInTheSatisfactionTables() {
        int most = SatisfactionCell.MAXIMUM_VALUES;
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                0            | customer   | 2026Q3 | 1      | 80, 80  | v        | 80
                """)
                .drop("response_key", "segments", "disposition")
                // the first value is answered for twice; two more than have a name once, and one is asked in vain
                .crossJoin(Sparks.session()
                        .range(0, most + 3L, 1, 2)
                        .selectExpr(
                                "string(id) as response_key",
                                "array(format_string('v%05d', greatest(id - 1, 0))) as segments",
                                "if(id = " + (most + 2) + ", 'refusal', 'complete') as disposition"));

        var published = published(1, ResponseRules.STANDARD, FROM_CUSTOMERS, responses, """
                segments | customers | fingerprint
                v00000   | 3         | 1
                v99999   | 1         | 1
                """);

        assertThat(published.where("segment = 'region'").count()).isEqualTo(most + 1);
        assertThat(picture(
                        published.where("segment_value in ('all', 'other', 'v00000', 'v00001', 'v01000', 'v99999')"),
                        "segment_value",
                        "invitations",
                        "completes",
                        "refusals",
                        "customers_share"))
                .isEqualTo("""
                segment_value | invitations | completes | refusals | customers_share
                all | 1003 | 1002 | 1 | 1.0000
                other | 2 | 1 | 1 | 0.2500
                v00000 | 2 | 2 | 0 | 0.7500
                v00001 | 1 | 1 | 0 | 0.0000
                """);
    }

    @Test
    void isTheSameWhateverTheOrderOfItsRows() {
        var customers = """
                segments | customers | fingerprint
                East     | 20        | 1
                North    | 30        | 2
                """;
        var responses = rows(ScoredResponse.TABLE, CASES);
        var straight = published(1, WATCHFUL, FROM_CUSTOMERS, responses, customers);

        assertThat(Digest.of(
                        ResponseQuality.TABLE,
                        published(1, WATCHFUL, FROM_CUSTOMERS, responses.repartition(7), customers)))
                .isEqualTo(Digest.of(ResponseQuality.TABLE, straight));
    }

    private static Job.Satisfaction satisfaction(int minimum, ResponseRules rules) {
        return Surveys.careful(Surveys.questionnaire(), minimum, 0, rules);
    }

    private static Dataset<Row> published(
            int minimum, ResponseRules rules, Attributes attributes, Dataset<Row> responses, String customers) {
        var satisfaction = satisfaction(minimum, rules);
        var cells = new SatisfactionCell(AS_OF, satisfaction, attributes.dimensions())
                .from(table -> responses)
                .persist();
        var counted = new ResponseCell(AS_OF, satisfaction, attributes.dimensions());
        var cases = counted.table().conform(counted.from(table -> responses)).localCheckpoint();
        assertThat(Audit.of(ResponseCell.TABLE, cases).failed()).isEmpty();
        Map<Table, Dataset<Row>> tables = Map.of(
                ResponseCell.TABLE,
                cases,
                SatisfactionCell.TABLE,
                cells,
                CustomerCell.TABLE,
                rows(CustomerCell.TABLE, customers.isEmpty() ? "segments | customers | fingerprint" : customers));
        var mart = new ResponseQuality(AS_OF, satisfaction, attributes);
        assertThat(mart.inputs()).allMatch(tables::containsKey);
        var audited = mart.table().conform(mart.from(tables::get)).localCheckpoint();
        assertThat(Audit.of(ResponseQuality.TABLE, audited).failed()).isEmpty();
        return mart.suppressed(audited);
    }
}
