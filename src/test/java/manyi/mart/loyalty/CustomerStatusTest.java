package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.table.Audit;
import org.junit.jupiter.api.Test;

class CustomerStatusTest {

    @Test
    void tellsWhoCameWhoStayedAwayAndWhoCameBack() {
        var standing = Loyal.standing(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER);

        assertThat(picture(
                        standing,
                        "customer_id",
                        "purchase_days",
                        "purchase_days_in_period",
                        "recency_days",
                        "net",
                        "net_in_period",
                        "usage_tier_before",
                        "usage_tier",
                        "life_cycle_before",
                        "life_cycle"))
                .isEqualTo("""
                customer_id | purchase_days | purchase_days_in_period | recency_days | net | net_in_period | usage_tier_before | usage_tier | life_cycle_before | life_cycle
                ann | 7 | 4 | 5 | 500000 | 350000 | heavy | heavy | new | active
                bob | 2 | 1 | 56 | 500000 | 300000 | none | light | lost | won back
                cid | 1 | 1 | 41 | 200000 | 200000 |  | light |  | new
                eve | 2 | 0 | 87 | 150000 | 0 | medium | none | new | dormant
                fay | 1 | 0 | 257 | -10000 | -40000 | none | none | lost | lost
                """);
        assertThat(Audit.of(CustomerStatus.TABLE, standing).failed()).isEmpty();
    }

    @Test
    void seesAGapThatClosesInsideThePeriod() {
        var standing = Loyal.standing(Loyal.loyalty(12, 60), """
                customer_id | first_month | cohort_on  | segments
                ann         | 2025-01-01  | 2025-01-01 | East
                bob         | 2025-01-01  | 2025-01-01 | East
                cid         | 2025-01-01  | 2025-01-01 | East
                """, """
                customer_id | month      | day_mask  | purchase_days | gross | returns | net
                ann         | 2025-06-01 | 1         | 1             | 10000 | 0       | 10000
                ann         | 2025-07-01 | 1         | 1             | 10000 | 0       | 10000
                ann         | 2026-03-01 | 1         | 1             | 10000 | 0       | 10000
                bob         | 2025-06-01 | 1         | 1             | 10000 | 0       | 10000
                bob         | 2025-07-01 | 1         | 1             | 10000 | 0       | 10000
                bob         | 2025-08-01 | 0         | 0             | 0     | -5000   | -5000
                cid         | 2025-04-01 | 1         | 1             | 10000 | 0       | 10000
                cid         | 2025-05-01 | 536870912 | 1             | 10000 | 0       | 10000
                cid         | 2025-07-01 | 134217728 | 1             | 10000 | 0       | 10000
                """);

        // 59 days from 30 May to 28 July are no gap above 60; ann was away from July to March
        assertThat(picture(standing, "customer_id", "life_cycle")).isEqualTo("""
                customer_id | life_cycle
                ann | won back
                bob | lost
                cid | lost
                """);
    }

    @Test
    void keepsTheMonthsOfPurchaseAsBits() {
        var standing = Loyal.standing(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER);

        assertThat(picture(standing.selectExpr("customer_id", "bin(active_months) as months")))
                .isEqualTo("""
                customer_id | months
                ann | 11101
                bob | 1000000000100
                cid | 10
                eve | 101000
                fay | 100000000
                """);
    }
}
