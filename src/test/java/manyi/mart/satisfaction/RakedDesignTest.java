package manyi.mart.satisfaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Weighting;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.SatisfactionCell;
import manyi.table.Audit;
import manyi.table.Derivation;
import manyi.table.Digest;
import manyi.table.Inputs;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Raked weights under strata, sampling units and second stages, held against the formulas taken word by word. */
class RakedDesignTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final List<Dimension> DIMENSIONS =
            List.of(new Dimension(List.of("region")), new Dimension(List.of("tier")));
    private static final Map<String, Long> STRATUM_SIZES = Map.of("s0", 40L, "s1", 25L, "s2", 60L);
    private static final Map<String, Map<String, Integer>> COUNTS = Map.of(
            "region", Map.of("East", 500, "West", 300, "North", 200),
            "tier", Map.of("gold", 250, "basic", 750));
    private static final Weighting WEIGHTING =
            new Weighting("customer", List.of(margin("tier"), margin("region")), Optional.empty());

    private record Response(
            int place,
            String wave,
            String stratum,
            String psu,
            String customer,
            String region,
            String tier,
            double weight,
            double q1,
            double q2) {
        double csi() {
            return (q1 + q2) / 2;
        }

        long psuSize() {
            return 20 + Long.parseLong(psu.substring(1));
        }

        String level(String attribute) {
            return attribute.equals("region") ? region : tier;
        }
    }

    /** Those of a wave who share a margin's value, and how many they stand for. */
    private record Level(List<Response> members, int count) {}

    private static final int ROUNDS = 60;
    private static final List<Response> RESPONSES = responses();
    /** Margin after margin. */
    private static final List<Level> LEVELS =
            COUNTS.keySet().stream().sorted().flatMap(RakedDesignTest::levels).toList();

    private static final Map<Response, Double> RAKED = raked();

    private static Weighting.Margin margin(String attribute) {
        Map<String, BigDecimal> counts = new TreeMap<>();
        COUNTS.get(attribute).forEach((level, count) -> counts.put(level, BigDecimal.valueOf(count)));
        return new Weighting.Margin(attribute, new TreeMap<>(counts));
    }

    /** Two waves, three strata, units of several customers, customers who answer twice, in other segments and units. */
    private static List<Response> responses() {
        var random = new Random(7);
        List<Response> responses = new ArrayList<>();
        for (int i = 0; i < 360; i++) {
            int psu = random.nextInt(24);
            int customer = random.nextInt(12) == 0 ? random.nextInt(6) : psu * 6 + random.nextInt(6);
            int region = (customer + (random.nextInt(5) == 0 ? 1 : 0)) % 3;
            double q1 = 10 * random.nextInt(8) + 10 * region;
            responses.add(new Response(
                    i,
                    random.nextBoolean() ? "2026Q1" : "2026Q3",
                    "s" + psu % 3,
                    "p" + psu,
                    "c" + customer,
                    List.of("East", "West", "North").get(region),
                    random.nextInt(3) == 0 ? "gold" : "basic",
                    1 + random.nextInt(30) / 8.0,
                    q1,
                    Math.min(100, q1 / 2 + 5 * random.nextInt(11))));
        }
        return responses;
    }

    /** Raked weights, margin after margin until nothing moves. */
    private static Map<Response, Double> raked() {
        Map<Response, Double> weights = new HashMap<>();
        RESPONSES.forEach(each -> weights.put(each, each.weight()));
        for (int round = 0; round < ROUNDS; round++) {
            for (Level level : LEVELS) {
                double factor = level.count()
                        / level.members().stream().mapToDouble(weights::get).sum();
                level.members().forEach(each -> weights.merge(each, factor, (a, b) -> a * b));
            }
        }
        return weights;
    }

    private static Stream<Level> levels(String attribute) {
        return RESPONSES.stream()
                .collect(Collectors.groupingBy(each -> each.wave() + each.level(attribute)))
                .values()
                .stream()
                .map(members -> new Level(
                        members, COUNTS.get(attribute).get(members.get(0).level(attribute))));
    }

    /** Raked weight times residual over the sum of weights; the residual by taking weighted means off, likewise. */
    private static Map<Response, Double> linearised(
            String wave, Predicate<Response> domain, Function<Response, Double> y) {
        List<Response> inside = RESPONSES.stream()
                .filter(each -> each.wave().equals(wave) && domain.test(each))
                .toList();
        double weight = inside.stream().mapToDouble(RAKED::get).sum();
        double mean = mean(inside, y);
        Map<Response, Double> residual = new HashMap<>();
        RESPONSES.forEach(each -> residual.put(each, 0.0));
        inside.forEach(each -> residual.put(each, y.apply(each) - mean));
        for (int round = 0; round < ROUNDS; round++) {
            for (Level level : LEVELS) {
                double off = level.members().stream()
                                .mapToDouble(each -> each.weight() * residual.get(each))
                                .sum()
                        / level.members().stream().mapToDouble(Response::weight).sum();
                level.members().forEach(each -> residual.merge(each, -off, Double::sum));
            }
        }
        residual.replaceAll((each, left) -> RAKED.get(each) * left / weight);
        return residual;
    }

    private static double mean(List<Response> responses, Function<Response, Double> y) {
        return responses.stream()
                        .mapToDouble(each -> RAKED.get(each) * y.apply(each))
                        .sum()
                / responses.stream().mapToDouble(RAKED::get).sum();
    }

    /** The variance, word by word. */
    private static double variance(Map<Response, Double> z, Set<String> waves, boolean isFinite) {
        double variance = 0;
        for (String stratum : STRATUM_SIZES.keySet()) {
            Map<String, List<Response>> units = RESPONSES.stream()
                    .filter(each ->
                            waves.contains(each.wave()) && each.stratum().equals(stratum))
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
        String segment = row.getAs("segment");
        String value = row.getAs("segment_value");
        return each -> segment.equals("all") || each.level(segment).equals(value);
    }

    private static Dataset<Row> table() {
        List<Row> data = new ArrayList<>();
        for (Response each : RESPONSES) {
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
                    new Object[] {each.region(), each.tier()}));
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

    private static Job.Satisfaction satisfaction() {
        return Surveys.satisfaction(Surveys.questionnaire(), 1).raked(Optional.of(WEIGHTING));
    }

    private static Dataset<Row> cells(Dataset<Row> responses, int mostWhole) {
        Dataset<Row> factors =
                new ResponseRaking(AS_OF, satisfaction(), WEIGHTING, DIMENSIONS).from(table -> responses);
        assertThat(Audit.of(RakingFactor.TABLE, factors).breaches()).isEmpty();
        Inputs inputs = table -> table.equals(RakingFactor.TABLE) ? factors : responses;
        var mart = new SatisfactionCell(AS_OF, satisfaction(), DIMENSIONS, mostWhole);
        assertThat(mart.inputs()).containsExactly(SurveyResponse.TABLE, RakingFactor.TABLE);
        return mart.from(inputs);
    }

    private static List<Row> derived(Derivation mart, Dataset<Row> cells, String condition) {
        Dataset<Row> rows = mart.from(table -> cells);
        assertThat(Audit.of(mart.table(), rows).breaches()).isEmpty();
        return rows.where(condition).collectAsList();
    }

    @Test
    void holdsFiguresGapsAndChangesToTheMargins() {
        var cells = cells(table(), 4096).localCheckpoint();
        assertThat(Audit.of(SatisfactionCell.TABLE, cells).breaches()).isEmpty();

        List<Row> levels = derived(new SegmentSatisfaction(AS_OF), cells, "true");
        assertThat(levels).hasSize(12);
        for (Row row : levels) {
            String wave = row.getAs("wave");
            var members = RESPONSES.stream()
                    .filter(each -> each.wave().equals(wave) && in(row).test(each))
                    .toList();
            assertThat(row.<Double>getAs("csi")).isCloseTo(mean(members, Response::csi), within(1e-7));
            double variance = variance(linearised(wave, in(row), Response::csi), Set.of(wave), true);
            assertThat(row.<Double>getAs("csi_standard_error")).isCloseTo(Math.sqrt(variance), within(1e-6));
        }
        List<Row> gaps = derived(
                new GroupedSatisfaction(AS_OF),
                cells,
                "segment <> 'all' and grouping = 'group' and group_name = 'quality'");
        assertThat(gaps).hasSize(10);
        for (Row row : gaps) {
            String wave = row.getAs("wave");
            var gap = less(linearised(wave, in(row), Response::q1), linearised(wave, any -> true, Response::q1));
            assertThat(row.<Double>getAs("gap_standard_error"))
                    .isCloseTo(Math.sqrt(variance(gap, Set.of(wave), true)), within(1e-6));
        }
        List<Row> changes = derived(
                new SatisfactionTrend(AS_OF, List.of(), Optional.empty()),
                cells,
                "measure = 'csi' and previous_wave <> ''");
        assertThat(changes).hasSize(6);
        for (Row row : changes) {
            var change =
                    less(linearised("2026Q3", in(row), Response::csi), linearised("2026Q1", in(row), Response::csi));
            assertThat(row.<Double>getAs("standard_error"))
                    .isCloseTo(Math.sqrt(variance(change, Set.of("2026Q1", "2026Q3"), false)), within(1e-6));
        }
    }

    @Test
    void isTheSameWhateverTheOrderAndThePlaceOfItsRows() {
        var responses = table().persist();
        var whole = Digest.of(SatisfactionCell.TABLE, cells(responses, 4096));
        for (int partitions : List.of(1, 7)) {
            assertThat(Digest.of(SatisfactionCell.TABLE, cells(responses.repartition(partitions), 0)))
                    .isEqualTo(whole);
        }
    }
}
