package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.conformed.CategorySpending;
import manyi.conformed.Customer;
import manyi.table.Audit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CustomerShareTest {

    private static Dataset<Row> share(String spending) {
        var cells = new CustomerCell().from(table -> rows(Customer.TABLE, Loyal.CUSTOMERS));
        var mart = Loyal.derived(
                new CustomerShare(Loyal.AS_OF, Loyal.REGION, "EUR"),
                table -> table.equals(CategorySpending.TABLE)
                        ? rows(CategorySpending.TABLE, spending)
                        : table.equals(Customer.TABLE) ? rows(Customer.TABLE, Loyal.CUSTOMERS) : cells);
        assertThat(Audit.of(CustomerShare.TABLE, mart).breaches()).isEmpty();
        return mart;
    }

    @Test
    void isOwnSpendingOverThatInTheCategory() {
        // dan has returns only; zoe is known to the spending source alone; cid's statement is below what he paid us
        var mart = share("""
                customer_id | period_from | period_unit | category_spending | own_spending
                ann         | 2026-01-01  | year        | 1000000           | 400000
                bob         | 2026-01-01  | year        | 500000            | 300000
                cid         | 2026-01-01  | year        | 100000            | 200000
                dan         | 2026-01-01  | year        | 400000            | -5000
                zoe         | 2026-01-01  | year        | 10000             | 0
                ann         | 2026-04-01  | month       | 0                 | 300000
                """);

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
