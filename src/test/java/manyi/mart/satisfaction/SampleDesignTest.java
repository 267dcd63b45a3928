package manyi.mart.satisfaction;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Digest;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Strata, sampling units, second stages, gaps and changes, held against the formulas taken word by word. */
class SampleDesignTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final SatisfactionTrend TREND = new SatisfactionTrend(AS_OF, List.of(), Optional.empty());
    private static final List<Dimension> REGION = List.of(new Dimension(List.of("region")));
    private static final Map<String, Long> STRATUM_SIZES = Map.of("s0", 40L, "s1", 25L, "s2", 60L);

    private record Response(
            int place,
            String wave,
            String stratum,
            String psu,
            String customer,
            String region,
            double weight,
            double q1,
            double q2) {
        double csi() {
            return (q1 + q2) / 2;
        }

        String unit() {
            return stratum + "/" + psu;
        }

        long psuSize() {
            return 20 + Long.parseLong(psu.substring(1));
        }
    }

    private static final List<Response> RESPONSES = responses();

    /** Two waves, three strata, units of several customers, customers who answer twice, in other segments and units. */
    private static List<Response> responses() {
        var random = new Random(5);
        List<Response> responses = new ArrayList<>();
        for (int i = 0; i < 420; i++) {
            int psu = random.nextInt(24);
            int customer = random.nextInt(12) == 0 ? random.nextInt(6) : psu * 6 + random.nextInt(6);
            double q1 = 10 * random.nextInt(11);
            responses.add(new Response(
                    i,
                    random.nextBoolean() ? "2026Q1" : "2026Q3",
                    "s" + psu % 3,
                    "p" + psu,
                    "c" + customer,
                    List.of("East", "West", "North").get((customer + (random.nextInt(5) == 0 ? 1 : 0)) % 3),
                    1 + random.nextInt(30) / 8.0,
                    q1,
                    Math.min(100, q1 / 2 + 5 * random.nextInt(11))));
        }
        return responses;
    }

    private static Dataset<Row> table(List<Response> responses) {
        List<Row> data = new ArrayList<>();
        for (Response each : responses) {
            data.add(RowFactory.create(
                    "r" + each.place(),
                    each.wave(),
                    each.stratum(),
                    each.psu(),
                    STRATUM_SIZES.get(each.stratum()),
                    each.psuSize(),
                    each.customer(),
                    BigDecimal.valueOf(each.weight()),
                    BigDecimal.valueOf(each.csi()),
                    new Object[] {BigDecimal.valueOf(each.q1()), BigDecimal.valueOf(each.q2())},
                    new Object[] {each.region()}));
        }
        return Sparks.session()
                .createDataFrame(
                        data,
                        StructType.fromDDL("response_key string, wave string, stratum string, psu string,"
                                + " stratum_size bigint, psu_size bigint, customer_id string, weight decimal(18,9),"
                                + " csi decimal(18,9), answers array<decimal(9,4)>, segments array<string>"))
                .selectExpr(
                        "*",
                        "'customer' as population",
                        "cast(null as date) as answered_on",
                        "cast(null as date) as received_on",
                        "cast(null as string) as disposition",
                        "cast(null as decimal(12,3)) as duration_seconds",
                        "cast(null as int) as uniform_answers",
                        "cast(null as int) as asked_items",
                        "cast(null as int) as answered_items");
    }

    private static Dataset<Row> cells(Dataset<Row> responses, int mostWhole) {
        return new SatisfactionCell(AS_OF, Surveys.satisfaction(Surveys.questionnaire(), 1), REGION, mostWhole)
                .from(table -> responses);
    }

    private static Dataset<Row> derived(Derivation mart, Dataset<Row> cells) {
        Dataset<Row> rows = mart.from(table -> cells);
        assertThat(Audit.of(mart.table(), rows).failed()).isEmpty();
        return rows;
    }

    /** z of each response of a wave: zero outside the domain. */
    private static Map<Response, Double> linearised(
            String wave, Predicate<Response> domain, Function<Response, Double> y) {
        List<Response> inside = RESPONSES.stream()
                .filter(each -> each.wave().equals(wave) && domain.test(each))
                .toList();
        double weight = inside.stream().mapToDouble(Response::weight).sum();
        double mean = inside.stream()
                        .mapToDouble(each -> each.weight() * y.apply(each))
                        .sum()
                / weight;
        Map<Response, Double> z = new HashMap<>();
        RESPONSES.forEach(each -> z.put(each, 0.0));
        inside.forEach(each -> z.put(each, each.weight() * (y.apply(each) - mean) / weight));
        return z;
    }

    /** The variance, word by word. */
    private static double variance(Map<Response, Double> z, Set<String> waves, boolean isFinite) {
        List<Response> design =
                RESPONSES.stream().filter(each -> waves.contains(each.wave())).toList();
        double variance = 0;
        for (String stratum : STRATUM_SIZES.keySet()) {
            Map<String, List<Response>> units = design.stream()
                    .filter(each -> each.stratum().equals(stratum))
                    .collect(Collectors.groupingBy(Response::psu));
            double n = units.size();
            double f = isFinite ? n / STRATUM_SIZES.get(stratum) : 0;
            variance += (1 - f)
                    * spread(units.values().stream().map(unit -> sum(unit, z)).toList());
            for (List<Response> unit : units.values()) {
                var customers = unit.stream().collect(Collectors.groupingBy(Response::customer));
                double fraction = (double) customers.size() / unit.get(0).psuSize();
                if (customers.size() > 1) {
                    variance += f
                            * (1 - fraction)
                            * spread(customers.values().stream()
                                    .map(each -> sum(each, z))
                                    .toList());
                }
            }
        }
        return variance;
    }

    private static double sum(List<Response> responses, Map<Response, Double> z) {
        return responses.stream().mapToDouble(z::get).sum();
    }

    private static double spread(List<Double> sums) {
        double mean = sums.stream().mapToDouble(each -> each).average().orElseThrow();
        return sums.size()
                / (sums.size() - 1.0)
                * sums.stream()
                        .mapToDouble(each -> (each - mean) * (each - mean))
                        .sum();
    }

    private static Map<Response, Double> less(Map<Response, Double> one, Map<Response, Double> other) {
        return one.keySet().stream().collect(Collectors.toMap(each -> each, each -> one.get(each) - other.get(each)));
    }

    private static Predicate<Response> in(Row row) {
        String value = row.getString(row.fieldIndex("segment_value"));
        return each -> value.equals("all") || each.region().equals(value);
    }

    @Test
    void estimatesEverySegmentUnderTheDesign() {
        var cells = cells(table(RESPONSES), 4096).persist();
        assertThat(Audit.of(SatisfactionCell.TABLE, cells).failed()).isEmpty();
        List<Row> found = derived(new SegmentSatisfaction(AS_OF), cells).collectAsList();

        assertThat(found).hasSize(8);
        for (Row row : found) {
            String wave = row.getAs("wave");
            List<Response> members = RESPONSES.stream()
                    .filter(each -> each.wave().equals(wave) && in(row).test(each))
                    .toList();
            assertThat(row.<Long>getAs("respondents"))
                    .isEqualTo(
                            members.stream().map(Response::customer).distinct().count());
            assertThat(row.<Long>getAs("degrees_of_freedom"))
                    .isEqualTo(members.stream().map(Response::unit).distinct().count()
                            - members.stream().map(Response::stratum).distinct().count());
            double variance = variance(linearised(wave, in(row), Response::csi), Set.of(wave), true);
            assertThat(row.<Double>getAs("csi_standard_error")).isCloseTo(Math.sqrt(variance), within(1e-6));
        }
    }

    @Test
    void comparesEverySegmentWithEverybodyAsAPartOfThem() {
        List<Row> found = derived(new GroupedSatisfaction(AS_OF), cells(table(RESPONSES), 4096))
                .where("segment <> 'all' and grouping = 'group' and group_name = 'quality'")
                .collectAsList();

        assertThat(found).hasSize(6);
        for (Row row : found) {
            String wave = row.getAs("wave");
            var gap = less(linearised(wave, in(row), Response::q1), linearised(wave, any -> true, Response::q1));
            assertThat(row.<Double>getAs("gap_standard_error"))
                    .isCloseTo(Math.sqrt(variance(gap, Set.of(wave), true)), within(1e-6));
        }
    }

    @Test
    void stacksTwoWavesAsOneDesign() {
        List<Row> found = derived(TREND, cells(table(RESPONSES), 4096))
                .where("measure = 'csi' and previous_wave <> ''")
                .collectAsList();

        assertThat(found).hasSize(4);
        for (Row row : found) {
            var change =
                    less(linearised("2026Q3", in(row), Response::csi), linearised("2026Q1", in(row), Response::csi));
            assertThat(row.<Double>getAs("standard_error"))
                    .isCloseTo(Math.sqrt(variance(change, Set.of("2026Q1", "2026Q3"), false)), within(1e-6));
            Set<String> units = new HashSet<>();
            RESPONSES.stream().filter(in(row)).forEach(each -> units.add(each.unit()));
            assertThat(row.<Long>getAs("degrees_of_freedom")).isEqualTo(units.size() - 3);
        }
    }

    @Test
    void isTheSameWhetherStrataLieWholeOrAreSharedOut() {
        var responses = table(RESPONSES).persist();
        var whole = Digest.of(SatisfactionCell.TABLE, cells(responses, 4096));
        for (int partitions : List.of(1, 7)) {
            assertThat(Digest.of(SatisfactionCell.TABLE, cells(responses.repartition(partitions), 0)))
                    .isEqualTo(whole);
        }
    }

    @Test
    void refusesSizesThatContradictThemselvesOrTheSample() {
        var cells = cells(rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi | stratum | psu | stratum_size | psu_size | customer_id
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80  | a       | 1   | 9            | 5        | ann
                2            | customer   | 2026Q3 | 1      | 40, 40  | East     | 40  | a       | 2   | 8            | 5        | bob
                3            | customer   | 2026Q3 | 1      | 40, 40  | East     | 40  | b       | 3   | 1            | 1        | cid
                4            | customer   | 2026Q3 | 1      | 40, 40  | East     | 40  | b       | 4   | 1            | 1        | dan
                5            | customer   | 2026Q3 | 1      | 40, 40  | East     | 40  | b       | 4   | 1            |          | eve
                """), 4096);

        assertThat(Audit.of(SatisfactionCell.TABLE, cells).failed().stream().map(Audit.FailedExpectation::rule))
                .containsExactly(
                        "strata_with_two_sizes = 0",
                        "strata_smaller_than_their_sample = 0",
                        "psus_with_two_sizes = 0",
                        "psus_smaller_than_their_sample = 0");
    }

    @Test
    void countsACustomerOfTwoUnitsOnceSoThatFewDoNotPassForMany() {
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi | psu | customer_id
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80  | 1   | ann
                2            | customer   | 2026Q3 | 1      | 40, 40  | East     | 40  | 2   | ann
                3            | customer   | 2026Q3 | 1      | 50, 50  | West     | 50  | 1   | bob
                4            | customer   | 2026Q3 | 1      | 60, 60  | West     | 60  | 2   | cid
                5            | customer   | 2026Q3 | 1      | 60, 60  | West     | 60  | 2   | dan
                """);
        var satisfaction = Surveys.satisfaction(Surveys.questionnaire(), 2);
        var mart = new SegmentSatisfaction(AS_OF);
        var cells = new SatisfactionCell(AS_OF, satisfaction, REGION).from(table -> responses);

        assertThat(picture(
                        mart.suppressed(mart.from(table -> cells)),
                        "segment_value",
                        "respondents",
                        "degrees_of_freedom",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | respondents | degrees_of_freedom | is_suppressed
                East |  |  | true
                West |  |  | true
                all | 4 | 1 | false
                """);
    }

    @Test
    void saysWhyThereIsNoInterval() {
        var cells = cells(rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi | stratum
                1            | customer   | 2026Q3 | 1      | 80, 80  | East     | 80  | a
                2            | customer   | 2026Q3 | 1      | 40, 40  | West     | 40  | b
                3            | customer   | 2026Q3 | 1      | 50, 50  | West     | 50  | b
                """), 4096);

        assertThat(picture(
                        derived(new SegmentSatisfaction(AS_OF), cells),
                        "segment_value",
                        "degrees_of_freedom",
                        "csi_standard_error",
                        "is_single_psu_stratum",
                        "reason"))
                .isEqualTo("""
                segment_value | degrees_of_freedom | csi_standard_error | is_single_psu_stratum | reason
                East | 0 |  | true | a single sampling unit
                West | 1 | 5.0000 | false |
                all | 1 | 8.4620 | true |
                """);
    }

    @Test
    void measuresEffortAndIntentionAndHidesThemAlone() {
        List<Questionnaire.Item> items = List.of(
                Surveys.item("q", 0, 100, Optional.empty(), Role.INDICATOR),
                new Questionnaire.Item(
                        "e",
                        "How hard was it?",
                        BigDecimal.ONE,
                        BigDecimal.valueOf(5),
                        true,
                        List.of(),
                        Optional.empty(),
                        BigDecimal.ONE,
                        Set.of(Role.EFFORT)),
                Surveys.item("i", 1, 5, Optional.empty(), Role.INTENTION));
        var satisfaction = Surveys.satisfaction(
                new Questionnaire(
                        "small",
                        items,
                        List.of(),
                        Map.of("touchpoint", Map.of("service", List.of("e", "i"))),
                        Surveys.WAVES,
                        "digest"),
                2);
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers    | segments | csi
                1            | customer   | 2026Q3 | 1      | 80, 1, 5   | East     | 80
                2            | customer   | 2026Q3 | 1      | 40, 3, 4   | East     | 40
                3            | customer   | 2026Q3 | 1      | 40, , 1    | East     | 40
                4            | customer   | 2026Q3 | 1      | 60, 2, 5   | West     | 60
                5            | customer   | 2026Q3 | 1      | 50, , 1    | West     | 50
                """);
        var cells = new SatisfactionCell(AS_OF, satisfaction, REGION)
                .from(table -> responses)
                .persist();
        var segments = new SegmentSatisfaction(AS_OF);
        var groups = new GroupedSatisfaction(AS_OF);

        // one customer of the West said how hard it was, so effort is hidden there and in the East too
        assertThat(picture(
                        segments.suppressed(derived(segments, cells)),
                        "segment_value",
                        "respondents",
                        "csi",
                        "ces",
                        "intention_share",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | respondents | csi | ces | intention_share | is_suppressed
                East | 3 | 53.3333 |  | 0.6667 | false
                West | 2 | 55.0000 |  | 0.5000 | false
                all | 5 | 54.0000 | 75.0000 | 0.6000 | false
                """);
        assertThat(picture(
                        groups.suppressed(derived(groups, cells)),
                        "segment_value",
                        "grouping",
                        "group_name",
                        "score",
                        "gap_to_all",
                        "is_suppressed"))
                .isEqualTo("""
                segment_value | grouping | group_name | score | gap_to_all | is_suppressed
                East | touchpoint | service |  |  | true
                West | touchpoint | service |  |  | true
                all | touchpoint | service | 50.0000 |  | false
                """);
    }

    @Test
    void saysWhatRoseAndFellOverAPanel() {
        var responses = Stream.of("2026Q1", "2026Q3")
                .flatMap(wave -> Stream.iterate(0, i -> i + 1)
                        .limit(12)
                        .map(i -> "%s-%d | c%d | customer | %s | 1 | %d, %d | %s | %d"
                                .formatted(
                                        wave,
                                        i,
                                        i,
                                        wave,
                                        40 + 5 * i + (wave.equals("2026Q3") ? 3 + i % 2 : 0),
                                        40 + 5 * i + (wave.equals("2026Q3") ? 3 + i % 2 : 0),
                                        i < 6 ? "East" : "West",
                                        40 + 5 * i + (wave.equals("2026Q3") ? 3 + i % 2 : 0))))
                .collect(Collectors.joining("\n"));
        var cells = cells(
                rows(
                        ScoredResponse.TABLE,
                        "response_key | customer_id | population | wave | weight | answers | segments | csi\n"
                                + responses),
                4096);

        // everybody rose by 3 or 4, so the error of the change is far below that of either wave
        assertThat(picture(
                        derived(TREND, cells).where("measure = 'csi' and previous_wave <> ''"),
                        "segment_value",
                        "previous_wave",
                        "value",
                        "previous_value",
                        "change",
                        "standard_error",
                        "degrees_of_freedom",
                        "verdict"))
                .isEqualTo("""
                segment_value | previous_wave | value | previous_value | change | standard_error | degrees_of_freedom | verdict
                East | 2026Q1 | 56.0000 | 52.5000 | 3.5000 | 0.2132 | 5 | rose
                West | 2026Q1 | 86.0000 | 82.5000 | 3.5000 | 0.2132 | 5 | rose
                all | 2026Q1 | 71.0000 | 67.5000 | 3.5000 | 0.1508 | 11 | rose
                """);
    }

    @Test
    void turnsAScoreBackToTheItemsOwnScale() {
        var items = List.of(new Questionnaire.Item(
                "q",
                "How often did it fail?",
                BigDecimal.ONE,
                BigDecimal.valueOf(5),
                true,
                List.of(),
                Optional.empty(),
                BigDecimal.ONE,
                Set.of(Role.INDICATOR)));
        var questionnaire = new Questionnaire("small", items, List.of(), Map.of(), Surveys.WAVES, "digest");
        var responses = rows(ScoredResponse.TABLE, """
                response_key | population | wave   | weight | answers | segments | csi
                1            | customer   | 2026Q3 | 1      | 1       | East     | 100
                2            | customer   | 2026Q3 | 1      | 4       | East     | 25
                """);
        var cells =
                new SatisfactionCell(AS_OF, Surveys.satisfaction(questionnaire, 1), List.of()).from(table -> responses);

        assertThat(picture(
                        derived(new IndicatorSatisfaction(AS_OF, questionnaire), cells),
                        "mean_score",
                        "mean_answer",
                        "mean_answer_standard_error",
                        "mean_answer_low",
                        "mean_answer_high"))
                .isEqualTo("""
                mean_score | mean_answer | mean_answer_standard_error | mean_answer_low | mean_answer_high
                62.5000 | 2.5000 | 1.5000 | 1.0000 | 5.0000
                """);
    }
}
