package manyi.math.moment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicatesTest {

    private static List<String> strata(int... sizes) {
        List<String> names = new ArrayList<>();
        for (int stratum = 0; stratum < sizes.length; stratum++) {
            names.addAll(Collections.nCopies(sizes[stratum], "s" + stratum));
        }
        return names;
    }

    @Test
    void countEveryStratumForItself() {
        Replicates replicates = new Replicates(1, strata(8, 2));
        for (int b = 1; b <= 50; b++) {
            double[] factors = replicates.factors(b);
            assertThat(Arrays.stream(factors, 0, 8).sum()).isCloseTo(8, within(1e-12));
            assertThat(Arrays.stream(factors, 8, 10).sum()).isEqualTo(2);
        }
    }

    /** Var Σ k_i·z_i = n/(n − 1)·Σ(z_i − z̄)², the linearised variance of a total. */
    @Test
    void spreadTotalsAsRaoAndWuSay() {
        Replicates replicates = new Replicates(5, strata(6));
        double[] z = {3, 1, 4, 1, 5, 9};
        double mean = Arrays.stream(z).average().orElseThrow();
        double expected =
                6 / 5.0 * Arrays.stream(z).map(x -> (x - mean) * (x - mean)).sum();
        double sum = 0;
        int count = 20_000;
        for (int b = 1; b <= count; b++) {
            double[] factors = replicates.factors(b);
            double total = 0;
            for (int i = 0; i < z.length; i++) {
                total += factors[i] * z[i];
            }
            sum += (total - 6 * mean) * (total - 6 * mean);
        }
        assertThat(sum / count).isCloseTo(expected, within(expected * 0.03));
    }

    @Test
    void areTheSameForTheSameSeedAndOthersForAnother() {
        assertThat(new Replicates(1, strata(20)).factors(3))
                .isEqualTo(new Replicates(1, strata(20)).factors(3))
                .isNotEqualTo(new Replicates(1, strata(20)).factors(4))
                .isNotEqualTo(new Replicates(2, strata(20)).factors(3));
    }

    @Test
    void takeLoneGroupsTogether() {
        double[] joined = new Replicates(1, strata(3, 1)).factors(1);
        assertThat(Arrays.stream(joined).sum()).isCloseTo(4, within(1e-12));
        double[] lone = new Replicates(1, strata(1, 1, 1)).factors(1);
        assertThat(Arrays.stream(lone).sum()).isCloseTo(3, within(1e-12));
        assertThat(new Replicates(1, strata(1)).factors(1)).containsExactly(1);
    }
}
