package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.conformed.Purchase;
import manyi.conformed.Referral;
import manyi.table.Audit;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ThreeRTest {

    private static final String BOUGHT = """
            customer_id | purchased_on | amount | is_return | product_group
            ann         | 2026-02-03   | 10     | false     | toys
            ann         | 2026-03-05   | 10     | false     | toys
            ann         | 2026-04-01   | 10     | false     | tools
            ann         | 2026-06-10   | 10     | false     | toys
            bob         | 2025-06-01   | 10     | false     | toys
            bob         | 2026-04-20   | 10     | false     | tools
            eve         | 2026-01-10   | 10     | false     | toys
            eve         | 2026-03-20   | 10     | false     |
            eve         | 2026-04-20   | -10    | true      | tools
            """;

    private static final String TOLD = """
            customer_id | referred_customer_id | referred_on | is_credited | referrals
            ann         | cid                  | 2026-05-05  | true        | 1
            ann         | eve                  | 2026-05-05  | true        | 1
            ann         |                      | 2026-02-05  | false       | 1
            bob         | cid                  | 2026-05-06  | false       | 1
            zoe         | bob                  | 2025-01-01  | true        | 1
            zoe         | nobody               | 2026-06-01  | true        | 1
            """;

    private static Dataset<Row> threeR(String customers, String ledger, boolean hasGroups, boolean hasReferrals) {
        Inputs inputs = Loyal.inputs(Loyal.LOYALTY, customers, ledger);
        Dataset<Row> added = Loyal.derived(new CustomerAddition(Loyal.AS_OF), table -> rows(Purchase.TABLE, BOUGHT));
        Dataset<Row> told = rows(Referral.TABLE, TOLD);
        Inputs all = table ->
                table.equals(CustomerAddition.TABLE) ? added : table.equals(Referral.TABLE) ? told : inputs.read(table);
        return Loyal.derived(new ThreeR(Loyal.AS_OF, Loyal.REGION, Loyal.LOYALTY, hasGroups, hasReferrals), all);
    }

    @Test
    void countsWhoStayedWhoBoughtSomethingNewAndWhoWasBrought() {
        var mart = threeR(Loyal.CUSTOMERS, Loyal.LEDGER, true, true);

        // ann was there in January to March and added tools; eve gave tools back without ever buying any;
        // cid bought for the first time on the day of ann's referral, eve had long before
        assertThat(picture(
                        mart.where("period_from >= '2026-01-01' or referrals > 0"),
                        "segment",
                        "segment_value",
                        "period_from",
                        "customers_at_start",
                        "customers_kept",
                        "related_customers",
                        "related_sales",
                        "referrals",
                        "referrers",
                        "referred_new_customers",
                        "referral_rate",
                        "is_unfinished"))
                .isEqualTo("""
                segment | segment_value | period_from | customers_at_start | customers_kept | related_customers | related_sales | referrals | referrers | referred_new_customers | referral_rate | is_unfinished
                all | all | 2025-01-01 | 0 | 0 | 0 |  | 1 | 1 | 0 |  | false
                all | all | 2026-01-01 | 1 | 0 | 0 | 0.0000 | 1 | 1 | 0 | 0.0000 | false
                all | all | 2026-04-01 | 2 | 1 | 1 | 0.5000 | 4 | 3 | 1 | 0.5000 | true
                region | East | 2026-01-01 | 0 | 0 | 0 |  | 1 | 1 | 0 |  | false
                region | East | 2026-04-01 | 1 | 1 | 1 | 1.0000 | 3 | 2 | 1 | 1.0000 | true
                region | West | 2026-01-01 | 1 | 0 | 0 | 0.0000 | 0 | 0 | 0 | 0.0000 | false
                region | West | 2026-04-01 | 1 | 0 | 0 | 0.0000 | 0 | 0 | 0 | 0.0000 | true
                region | unknown | 2025-01-01 | 0 | 0 | 0 |  | 1 | 1 | 0 |  | false
                region | unknown | 2026-04-01 | 0 | 0 | 0 |  | 1 | 1 | 0 |  | true
                """);
        assertThat(Audit.of(ThreeR.TABLE, mart).failed()).isEmpty();
    }

    @Test
    void everySegmentSumsToTheWholeAndRetentionIsThatOfRetentionRate() {
        var mart = threeR(Loyal.CUSTOMERS, Loyal.LEDGER, true, true);

        assertThat(picture(mart.groupBy("period_from")
                        .agg(
                                expr("sum(if(segment = 'all', customers_at_start, -customers_at_start)) as start"),
                                expr("sum(if(segment = 'all', related_customers, -related_customers)) as related"),
                                expr("sum(if(segment = 'all', referrals, -referrals)) as told"),
                                expr(
                                        "sum(if(segment = 'all', referred_new_customers, -referred_new_customers)) as won"))
                        .where("start <> 0 or related <> 0 or told <> 0 or won <> 0")))
                .isEqualTo("period_from | start | related | told | won\n");
        var rates = Loyal.derived(
                new RetentionRate(Loyal.AS_OF, Loyal.REGION, Loyal.LOYALTY),
                Loyal.inputs(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER));
        String[] shared = {
            "segment",
            "segment_value",
            "period_from",
            "customers_at_start",
            "customers_kept",
            "retention",
            "is_left_truncated"
        };
        assertThat(picture(mart.where("customers_at_start > 0"), shared))
                .isEqualTo(picture(rates.where("period_months = 3"), shared));
    }

    @Test
    void saysNothingOfWhatNoSourceGives() {
        var mart = threeR(Loyal.CUSTOMERS, Loyal.LEDGER, false, false);

        assertThat(picture(
                        mart.where("segment = 'all' and period_from = '2026-04-01'"),
                        "customers_at_start",
                        "retention",
                        "related_sales",
                        "referrals",
                        "referred_new_customers",
                        "referral_rate"))
                .isEqualTo("""
                customers_at_start | retention | related_sales | referrals | referred_new_customers | referral_rate
                2 | 0.5000 |  |  |  |
                """);
        assertThat(Audit.of(ThreeR.TABLE, mart).failed()).isEmpty();
    }

    @Test
    void oneCustomerWhoOnlyCameOnceStaysNowhere() {
        Inputs june = Loyal.june("ann East 10000");
        var mart = Loyal.derived(new ThreeR(Loyal.AS_OF, Loyal.REGION, Loyal.LOYALTY, false, false), june);

        assertThat(mart.count()).isZero();
    }

    @Test
    void whoHasReferredBearsTheMark() {
        Inputs inputs = Loyal.inputs(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER);
        Table referral = Referral.TABLE;
        var mart = Loyal.derived(
                new CustomerLoyalty(
                        Loyal.AS_OF, "EUR", Loyal.LOYALTY, new manyi.conformed.CustomerKeys(new byte[] {1}), true),
                table -> table.equals(referral) ? rows(referral, TOLD) : inputs.read(table));

        assertThat(picture(mart, "last_purchase_on", "has_referred")).isEqualTo("""
                last_purchase_on | has_referred
                2025-10-01 | false
                2026-03-20 | false
                2026-04-20 | true
                2026-05-05 | false
                2026-06-10 | true
                """);
    }
}
