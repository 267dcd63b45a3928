package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ProportionTest {

    private static final Offset<Double> SEVEN = within(1e-7);

    /** Recomputed independently (scipy). */
    @Test
    void staysWithinTheUnitByTheLogit() {
        var estimate = new Proportion(.03, .012, 14, 900, 700).estimate();

        assertThat(estimate.low()).isCloseTo(.012610350370929788, SEVEN);
        assertThat(estimate.high()).isCloseTo(.06967771232800667, SEVEN);
    }

    /** Newcombe (1998), Statistics in Medicine 17, table I, the exact method. */
    @Test
    void agreesWithNewcombesTable() {
        assertThat(Proportion.lower(81, 263)).isCloseTo(.2527, within(5e-5));
        assertThat(Proportion.upper(81, 263)).isCloseTo(.3676, within(5e-5));
        assertThat(Proportion.lower(15, 148)).isCloseTo(.0578, within(1e-4));
        assertThat(Proportion.upper(15, 148)).isCloseTo(.1617, within(5e-5));
        assertThat(Proportion.lower(0, 20)).isZero();
        assertThat(Proportion.upper(0, 20)).isCloseTo(.1684, within(5e-5));
        assertThat(Proportion.lower(1, 29)).isCloseTo(.0009, within(5e-5));
        assertThat(Proportion.upper(1, 29)).isCloseTo(.1776, within(5e-5));
    }

    /** 120 respondents, effectively 80, on 11 degrees of freedom: n* = 64.7485, the limit 1 − .025^(1/n*). */
    @Test
    void takesTheEffectiveNumberWhereNobodyOrEverybodyAgrees() {
        var nobody = new Proportion(0, 0, 11, 120, 80).estimate();
        var everybody = new Proportion(1, 0, 11, 120, 80).estimate();

        assertThat(nobody.low()).isZero();
        assertThat(nobody.high()).isCloseTo(.05537985912214992, SEVEN);
        assertThat(everybody.low()).isCloseTo(1 - .05537985912214992, SEVEN);
        assertThat(everybody.high()).isEqualTo(1);
    }

    @Test
    void isClopperPearsonWhereRespondentsAreTheUnits() {
        assertThat(new Proportion(0, 0, 19, 20, 20).estimate().high()).isCloseTo(.1684334709830853, SEVEN);
    }

    @Test
    void isNotSureOfAShareOnlyBecauseAllUnitsAreAlike() {
        var estimate = new Proportion(.5, 0, 3, 8, 8).estimate();

        assertThat(estimate.low()).isBetween(0.0, .4);
        assertThat(estimate.high()).isCloseTo(1 - estimate.low(), SEVEN);
    }

    @Test
    void givesNoIntervalWithoutDegreesOfFreedom() {
        assertThat(new Proportion(0, 0, 0, 1, 1).estimate().high()).isNaN();
        assertThat(new Proportion(.4, Double.NaN, 5, 20, 20).estimate().low()).isNaN();
        assertThatThrownBy(() -> new Proportion(1.2, 0, 5, 20, 20)).hasMessageContaining("1.2");
    }

    @Test
    void isTheSameSeenFromTheOtherSide() {
        var share = new Proportion(.2, .05, 9, 100, 90).estimate();
        var rest = new Proportion(.8, .05, 9, 100, 90).estimate();

        assertThat(rest.low()).isCloseTo(1 - share.high(), SEVEN);
        assertThat(rest.high()).isCloseTo(1 - share.low(), SEVEN);
    }
}
