package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.CategorySpending;
import manyi.conformed.Customer;
import manyi.table.Audit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CustomerShareTest {

    private static final String YEAR = """
            customer_id | period_from | period_unit | category_spending | own_spending
            ann         | 2026-01-01  | year        | 1000000           | 400000
            bob         | 2026-01-01  | year        | 500000            | 300000
            cid         | 2026-01-01  | year        | 100000            | 200000
            dan         | 2026-01-01  | year        | 400000            | -5000
            zoe         | 2026-01-01  | year        | 10000             | 0
            ann         | 2026-04-01  | month       | 0                 | 300000
            """;

    private static Dataset<Row> share(String spending) {
        return share(Loyal.REGION, Loyal.CUSTOMERS, spending, 1);
    }

    private static Dataset<Row> share(List<Dimension> dimensions, String customers, String spending, int minimum) {
        var cells = new CustomerCell().from(table -> rows(Customer.TABLE, customers));
        var share = new CustomerShare(Loyal.AS_OF, dimensions, "EUR", minimum);
        var mart = Loyal.derived(
                share,
                table -> table.equals(CategorySpending.TABLE)
                        ? rows(CategorySpending.TABLE, spending)
                        : table.equals(Customer.TABLE) ? rows(Customer.TABLE, customers) : cells);
        assertThat(Audit.of(CustomerShare.TABLE, mart).failed()).isEmpty();
        var suppressed = share.suppressed(mart);
        assertThat(Audit.of(CustomerShare.TABLE, suppressed).failed()).isEmpty();
        return suppressed;
    }

    @Test
    void isOwnSpendingOverThatInTheCategory() {
        // dan has returns only; zoe is known to the spending source alone; cid's statement is below what he paid us
        var mart = share(YEAR);

        assertThat(picture(
                        mart,
                        "segment",
                        "segment_value",
                        "period_unit",
                        "period_from",
                        "spending_source",
                        "customers",
                        "own_spending",
                        "category_spending",
                        "customer_share",
                        "customers_above_category",
                        "has_customers_above_category",
                        "is_unfinished"))
                .isEqualTo("""
                segment | segment_value | period_unit | period_from | spending_source | customers | own_spending | category_spending | customer_share | customers_above_category | has_customers_above_category | is_unfinished
                all | all | month | 2026-04-01 | spending | 1 | 30 | 0 |  | 1 | true | false
                all | all | year | 2026-01-01 | spending | 5 | 89.5 | 201 | 0.4453 | 1 | true | true
                region | East | month | 2026-04-01 | spending | 1 | 30 | 0 |  | 1 | true | false
                region | East | year | 2026-01-01 | spending | 2 | 70 | 150 | 0.4667 | 0 | false | true
                region | West | year | 2026-01-01 | spending | 2 | 19.5 | 50 | 0.3900 | 1 | true | true
                region | unknown | year | 2026-01-01 | spending | 1 | 0 | 1 | 0.0000 | 0 | false | true
                """);
    }

    @Test
    void hidesWhatFewCustomersSaidAndWhatWouldGiveThemAway() {
        // zoe alone is unknown in the region: the whole less East and West would tell what she spends
        assertThat(picture(
                        share(Loyal.REGION, Loyal.CUSTOMERS, YEAR, 2),
                        "segment_value",
                        "period_unit",
                        "is_suppressed",
                        "customers",
                        "own_spending",
                        "category_spending",
                        "customer_share",
                        "customers_above_category",
                        "has_customers_above_category"))
                .isEqualTo("""
                segment_value | period_unit | is_suppressed | customers | own_spending | category_spending | customer_share | customers_above_category | has_customers_above_category
                East | month | true |  |  |  |  |  |
                East | year | true |  |  |  |  |  |
                West | year | false | 2 | 19.5 | 50 | 0.3900 | 1 | true
                all | month | true |  |  |  |  |  |
                all | year | false | 5 | 89.5 | 201 | 0.4453 | 1 | true
                unknown | year | true |  |  |  |  |  |
                """);
    }

    @Test
    void whoIsNoCustomerIsUnknownAsCustomersAre() {
        var regionAndTier = List.of(new Dimension(List.of("region", "tier")));
        String customers = """
                customer_id | first_month | cohort_on  | last_month | lines_without_purchase | segments
                ann         | 2026-02-01  | 2026-02-01 | 2026-06-01 |                        | East × gold
                bob         | 2025-06-01  | 2025-06-01 | 2026-04-01 |                        | unknown × unknown
                """;

        assertThat(picture(
                        share(regionAndTier, customers, YEAR, 1).where("period_unit = 'year' and segment <> 'all'"),
                        "segment_value",
                        "customers"))
                .isEqualTo("""
                segment_value | customers
                East × gold | 1
                unknown × unknown | 4
                """);
    }

    @Test
    void periodsThatBeginBeforeThePurchasesAreMarked() {
        // bob bought first, in June 2025
        assertThat(picture(share("""
                        customer_id | period_from | period_unit | category_spending | own_spending
                        bob         | 2025-01-01  | year        | 10                | 5
                        bob         | 2025-05-01  | month       | 10                | 0
                        bob         | 2025-06-01  | month       | 10                | 5
                        """).where("segment = 'all'"), "period_from", "period_unit", "is_left_truncated"))
                .isEqualTo("""
                period_from | period_unit | is_left_truncated
                2025-01-01 | year | true
                2025-05-01 | month | true
                2025-06-01 | month | false
                """);
    }

    @Test
    void aMonthEndsWithItsLastDay() {
        assertThat(picture(share("""
                        customer_id | period_from | period_unit | category_spending | own_spending
                        ann         | 2026-06-01  | month       | 10                | 5
                        ann         | 2025-01-01  | year        | 10                | 5
                        """).where("segment = 'all'"), "period_from", "is_unfinished"))
                .isEqualTo("""
                period_from | is_unfinished
                2025-01-01 | false
                2026-06-01 | true
                """);
    }
}
