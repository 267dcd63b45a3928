package manyi.math.pls;

import static manyi.math.pls.Measure.CORRELATION;
import static manyi.math.pls.Measure.INDEX;
import static manyi.math.pls.Measure.PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;
import manyi.math.pls.Draws.Stratum;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final List<Stratum> STRATA = List.of(new Stratum("North", 40), new Stratum("South", 24));

    @Test
    void drawsOneGroupLessThanAStratumHas() {
        Draws draws = Draws.raoWu(5, 50, STRATA);

        for (int replicate = 0; replicate < 50; replicate++) {
            double north = 0;
            double south = 0;
            for (int group = 0; group < 64; group++) {
                if (group < 40) {
                    north += draws.factor(replicate, group);
                    double drawn = draws.factor(replicate, group) * 39 / 40;
                    assertThat(drawn).isCloseTo(StrictMath.rint(drawn), within(1e-12));
                } else {
                    south += draws.factor(replicate, group);
                }
            }
            assertThat(north).isCloseTo(40, within(1e-9));
            assertThat(south).isCloseTo(24, within(1e-9));
        }
    }

    @Test
    void drawsAreAFunctionOfSeedStratumReplicateAndGroup() {
        Draws draws = Draws.raoWu(5, 50, STRATA);
        Draws more = Draws.raoWu(5, 80, List.of(STRATA.get(1), new Stratum("East", 3), STRATA.get(0)));
        Draws other = Draws.raoWu(6, 50, STRATA);

        assertThat(IntStream.range(0, 24).allMatch(g -> draws.factor(49, 40 + g) == more.factor(49, g)))
                .isTrue();
        assertThat(IntStream.range(0, 40).allMatch(g -> draws.factor(49, g) == more.factor(49, 27 + g)))
                .isTrue();
        assertThat(IntStream.range(0, 40).allMatch(g -> draws.factor(49, g) == other.factor(49, g)))
                .isFalse();
    }

    @Test
    void aStratumOfOneGroupDoesNotVary() {
        Draws draws = Draws.raoWu(5, 3, List.of(new Stratum("Lone", 1)));

        assertThat(draws.factor(2, 0)).isEqualTo(1);
    }

    /** The short sums give what adding all moments gives, whether answers are missing or not. */
    @Test
    void replicatesAreWeightedSumsOfTheGroups() {
        Draws draws = Draws.raoWu(5, 10, STRATA);
        Survey whole = Survey.simulated(3, 500, 0.8);
        for (Survey survey : List.of(whole, whole.without(13), partly(whole))) {
            List<Moments> groups = survey.groups(64, row -> row % 5 != 0);
            Replicates replicates = Replicates.of(survey.model(), groups, draws);
            for (int replicate = 0; replicate < 10; replicate++) {
                int one = replicate;
                Moments sum = Moments.sum(
                        groups,
                        IntStream.range(0, 64)
                                .mapToDouble(group -> draws.factor(one, group))
                                .toArray());
                Moments quick = replicates.moments(replicate);
                assertThat(quick.rows()).isCloseTo(sum.rows(), within(1e-8));
                assertThat(quick.weight()).isCloseTo(sum.weight(), within(1e-8));
                for (int i = 0; i < 9; i++) {
                    for (int j = 0; j < 9; j++) {
                        assertThat(quick.pairs(i, j)).isCloseTo(sum.pairs(i, j), within(1e-8));
                        assertThat(quick.sum(i, j)).isCloseTo(sum.sum(i, j), within(1e-8));
                        assertThat(quick.product(i, j)).isCloseTo(sum.product(i, j), within(1e-8));
                    }
                }
            }
        }
    }

    /** Two items with gaps, one of them only where the other has one too. */
    private static Survey partly(Survey whole) {
        double[][] answers = Arrays.stream(whole.answers()).map(double[]::clone).toArray(double[][]::new);
        for (int row = 0; row < answers.length; row++) {
            answers[row][4] = row % 4 == 0 ? Double.NaN : answers[row][4];
            answers[row][7] = row % 8 == 0 ? Double.NaN : answers[row][7];
        }
        return new Survey(whole.model(), answers);
    }

    /** Groups that answer alike: all replicates are the sample, which is no certainty. */
    @Test
    void givesNoErrorWhereGroupsAreAlike() {
        Survey survey = Survey.simulated(11, 300, 0.8);
        Draws draws = Draws.raoWu(1, 40, List.of(new Stratum("all", 6)));
        List<Moments> alike = Collections.nCopies(6, survey.moments());
        Bootstrap bootstrap = Bootstrap.own(
                (PathFit) survey.model().fit(Moments.sum(alike, new double[] {1, 1, 1, 1, 1, 1})),
                Replicates.of(survey.model(), alike, draws));

        for (Interval interval : bootstrap.intervals()) {
            assertThat(interval.standardError())
                    .as(interval.figure().toString())
                    .isNaN();
            assertThat(interval.low()).as(interval.figure().toString()).isNaN();
            assertThat(interval.replicates()).isEqualTo(40);
        }
    }

    @Test
    void limitsKeepToTheScale() {
        Limits limits = new Limits(10);
        double[] wide = {70, 90, 110, 99};

        Interval index = limits.of(new Figure(INDEX, "Quality", ""), 92.25, wide, false);
        assertThat(index.high()).isEqualTo(100);
        assertThat(index.standardError()).isPositive();
        // the weight of a single item is 1 by definition
        double[] ones = {1, 1, 1};
        assertThat(limits.of(new Figure(Measure.WEIGHT, "c", "C"), 1, ones, true)
                        .high())
                .isEqualTo(1);
        assertThat(limits.of(new Figure(Measure.WEIGHT, "c", "C"), 1, ones, false)
                        .high())
                .isNaN();
    }

    /** 64 groups of 20: the index is a mean of 1,280 answers but for its weights, so its error is nearly that of one. */
    @Test
    void theErrorOfAnIndexIsThatOfAMean() {
        Survey survey = Survey.simulated(11, 1280, 0.8);
        Draws draws = Draws.raoWu(1, 400, List.of(new Stratum("all", 64)));
        Bootstrap bootstrap =
                Bootstrap.own(survey.fit(), Replicates.of(survey.model(), survey.groups(64, row -> true), draws));

        Interval index = interval(bootstrap, INDEX, "Satisfaction", "");

        double[] scores = Arrays.stream(survey.answers())
                .mapToDouble(row -> 10 * (row[6] + row[7] + row[8]) / 3)
                .toArray();
        double mean = Arrays.stream(scores).average().orElseThrow();
        double variance = Arrays.stream(scores)
                        .map(score -> (score - mean) * (score - mean))
                        .sum()
                / 1279;
        assertThat(index.standardError()).isCloseTo(StrictMath.sqrt(variance / 1280), within(0.08));
        assertThat(index.degreesOfFreedom()).isEqualTo(63);
        assertThat(index.high() - index.estimate()).isCloseTo(1.998341 * index.standardError(), within(1e-6));
        assertThat(index.lowPercentile()).isBetween(index.low() - 0.3, index.low() + 0.3);
        assertThat(index.replicates()).isEqualTo(400);
    }

    @Test
    void replicatesAreTheSameEachTime() {
        assertThat(bank().intervals()).isEqualTo(bank().intervals());
    }

    private static Bootstrap bank() {
        Survey survey = Survey.simulated(4, 300, 0.8);
        Draws draws = Draws.raoWu(9, 60, STRATA);
        return Bootstrap.own(survey.fit(), Replicates.of(survey.model(), survey.groups(64, row -> true), draws));
    }

    /** A segment that is everybody has the errors of everybody, since in each replicate the base's weights measure it. */
    @Test
    void segmentsAreMeasuredByTheBaseInEachReplicate() {
        Survey survey = Survey.simulated(4, 600, 0.8);
        Draws draws = Draws.raoWu(9, 100, STRATA);
        PathFit all = survey.fit();
        Bootstrap base = Bootstrap.own(all, Replicates.of(survey.model(), survey.groups(64, row -> true), draws));
        Replicates everybody = Replicates.of(survey.model(), survey.groups(64, row -> true), draws);
        PathFit held = survey.fit(survey.moments(), all.weights());

        Bootstrap again = Bootstrap.held(held, everybody, base);

        assertThat(interval(again, PATH, "Image", "Quality").standardError())
                .isCloseTo(interval(base, PATH, "Image", "Quality").standardError(), within(1e-9));
    }

    /** Of two groups one is drawn; where only one has the segment's rows, half of the replicates have nobody. */
    @Test
    void replicatesThatCannotBeFittedAreCounted() {
        Survey survey = Survey.simulated(4, 200, 0.8);
        Draws draws = Draws.raoWu(9, 100, List.of(new Stratum("all", 2)));
        List<Moments> groups = List.of(survey.moments(), Moments.none(9));

        Bootstrap bootstrap = Bootstrap.own(survey.fit(), Replicates.of(survey.model(), groups, draws));

        Interval path = interval(bootstrap, PATH, "Image", "Quality");
        assertThat(path.replicates()).isBetween(30, 70);
        assertThat(path.degreesOfFreedom()).isZero();
        assertThat(path.low()).isNaN();
    }

    /** Two of four are half of them, two of five are less. */
    @Test
    void lessThanHalfOfTheReplicatesSayNothing() {
        var figure = new Figure(PATH, "Image", "Quality");
        double none = Double.NaN;

        Interval half = new Limits(10).of(figure, 0.5, new double[] {0.4, none, 0.6, none}, false);
        Interval less = new Limits(10).of(figure, 0.5, new double[] {0.4, none, 0.6, none, none}, false);

        assertThat(half.replicates()).isEqualTo(2);
        assertThat(half.standardError()).isCloseTo(StrictMath.sqrt(0.02), within(1e-12));
        assertThat(less.replicates()).isEqualTo(2);
        assertThat(List.of(less.standardError(), less.low(), less.high(), less.lowPercentile(), less.highPercentile()))
                .containsOnly(none);
    }

    /** z = ½ ln(1.5/0.5) = 0.5493; half a width 2.2281 · √0.02/(1 − 0.25) = 0.4201; tanh of 0.1292 and of 0.9694. */
    @Test
    void limitsOfACorrelationAreSymmetricOnFishersScale() {
        var figure = new Figure(CORRELATION, "Image", "Quality");
        double[] replicated = {0.4, 0.6};

        Interval fisher = new Limits(10).ofCorrelation(figure, 0.5, replicated, false);

        assertThat(fisher.standardError()).isCloseTo(StrictMath.sqrt(0.02), within(1e-12));
        assertThat(fisher.low()).isCloseTo(0.1285, within(1e-4));
        assertThat(fisher.high()).isCloseTo(0.7484, within(1e-4));
        assertThat(new Limits(10)
                        .ofCorrelation(new Figure(PATH, "Image", "Quality"), 1.02, new double[] {1, 1.04}, false)
                        .high())
                .isCloseTo(1.02 + 2.2281 * StrictMath.sqrt(0.0008), within(1e-4));
    }

    /** Image is the only cause of Quality; Satisfaction has two. */
    @Test
    void aPathFromTheOnlyCauseIsACorrelation() {
        Survey survey = Survey.simulated(4, 200, 0.8);
        var structure = new Structure(survey.model());

        assertThat(structure.isCorrelation(new Figure(PATH, "Image", "Quality")))
                .isTrue();
        assertThat(structure.isCorrelation(new Figure(PATH, "Image", "Satisfaction")))
                .isFalse();
        assertThat(structure.isCorrelation(new Figure(Measure.R_SQUARED, "Quality", "")))
                .isFalse();
    }

    private static Interval interval(Bootstrap bootstrap, Measure measure, String of, String on) {
        return bootstrap.intervals().stream()
                .filter(interval -> interval.figure().equals(new Figure(measure, of, on)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void drawsAndModelsMustBeTheSame() {
        Survey survey = Survey.simulated(4, 200, 0.8);
        Draws draws = Draws.raoWu(9, 2, STRATA);
        List<Moments> groups = survey.groups(64, row -> true);
        Replicates replicates = Replicates.of(survey.model(), groups, draws);
        Bootstrap base = Bootstrap.own(survey.fit(), replicates);
        PathFit held = survey.fit(survey.moments(), survey.fit().weights());

        assertThatThrownBy(() -> Bootstrap.own(held, replicates)).hasMessage("the weights of this fit were given");
        assertThatThrownBy(() ->
                        Bootstrap.held(held, Replicates.of(survey.model(), groups, Draws.raoWu(9, 2, STRATA)), base))
                .hasMessage("the base and the segment are not from the same draws");
        assertThatThrownBy(() -> Replicates.of(survey.model(), groups.subList(1, 64), draws))
                .hasMessage("moments of 63 groups for draws of 64");
    }
}
