package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.table.Audit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RetentionRateTest {

    private static Dataset<Row> rates() {
        return Loyal.derived(
                new RetentionRate(Loyal.AS_OF, Loyal.REGION, Loyal.LOYALTY),
                Loyal.inputs(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER));
    }

    @Test
    void countsWhoWasActiveAtBothEnds() {
        var rates = rates();

        // a month of returns is no month of purchase: fay is not active in May, dan never
        assertThat(picture(
                        rates.where("segment = 'all'"),
                        "period_months",
                        "period_from",
                        "customers_at_start",
                        "customers_kept",
                        "retention",
                        "is_unfinished",
                        "is_left_truncated"))
                .isEqualTo("""
                period_months | period_from | customers_at_start | customers_kept | retention | is_unfinished | is_left_truncated
                1 | 2025-07-01 | 1 | 0 | 0.0000 | false | false
                1 | 2025-11-01 | 1 | 0 | 0.0000 | false | false
                1 | 2026-02-01 | 1 | 0 | 0.0000 | false | false
                1 | 2026-03-01 | 1 | 1 | 1.0000 | false | false
                1 | 2026-04-01 | 2 | 1 | 0.5000 | false | false
                1 | 2026-05-01 | 2 | 0 | 0.0000 | false | false
                1 | 2026-06-01 | 1 | 0 | 0.0000 | true | false
                3 | 2025-07-01 | 1 | 0 | 0.0000 | false | true
                3 | 2026-01-01 | 1 | 0 | 0.0000 | false | false
                3 | 2026-04-01 | 2 | 1 | 0.5000 | true | false
                """);
        assertThat(Audit.of(RetentionRate.TABLE, rates).failed()).isEmpty();
    }

    @Test
    void everySegmentSumsToTheWhole() {
        assertThat(picture(rates().groupBy("period_months", "period_from")
                        .agg(
                                expr("sum(if(segment = 'all', customers_kept, -customers_kept)) as kept"),
                                expr("sum(if(segment = 'all', customers_at_start, -customers_at_start)) as start"))
                        .where("kept <> 0 or start <> 0")))
                .isEqualTo("period_months | period_from | kept | start\n");
    }
}
