package manyi.math.pls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import manyi.math.moment.Moments;
import manyi.math.pls.Draws.Stratum;
import manyi.math.pls.Invariance.Level;
import manyi.math.pls.Invariance.Side;
import org.junit.jupiter.api.Test;

class InvarianceTest {

    private static final Draws DRAWS = Draws.raoWu(2, 200, List.of(new Stratum("all", 100)));

    /** The first 1,000 answer like the second 1,000. */
    @Test
    void segmentsThatAnswerAlikeArePooled() {
        Survey survey = both(Survey.simulated(21, 1000, 0.8), Survey.simulated(22, 1000, 0.8));

        List<Invariance> invariance = between(survey);

        assertThat(invariance).extracting(Invariance::construct).containsExactly("Image", "Quality", "Satisfaction");
        assertThat(invariance).allSatisfy(one -> {
            assertThat(one.c()).isBetween(0.999, 1.0);
            assertThat(one.p()).isGreaterThan(0.05);
            assertThat(one.level()).isIn(Level.FULL, Level.PARTIAL);
            assertThat(one.replicates()).isEqualTo(200);
        });
        assertThat(invariance).extracting(Invariance::level).contains(Level.FULL);
    }

    /** In the second segment the first item of Quality says next to nothing of it. */
    @Test
    void aConstructThatIsAnotherInOneSegmentIsFound() {
        List<Invariance> invariance = between(both(Survey.simulated(21, 1000, 0.8), Survey.simulated(22, 1000, 0.1)));

        assertThat(invariance.get(1).level()).isEqualTo(Level.NONE);
        assertThat(invariance.get(1).c()).isLessThan(invariance.get(1).lowest());
        assertThat(invariance.get(0).level()).isNotEqualTo(Level.NONE);
    }

    /** The second segment gives a point less to everything: weights and variances agree, means do not. */
    @Test
    void anotherMeanIsNoOtherMeaning() {
        Survey second = Survey.simulated(22, 1000, 0.8);
        double[][] lower = Arrays.stream(second.answers())
                .map(row -> Arrays.stream(row).map(answer -> answer - 1).toArray())
                .toArray(double[][]::new);

        List<Invariance> invariance = between(both(Survey.simulated(21, 1000, 0.8), new Survey(second.model(), lower)));

        assertThat(invariance).allSatisfy(one -> {
            assertThat(one.c()).isCloseTo(1, within(0.01));
            assertThat(one.level()).isEqualTo(Level.PARTIAL);
            assertThat(one.meanDifference().low()).isPositive();
            assertThat(one.logVarianceRatio().estimate()).isCloseTo(0, within(0.2));
        });
    }

    private static Survey both(Survey first, Survey second) {
        return new Survey(
                first.model(),
                Stream.concat(Arrays.stream(first.answers()), Arrays.stream(second.answers()))
                        .toArray(double[][]::new));
    }

    private static List<Invariance> between(Survey survey) {
        PathFit all = survey.fit();
        Bootstrap pooled = Bootstrap.own(all, replicates(survey, row -> true));
        return Invariance.between(
                pooled, side(survey, pooled, row -> row < 1000), side(survey, pooled, row -> row >= 1000));
    }

    private static Side side(Survey survey, Bootstrap pooled, Predicate<Integer> respondents) {
        Replicates replicates = replicates(survey, respondents);
        double[] ones = new double[100];
        Arrays.fill(ones, 1);
        Moments moments = Moments.sum(survey.groups(100, respondents), ones);
        return new Side(
                Bootstrap.own(survey.fit(moments), replicates),
                Bootstrap.held(survey.fit(moments, pooled.fit().weights()), replicates, pooled));
    }

    private static Replicates replicates(Survey survey, Predicate<Integer> respondents) {
        return Replicates.of(survey.model(), survey.groups(100, respondents), DRAWS);
    }
}
