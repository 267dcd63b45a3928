package manyi.conformed;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.source.Landing;
import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void keepsTheDaysExactlyAndTheMoneyInTenThousandths() {
        var purchases = rows(Purchase.TABLE, """
                month      | customer_id | purchased_on | amount  | is_return
                2026-01-01 | ann         | 2026-01-03   | 100000  | false
                2026-01-01 | ann         | 2026-01-03   | -30000  | true
                2026-01-01 | ann         | 2026-01-31   | 5       | false
                2026-01-01 | bob         | 2026-01-09   | -200    | true
                2026-01-01 |             | 2026-01-09   | 77      | false
                2026-02-01 | ann         | 2026-02-01   | 400     | false
                """);

        var ledger = new CustomerMonth().from(table -> purchases);

        assertThat(picture(CustomerMonth.TABLE, ledger)).isEqualTo("""
                customer_id | month | day_mask | purchase_days | lines | gross | returns | net | first_day_net | margin | net_with_margin
                ann | 2026-01-01 | 1073741828 | 2 | 3 | 100005 | -30000 | 70005 | 70000 |  |
                ann | 2026-02-01 | 1 | 1 | 1 | 400 | 0 | 400 | 400 |  |
                bob | 2026-01-01 | 0 | 0 | 1 | 0 | -200 | -200 |  |  |
                """);
    }

    @Test
    void aDayOfReturnsAloneIsNoPurchaseDayAndAFreeItemIsOne() {
        var purchases = rows(Purchase.TABLE, """
                month      | customer_id | purchased_on | amount | is_return
                2026-01-01 | ann         | 2026-01-02   | -5     | true
                2026-01-01 | ann         | 2026-01-05   | 0      | false
                """);

        var ledger = new CustomerMonth().from(table -> purchases);

        assertThat(picture(ledger, "day_mask", "purchase_days", "first_day_net"))
                .isEqualTo("""
                day_mask | purchase_days | first_day_net
                16 | 1 | 0
                """);
    }

    @Test
    void foldsMonthsToTheSpanOfACustomer() {
        var ledger = rows(CustomerMonth.TABLE, """
                customer_id | month      | day_mask   | lines
                ann         | 2026-01-01 | 1073741828 | 3
                ann         | 2026-03-01 | 0          | 1
                ann         | 2026-02-01 | 6          | 2
                bob         | 2026-02-01 | 0          | 1
                """);

        var spans = new CustomerSpan().from(table -> ledger);

        assertThat(picture(CustomerSpan.TABLE, spans)).isEqualTo("""
                customer_id | first_purchase_on | last_purchase_on | first_month | lines_without_purchase
                ann | 2026-01-03 | 2026-02-03 | 2026-01-01 |
                bob |  |  | 2026-02-01 | 1
                """);
    }

    @Test
    void ofRowsWithOneKeyTheLatestStands() {
        var landed = rows(Landing.PURCHASE, """
                source | file | place | row_key | updated_at          | month      | amount
                p      | a    | 1     | k1      | 2026-01-02 00:00:00 | 2026-01-01 | 1.5
                p      | b    | 1     | k1      | 2026-01-01 00:00:00 | 2026-01-01 | 2
                p      | a    | 2     | k2      |                     | 2026-01-01 | 3
                p      | a    | 3     | k2      |                     | 2026-01-01 | 4
                p      | a    | 4     |         |                     | 2026-01-01 | 5
                p      | a    | 5     |         |                     | 2026-01-01 | 5
                """);

        var standing = new Purchase(true, false).from(table -> landed);

        assertThat(picture(standing, "file", "place", "amount")).isEqualTo("""
                file | place | amount
                a | 1 | 15000
                a | 3 | 40000
                a | 4 | 50000
                a | 5 | 50000
                """);
    }

    @Test
    void theLatestAttributesOfADayAreThoseOfItsLastPurchase() {
        var purchases = rows(Purchase.TABLE, """
                month      | customer_id | purchased_on | purchased_at        | country | channel | amount | is_return
                2026-01-01 | ann         | 2026-01-02   | 2026-01-02 10:00:00 | NO      | web     | 10     | false
                2026-01-01 | ann         | 2026-01-02   | 2026-01-02 11:00:00 | SE      |         | 10     | false
                2026-01-01 | ann         | 2026-01-02   | 2026-01-02 12:00:00 | FI      | shop    | -10    | true
                """);

        var shown = new PurchaseAttribute(java.util.List.of("channel", "country")).from(table -> purchases);

        assertThat(picture(shown, "customer_id", "attributes")).isEqualTo("""
                customer_id | attributes
                ann | ArraySeq(null, SE)
                """);
    }
}
