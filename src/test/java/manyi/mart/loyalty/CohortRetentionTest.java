package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.table.Audit;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CohortRetentionTest {

    private static final List<Dimension> REGION = List.of(new Dimension(List.of("region")));

    private static Dataset<Row> retention(LocalDate asOf, String customers, String ledger) {
        var people = rows(Customer.TABLE, customers);
        var months = rows(CustomerMonth.TABLE, ledger);
        var cells = new CohortCell(REGION).from(table -> table.equals(Customer.TABLE) ? people : months);
        var members = new CustomerCell().from(table -> people);
        var mart = new CohortRetention(asOf, REGION, "EUR", 1, false);
        return mart.from(table -> table.equals(CustomerCell.TABLE) ? members : cells);
    }

    private static final String CUSTOMERS = """
            customer_id | first_month | cohort_on  | last_month | lines_without_purchase | segments
            ann         | 2026-01-01  | 2026-01-01 | 2026-03-01 |                        | East
            bob         | 2026-01-01  | 2026-01-01 | 2026-01-01 |                        | West
            cid         | 2026-03-01  | 2026-03-01 | 2026-03-01 |                        | East
            dan         | 2026-02-01  |            |            | 1                      | East
            """;
    private static final String LEDGER = """
            customer_id | month      | day_mask | purchase_days | lines | gross  | returns | net
            ann         | 2026-01-01 | 4        | 1             | 1     | 100000 | 0       | 100000
            ann         | 2026-03-01 | 16       | 1             | 2     | 60000  | -10000  | 50000
            bob         | 2026-01-01 | 256      | 1             | 1     | 300000 | 0       | 300000
            bob         | 2026-02-01 | 0        | 0             | 1     | 0      | -40000  | -40000
            cid         | 2026-03-01 | 256      | 1             | 1     | 20000  | 0       | 20000
            dan         | 2026-02-01 | 0        | 0             | 1     | 0      | -5000   | -5000
            """;

    @Test
    void countsWhoCameBackAndWhatTheyLeft() {
        var mart = retention(LocalDate.of(2026, 3, 15), CUSTOMERS, LEDGER);

        assertThat(picture(
                        mart.where("segment = 'all'"),
                        "cohort_on",
                        "months_since",
                        "customers",
                        "active_customers",
                        "retention",
                        "returned_later_customers",
                        "revenue",
                        "revenue_retention",
                        "is_unfinished",
                        "is_left_truncated"))
                .isEqualTo("""
                cohort_on | months_since | customers | active_customers | retention | returned_later_customers | revenue | revenue_retention | is_unfinished | is_left_truncated
                2026-01-01 | 0 | 2 | 2 | 1.0000 | 2 | 40 | 1.0000 | false | true
                2026-01-01 | 1 | 2 | 0 | 0.0000 | 1 | -4 | -0.1000 | false | true
                2026-01-01 | 2 | 2 | 1 | 0.5000 | 1 | 5 | 0.1250 | true | true
                2026-03-01 | 0 | 1 | 1 | 1.0000 | 1 | 2 | 1.0000 | true | false
                """);
    }

    @Test
    void everySegmentSumsToTheWhole() {
        var mart = retention(LocalDate.of(2026, 3, 31), CUSTOMERS, LEDGER);

        assertThat(picture(mart.groupBy("cohort_on", "months_since")
                        .agg(
                                org.apache.spark.sql.functions.expr(
                                        "sum(if(segment = 'all', revenue, -revenue)) as rest"),
                                org.apache.spark.sql.functions.expr(
                                        "sum(if(segment = 'all', customers, -customers)) as people"))
                        .where("rest <> 0 or people <> 0")))
                .isEqualTo("cohort_on | months_since | rest | people\n");
    }

    @Test
    void keepsItsOwnRules() {
        Table table = CohortRetention.TABLE;
        var report = Audit.of(table, table.conform(retention(LocalDate.of(2026, 3, 31), CUSTOMERS, LEDGER)));
        assertThat(report.failed()).isEmpty();
        assertThat(report.rows()).isEqualTo(11);
    }

    @Test
    void grossRevenueRetentionLetsNobodysGrowthMakeUpForAnother() {
        String customers = """
                customer_id | first_month | cohort_on  | last_month | lines_without_purchase | segments
                ann         | 2026-01-01  | 2026-01-01 | 2026-03-01 |                        | East
                bob         | 2025-12-01  | 2026-01-01 | 2026-02-01 |                        | East
                cid         | 2026-01-01  | 2026-01-01 | 2026-02-01 |                        | West
                dan         | 2026-01-01  |            |            | 1                      | West
                """;
        String ledger = """
                customer_id | month      | day_mask | purchase_days | lines | gross | returns | net  | margin | net_with_margin
                ann         | 2026-01-01 | 1        | 1             | 1     | 1000  | 0       | 1000 | 300    | 1000
                ann         | 2026-02-01 | 1        | 1             | 1     | 5000  | 0       | 5000 |        |
                ann         | 2026-03-01 | 1        | 1             | 1     | 500   | 0       | 500  | -50    | 200
                bob         | 2025-12-01 | 0        | 0             | 1     | 0     | -900    | -900 |        |
                bob         | 2026-01-01 | 1        | 1             | 1     | 2000  | 0       | 2000 |        |
                bob         | 2026-02-01 | 1        | 1             | 1     | 0     | -300    | -300 |        |
                cid         | 2026-01-01 | 1        | 1             | 1     | 0     | -100    | -100 |        |
                cid         | 2026-02-01 | 1        | 1             | 1     | 700   | 0       | 700  |        |
                dan         | 2026-01-01 | 0        | 0             | 1     | 0     | -50     | -50  |        |
                """;
        var people = rows(Customer.TABLE, customers);
        var months = rows(CustomerMonth.TABLE, ledger);
        Inputs facts = table -> table.equals(Customer.TABLE) ? people : months;
        var cells = new CohortCell(REGION).from(facts);
        var members = new CustomerCell().from(facts);
        var kept = KeptRevenue.TABLE.conform(new KeptRevenue().from(facts)).localCheckpoint();
        assertThat(Audit.of(KeptRevenue.TABLE, kept).failed()).isEmpty();

        var mart = CohortRetention.TABLE.conform(new CohortRetention(LocalDate.of(2026, 3, 31), REGION, "EUR", 0, true)
                .from(table ->
                        table.equals(CustomerCell.TABLE) ? members : table.equals(KeptRevenue.TABLE) ? kept : cells));

        // of ann's 1,000 and bob's 2,000 February kept 1,000 and nothing, though it brought more than January;
        // cid, who began below nothing, has nothing to keep
        assertThat(picture(
                        mart,
                        "segment_value",
                        "months_since",
                        "revenue",
                        "revenue_retention",
                        "gross_revenue_retention",
                        "margin",
                        "revenue_with_margin"))
                .isEqualTo("""
                segment_value | months_since | revenue | revenue_retention | gross_revenue_retention | margin | revenue_with_margin
                East | 0 | 0.3 | 1.0000 | 1.0000 | 0.03 | 0.1
                East | 1 | 0.47 | 1.5667 | 0.3333 |  |
                East | 2 | 0.05 | 0.1667 | 0.1667 | -0.005 | 0.02
                West | 0 | -0.01 |  |  |  |
                West | 1 | 0.07 |  |  |  |
                West | 2 | 0 |  |  |  |
                all | 0 | 0.29 | 1.0000 | 1.0000 | 0.03 | 0.1
                all | 1 | 0.54 | 1.8621 | 0.3333 |  |
                all | 2 | 0.05 | 0.1724 | 0.1667 | -0.005 | 0.02
                """);
        assertThat(Audit.of(CohortRetention.TABLE, mart).failed()).isEmpty();
    }
}
