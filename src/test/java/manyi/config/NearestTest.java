package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    @Test
    void countsSlipsOfThePen() {
        assertThat(Nearest.slips("segments", "segments")).isZero();
        assertThat(Nearest.slips("segmnets", "segments")).isEqualTo(1);
        assertThat(Nearest.slips("segment", "segments")).isEqualTo(1);
        assertThat(Nearest.slips("zegmentss", "segments")).isEqualTo(2);
        assertThat(Nearest.slips("", "abc")).isEqualTo(3);
        assertThat(Nearest.slips("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void namesTheNearestWordThatIsNearEnough() {
        var words = List.of("job", "warehouse", "item", "time_zone");
        assertThat(Nearest.to("Warehuose", words)).contains("warehouse");
        assertThat(Nearest.to("itme", words)).contains("item");
        assertThat(Nearest.to("time", words)).isEmpty();
        assertThat(Nearest.to("ob", words)).isEmpty();
        assertThat(Nearest.to("house", words)).isEmpty();
    }
}
