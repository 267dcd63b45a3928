package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import manyi.config.Dimension;
import manyi.config.Weighting;
import manyi.conformed.ScoredResponse;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Failure;
import manyi.table.Table;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRakingTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final List<Dimension> DIMENSIONS =
            List.of(new Dimension(List.of("region")), new Dimension(List.of("tier")));

    /** The fourth quarter is open, dealers are of another population, and one alone answered in the first quarter. */
    private static final String RESPONSES = """
            response_key | customer_id | population | wave   | weight | answers  | segments    | csi
            1            | ann         | customer   | 2026Q3 | 1      | 80, 80   | East, gold  | 80
            2            | bob         | customer   | 2026Q3 | 1      | 40, 40   | East, basic | 40
            3            | cid         | customer   | 2026Q3 | 1      | 60, 60   | East, basic | 60
            4            | dan         | customer   | 2026Q3 | 2      | 50, 50   | West, basic | 50
            5            | eve         | customer   | 2026Q3 | 2      | 30, 30   | West, basic | 30
            6            | fay         | customer   | 2026Q4 | 1      | 30, 30   | West, basic | 30
            7            | gus         | dealer     | 2026Q3 | 3      | 30, 30   | West, basic | 30
            8            | ann         | customer   | 2026Q1 | 1      | 30, 30   | West, basic | 30
            """;

    private static Weighting weighting(Optional<Weighting.Trim> trim, Map<String, Integer> region) {
        return new Weighting("customer", List.of(margin("region", region)), trim);
    }

    private static Weighting.Margin margin(String segment, Map<String, Integer> counts) {
        var decimals = new TreeMap<String, BigDecimal>();
        counts.forEach((value, count) -> decimals.put(value, BigDecimal.valueOf(count)));
        return new Weighting.Margin(segment, decimals);
    }

    private static Dataset<Row> raked(Weighting weighting, String customers) {
        return factors(weighting, RESPONSES, customers);
    }

    private static Dataset<Row> factors(Weighting weighting, String responses, String customers) {
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), 2).raked(Optional.of(weighting));
        Map<Table, Dataset<Row>> tables = Map.of(
                ScoredResponse.TABLE,
                rows(ScoredResponse.TABLE, responses),
                CustomerCell.TABLE,
                rows(CustomerCell.TABLE, "segments | customers | fingerprint\n" + customers));
        var factors = new ResponseRaking(AS_OF, satisfaction, weighting, DIMENSIONS).from(tables::get);
        assertThat(Audit.of(RakingFactor.TABLE, factors).failed()).isEmpty();
        return factors;
    }

    @Test
    void rakesTheWavesThatArePublishedAndNoOther() {
        var weighting = weighting(Optional.empty(), Map.of("East", 60, "West", 40));
        var factors = raked(weighting, "");

        assertThat(picture(factors, "population", "wave", "responses", "base_weights", "factor"))
                .isEqualTo("""
                population | wave | responses | base_weights | factor
                customer | 2026Q3 | 2 | 4 | 10.0000
                customer | 2026Q3 | 3 | 3 | 20.0000
                """);
        var weighed = RakingFactor.applied(
                rows(ScoredResponse.TABLE, RESPONSES),
                table -> factors,
                Surveys.satisfaction(Surveys.questionnaire(), 2).raked(Optional.of(weighting)),
                DIMENSIONS);
        assertThat(picture(weighed, "response_key", "weight", RakingFactor.BASE_WEIGHT_OF_RESPONSE))
                .isEqualTo("""
                response_key | weight | base_weight_of_response
                1 | 20 | 1
                2 | 20 | 1
                3 | 20 | 1
                4 | 20 | 2
                5 | 20 | 2
                6 | 1 | 1
                7 | 3 | 3
                8 | 1 | 1
                """);
    }

    /** Beside numbers that are given customers are shares, so a tenth of them tells the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "East, gold | 40 | 1\nEast, basic | 20 | 2\nWest, basic | 40 | 3",
                "East, gold | 4 | 1\nEast, basic | 2 | 2\nWest, basic | 4 | 3"
            })
    void countsThePopulationAmongCustomers(String customers) {
        var weighting = new Weighting(
                "customer",
                List.of(margin("region", Map.of()), margin("tier", Map.of("gold", 20, "basic", 80))),
                Optional.empty());
        var factors = raked(weighting, customers);

        // one of the East is gold, so that twenty stand behind her and twenty behind each of the others
        assertThat(picture(factors, "responses", "base_weights", "factor")).isEqualTo("""
                responses | base_weights | factor
                1 | 1 | 20.0000
                2 | 2 | 20.0000
                2 | 4 | 10.0000
                """);
    }

    @Test
    void weightsThatSumToOneAreRakedAsThoseThatCountPersons() {
        String tiny = RESPONSES
                .replace("| 2026Q3 | 1 ", "| 2026Q3 | 0.00002 ")
                .replace("| 2026Q3 | 2 ", "| 2026Q3 | 0.00004 ");
        var trim = Optional.of(new Weighting.Trim(0, 5, false));
        var factors = factors(weighting(trim, Map.of("East", 60, "West", 40)), tiny, "");

        assertThat(picture(factors, "responses", "factor", "weighting_design_effect"))
                .isEqualTo("""
                responses | factor | weighting_design_effect
                2 | 500000.0000 | 1.0000
                3 | 1000000.0000 | 1.0000
                """);
    }

    @Test
    void keepsTrimmedWeightsApartByTheirBaseWeight() {
        var trim = Optional.of(new Weighting.Trim(0, 1.1, false));
        var factors = raked(weighting(trim, Map.of("East", 90, "West", 10)), "");

        // the mean raked weight is 20, so none is above 22, and the West makes up for what it can
        assertThat(picture(factors, "each_base_weight", "responses", "factor", "margin_error", "trimmed_responses"))
                .isEqualTo("""
                each_base_weight | responses | factor | margin_error | trimmed_responses
                1 | 3 | 22.0000 | 0.2667 | 3
                2 | 2 | 2.5000 | 0.2667 | 3
                """);
    }

    @Test
    void saysWhichWaveCannotBeRakedAndWhy() {
        assertThatThrownBy(() -> raked(weighting(Optional.empty(), Map.of("East", 60, "North", 40)), ""))
                .isInstanceOf(Failure.class)
                .hasMessage("""
                        satisfaction.weighting: 1 of 1 waves of the population customer cannot be raked, so nothing was \
                        published.
                        wave 2026Q3: region = North has 40 in the margin and no respondent; region = West has 2 \
                        respondents and is not in the margin
                        Correct the counts, merge values where they are mapped, or leave the margin out.""");
        var contradicting = new Weighting(
                "customer",
                List.of(
                        margin("region", Map.of("East", 40, "West", 20)),
                        margin("tier", Map.of("gold", 20, "basic", 80))),
                Optional.empty());
        assertThatThrownBy(() -> raked(contradicting, ""))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("The margins contradict each other: region sums to 60, tier to 100");
    }

    @Test
    void refusesAPopulationThatNobodyIsOf() {
        var misspelt = new Weighting("customers", List.of(margin("region", Map.of("East", 60))), Optional.empty());
        assertThatThrownBy(() -> raked(misspelt, ""))
                .isInstanceOf(Failure.class)
                .hasMessage("satisfaction.weighting: no response is of the population customers, so nothing was"
                        + " published. The survey has customer, dealer; name one of them.");
    }

    @Test
    void showsTheMarginsBeforeAndAfterAndHidesTheSmall() {
        var weighting = new Weighting(
                "customer",
                List.of(
                        margin("region", Map.of("East", 60, "West", 40)),
                        margin("tier", Map.of("gold", 20, "basic", 80))),
                Optional.empty());
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), 2).raked(Optional.of(weighting));
        var responses = rows(ScoredResponse.TABLE, RESPONSES);
        var factors = raked(weighting, "");
        var cells = new SatisfactionCell(AS_OF, satisfaction, DIMENSIONS)
                .from(table -> table.equals(RakingFactor.TABLE) ? factors : responses)
                .localCheckpoint();
        var mart = new SurveyWeighting(AS_OF, weighting, 2);
        var audited = mart.from(table -> table.equals(RakingFactor.TABLE) ? factors : cells);
        assertThat(Audit.of(SurveyWeighting.TABLE, audited).failed()).isEmpty();

        assertThat(picture(
                        mart.suppressed(audited),
                        "wave",
                        "segment",
                        "segment_value",
                        "population_count",
                        "counted_responses",
                        "weight_before",
                        "weight_after",
                        "is_suppressed"))
                .isEqualTo("""
                wave | segment | segment_value | population_count | counted_responses | weight_before | weight_after | is_suppressed
                2026Q3 | region | East | 60.0000 | 3 | 3.0000 | 60.0000 | false
                2026Q3 | region | West | 40.0000 | 2 | 4.0000 | 40.0000 | false
                2026Q3 | tier | basic | 80.0000 |  |  |  | true
                2026Q3 | tier | gold | 20.0000 |  |  |  | true
                """);
        // East: 20 for each of 80, 40 and 60; West: 20 for each of 50 and 30
        assertThat(picture(
                        new SegmentSatisfaction(AS_OF)
                                .from(table -> cells)
                                .where("population = 'customer' and wave = '2026Q3' and segment <> 'tier'"),
                        "segment_value",
                        "csi"))
                .isEqualTo("""
                segment_value | csi
                East | 60.0000
                West | 40.0000
                all | 52.0000
                """);
    }
}
