package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import manyi.math.survey.MixAdjustment.Component;
import org.junit.jupiter.api.Test;

class MixAdjustmentTest {

    /** Means of 80 and 40 rise by 10 each, while the better part shrinks from three quarters to one: 70 falls to 60. */
    @Test
    void leavesTheMixOut() {
        var better = MixAdjustment.change(part(80, 3, 4), part(90, 1, 4));
        var worse = MixAdjustment.change(part(40, 1, 4), part(50, 3, 4));

        assertThat(better).isEqualByComparingTo("5");
        assertThat(worse).isEqualByComparingTo("5");
    }

    /** Change = Σ mean share × change of the mean + Σ mean of the means × change of the share. */
    @Test
    void addsUpToTheChangeWithWhatTheMixDoes() {
        double held = MixAdjustment.change(part(80, 3, 5), part(90, 1, 4)).doubleValue()
                + MixAdjustment.change(part(40, 2, 5), part(53, 3, 4)).doubleValue();
        double mix = (80 + 90) / 2.0 * (.25 - .6) + (40 + 53) / 2.0 * (.75 - .4);
        double change = (.25 * 90 + .75 * 53) - (.6 * 80 + .4 * 40);

        assertThat(held + mix).isCloseTo(change, org.assertj.core.api.Assertions.within(1e-12));
    }

    @Test
    void changesSignWithTheOrderOfTimes() {
        assertThat(MixAdjustment.change(part(31, 3, 7), part(17, 5, 11)))
                .isEqualByComparingTo(
                        MixAdjustment.change(part(17, 5, 11), part(31, 3, 7)).negate());
    }

    @Test
    void refusesAPartGreaterThanTheWhole() {
        assertThatThrownBy(() -> part(1, 3, 2)).hasMessageContaining("of 2000000000");
    }

    private static Component part(long mean, long weight, long whole) {
        BigInteger billion = BigInteger.TEN.pow(9);
        return new Component(
                BigInteger.valueOf(mean * weight).multiply(billion).multiply(billion),
                BigInteger.valueOf(weight).multiply(billion),
                BigInteger.valueOf(whole).multiply(billion));
    }
}
