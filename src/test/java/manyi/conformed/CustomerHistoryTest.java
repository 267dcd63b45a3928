package manyi.conformed;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import manyi.table.Audit;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CustomerHistoryTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 3, 31);

    /** The ledger is made of the purchases, as in a run. */
    private static Inputs inputs(String purchases) {
        Dataset<Row> lines = rows(Purchase.TABLE, purchases);
        Dataset<Row> ledger = CustomerMonth.TABLE.conform(new CustomerMonth().from(table -> lines));
        Dataset<Row> customers = ledger.select("customer_id")
                .distinct()
                .selectExpr(
                        "customer_id",
                        "cast(null as date) cohort_on",
                        "cast(null as date) first_purchase_on",
                        "cast(null as date) last_purchase_on",
                        "cast(null as date) first_month",
                        "cast(null as bigint) lines",
                        "array(upper(customer_id)) segments");
        return table -> table.equals(Purchase.TABLE) ? lines : table.equals(CustomerMonth.TABLE) ? ledger : customers;
    }

    private static String seen(Table table, Dataset<Row> rows) {
        Dataset<Row> conformed = table.conform(rows);
        assertThat(Audit.of(table, conformed).failed()).isEmpty();
        return picture(
                conformed.orderBy("customer_id"),
                "customer_id",
                "first_purchase_on",
                "first_day_net",
                "purchase_days",
                "last_purchase_on",
                "net",
                "proof_purchase_days",
                "proof_last_purchase_on",
                "proof_net",
                "choice_purchase_days",
                "choice_net");
    }

    @Test
    void cutsAMonthByTheDayAndCountsWhatHappenedUpToEachCut() {
        // cuts: 31 March, 17 March, 3 March
        var inputs = inputs("""
                month      | customer_id | purchased_on | amount | is_return
                2026-02-01 | ada         | 2026-02-10   | 500    | false
                2026-03-01 | ada         | 2026-03-03   | 100    | false
                2026-03-01 | ada         | 2026-03-03   | 20     | false
                2026-03-01 | ada         | 2026-03-04   | 7      | false
                2026-03-01 | ada         | 2026-03-17   | -50    | true
                2026-03-01 | ada         | 2026-03-18   | 30     | false
                2026-03-01 | bob         | 2026-03-20   | 9      | false
                2026-03-01 | bob         | 2026-03-31   | 1      | false
                """);

        assertThat(seen(CustomerHistory.TABLE, new CustomerHistory(AS_OF, 2).from(inputs)))
                .isEqualTo("""
                customer_id | first_purchase_on | first_day_net | purchase_days | last_purchase_on | net | proof_purchase_days | proof_last_purchase_on | proof_net | choice_purchase_days | choice_net
                ada | 2026-02-10 | 500 | 4 | 2026-03-18 | 607 | 3 | 2026-03-04 | 577 | 2 | 620
                bob | 2026-03-20 | 9 | 2 | 2026-03-31 | 10 | 0 |  | 0 | 0 | 0
                """);
    }

    @Test
    void aDayOfReturnsAloneIsNoPurchaseAndSomeoneWithReturnsOnlyIsNoCustomer() {
        var inputs = inputs("""
                month      | customer_id | purchased_on | amount | is_return
                2026-01-01 | eve         | 2026-01-05   | -70    | true
                2026-01-01 | fay         | 2026-01-05   | 70     | false
                2026-02-01 | fay         | 2026-02-05   | -70    | true
                """);

        assertThat(seen(CustomerHistory.TABLE, new CustomerHistory(AS_OF, 2).from(inputs)))
                .isEqualTo("""
                customer_id | first_purchase_on | first_day_net | purchase_days | last_purchase_on | net | proof_purchase_days | proof_last_purchase_on | proof_net | choice_purchase_days | choice_net
                fay | 2026-01-05 | 70 | 1 | 2026-01-05 | 0 | 1 | 2026-01-05 | 0 | 1 | 0
                """);
    }
}
