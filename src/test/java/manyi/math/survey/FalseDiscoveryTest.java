package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FalseDiscoveryTest {

    /** The fifteen endpoints of thrombolysis in Benjamini and Hochberg (1995), sec. 4.1: four are found at 5 %. */
    private static final double[] ENDPOINTS = {
        .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1
    };

    @Test
    void agreesWithBenjaminiHochberg() {
        double[] adjusted = FalseDiscovery.adjusted(ENDPOINTS);

        assertThat(Arrays.stream(adjusted).filter(p -> p <= 0.05)).hasSize(4);
        // recomputed independently (scipy)
        assertThat(adjusted)
                .containsExactly(
                        new double[] {
                            .0015,
                            .003,
                            .0095,
                            .035625,
                            .0603,
                            .0638571429,
                            .0638571429,
                            .0645,
                            .0765,
                            .486,
                            .5811818182,
                            .714875,
                            .7532307692,
                            .8132142857,
                            1
                        },
                        within(1e-10));
    }

    @Test
    void leavesOutWhatWasNotTested() {
        assertThat(FalseDiscovery.adjusted(new double[] {Double.NaN, .04, Double.NaN, .01}))
                .containsExactly(Double.NaN, .04, Double.NaN, .02);
        assertThat(FalseDiscovery.adjusted(new double[0])).isEmpty();
    }

    @Test
    void givesEqualsTheSame() {
        assertThat(FalseDiscovery.adjusted(new double[] {.03, .01, .03})).containsExactly(.03, .03, .03);
    }

    @Test
    void keepsTheOrderOfFindingsAndNeverSharpensOne() {
        var random = new Random(11);
        double[] p = random.doubles(200).map(x -> x * x * x).toArray();
        double[] adjusted = FalseDiscovery.adjusted(p);

        for (int i = 0; i < p.length; i++) {
            assertThat(adjusted[i]).isBetween(p[i], 1.0);
            for (int j = 0; j < p.length; j++) {
                assertThat(p[i] <= p[j] && adjusted[i] > adjusted[j]).isFalse();
            }
        }
    }

    @Test
    void refusesWhatIsNoProbability() {
        assertThatThrownBy(() -> FalseDiscovery.adjusted(new double[] {1.01})).hasMessageContaining("1.01");
    }
}
