package manyi.run;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.ScoredResponse;
import manyi.mart.loyalty.CustomerCell;
import org.junit.jupiter.api.Test;

class LumpedValuesTest {

    private static final LumpedValues VALUES =
            new LumpedValues(List.of(new Dimension(List.of("tier")), new Dimension(List.of("card"))), 2);

    @Test
    void aDimensionWithMoreValuesThanKeepTheirNamesIsTold() {
        var cells = rows(CustomerCell.TABLE, """
                first_month | cohort_on  | last_month | segments | customers
                2026-01-01  | 2026-01-01 | 2026-01-01 | gold,c1  | 5
                2026-01-01  | 2026-01-01 | 2026-02-01 | gold,c1  | 5
                2026-01-01  | 2026-01-01 | 2026-01-01 | gold,c2  | 5
                2026-01-01  | 2026-01-01 | 2026-01-01 | base,c3  | 5
                2026-01-01  | 2026-01-01 | 2026-01-01 | base,c4  | 5
                            |            |            | none,c5  | 5
                """);

        assertThat(VALUES.ofCustomers(cells))
                .containsExactly(
                        "segments: card has 4 values among customers; the 2 most frequent keep their names, the"
                                + " other 2 are lumped into 'other'");
    }

    @Test
    void answersAreGatheredWaveByWave() {
        var responses = rows(ScoredResponse.TABLE, """
                population | wave   | segments
                customer   | 2026Q1 | gold,c1
                customer   | 2026Q1 | base,c2
                customer   | 2026Q2 | gold,c3
                customer   | 2026Q2 | gold,c4
                customer   | 2026Q2 | gold,c5
                """);

        assertThat(VALUES.ofAnswers(responses))
                .containsExactly(
                        "segments: card has up to 3 values among the answers of a wave; the 2 most frequent keep"
                                + " their names, the other 1 are lumped into 'other'");
    }
}
