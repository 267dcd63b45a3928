package manyi.mart.example;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.table.Audit;
import org.junit.jupiter.api.Test;

/** The third worked example of CONTRIBUTING.md is real code, and works. */
class SegmentRevenueTest {

    @Test
    void addsUpEachSegmentsMonth() {
        var customers = rows(Customer.TABLE, """
                customer_id | segments
                ann         | East
                bob         | East
                cid         | West
                """);
        var ledger = rows(CustomerMonth.TABLE, """
                customer_id | month      | purchase_days | net
                ann         | 2026-01-01 | 2             | 100000
                bob         | 2026-01-01 | 1             | 50000
                cid         | 2026-01-01 | 0             | -20000
                ann         | 2026-02-01 | 1             | 70000
                """);
        var mart = new SegmentRevenue(LocalDate.of(2026, 2, 28), List.of(new Dimension(List.of("region"))));

        var revenue = mart.from(table -> table.equals(Customer.TABLE) ? customers : ledger);

        assertThat(Audit.of(mart.table(), revenue).failed()).isEmpty();
        assertThat(picture(mart.table(), revenue)).isEqualTo("""
                as_of | segment | segment_value | month | buyers | revenue
                2026-02-28 | all | all | 2026-01-01 | 2 | 13
                2026-02-28 | all | all | 2026-02-01 | 1 | 7
                2026-02-28 | region | East | 2026-01-01 | 2 | 15
                2026-02-28 | region | East | 2026-02-01 | 1 | 7
                2026-02-28 | region | West | 2026-01-01 | 0 | -2
                """);
    }

    @Test
    void standsInContributingToTheLetter() throws IOException {
        WorkedExamples.standInContributing("SegmentRevenue", "/** Buyers and net revenue of", "");
    }
}
