package manyi.math.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrectionsTest {

    /** VanderWeele and Ding's example: risk ratio 3.9 with limits 1.8 and 8.7. */
    @Test
    void agreesWithVanderWeeleAndDing() {
        var value = EValue.ofRiskRatio(3.9, 1.8, 8.7);

        assertThat(value.point()).isCloseTo(7.263034344160047, within(1e-12));
        assertThat(value.limit()).isCloseTo(3, within(1e-12));
    }

    @Test
    void needsAsStrongACauseForAProtectiveEffect() {
        var value = EValue.ofRiskRatio(1 / 3.9, 1 / 8.7, 1 / 1.8);

        assertThat(value.point()).isCloseTo(7.263034344160047, within(1e-12));
        assertThat(value.limit()).isCloseTo(3, within(1e-12));
    }

    @Test
    void explainsNothingWhereTheIntervalHoldsNoEffect() {
        assertThat(EValue.ofRiskRatio(1.2, .9, 1.6).limit()).isEqualTo(1);
        assertThat(EValue.ofRiskRatio(.8, .5, 1.1).limit()).isEqualTo(1);
        assertThat(EValue.ofMeanDifference(0, .1)).isEqualTo(new EValue(1, 1));
    }

    @Test
    void dividesASlopeByTheReliabilityOfItsIndex() {
        var corrected = new Reliability(.8, .02).correct(.4, .05, 0);

        assertThat(corrected.slope()).isCloseTo(.5, within(1e-12));
        // delta method: (se/λ)² + (β·se_λ/λ²)²
        assertThat(corrected.standardError()).isCloseTo(StrictMath.hypot(.05 / .8, .4 * .02 / .64), within(1e-12));
    }

    @Test
    void hasLessToCorrectByWhereOtherCovariatesExplainTheIndex() {
        assertThat(new Reliability(.8, 0).correct(.4, .05, .5).slope()).isCloseTo(.4 / .6, within(1e-12));
        assertThatThrownBy(() -> new Reliability(.4, 0).correct(.4, .05, .5))
                .isInstanceOf(RefusedRegression.class)
                .hasMessageContaining("nothing reliable is left");
    }
}
