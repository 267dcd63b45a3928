package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import manyi.math.survey.PriceTolerance.Answer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PriceToleranceTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final Offset<Double> SIX = within(1e-6);

    /** 120 respondents of unequal weight, those of one answer with two weights; recomputed independently (numpy). */
    private static final List<Answer> ANSWERS = List.of(
            new Answer(5, 20, 30, 56.25),
            new Answer(10, 35, 27.6, 27.36),
            new Answer(20, 40, 44, 60.5),
            new Answer(30, 15, 9.3, 7.11),
            new Answer(NEVER, 10, 13, 21.125));

    @Test
    void findsTheRiseAtWhichHalfWouldLeave() {
        var tolerance = new PriceTolerance(ANSWERS);

        assertThat(tolerance.leaving(10)).isCloseTo(0.46489104116222774, SIX);
        assertThat(tolerance.leaving(30)).isCloseTo(0.8950766747376918, SIX);
        assertThat(tolerance.leaving(100)).isCloseTo(0.8950766747376918, SIX);
        assertThat(tolerance.leaving(0)).isZero();
        assertThat(tolerance.tolerated()).isCloseTo(10.98863636363636, SIX);
        assertThat(tolerance.leaving(tolerance.tolerated())).isCloseTo(0.5, SIX);
    }

    /** The share's interval .4027 to .5973, its error .0497617. */
    @Test
    void turnsTheSharesIntervalIntoRises() {
        var estimate = new PriceTolerance(ANSWERS).estimate();

        assertThat(estimate.degreesOfFreedom()).isEqualTo(119);
        assertThat(estimate.low()).isCloseTo(8.604594153340983, SIX);
        assertThat(estimate.high()).isCloseTo(13.727872789444945, SIX);
    }

    @Test
    void takesTheErrorOfADesignToo() {
        var tolerance = new PriceTolerance(ANSWERS);
        var own = tolerance.estimate();
        var same = tolerance.estimate(0.049761717396477376, 119);
        var clustered = tolerance.estimate(0.1, 9);

        assertThat(same.low()).isCloseTo(own.low(), SIX);
        assertThat(clustered.low()).isLessThan(own.low());
        assertThat(clustered.high()).isGreaterThan(own.high());
        assertThat(tolerance.estimate(0.1, 0).low()).isNaN();
    }

    @Test
    void knowsNoOrderOfAnswersAndNoScaleOfWeights() {
        List<Answer> answers = new ArrayList<>(ANSWERS);
        Collections.reverse(answers);
        var scaled = ANSWERS.stream()
                .map(a -> new Answer(a.rise(), a.respondents(), 8 * a.weight(), 64 * a.squares()))
                .toList();

        assertThat(new PriceTolerance(answers).estimate()).isEqualTo(new PriceTolerance(ANSWERS).estimate());
        assertThat(new PriceTolerance(scaled).estimate()).isEqualTo(new PriceTolerance(ANSWERS).estimate());
    }

    @Test
    void saysWhereFewerThanHalfWouldLeaveAtAnyRiseAsked() {
        var estimate = new PriceTolerance(List.of(new Answer(10, 4, 4, 4), new Answer(NEVER, 6, 6, 6))).estimate();

        assertThat(estimate.mean()).isInfinite();
        assertThat(estimate.low()).isNaN();
    }

    @Test
    void leavesALimitOpenBeyondTheGreatestRise() {
        var estimate = new PriceTolerance(List.of(new Answer(10, 5, 5, 5), new Answer(NEVER, 5, 5, 5))).estimate();

        assertThat(estimate.mean()).isCloseTo(10, SIX);
        assertThat(estimate.low()).isBetween(1.0, 9.0);
        assertThat(estimate.high()).isInfinite();
        assertThat(estimate.standardError()).isNaN();
    }

    @Test
    void isZeroWhereHalfLeaveAnyway() {
        var estimate = new PriceTolerance(List.of(new Answer(0, 6, 6, 6), new Answer(10, 4, 4, 4))).estimate();

        assertThat(estimate.mean()).isZero();
        assertThat(estimate.low()).isZero();
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new Answer(-1, 1, 1, 1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new PriceTolerance(List.of())).hasMessageContaining("no answer");
    }
}
