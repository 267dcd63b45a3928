package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Table;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SegmentSatisfactionTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Dimension REGION = new Dimension(List.of("region"));

    @Test
    void weighsEachAnswerByTheCustomersItStandsFor() {
        var published = published(1, List.of(REGION), rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers        | segments | csi
                1            | customer   | 2026Q3 | 3      | 80, 80, 7, 10  | East     | 80
                2            | customer   | 2026Q3 | 1      | 40, 40, 1, 0   | East     | 40
                """));

        assertThat(picture(
                        published,
                        "as_of",
                        "population",
                        "wave",
                        "segment",
                        "segment_value",
                        "respondents",
                        "effective_respondents",
                        "csi",
                        "csi_standard_error",
                        "csi_low",
                        "csi_high",
                        "degrees_of_freedom",
                        "csm",
                        "dissatisfied_share",
                        "satisfied_share",
                        "very_satisfied_share",
                        "csat",
                        "nps",
                        "nps_standard_error",
                        "nps_low",
                        "nps_high",
                        "is_suppressed"))
                .isEqualTo("""
                as_of | population | wave | segment | segment_value | respondents | effective_respondents | csi | csi_standard_error | csi_low | csi_high | degrees_of_freedom | csm | dissatisfied_share | satisfied_share | very_satisfied_share | csat | nps | nps_standard_error | nps_low | nps_high | is_suppressed
                2026-10-31 | customer | 2026Q3 | all | all | 2 | 1.6000 | 70.0000 | 15.0000 | 0.0000 | 100.0000 | 1 | 30.0000 | 0.2500 | 0.0000 | 0.7500 | 0.7500 | 50.0000 | 75.0000 | -100.0000 | 100.0000 | false
                2026-10-31 | customer | 2026Q3 | region | East | 2 | 1.6000 | 70.0000 | 15.0000 | 0.0000 | 100.0000 | 1 | 30.0000 | 0.2500 | 0.0000 | 0.7500 | 0.7500 | 50.0000 | 75.0000 | -100.0000 | 100.0000 | false
                """);
    }

    @Test
    void countsACustomerOnceWhoAnswersTwiceAndInEverySegmentHeAnswersIn() {
        var published = published(1, List.of(REGION), rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave   | weight | answers   | segments | csi
                1            | ann         | customer   | 2026Q3 | 1      | 20, 20    | East     | 20
                2            | ann         | customer   | 2026Q3 | 1      | 40, 40    | West     | 40
                3            | bob         | customer   | 2026Q3 | 1      | 60, 60    | West     | 60
                """));

        // all: z = ±20/3; West: z = ±5, two units of two; East: one unit, so no error
        assertThat(picture(
                        published,
                        "segment_value",
                        "respondents",
                        "effective_respondents",
                        "csi",
                        "csi_standard_error"))
                .isEqualTo("""
                segment_value | respondents | effective_respondents | csi | csi_standard_error
                East | 1 | 1.0000 | 20.0000 |
                West | 2 | 2.0000 | 50.0000 | 10.0000
                all | 2 | 1.8000 | 40.0000 | 13.3333
                """);
    }

    @Test
    void publishesEverybodyWhereTheJobNamesNoSegment() {
        var published = published(
                1,
                List.of(),
                rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers    | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, , 5, 9 |          | 80
                2            | customer   | 2026Q3 | 1      | 40, 60     |          | 50
                3            | employee   | 2026Q3 | 1      | 10, 10     |          | 10
                """)
                        .drop("segments")
                        .withColumn("segments", org.apache.spark.sql.functions.expr("cast(array() as array<string>)")));

        assertThat(picture(published, "population", "segment", "segment_value", "respondents", "csi", "csm", "nps"))
                .isEqualTo("""
                population | segment | segment_value | respondents | csi | csm | nps
                customer | all | all | 2 | 65.0000 | 20.0000 | 100.0000
                employee | all | all | 1 | 10.0000 |  |
                """);
    }

    @Test
    void leavesOutOpenWavesLateAndFutureAnswersAndThoseWhoAnsweredTooLittle() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | customer_id | population | wave   | answered_on | received_on | weight | answers    | segments | csi
                1            | ann         | customer   | 2026Q3 | 2026-09-01  | 2026-10-10  | 1      | 80, 80     | East     | 80
                2            | bob         | customer   | 2026Q3 | 2026-09-01  | 2026-10-11  | 1      | 0, 0       | East     | 0
                3            | cid         | customer   | 2026Q4 | 2026-10-02  | 2026-10-02  | 1      | 0, 0       | East     | 0
                4            | dan         | customer   | 2026Q3 | 2026-09-01  |             | 1      | , , 7      | East     |
                5            | eve         | customer   | extra  | 2026-11-01  |             | 1      | 0, 0       | East     | 0
                6            | eve         | customer   | extra  | 2026-10-31  |             | 1      | 60, 60     | East     | 60
                7            | eve         | customer   | extra  | 2026-11-02  |             | 1      | 0, 0       | East     | 0
                """);
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), 1);

        assertThat(picture(published(1, List.of(REGION), responses), "wave", "segment_value", "respondents", "csi"))
                .isEqualTo("""
                wave | segment_value | respondents | csi
                2026Q3 | East | 1 | 80.0000
                2026Q3 | all | 1 | 80.0000
                extra | East | 1 | 60.0000
                extra | all | 1 | 60.0000
                """);
        var exclusion = new SurveyExclusion(AS_OF, satisfaction);
        assertThat(picture(
                        SurveyExclusion.TABLE,
                        exclusion.from(Surveys.inputs(responses)).where("table_name = 'segment_satisfaction'")))
                .isEqualTo("""
                table_name | reason | customers | rows
                segment_satisfaction | answered after as_of | 1 | 2
                segment_satisfaction | received after the wave was closed | 1 | 1
                segment_satisfaction | the wave is not closed | 1 | 1
                segment_satisfaction | too little of the indicators answered | 1 | 1
                """);
    }

    @Test
    void countsLateAnswersOfAWaveThatIsRestated() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | received_on | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 2026-10-10  | 1      | 80, 80  | East     | 80
                2            | customer   | 2026Q3 | 2026-10-11  | 1      | 0, 0    | East     | 0
                """);
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), 1, "2026Q3");
        var cells = new SatisfactionCell(AS_OF, satisfaction, List.of(REGION)).from(table -> responses);

        assertThat(picture(new SegmentSatisfaction(AS_OF).from(table -> cells), "segment_value", "csi"))
                .isEqualTo("""
                segment_value | csi
                East | 40.0000
                all | 40.0000
                """);
    }

    @Test
    void hidesASmallSegmentAndASecondOneThatWouldGiveItAway() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                2            | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                3            | customer   | 2026Q3 | 1      | 60, 60  | East     | 60
                4            | customer   | 2026Q3 | 1      | 50, 50  | West     | 50
                5            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40
                6            | customer   | 2026Q3 | 1      | 30, 30  | North    | 30
                """);

        assertThat(picture(
                        published(2, List.of(REGION), responses),
                        "segment_value",
                        "respondents",
                        "csi",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | respondents | csi | is_suppressed
                East | 3 | 70.0000 | false
                North |  |  | true
                West |  |  | true
                all | 6 | 55.0000 | false
                """);
    }

    @Test
    void drawsPublishedSegmentsTowardsTheirMeanAndHiddenOnesNotAtAll() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                2            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                3            | customer   | 2026Q3 | 1      | 90, 90  | East     | 90
                4            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40
                5            | customer   | 2026Q3 | 1      | 50, 50  | West     | 50
                6            | customer   | 2026Q3 | 1      | 60, 60  | West     | 60
                7            | customer   | 2026Q3 | 1      | 0, 0    | North    | 0
                8            | customer   | 2026Q3 | 1      | 10, 10  | South    | 10
                9            | customer   | 2026Q3 | 1      | 20, 20  | South    | 20
                """);

        // v = 9/8 · 200/9 = 25 in both, mean 65, so 450/(v + t) = 1 and t = 425: 25/450 of the way to the mean.
        // squared error: 25·17/18 + (1/18)²·450/2 + 2·(1/18)²·450 = 27.0833
        assertThat(picture(
                        published(2, List.of(REGION), responses),
                        "segment_value",
                        "csi",
                        "csi_standard_error",
                        "csi_shrunk",
                        "csi_shrunk_standard_error",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | csi | csi_standard_error | csi_shrunk | csi_shrunk_standard_error | is_suppressed
                East | 80.0000 | 5.0000 | 79.1667 | 5.2042 | false
                North |  |  |  |  | true
                South |  |  |  |  | true
                West | 50.0000 | 5.0000 | 50.8333 | 5.2042 | false
                all | 46.6667 | 10.5409 |  |  | false
                """);
    }

    @Test
    void drawsNothingTowardsASegmentThatStandsAloneOrSegmentsThatTellNoError() {
        var alone = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                2            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                3            | customer   | extra  | 1      | 70, 70  | East     | 70
                4            | customer   | extra  | 1      | 80, 80  | West     | 80
                """);

        assertThat(picture(published(1, List.of(REGION), alone), "wave", "segment_value", "csi", "csi_shrunk"))
                .isEqualTo("""
                wave | segment_value | csi | csi_shrunk
                2026Q3 | East | 75.0000 |
                2026Q3 | all | 75.0000 |
                extra | East | 70.0000 |
                extra | West | 80.0000 |
                extra | all | 75.0000 |
                """);
    }

    /** Customers who all answer alike say little: where their share is one, but not how far the mean may be off. */
    @Test
    void givesNoErrorToAMeanWhereAllAnswerAlike() {
        var alike = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers        | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 80, 7, 10  | East     | 80
                2            | customer   | 2026Q3 | 1      | 80, 80, 7, 10  | East     | 80
                3            | customer   | 2026Q3 | 1      | 80, 80, 7, 10  | East     | 80
                4            | customer   | 2026Q3 | 1      | 90, 90, 6, 10  | West     | 90
                5            | customer   | 2026Q3 | 1      | 100, 100, 7, 9 | West     | 100
                6            | customer   | 2026Q3 | 1      | 95, 95, 7, 10  | West     | 95
                """);

        // East: Clopper and Pearson's lower limit of three of three is .025^(1/3) = .2924; West: V = 6/5·50/9,
        // t.975 at 2 is 4.3027
        assertThat(picture(
                        published(1, List.of(REGION), alike).where("segment_value <> 'all'"),
                        "segment_value",
                        "csi",
                        "csi_standard_error",
                        "csi_low",
                        "csi_high",
                        "csat",
                        "csat_low",
                        "csat_high",
                        "nps",
                        "nps_standard_error",
                        "nps_low",
                        "design_effect",
                        "degrees_of_freedom",
                        "reason"))
                .isEqualTo("""
                segment_value | csi | csi_standard_error | csi_low | csi_high | csat | csat_low | csat_high | nps | nps_standard_error | nps_low | design_effect | degrees_of_freedom | reason
                East | 80.0000 |  |  |  | 1.0000 | 0.2924 | 1.0000 | 100.0000 |  |  |  | 2 | csi: no variance between sampling units; csm: no variance between sampling units; nps: no variance between sampling units
                West | 95.0000 | 2.5820 | 83.8906 | 100.0000 | 1.0000 | 0.2924 | 1.0000 | 100.0000 |  |  | 0.8000 | 2 | nps: no variance between sampling units
                """);
    }

    @Test
    void drawsNothingWhereNoSegmentVaries() {
        var alike = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                2            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                3            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40
                4            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40
                """);

        assertThat(picture(published(1, List.of(REGION), alike), "segment_value", "csi", "csi_shrunk", "reason"))
                .isEqualTo("""
                segment_value | csi | csi_shrunk | reason
                East | 80.0000 |  | csi: no variance between sampling units
                West | 40.0000 |  | csi: no variance between sampling units
                all | 60.0000 |  |
                """);
    }

    @Test
    void hidesEverybodyWhereTheyAreTooFew() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                2            | customer   | 2026Q3 | 1      | 70, 70  | East     | 70
                """);

        assertThat(picture(
                        published(10, List.of(REGION), responses),
                        "segment_value",
                        "respondents",
                        "csi",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | respondents | csi | is_suppressed
                East |  |  | true
                all |  |  | true
                """);
    }

    private static Dataset<Row> published(int minimum, List<Dimension> dimensions, Dataset<Row> responses) {
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), minimum);
        var cells = new SatisfactionCell(AS_OF, satisfaction, dimensions)
                .from(table -> responses)
                .persist();
        var mart = new SegmentSatisfaction(AS_OF);
        var audited = mart.from(table -> cells);
        assertKept(SatisfactionCell.TABLE, cells);
        assertKept(SegmentSatisfaction.TABLE, audited);
        return mart.suppressed(audited);
    }

    private static void assertKept(Table table, Dataset<Row> rows) {
        assertThat(Audit.of(table, rows).failed()).isEmpty();
    }
}
