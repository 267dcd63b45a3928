package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MonthEndsTest {

    private static final List<String> RUNS = List.of(
            "20260201T030000000Z-asof-2026-01-31",
            "20260202T030000000Z-asof-2026-02-01",
            "20260301T030000000Z-asof-2026-02-28",
            "20260303T030000000Z-asof-2026-02-28",
            "20260304T030000000Z-asof-2026-01-31",
            "20260401T030000000Z-asof-2026-03-31");

    @Test
    void keepsTheNewestRunOfEachOfTheLastMonthEnds() {
        assertThat(Publication.monthEnds(RUNS, 2))
                .containsExactly("20260401T030000000Z-asof-2026-03-31", "20260303T030000000Z-asof-2026-02-28");
        assertThat(Publication.monthEnds(RUNS, 12)).hasSize(3).contains("20260304T030000000Z-asof-2026-01-31");
        assertThat(Publication.monthEnds(RUNS, 0)).isEmpty();
    }
}
