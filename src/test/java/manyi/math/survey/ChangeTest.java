package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChangeTest {

    /** Recomputed independently (scipy). */
    @Test
    void testsAChangeByStudentsT() {
        assertThat(new Estimate(3.2, 1.5, 18, 0.05, 6.35).pValue()).isCloseTo(0.04691486958548701, within(1e-9));
    }

    @Test
    void testsNothingWithoutAnErrorAboveZero() {
        assertThat(new Estimate(10, 0, 5, 10, 10).pValue()).isNaN();
        assertThat(new Estimate(0, 0, 5, 0, 0).pValue()).isNaN();
        assertThat(new Estimate(10, Double.NaN, 0, Double.NaN, Double.NaN).pValue())
                .isNaN();
    }

    @Test
    void cutsLimitsAtTheEndsOfTheScale() {
        assertThat(new Estimate(98, 2, 20, 93.8, 102.2).within(0, 100)).isEqualTo(new Estimate(98, 2, 20, 93.8, 100));
        assertThat(new Estimate(-58, 2, 20, -62.2, -53.8).within(-60, 60).low()).isEqualTo(-60);
        assertThat(new Estimate(98, Double.NaN, 0, Double.NaN, Double.NaN)
                        .within(0, 100)
                        .low())
                .isNaN();
    }

    @Test
    void holdsATargetAgainstTheInterval() {
        var estimate = new Estimate(75, 1, 50, 73, 77);
        var unsure = new Estimate(75, Double.NaN, 0, Double.NaN, Double.NaN);

        assertThat(new Target(73, false).verdict(estimate)).isEqualTo(Target.Verdict.ATTAINED);
        assertThat(new Target(76, false).verdict(estimate)).isEqualTo(Target.Verdict.UNDECIDED);
        assertThat(new Target(77.1, false).verdict(estimate)).isEqualTo(Target.Verdict.MISSED);
        assertThat(new Target(50, false).verdict(unsure).words()).isEqualTo("undecided");
        // effort: less is better
        assertThat(new Target(77, true).verdict(estimate)).isEqualTo(Target.Verdict.ATTAINED);
        assertThat(new Target(72, true).verdict(estimate)).isEqualTo(Target.Verdict.MISSED);
        assertThat(new Target(75, true).verdict(estimate)).isEqualTo(Target.Verdict.UNDECIDED);
    }

    /** t.975 + t.80, recomputed independently (scipy). */
    @Test
    void knowsTheSmallestChangeThatTwoWavesCouldHaveFound() {
        assertThat(SampleSize.smallestChange(1.5, 5)).isCloseTo(1.5 * 3.4901256158771417, within(1e-7));
        assertThat(SampleSize.smallestChange(1, 20)).isCloseTo(2.9459278869982506, within(1e-7));
        assertThat(SampleSize.smallestChange(1, 0)).isNaN();
    }

    /** Half a standard deviation, two-sided 5 %, power 80 %: 63 a group by the normal law (Cohen 1988 has 64 by t). */
    @Test
    void knowsHowManyAnswersTheNextWaveNeeds() {
        assertThat(SampleSize.answersNeeded(5, 100 / 63.0, 100, 1)).isEqualTo(OptionalLong.of(63));
        assertThat(SampleSize.answersNeeded(-5, 0, 100, 1)).isEqualTo(OptionalLong.of(32));
        assertThat(SampleSize.answersNeeded(5, 0, 100, 2)).isEqualTo(OptionalLong.of(63));
        assertThat(SampleSize.answersNeeded(5, 0, 0, 1)).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void saysWhereNoNumberOfAnswersIsEnough() {
        assertThat(SampleSize.answersNeeded(1, 100 / 63.0, 100, 1)).isEmpty();
    }
}
