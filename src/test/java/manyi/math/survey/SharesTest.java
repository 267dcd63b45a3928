package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SharesTest {

    @Test
    void givesWhatRoundingLeavesOverToTheGreatest() {
        assertThat(Shares.billionths(new double[] {1, 1, 1})).containsExactly(333_333_334, 333_333_333, 333_333_333);
        assertThat(Shares.billionths(new double[] {2, 0, 4})).containsExactly(333_333_333, 0, 666_666_667);
        double[] many = new double[700];
        for (int i = 0; i < many.length; i++) {
            many[i] = 1 + i % 7;
        }
        assertThat(LongStream.of(Shares.billionths(many)).sum()).isEqualTo(1_000_000_000);
    }

    @Test
    void refusesWhatIsNoWhole() {
        assertThatThrownBy(() -> Shares.billionths(new double[] {0, 0})).hasMessageContaining("whose sum is 0");
        assertThatThrownBy(() -> Shares.billionths(new double[] {1, -0.5})).hasMessageContaining("a part of -0.5");
        assertThatThrownBy(() -> Shares.billionths(new double[] {1, Double.NaN}))
                .hasMessageContaining("a part of NaN");
    }
}
