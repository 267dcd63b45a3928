package manyi.run;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.ResponseRules;
import manyi.config.Weighting;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.UnpairedWave;
import manyi.store.DeltaStore;
import manyi.table.Failure;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two runs may tell by their difference: nothing of fewer respondents than the minimum. */
class PublishedWavesTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final int MINIMUM = 3;
    private static final List<Dimension> DIMENSIONS =
            List.of(new Dimension(List.of("region")), new Dimension(List.of("tier")));
    private static final Questionnaire QUESTIONNAIRE = Surveys.expectedAndMet();
    private static final Job.Satisfaction SATISFACTION = Surveys.satisfaction(QUESTIONNAIRE, MINIMUM);

    /**
     * @param key of the response, which the source may change
     * @param customer null where he is not known
     */
    private record Said(String key, String customer, String wave, String region, String tier, Integer e, Integer p) {

        Said answers(Integer newE, Integer newP) {
            return new Said(key, customer, wave, region, tier, newE, newP);
        }

        Said of(String newRegion) {
            return new Said(key, customer, wave, newRegion, tier, e, p);
        }

        Said named(String newKey, String newCustomer) {
            return new Said(newKey, newCustomer, wave, region, tier, e, p);
        }

        String picture() {
            return "%s | %s | customer | %s | %s | 60 | 1 | %s, %s | 50 | %s, %s"
                    .formatted(
                            key,
                            customer == null ? "" : customer,
                            wave,
                            Map.of("w0", "2025-12-10", "w1", "2026-01-10", "w2", "2026-04-10")
                                    .get(wave),
                            e == null ? "" : e,
                            p == null ? "" : p,
                            region,
                            tier);
        }
    }

    @TempDir
    Path folder;

    private DeltaStore store;

    @BeforeEach
    void open() {
        store = new DeltaStore(Sparks.session(), folder.resolve("state"));
    }

    /** Twelve customers: the first six of East, every other one Gold; all answer both items. */
    private static List<Said> twelve(String wave) {
        return IntStream.range(0, 12)
                .mapToObj(i -> new Said(
                        wave + i, "c" + i, wave, i < 6 ? "East" : "West", i % 2 == 0 ? "Gold" : "Silver", i % 5, i % 4))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void deliver(List<Said> said) {
        store.overwrite(
                SurveyResponse.TABLE,
                rows(
                        SurveyResponse.TABLE,
                        "response_key | customer_id | population | wave | answered_on | duration_seconds | weight"
                                + " | answers | csi | segments\n"
                                + said.stream().map(Said::picture).collect(Collectors.joining("\n")) + "\n"));
    }

    private void rewrite(String column, String expression) {
        store.overwrite(
                SurveyResponse.TABLE, store.read(SurveyResponse.TABLE).withColumn(column, functions.expr(expression)));
    }

    private List<String> publish(List<Said> said, Job.Satisfaction satisfaction, String... forgotten) {
        deliver(said);
        return publish(satisfaction, forgotten);
    }

    private List<String> publish(Job.Satisfaction satisfaction, String... forgotten) {
        List<String> warnings = new ArrayList<>();
        PublishedWaves waves = new PublishedWaves(Sparks.session(), store, DIMENSIONS);
        waves.note();
        waves.settle(AS_OF, satisfaction, Set.of(forgotten), warnings::add);
        waves.keep();
        return warnings;
    }

    private List<String> publish(List<Said> said) {
        return publish(said, SATISFACTION);
    }

    @Test
    void aSegmentOfWhichFewHaveChangedHoldsTheWaveBack() {
        List<Said> wave = twelve("w1");
        publish(wave);

        // three of East, Gold and Silver by one and two
        for (int i = 0; i < 3; i++) {
            wave.set(i, wave.get(i).answers(10, 10));
        }
        assertThat(publish(wave)).hasSize(1).first().asString().contains("w1", "in a segment", "(3)");

        // six of East, three of each tier
        for (int i = 3; i < 6; i++) {
            wave.set(i, wave.get(i).answers(10, 10));
        }
        assertThat(publish(wave)).isEmpty();
    }

    @Test
    void anItemThatFewHaveAnsweredAnewHoldsTheWaveBack() {
        List<Said> wave = twelve("w1");
        publish(wave);

        for (int i = 0; i < 6; i++) {
            wave.set(i, wave.get(i).answers(i < 2 ? 10 : i % 5, 10));
        }

        assertThat(publish(wave)).hasSize(1);
    }

    @Test
    void movesBetweenSegmentsCount() {
        List<Said> wave = twelve("w1");
        publish(wave);
        wave.set(0, wave.get(0).of("West"));
        wave.set(6, wave.get(6).of("East"));
        assertThat(publish(wave)).as("one for one").hasSize(1);
        for (int i = 1; i < 3; i++) {
            wave.set(i, wave.get(i).of("West"));
            wave.set(6 + i, wave.get(6 + i).of("East"));
        }
        assertThat(publish(wave)).as("three for three").isEmpty();
    }

    /** All are other customers by another key, or responses of another file; their answers are the same but for one. */
    @Test
    void otherNamesDoNotHideThatFewHaveChanged() {
        List<Said> wave = twelve("w1");
        wave.replaceAll(one -> one.named(one.key(), null));
        publish(wave);
        wave.replaceAll(one -> one.named("new-" + one.key(), null));
        assertThat(publish(wave)).as("nothing has changed").isEmpty();

        wave.replaceAll(one -> one.named(one.key(), "x" + one.key()));
        wave.set(4, wave.get(4).answers(10, 10));

        assertThat(publish(wave)).hasSize(1);
    }

    /** A faulty delivery, and the day after it the right one with a true correction in it. */
    @Test
    void everyEditionIsCompared() {
        List<Said> wave = twelve("w1");
        publish(wave);
        List<Said> faulty = new ArrayList<>(wave);
        faulty.replaceAll(one -> one.answers(9, 9));
        assertThat(publish(faulty)).isEmpty();

        wave.set(0, wave.get(0).answers(10, 10));

        assertThat(publish(wave)).as("one other than at first").hasSize(1);
        wave.set(0, twelve("w1").get(0));
        assertThat(publish(wave)).as("as at first").isEmpty();
        assertThat(store.read(PublishedWaves.RESPONSE)
                        .select("edition")
                        .distinct()
                        .count())
                .isEqualTo(3);
    }

    /** Two of North are hidden, and with them another region: which one depends on how many each has. */
    @Test
    void numbersDoNotChangeWhereACellIsHidden() {
        List<Said> wave = twelve("w1");
        wave.add(new Said("n1", "n1", "w1", "North", "Gold", 1, 2));
        wave.add(new Said("n2", "n2", "w1", "North", "Silver", 3, 2));
        publish(wave);
        List<Said> others = new ArrayList<>(wave);
        for (int i = 0; i < 6; i++) {
            others.set(i, others.get(i).answers(10, 10));
        }
        assertThat(publish(others)).as("other answers of as many").isEmpty();

        List<Said> more = new ArrayList<>(others);
        for (int i = 0; i < 6; i++) {
            more.add(new Said("e" + i, "e" + i, "w1", "East", i % 2 == 0 ? "Gold" : "Silver", 5, i));
        }
        assertThat(publish(more)).as("six more of East").hasSize(1);
        more.removeIf(one -> one.region().equals("North"));
        List<Said> less = new ArrayList<>(others);
        less.removeIf(one -> one.region().equals("North"));
        assertThat(publish(less)).as("North goes").hasSize(1);
    }

    @Test
    void restateWavesOpensTheWaveOnce() {
        Job.Satisfaction named = Surveys.satisfaction(QUESTIONNAIRE, MINIMUM, "w1");
        List<Said> wave = twelve("w1");
        publish(wave);
        wave.set(0, wave.get(0).answers(10, 10));
        assertThat(publish(wave, named)).isEmpty();
        wave.set(1, wave.get(1).answers(10, 10));

        assertThat(publish(wave, named)).hasSize(1);
        assertThatThrownBy(() -> publish(twelve("w1").subList(0, 11), raked())).hasMessageContaining("weighting");
    }

    private static Job.Satisfaction raked() {
        return SATISFACTION.raked(Optional.of(new Weighting(
                Weighting.CUSTOMER,
                List.of(new Weighting.Margin(
                        "region", new TreeMap<>(Map.of("East", BigDecimal.TEN, "West", BigDecimal.ONE)))),
                Optional.empty())));
    }

    /** One late answer counts while the wave is named; without the name it would drop out alone. */
    @Test
    void aNameIsNotTakenFromRestateWavesWhereFewWereLate() {
        List<Said> wave = twelve("w1");
        wave.add(new Said("late", "late", "w1", "East", "Gold", 3, 3));
        deliver(wave);
        rewrite("received_on", "case when response_key = 'late' then date'2026-06-01' end");
        publish(Surveys.satisfaction(QUESTIONNAIRE, MINIMUM, "w1"));

        assertThatThrownBy(() -> publish(SATISFACTION))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("restate_waves");
    }

    @Test
    void aPublishedWaveIsListed() {
        publish(twelve("w1"));
        Questionnaire without = new Questionnaire(
                "waves",
                QUESTIONNAIRE.items(),
                QUESTIONNAIRE.groups(),
                Map.of(),
                QUESTIONNAIRE.waves().subList(2, 3),
                "digest");

        assertThatThrownBy(() -> publish(Surveys.satisfaction(without, MINIMUM)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("w1");
    }

    /** The two of North are few, so the whole wave stays, and stays to be seen. */
    @Test
    void aWaveThatVanishesWithFewOfASegmentStays() {
        List<Said> said = twelve("w1");
        said.add(new Said("n1", "n1", "w1", "North", "Gold", 1, 2));
        said.add(new Said("n2", "n2", "w1", "North", "Silver", 3, 2));
        said.addAll(twelve("w2"));
        publish(said);
        deliver(twelve("w2"));
        PublishedWaves waves = new PublishedWaves(Sparks.session(), store, DIMENSIONS);
        waves.note();

        waves.settle(
                AS_OF, SATISFACTION, Set.of(), warning -> assertThat(warning).contains("w1"));

        assertThat(waves.unanswered(List.of("w0", "w1", "w2"))).containsExactly("w0");
        assertThat(waves.responses().where("wave = 'w1'").count()).isEqualTo(14);
    }

    /**
     * A response that counts by the weights of the questionnaire and not by those that are held: its answer is in no
     * figure, and in the weights.
     */
    @Test
    void aWaveOfWhichWeightsRestOnFewChangesStays() {
        List<Said> wave = twelve("w1");
        deliver(wave);
        rewrite("csi", "case when customer_id = 'c0' then null else csi end");
        publish(SATISFACTION);
        wave.set(0, wave.get(0).answers(10, 10));
        deliver(wave);
        Dataset<Row> byGivenWeights = store.read(SurveyResponse.TABLE);
        PublishedWaves waves = new PublishedWaves(Sparks.session(), store, DIMENSIONS);
        Dataset<Row> base = waves.base(
                byGivenWeights,
                rows -> rows.withColumn("csi", functions.lit(50).cast(SurveyResponse.CSI.type())),
                List.of("w1"),
                AS_OF,
                SATISFACTION,
                Set.of());
        assertThat(base.where("customer_id = 'c0' and answers[0] < 10").count()).isEqualTo(1);
        rewrite("csi", "case when customer_id = 'c0' then null else csi end");
        waves.note();
        List<String> warnings = new ArrayList<>();

        waves.settle(AS_OF, SATISFACTION, Set.of(), warnings::add);

        assertThat(warnings).hasSize(1).first().asString().contains("w1");
    }

    @Test
    void forgettingFreesItsWaveAlone() {
        List<Said> said = twelve("w1");
        said.addAll(twelve("w2"));
        publish(said);
        said.set(0, said.get(0).answers(10, 10));

        assertThat(publish(said.subList(0, 23), SATISFACTION, "w2"))
                .hasSize(1)
                .first()
                .asString()
                .contains("w1");
    }

    @Test
    void forgettingDoesNotWait() {
        List<Said> wave = twelve("w1");
        publish(wave);

        assertThat(publish(wave.subList(1, 12), SATISFACTION, "w1")).isEmpty();
        assertThat(store.read(PublishedWaves.RESPONSE).count()).isEqualTo(11);
    }

    @Test
    void aRuleByWhichFewCountOtherwiseIsRefused() {
        List<Said> wave = twelve("w1");
        deliver(wave);
        rewrite(
                "duration_seconds",
                "cast(case when response_key = 'w10' then 5 when customer_id in ('c0', 'c1', 'c2', 'c3', 'c4', 'c5')"
                        + " then 20 else 60 end as decimal(12, 3))");
        publish(SATISFACTION);

        assertThatThrownBy(() -> publish(sped("10")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("wave w1")
                .hasMessageContaining("minimum_respondents (3)")
                .hasMessageContaining("satisfaction.restate_waves");
        assertThat(publish(sped("30"))).as("six of East").isEmpty();
        assertThat(store.read(PublishedWaves.RESPONSE)
                        .where("is_counted and edition = 'w1#1'")
                        .count())
                .isEqualTo(6);
    }

    private static Job.Satisfaction sped(String seconds) {
        return Surveys.careful(
                QUESTIONNAIRE,
                MINIMUM,
                0.5,
                new ResponseRules(false, 5, false, Optional.of(new BigDecimal(seconds)), true, BigDecimal.ONE, false));
    }

    /** Two of the twelve had answered in between, in a wave that is delivered when the later one is published. */
    @Test
    void aWaveThatComesLateAddsNoFewPairs() {
        Questionnaire paired = Surveys.expectedAndMet(new Questionnaire.Gap("service", "e", "p"));
        Job.Satisfaction satisfaction = Surveys.satisfaction(paired, MINIMUM);
        List<Said> said = twelve("w2");
        said.addAll(twelve("w0"));
        publish(said, satisfaction);
        List<Said> early = twelve("w1");
        for (int i = 2; i < 12; i++) {
            early.set(i, early.get(i).named("other" + i, "other" + i));
        }
        early.set(0, early.get(0).answers(9, 9));
        early.set(1, early.get(1).answers(9, 9));
        said.addAll(early);

        assertThat(publish(said, satisfaction)).hasSize(1).first().asString().contains("w2", "w1", "expectation_gap");
        assertThat(store.read(UnpairedWave.TABLE).count()).isEqualTo(1);
        assertThat(publish(said, satisfaction)).as("told once").isEmpty();

        publish(said, Surveys.satisfaction(paired, MINIMUM, "w1"));
        assertThat(store.read(UnpairedWave.TABLE).count()).isZero();
    }

    /** Whoever subtracts one run's sums from the other's finds none of few, whatever has changed. */
    @Test
    void noDifferenceOfTwoRunsRestsOnFew() {
        Random random = new Random(20261122);
        int released = 0;
        List<Said> published = twelve("w1");
        Job.Satisfaction two = Surveys.satisfaction(QUESTIONNAIRE, 2);
        publish(published, two);
        for (int round = 0; round < 12; round++) {
            List<Said> now = new ArrayList<>(published);
            int from = random.nextInt(2) * 6;
            int until = from + 2 + random.nextInt(5);
            for (int i = from; i < Math.min(12, until); i++) {
                int answer =
                        random.nextInt(8) == 0 ? now.get(i).p() : (now.get(i).p() + 1 + random.nextInt(9)) % 11;
                now.set(i, now.get(i).answers(random.nextInt(6) == 0 ? null : answer, answer));
            }
            if (publish(now, two).isEmpty()) {
                int few = fewest(published, now);
                assertThat(few).as("round " + round).isGreaterThanOrEqualTo(2);
                released += few == Integer.MAX_VALUE ? 0 : 1;
                published = now;
            }
        }
        assertThat(released).as("waves that were published anew").isPositive();
    }

    /** The fewest customers behind a difference of a sum over a cell; the maximum of int where there is none. */
    private static int fewest(List<Said> before, List<Said> now) {
        Map<String, Set<String>> behind = new TreeMap<>();
        for (int i = 0; i < before.size(); i++) {
            Said one = before.get(i);
            Said other = now.get(i);
            Set<String> sums = new TreeSet<>();
            if (!Objects.equals(one.e(), other.e())) {
                sums.add("e");
            }
            if (!Objects.equals(one.p(), other.p())) {
                sums.add("p");
            }
            for (String sum : sums) {
                for (String cell : List.of("all", one.region(), one.tier())) {
                    behind.computeIfAbsent(cell + " " + sum, any -> new HashSet<>())
                            .add(one.customer());
                }
            }
        }
        return behind.values().stream().mapToInt(Set::size).min().orElse(Integer.MAX_VALUE);
    }
}
