package manyi.conformed;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
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
        Dataset<Row> spans = CustomerSpan.TABLE.conform(new CustomerSpan().from(table -> ledger));
        Dataset<Row> customers =
                spans.selectExpr("*", "cast(null as date) cohort_on", "array(upper(customer_id)) segments");
        return table -> table.equals(Purchase.TABLE) ? lines : table.equals(CustomerMonth.TABLE) ? ledger : customers;
    }

    private static String seen(Table table, Dataset<Row> rows) {
        Dataset<Row> conformed = table.conform(rows);
        assertThat(Audit.of(table, conformed).failed()).isEmpty();
        return picture(
                conformed.orderBy("customer_id"),
                "customer_id",
                "first_purchase_on",
                "net_by_first_day",
                "purchase_days",
                "last_purchase_on",
                "net",
                "holdout_purchase_days",
                "holdout_last_purchase_on",
                "holdout_net",
                "validation_purchase_days",
                "validation_net");
    }

    @Test
    void cutsAMonthByTheDayAndCountsWhatHappenedUpToEachCut() {
        // cutoffs: 31 March, 17 March, 3 March
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
                customer_id | first_purchase_on | net_by_first_day | purchase_days | last_purchase_on | net | holdout_purchase_days | holdout_last_purchase_on | holdout_net | validation_purchase_days | validation_net
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
                customer_id | first_purchase_on | net_by_first_day | purchase_days | last_purchase_on | net | holdout_purchase_days | holdout_last_purchase_on | holdout_net | validation_purchase_days | validation_net
                fay | 2026-01-05 | 70 | 1 | 2026-01-05 | 0 | 1 | 2026-01-05 | 0 | 1 | 0
                """);
    }

    @Test
    void returnsBeforeTheFirstPurchaseDayAreNotDeductedFromTheSpendOfRepeatDays() {
        var inputs = inputs("""
                month      | customer_id | purchased_on | amount | is_return
                2025-11-01 | ida         | 2025-11-15   | -10    | true
                2026-01-01 | ida         | 2026-01-02   | -40    | true
                2026-01-01 | ida         | 2026-01-05   | 50     | false
                2026-01-01 | ida         | 2026-01-05   | -5     | true
                2026-02-01 | ida         | 2026-02-05   | 30     | false
                2026-02-01 | ida         | 2026-02-09   | -7     | true
                2026-03-01 | jan         | 2026-03-18   | -20    | true
                2026-03-01 | jan         | 2026-03-19   | 60     | false
                2026-03-01 | jan         | 2026-03-30   | 8      | false
                """);

        Dataset<Row> history = new CustomerHistory(AS_OF, 2).from(inputs);

        assertThat(picture(
                        CustomerHistory.at(history, CustomerHistory.Cutoff.SCORE, AS_OF, 2)
                                .orderBy("customer_id"),
                        "customer_id",
                        "net",
                        "net_by_first_day",
                        "x",
                        "repeat_net"))
                .isEqualTo("""
                customer_id | net | net_by_first_day | x | repeat_net
                ida | 18 | -5 | 1 | 23
                jan | 48 | 40 | 1 | 8
                """);
    }

    /** What counts as a purchase is the same in the ledger, in column comments and in the documents. */
    @Test
    void aLineOfNothingIsAPurchaseAndTheDocumentsAgree() throws Exception {
        var inputs = inputs("""
                month      | customer_id | purchased_on | amount | is_return
                2026-01-01 | kim         | 2026-01-05   | 0      | false
                2026-01-01 | kim         | 2026-01-06   | -1     | false
                2026-01-01 | kim         | 2026-01-07   | 0      | true
                """);

        assertThat(picture(new CustomerHistory(AS_OF, 2).from(inputs), "purchase_days", "last_purchase_on"))
                .isEqualTo("""
                purchase_days | last_purchase_on
                1 | 2026-01-05
                """);
        for (String document : List.of("docs/mathematics.md", "docs/tables.md")) {
            String text = Files.readString(Path.of(document));
            assertThat(text.contains(Purchase.PURCHASE_LINE)).as(document).isTrue();
            assertThat(text.contains("positive purchase line") || text.contains("positive line"))
                    .as(document)
                    .isFalse();
        }
    }
}
