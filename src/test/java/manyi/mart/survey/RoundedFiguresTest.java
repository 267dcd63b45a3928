package manyi.mart.survey;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.ResponseRules;
import manyi.mart.satisfaction.IndicatorSatisfaction;
import manyi.mart.satisfaction.SatisfactionTrend;
import manyi.mart.satisfaction.SegmentSatisfaction;
import manyi.testing.Surveys;
import org.junit.jupiter.api.Test;

class RoundedFiguresTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Job.Satisfaction SATISFACTION = Surveys.satisfaction(Surveys.questionnaire(), 2);

    @Test
    void publishesOneDecimalOfAPointAndThreeOfAShare() {
        var mart = RoundedFigures.of(new SegmentSatisfaction(AS_OF), SATISFACTION);
        var audited = rows(SegmentSatisfaction.TABLE, """
                segment | segment_value | respondents | effective_respondents | csi     | csi_standard_error | csi_low | csat    | design_effect | is_suppressed
                all     | all           | 12          | 11.4499               | 71.2512 | 3.1499             | 64.9500 | 0.41666 | 1.23456       | false
                region  | East          | 2           | 2                     | 50.1234 | 1                  | 49      | 0.5     | 1             | true
                """);

        var published = mart.suppressed(audited)
                .select(
                        "segment_value",
                        "respondents",
                        "effective_respondents",
                        "csi",
                        "csi_standard_error",
                        "csi_low",
                        "csat",
                        "design_effect");

        assertThat(picture(published)).isEqualTo("""
                segment_value | respondents | effective_respondents | csi | csi_standard_error | csi_low | csat | design_effect
                East |  |  |  |  |  |  |
                all | 12 | 11.4000 | 71.3000 | 3.1000 | 65.0000 | 0.4170 | 1.2350
                """);
    }

    @Test
    void roundsARowByItsMeasureAndNotWhatTheJobGives() {
        var mart = RoundedFigures.of(new SatisfactionTrend(AS_OF, List.of(), Optional.empty()), SATISFACTION);
        var audited = rows(SatisfactionTrend.TABLE, """
                measure | value   | change  | p_value | target | is_suppressed
                csat    | 0.41666 | 0.01234 | 0.04567 | 0.4567 | false
                csi     | 71.2512 | -0.9876 | 0.04567 | 70.25  | false
                """);

        assertThat(picture(mart.suppressed(audited).select("measure", "value", "change", "p_value", "target")))
                .isEqualTo("""
                        measure | value | change | p_value | target
                        csat | 0.4170 | 0.0120 | 0.0460 | 0.4567
                        csi | 71.3000 | -1.0000 | 0.0460 | 70.2500
                        """);
    }

    /** The widest scale of the questionnaire goes from 0 to 100. */
    @Test
    void roundsAnItemsOwnScaleToAThousandthAtTheFinest() {
        var mart = RoundedFigures.of(new IndicatorSatisfaction(AS_OF, SATISFACTION.questionnaire()), SATISFACTION);
        var audited = rows(IndicatorSatisfaction.TABLE, """
                item | mean_answer | is_suppressed
                q1   | 71.2512     | false
                """);

        assertThat(picture(mart.suppressed(audited).select("item", "mean_answer")))
                .isEqualTo("""
                item | mean_answer
                q1 | 71.3000
                """);
    }

    @Test
    void leavesAllDigitsOfPublicData() {
        var full = new Job.Satisfaction(
                Surveys.questionnaire(),
                2,
                0.5,
                80,
                60,
                9,
                6,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                ResponseRules.STANDARD,
                Optional.empty(),
                Job.Decimals.FULL);
        var mart = new SegmentSatisfaction(AS_OF);

        assertThat(RoundedFigures.of(mart, full)).isSameAs(mart);
    }
}
