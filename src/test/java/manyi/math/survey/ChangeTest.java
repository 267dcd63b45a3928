package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChangeTest {

    /** Recomputed independently (scipy). */
    @Test
    void testsAChangeByStudentsT() {
        var change = Change.between(70, 73.2, 2.25, 18);

        assertThat(change.change()).isCloseTo(3.2, within(1e-12));
        assertThat(change.standardError()).isEqualTo(1.5);
        assertThat(change.pValue()).isCloseTo(0.04691486958548701, within(1e-9));
        assertThat(change.low()).isCloseTo(0.0486169396384426, within(1e-7));
        assertThat(change.high()).isCloseTo(6.351383060361558, within(1e-7));
    }

    @Test
    void speaksByTheAdjustedValue() {
        assertThat(Change.between(70, 73.2, 2.25, 18).verdict(.0469)).isEqualTo(Change.Verdict.ROSE);
        assertThat(Change.between(73.2, 70, 2.25, 18).verdict(.05)).isEqualTo(Change.Verdict.FELL);
        assertThat(Change.between(70, 73.2, 2.25, 18).verdict(.09).words()).isEqualTo("no clear change");
    }

    @Test
    void saysNothingWithoutDegreesOfFreedom() {
        var change = Change.between(70, 73.2, Double.NaN, 0);

        assertThat(change.pValue()).isNaN();
        assertThat(change.low()).isNaN();
        assertThat(change.verdict(Double.NaN)).isEqualTo(Change.Verdict.NO_CLEAR_CHANGE);
    }

    @Test
    void isSureWhereAllAnswersAreAlike() {
        assertThat(Change.between(70, 71, 0, 5).pValue()).isZero();
        assertThat(Change.between(70, 70, 0, 5).pValue()).isEqualTo(1);
        assertThatThrownBy(() -> Change.between(70, 71, -1, 5)).hasMessageContaining("-1");
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
