package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CountMeanTest {

    @Test
    void isTheMeanOfTheCustomersWithItsError() {
        // 2, 3, 3, 4, 5, 1: s² = (64 − 18²/6)/5 = 2, t(5) = 2.570582
        var mean = new CountMean(6, 18, 64).estimate();

        assertThat(mean.mean()).isEqualTo(3);
        assertThat(mean.standardError()).isCloseTo(StrictMath.sqrt(2.0 / 6), within(1e-15));
        assertThat(mean.degreesOfFreedom()).isEqualTo(5);
        assertThat(mean.low()).isCloseTo(3 - 2.570582 * 0.577350, within(1e-5));
        assertThat(mean.high()).isCloseTo(3 + 2.570582 * 0.577350, within(1e-5));
    }

    @Test
    void aRateIsNeverBelowNothing() {
        // 0, 0, 1, 3: s² = (10 − 16/4)/3 = 2, t(3) = 3.182446
        var mean = new CountMean(4, 4, 10).estimate();

        assertThat(mean.low()).isZero();
        assertThat(mean.high()).isCloseTo(1 + 3.182446 * 0.707107, within(1e-5));
    }

    @Test
    void whereNothingHappenedTheUpperLimitIsGarwoods() {
        // χ² of 2 degrees of freedom at 0.975, halved: 3.6889
        assertThat(new CountMean(100, 0, 0).estimate().high()).isCloseTo(0.036889, within(1e-6));
        assertThat(new CountMean(1, 0, 0).estimate().high()).isCloseTo(3.6889, within(1e-4));
    }

    @Test
    void oneCustomerTellsNothingOfTheError() {
        var one = new CountMean(1, 3, 9).estimate();

        assertThat(one.mean()).isEqualTo(3);
        assertThat(one.standardError()).isNaN();
        assertThat(one.high()).isNaN();
    }

    @Test
    void manyCustomersLoseNoDigit() {
        // 3·10⁹ customers of whom every third made one referral: n·Σy² does not fit a long
        var mean = new CountMean(3_000_000_000L, 1_000_000_000L, 1_000_000_000L).estimate();

        assertThat(mean.standardError()).isCloseTo(StrictMath.sqrt(2.0 / 9 / 2_999_999_999L), within(1e-18));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new CountMean(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CountMean(2, 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sum 3 and sum of squares 2");
    }
}
