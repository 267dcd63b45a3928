package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.config.SatisfactionTarget;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class SatisfactionTrendTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Dimension REGION = new Dimension(List.of("region"));

    @Test
    void tellsAChangeOfTheMixFromOneOfTheSegments() {
        var trend = published(1, List.of(), rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q1 | 1      | 70, 70  | East     | 70
                2            | customer   | 2026Q1 | 1      | 80, 80  | East     | 80
                3            | customer   | 2026Q1 | 1      | 90, 90  | East     | 90
                4            | customer   | 2026Q1 | 1      | 40, 40  | West     | 40
                5            | customer   | 2026Q3 | 1      | 90, 90  | East     | 90
                6            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40
                7            | customer   | 2026Q3 | 1      | 50, 50  | West     | 50
                8            | customer   | 2026Q3 | 1      | 60, 60  | West     | 60
                """));

        // everybody: V = 4/3·(30² + 20² + 10²)/16 in either wave, t.975 at 3 is 3.1824; the change has n/(n−1) = 8/7,
        // so V = 200, and (2.3646 + 0.8960)·√200 = 46.1126. Both regions rose by 10, and half stand behind each; of
        // either one wave has a single answer, which says nothing of its error, so nothing of the change's
        assertThat(picture(
                        trend.where("measure = 'csi'"),
                        "wave",
                        "previous_wave",
                        "segment_value",
                        "value",
                        "value_low",
                        "value_high",
                        "change",
                        "detectable_change",
                        "mix_adjusted_change"))
                .isEqualTo("""
                wave | previous_wave | segment_value | value | value_low | value_high | change | detectable_change | mix_adjusted_change
                2026Q1 |  | East | 80.0000 | 56.5793 | 100.0000 |  |  |
                2026Q1 |  | West | 40.0000 |  |  |  |  |
                2026Q1 |  | all | 70.0000 | 35.6257 | 100.0000 |  |  |
                2026Q3 | 2026Q1 | East | 90.0000 |  |  | 10.0000 |  |
                2026Q3 | 2026Q1 | West | 50.0000 | 26.5793 | 73.4207 | 10.0000 |  |
                2026Q3 | 2026Q1 | all | 60.0000 | 25.6257 | 94.3743 | -10.0000 | 46.1126 | 10.0000
                """);
    }

    /** In 2026Q3 all of East come from one branch, whose units sum to 0 about their own mean: that is no certainty. */
    @Test
    void saysNothingOfAChangeWhereOneWaveHasASingleSamplingUnit() {
        var trend = published(1, List.of(), rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | psu | answers | segments | csi
                1            | customer   | 2026Q1 | 1      | a   | 60, 60  | East     | 60
                2            | customer   | 2026Q1 | 1      | b   | 61, 61  | East     | 61
                3            | customer   | 2026Q1 | 1      | c   | 62, 62  | East     | 62
                4            | customer   | 2026Q3 | 1      | a   | 70, 70  | East     | 70
                5            | customer   | 2026Q3 | 1      | a   | 90, 90  | East     | 90
                6            | customer   | 2026Q3 | 1      | b   | 10, 10  | West     | 10
                7            | customer   | 2026Q3 | 1      | c   | 50, 50  | West     | 50
                """));

        assertThat(picture(
                        trend.where("measure = 'csi' and segment_value = 'East'"),
                        "wave",
                        "value",
                        "value_low",
                        "change",
                        "standard_error",
                        "degrees_of_freedom",
                        "p_value",
                        "verdict",
                        "detectable_change"))
                .isEqualTo("""
                wave | value | value_low | change | standard_error | degrees_of_freedom | p_value | verdict | detectable_change
                2026Q1 | 61.0000 | 58.5159 |  |  |  |  |  |
                2026Q3 | 80.0000 |  | 19.0000 |  | 0 |  |  |
                """);
    }

    /**
     * All of East rise by ten points, all from 80 to 90: no error of that, no test, and none of North's, which varied
     * once; the p-value of West stays as it is beside them. All of South rise by ten from where each was.
     */
    @Test
    void testsNoChangeWhereSamplingUnitsDoNotVary() {
        var trend = published(1, List.of(), rows(ScoredResponse.TABLE, """
                response_key | population | wave   | customer_id | weight | answers | segments | csi
                1            | customer   | 2026Q1 | a           | 1      | 80, 80  | East     | 80
                2            | customer   | 2026Q1 | b           | 1      | 80, 80  | East     | 80
                3            | customer   | 2026Q3 | c           | 1      | 90, 90  | East     | 90
                4            | customer   | 2026Q3 | d           | 1      | 90, 90  | East     | 90
                5            | customer   | 2026Q1 | e           | 1      | 60, 60  | West     | 60
                6            | customer   | 2026Q1 | f           | 1      | 70, 70  | West     | 70
                7            | customer   | 2026Q3 | g           | 1      | 65, 65  | West     | 65
                8            | customer   | 2026Q3 | h           | 1      | 75, 75  | West     | 75
                9            | customer   | 2026Q1 | i           | 1      | 50, 50  | North    | 50
                10           | customer   | 2026Q1 | j           | 1      | 50, 50  | North    | 50
                11           | customer   | 2026Q3 | k           | 1      | 20, 20  | North    | 20
                12           | customer   | 2026Q3 | l           | 1      | 30, 30  | North    | 30
                13           | customer   | 2026Q1 | m           | 1      | 40, 40  | South    | 40
                14           | customer   | 2026Q1 | n           | 1      | 60, 60  | South    | 60
                15           | customer   | 2026Q3 | m           | 1      | 50, 50  | South    | 50
                16           | customer   | 2026Q3 | n           | 1      | 70, 70  | South    | 70
                """));

        assertThat(picture(
                        trend.where("measure = 'csi' and wave = '2026Q3' and segment_value <> 'all'")
                                .selectExpr(
                                        "segment_value",
                                        "change",
                                        "standard_error > 0 as has_error",
                                        "low is not null as has_limits",
                                        "degrees_of_freedom",
                                        "adjusted_p_value = p_value as is_alone",
                                        "verdict",
                                        "detectable_change > 0 as can_detect",
                                        "reason"),
                        "segment_value",
                        "change",
                        "has_error",
                        "has_limits",
                        "degrees_of_freedom",
                        "is_alone",
                        "verdict",
                        "can_detect",
                        "reason"))
                .isEqualTo("""
                segment_value | change | has_error | has_limits | degrees_of_freedom | is_alone | verdict | can_detect | reason
                East | 10.0000 |  | false | 3 |  |  |  | no variance between sampling units
                North | -25.0000 |  | false | 3 |  |  |  | no variance between sampling units in the wave before
                South | 10.0000 |  | false | 1 |  |  |  | no variance between sampling units
                West | 5.0000 | true | true | 3 | true | no clear change | true |
                """);
    }

    @Test
    void holdsNoMixWhereAValueIsNewOrHidden() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q1 | 1      | 70, 70  | East     | 70
                2            | customer   | 2026Q1 | 1      | 40, 40  | West     | 40
                3            | customer   | 2026Q1 | 1      | 50, 50  | West     | 50
                4            | customer   | 2026Q3 | 1      | 90, 90  | East     | 90
                5            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80
                6            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40
                7            | customer   | 2026Q3 | 1      | 50, 50  | West     | 50
                8            | employee   | 2026Q1 | 1      | 50, 50  | East     | 50
                9            | employee   | 2026Q1 | 1      | 60, 60  | East     | 60
                10           | employee   | 2026Q3 | 1      | 60, 60  | East     | 60
                11           | employee   | 2026Q3 | 1      | 70, 70  | East     | 70
                12           | employee   | 2026Q3 | 1      | 40, 40  | North    | 40
                13           | employee   | 2026Q3 | 1      | 40, 40  | North    | 40
                """);

        assertThat(picture(
                        published(2, List.of(), responses).where("measure = 'csi' and wave = '2026Q3'"),
                        "population",
                        "segment_value",
                        "previous_wave",
                        "value",
                        "previous_value",
                        "change",
                        "mix_adjusted_change",
                        "is_previous_suppressed"))
                .isEqualTo("""
                population | segment_value | previous_wave | value | previous_value | change | mix_adjusted_change | is_previous_suppressed
                customer | East | 2026Q1 | 85.0000 |  |  |  | true
                customer | West | 2026Q1 | 45.0000 |  |  |  | true
                customer | all | 2026Q1 | 65.0000 | 53.3333 | 11.6667 |  | false
                employee | East | 2026Q1 | 65.0000 | 55.0000 | 10.0000 |  | false
                employee | North |  | 40.0000 |  |  |  | false
                employee | all | 2026Q1 | 52.5000 | 55.0000 | -2.5000 |  | false
                """);
    }

    @Test
    void saysWhatATargetIsAndHowManyAnswersTheNextWaveNeeds() {
        var targets = List.of(
                new SatisfactionTarget("csi", "all", "all", 50),
                new SatisfactionTarget("csi", "region", "all", 70),
                new SatisfactionTarget("csi", "region", "West", 60),
                new SatisfactionTarget("nps", "all", "all", 0));
        var trend = published(1, targets, rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers         | segments | csi
                1            | customer   | 2026Q3 | 1      | 56, 56, , 10    | East     | 56
                2            | customer   | 2026Q3 | 1      | 60, 60, , 9     | East     | 60
                3            | customer   | 2026Q3 | 1      | 60, 60, , 10    | East     | 60
                4            | customer   | 2026Q3 | 1      | 64, 64, , 10    | East     | 64
                5            | customer   | 2026Q3 | 1      | 56, 56, , 10    | West     | 56
                6            | customer   | 2026Q3 | 1      | 60, 60, , 10    | West     | 60
                7            | customer   | 2026Q3 | 1      | 60, 60, , 10    | West     | 60
                8            | customer   | 2026Q3 | 1      | 64, 64, , 10    | West     | 64
                """));

        // V is 8/7·4·4²/8² = 8/7 for all and 8/7·2·4²/4² = 16/7 for a region; (5/2.8016)² = 3.1852,
        // 8·(8/7)/(3.1852 − 8/7) = 4.48, 4·(16/7)/(3.1852 − 16/7) = 10.16. All recommend it, so nothing varies
        assertThat(picture(
                        trend.where("measure in ('csi', 'nps')"),
                        "measure",
                        "segment_value",
                        "value",
                        "value_low",
                        "value_high",
                        "target",
                        "target_verdict",
                        "answers_needed"))
                .isEqualTo("""
                measure | segment_value | value | value_low | value_high | target | target_verdict | answers_needed
                csi | East | 60.0000 | 55.1886 | 64.8114 | 70.0000 | missed | 11
                csi | West | 60.0000 | 55.1886 | 64.8114 | 60.0000 | undecided | 11
                csi | all | 60.0000 | 57.4721 | 62.5279 | 50.0000 | attained | 5
                nps | East | 100.0000 |  |  |  |  |
                nps | West | 100.0000 |  |  |  |  |
                nps | all | 100.0000 |  |  | 0.0000 | undecided |
                """);
    }

    /** The fifteen endpoints of thrombolysis in Benjamini and Hochberg (1995): four are found at 5 %; checked by scipy. */
    @Test
    void agreesWithBenjaminiHochberg() {
        var changes = rows(SatisfactionTrend.TABLE, """
                population | wave | previous_wave | segment | measure | segment_value | p_value
                customer   | 2    | 1             | end     | csi     | a             | .0001
                customer   | 2    | 1             | end     | csi     | b             | .0004
                customer   | 2    | 1             | end     | csi     | c             | .0019
                customer   | 2    | 1             | end     | csi     | d             | .0095
                customer   | 2    | 1             | end     | csi     | e             | .0201
                customer   | 2    | 1             | end     | csi     | f             | .0278
                customer   | 2    | 1             | end     | csi     | g             | .0298
                customer   | 2    | 1             | end     | csi     | h             | .0344
                customer   | 2    | 1             | end     | csi     | i             | .0459
                customer   | 2    | 1             | end     | csi     | j             | .3240
                customer   | 2    | 1             | end     | csi     | k             | .4262
                customer   | 2    | 1             | end     | csi     | l             | .5719
                customer   | 2    | 1             | end     | csi     | m             | .6528
                customer   | 2    | 1             | end     | csi     | n             | .7590
                customer   | 2    | 1             | end     | csi     | o             | 1
                customer   | 2    | 1             | end     | csi     | untested      |
                customer   | 2    | 1             | end     | nps     | a             | .03
                customer   | 2    | 1             | end     | nps     | b             | .01
                customer   | 2    | 1             | end     | nps     | c             | .03
                """);

        assertThat(picture(SatisfactionTrend.adjusted(changes), "measure", "segment_value", "adjusted_p_value"))
                .isEqualTo("""
                measure | segment_value | adjusted_p_value
                csi | a | 0.0015
                csi | b | 0.0030
                csi | c | 0.0095
                csi | d | 0.0356
                csi | e | 0.0603
                csi | f | 0.0639
                csi | g | 0.0639
                csi | h | 0.0645
                csi | i | 0.0765
                csi | j | 0.4860
                csi | k | 0.5812
                csi | l | 0.7149
                csi | m | 0.7532
                csi | n | 0.8132
                csi | o | 1.0000
                csi | untested |
                nps | a | 0.0300
                nps | b | 0.0300
                nps | c | 0.0300
                """);
    }

    /** With the wave before, which would be left out if it were not listed. */
    private static Questionnaire questionnaire() {
        var small = Surveys.questionnaire();
        var earlier = new Questionnaire.Wave("2026Q1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 3, 31), 10);
        return new Questionnaire(
                small.name(),
                small.items(),
                small.groups(),
                small.groupings(),
                Stream.concat(Stream.of(earlier), small.waves().stream()).toList(),
                small.gaps(),
                small.deliveredValue(),
                small.digest(),
                small.model());
    }

    private static Dataset<Row> published(int minimum, List<SatisfactionTarget> targets, Dataset<Row> responses) {
        var cells = new SatisfactionCell(AS_OF, Surveys.satisfaction(questionnaire(), minimum), List.of(REGION))
                .from(table -> responses)
                .persist();
        var mart = new SatisfactionTrend(AS_OF, targets, Optional.of(REGION));
        var audited = mart.from(table -> cells);
        assertThat(Audit.of(SatisfactionTrend.TABLE, audited).failed()).isEmpty();
        return mart.suppressed(audited);
    }
}
