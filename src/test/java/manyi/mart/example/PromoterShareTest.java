package manyi.mart.example;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.conformed.ScoredResponse;
import manyi.mart.satisfaction.SegmentSatisfaction;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.SegmentMeasure;
import manyi.table.Audit;
import manyi.testing.Surveys;
import org.junit.jupiter.api.Test;

/** The second worked example of CONTRIBUTING.md is real code, and works. */
class PromoterShareTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);

    @Test
    void isPublishedWithItsLimitsAndSuppressedWithItsCell() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers        | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 80, 7, 10  | East     | 80
                2            | customer   | 2026Q3 | 1      | 60, 60, 5, 7   | East     | 60
                3            | customer   | 2026Q3 | 2      | 60, 60, 5, 9   | West     | 60
                4            | customer   | 2026Q3 | 1      | 40, 40, 3, 0   | West     | 40
                5            | customer   | 2026Q3 | 1      | 40, 40, 3, 9   | North    | 40
                """);
        var measures = Stream.concat(SegmentMeasure.ALL.stream(), Stream.of(PromoterShare.PROMOTERS))
                .toList();
        var cells = new SatisfactionCell(
                        AS_OF,
                        Surveys.satisfaction(Surveys.questionnaire(), 2),
                        List.of(new Dimension(List.of("region"))))
                .of(measures)
                .from(table -> responses);
        var mart = new SegmentSatisfaction(AS_OF, measures);
        var audited = mart.from(table -> cells);

        assertThat(Audit.of(mart.table(), audited).failed()).isEmpty();
        assertThat(picture(mart.suppressed(audited), "segment_value", "nps", "promoter_share", "is_suppressed"))
                .isEqualTo("""
                segment_value | nps | promoter_share | is_suppressed
                East |  |  | true
                North |  |  | true
                West | 33.3333 | 0.6667 | false
                all | 50.0000 | 0.6667 | false
                """);
        assertThat(mart.table().rules())
                .contains(
                        "promoter_share between 0 and 1",
                        "promoter_low <= promoter_share",
                        "promoter_share <= promoter_high");
    }

    @Test
    void standsInContributingToTheLetter() throws IOException {
        WorkedExamples.standInContributing(
                "PromoterShare", "    /** The share of promoters", "    private PromoterShare");
    }
}
