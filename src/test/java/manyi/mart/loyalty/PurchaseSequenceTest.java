package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.conformed.Customer;
import manyi.conformed.Purchase;
import manyi.table.Audit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class PurchaseSequenceTest {

    private static final String BOUGHT = """
            customer_id | purchased_on | amount | is_return | product_group | product
            ann         | 2026-02-03   | 10     | false     | car           | c1
            ann         | 2026-02-03   | 10     | false     | car           | c2
            ann         | 2026-02-09   | 10     | false     | tyres         | t1
            ann         | 2026-02-09   | 10     | false     | oil           | o1
            ann         | 2026-03-05   | 10     | false     | oil           | o1
            bob         | 2025-06-01   | 10     | false     | car           | c1
            bob         | 2026-04-20   | 10     | false     | oil           | o1
            cid         | 2026-05-05   | 10     | false     | car           | c1
            dan         | 2026-02-05   | -10    | true      | car           | c1
            eve         | 2026-01-10   | 10     | false     |               |
            eve         | 2026-03-20   | 10     | false     | tyres         | t1
                        | 2026-03-20   | 10     | false     | tyres         | t1
            """;

    private static Dataset<Row> sequence(String bought, String kind, int most) {
        var people = rows(Customer.TABLE, Loyal.CUSTOMERS);
        var cells = new CustomerCell().from(table -> people);
        var mart = Loyal.derived(
                new PurchaseSequence(Loyal.AS_OF, Loyal.REGION, kind, most),
                table -> table.equals(Purchase.TABLE)
                        ? rows(Purchase.TABLE, bought)
                        : table.equals(Customer.TABLE) ? people : cells);
        assertThat(Audit.of(PurchaseSequence.TABLE, mart).failed()).isEmpty();
        return mart;
    }

    @Test
    void aStepLeadsFromADayToTheCustomersNextOne() {
        var mart = sequence(BOUGHT, "product_group", 50);

        // of the four steps three lead to oil, and both from a car do; eve's first day is one though nobody knows what
        // she
        // bought
        assertThat(picture(
                        mart.where("segment = 'all'"),
                        "item_kind",
                        "from_item",
                        "to_item",
                        "customers",
                        "steps",
                        "from_customers",
                        "to_customers",
                        "repeat_customers",
                        "share_after",
                        "share_before",
                        "lift"))
                .isEqualTo("""
                item_kind | from_item | to_item | customers | steps | from_customers | to_customers | repeat_customers | share_after | share_before | lift
                product_group | car | oil | 2 | 2 | 2 | 2 | 3 | 1.0000 | 1.0000 | 1.3333
                product_group | car | tyres | 1 | 1 | 2 | 2 | 3 | 0.5000 | 0.5000 | 1.0000
                product_group | oil | oil | 1 | 1 | 1 | 2 | 3 | 1.0000 | 0.5000 | 1.3333
                product_group | tyres | oil | 1 | 1 | 1 | 2 | 3 | 1.0000 | 0.5000 | 1.3333
                product_group | unknown | tyres | 1 | 1 | 1 | 2 | 3 | 1.0000 | 0.5000 | 2.0000
                """);
        assertThat(picture(mart.where("segment = 'region'"), "segment_value", "from_item", "to_item", "customers"))
                .isEqualTo("""
                segment_value | from_item | to_item | customers
                East | car | oil | 2
                East | car | tyres | 1
                East | oil | oil | 1
                East | tyres | oil | 1
                West | unknown | tyres | 1
                """);
    }

    @Test
    void aDayWithoutANameStandsBetweenTwoOthers() {
        assertThat(picture(
                        sequence("""
                        customer_id | purchased_on | amount | is_return | product_group
                        cid         | 2026-05-05   | 10     | false     | car
                        cid         | 2026-05-06   | 10     | false     |
                        cid         | 2026-05-07   | 10     | false     | oil
                        """, "product_group", 50).where("segment = 'all'"),
                        "from_item",
                        "to_item",
                        "all_steps"))
                .isEqualTo("""
                from_item | to_item | all_steps
                car | unknown | 2
                unknown | oil | 2
                """);
    }

    @Test
    void itemsBeyondTheMostFrequentAreGathered() {
        // by customers c1 stands before o1, t1 and c2; of equals the first name is kept
        assertThat(picture(
                        sequence(BOUGHT, "product", 2).where("segment = 'all'"),
                        "item_kind",
                        "from_item",
                        "to_item",
                        "customers",
                        "steps"))
                .isEqualTo("""
                item_kind | from_item | to_item | customers | steps
                product | c1 | o1 | 2 | 2
                product | c1 | other | 1 | 1
                product | o1 | o1 | 1 | 1
                product | other | o1 | 1 | 2
                product | other | other | 2 | 2
                """);
    }

    @Test
    void oneCustomerWithOneDayTakesNoStep() {
        assertThat(sequence("""
                customer_id | purchased_on | amount | is_return | product_group
                cid         | 2026-05-05   | 10     | false     | car
                cid         | 2026-05-05   | 10     | false     | oil
                cid         | 2026-05-06   | -10    | true      | oil
                """, "product_group", 50).count()).isZero();
    }
}
