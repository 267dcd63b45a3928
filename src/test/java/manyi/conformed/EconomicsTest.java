package manyi.conformed;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.source.Landing;
import manyi.table.Audit;
import manyi.table.Derivation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Margins, costs, spending and referrals, made ready for the marts. */
class EconomicsTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 3, 15);

    private static Dataset<Row> sound(Derivation derivation, Dataset<Row> rows) {
        Dataset<Row> conformed = derivation.table().conform(rows).localCheckpoint();
        assertThat(Audit.of(derivation.table(), conformed).failed()).isEmpty();
        return conformed;
    }

    @Test
    void aLineEarnsWhatItSaysElseItsProductsShareElseItsGroups() {
        var lines = rows(Landing.PURCHASE, """
                file | place | month      | purchased_on | amount | is_return | product | product_group | margin
                a    | 1     | 2026-01-01 | 2026-01-10   | 100    | false     | p1      | toys          | 7
                a    | 2     | 2026-01-01 | 2026-01-10   | 100    | false     | p1      | toys          |
                a    | 3     | 2026-02-01 | 2026-02-01   | 100    | false     | p1      | toys          |
                a    | 4     | 2026-02-01 | 2026-02-01   | -50    | true      | p2      | toys          |
                a    | 5     | 2026-02-01 | 2026-02-01   | 50     | false     | p3      | tools         |
                a    | 6     | 2025-12-01 | 2025-12-31   | 100    | false     | p1      | toys          |
                a    | 7     | 2025-12-01 | 2025-12-31   | 0.0001 | false     |         | toys          |
                """);
        var margins = rows(Landing.MARGINS, """
                source  | file | place | product | product_group | margin_share | valid_from
                margins | m    | 1     | p1      |               | 0.2          | 2026-01-01
                margins | m    | 2     | p1      |               | 0.3          | 2026-02-01
                margins | m    | 3     |         | toys          | 0.4          |
                margins | m    | 4     |         | toys          | 0.5          |
                """);
        Derivation purchase = new Purchase(false, true);

        var standing = purchase.from(table -> table.equals(Landing.PURCHASE) ? lines : margins);

        // of the two rows for toys the later one counts
        assertThat(picture(standing, "place", "amount", "margin")).isEqualTo("""
                place | amount | margin
                1 | 1000000 | 70000
                2 | 1000000 | 200000
                3 | 1000000 | 300000
                4 | -500000 | -250000
                5 | 500000 |
                6 | 1000000 | 500000
                7 | 1 | 1
                """);
    }

    @Test
    void theLedgerAddsUpWhatIsKnownOfMargins() {
        var lines = rows(Purchase.TABLE, """
                customer_id | month      | purchased_on | amount | is_return | margin
                ann         | 2026-01-01 | 2026-01-10   | 100    | false     | 30
                ann         | 2026-01-01 | 2026-01-10   | 50     | false     |
                ann         | 2026-01-01 | 2026-01-20   | -10    | true      | -3
                bob         | 2026-01-01 | 2026-01-10   | 80     | false     |
                """);

        var ledger = sound(new CustomerMonth(), new CustomerMonth().from(table -> lines));

        assertThat(picture(ledger, "customer_id", "net", "margin", "net_with_margin"))
                .isEqualTo("""
                customer_id | net | margin | net_with_margin
                ann | 140 | 27 | 90
                bob | 80 |  |
                """);
    }

    @Test
    void aYearsCostIsSpreadOverItsMonthsToTheLastTenThousandth() {
        var costs = rows(Landing.COST, """
                source | file | place | period_from | period_unit | purpose     | amount  | currency | attributes
                costs  | c    | 1     | 2026-01-01  | year        | acquisition | 0.0038  | EUR      | web,East
                costs  | c    | 2     | 2026-02-01  | month       | acquisition | 10      | EUR      | web,
                costs  | c    | 3     | 2026-03-16  | day         | acquisition | 99      | EUR      | web,East
                costs  | c    | 4     | 2026-03-15  | day         | retention   | 5       | EUR      | shop,West
                costs  | c    | 5     | 2026-04-01  | month       | retention   | 99      | EUR      | shop,West
                """);
        var dimensions = List.of(
                new Dimension(List.of("region")),
                new Dimension(List.of("region", "channel")),
                new Dimension(List.of("tier")));
        Derivation months = new CostMonth(AS_OF, dimensions, List.of("channel", "region"));

        // 38 ten-thousandths are 12 times 3 and one more in January and in February
        var cost = sound(months, months.from(table -> costs));
        assertThat(picture(cost.selectExpr("month", "purpose", "concat_ws(',', segments) as segments", "cost")))
                .isEqualTo("""
                month | purpose | segments | cost
                2026-01-01 | acquisition | East,East × web | 4
                2026-02-01 | acquisition | East,East × web | 4
                2026-02-01 | acquisition | not attributed,not attributed | 100000
                2026-03-01 | acquisition | East,East × web | 3
                2026-03-01 | retention | West,West × shop | 50000
                """);
    }

    @Test
    void theLatestStatementOfACustomersSpendingCounts() {
        var spending = rows(Landing.SPENDING, """
                source   | file | place | customer_id | period_from | period_unit | amount | currency
                spending | s1   | 1     | ann         | 2026-01-01  | year        | 90     | EUR
                spending | s2   | 1     | ann         | 2026-01-01  | year        | 100    | EUR
                spending | s2   | 2     | ann         | 2026-01-01  | month       | 20     | EUR
                spending | s2   | 3     | bob         | 2026-01-01  | year        | 0      | EUR
                spending | s2   | 4     | bob         | 2027-01-01  | year        | 9      | EUR
                """);
        var ledger = rows(CustomerMonth.TABLE, """
                customer_id | month      | net
                ann         | 2025-12-01 | 70000
                ann         | 2026-01-01 | 100000
                ann         | 2026-03-01 | 300000
                """);
        Derivation category = new CategorySpending(AS_OF);

        var rows = sound(category, category.from(table -> table.equals(Landing.SPENDING) ? spending : ledger));

        assertThat(picture(category.table(), rows)).isEqualTo("""
                customer_id | period_from | period_unit | category_spending | own_spending
                ann | 2026-01-01 | month | 200000 | 100000
                ann | 2026-01-01 | year | 1000000 | 400000
                bob | 2026-01-01 | year | 0 | 0
                """);
    }

    @Test
    void whoWasToldBySeveralIsCreditedToTheFirst() {
        var told = rows(Landing.REFERRAL, """
                source    | file | place | row_key | customer_id | referred_customer_id | referred_on
                referrals | r    | 1     |         | bob         | cid                  | 2026-02-02
                referrals | r    | 2     |         | ann         | cid                  | 2026-02-02
                referrals | r    | 3     |         | ann         | cid                  | 2026-02-01
                referrals | r    | 6     |         | ann         | dan                  | 2026-03-16
                """);
        Derivation referral = new Referral(AS_OF);

        var rows = sound(referral, referral.from(table -> told));

        assertThat(picture(referral.table(), rows)).isEqualTo("""
                customer_id | referred_customer_id | referred_on | is_credited | referrals
                ann | cid | 2026-02-01 | true | 1
                bob | cid | 2026-02-02 | false | 1
                """);
    }

    @Test
    void referralsThatNameNobodyAreToldApartByKeyOrPlace() {
        // the row r2 came twice; of bob's rows, which have no key, each is one
        var told = rows(Landing.REFERRAL, """
                source    | file | place | row_key | customer_id | referred_customer_id | referred_on
                referrals | r    | 1     | r1      | ann         |                      | 2026-02-01
                referrals | r    | 2     | r2      | ann         |                      | 2026-02-01
                referrals | s    | 1     | r2      | ann         |                      | 2026-02-01
                referrals | s    | 2     | r3      | ann         |                      | 2026-02-02
                referrals | s    | 3     |         | bob         |                      | 2026-02-02
                referrals | s    | 4     |         | bob         |                      | 2026-02-02
                """);
        Derivation referral = new Referral(AS_OF);

        var rows = sound(referral, referral.from(table -> told));

        assertThat(picture(referral.table(), rows)).isEqualTo("""
                customer_id | referred_customer_id | referred_on | is_credited | referrals
                ann |  | 2026-02-01 | false | 2
                ann |  | 2026-02-02 | false | 1
                bob |  | 2026-02-02 | false | 2
                """);
    }
}
