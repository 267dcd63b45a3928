package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import manyi.config.Job.Loyalty;
import manyi.conformed.CustomerKeys;
import manyi.table.Audit;
import manyi.table.Inputs;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CustomerLoyaltyTest {

    private static Dataset<Row> loyalty(Loyalty loyalty, Inputs inputs) {
        return Loyal.derived(
                new CustomerLoyalty(Loyal.AS_OF, "EUR", loyalty, new CustomerKeys(new byte[] {1}), false), inputs);
    }

    @Test
    void scoresEveryCustomerWithAPurchaseOnce() {
        var mart = loyalty(Loyal.LOYALTY, Loyal.inputs(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER));

        // ann and bob paid the same, so three of five are worse than either: 1 + floor(5 · 3 / 5)
        assertThat(picture(
                        mart,
                        "last_purchase_on",
                        "purchase_days",
                        "revenue",
                        "revenue_in_period",
                        "recency_score",
                        "frequency_score",
                        "money_score",
                        "rfm_segment",
                        "life_cycle",
                        "value_tier",
                        "buys_again"))
                .isEqualTo("""
                last_purchase_on | purchase_days | revenue | revenue_in_period | recency_score | frequency_score | money_score | rfm_segment | life_cycle | value_tier | buys_again
                2025-10-01 | 1 | -1 | -4 | 1 | 1 | 1 | hibernating | lost |  | false
                2026-03-20 | 2 | 15 | 0 | 2 | 3 | 2 | at risk | dormant |  | true
                2026-04-20 | 2 | 50 | 30 | 3 | 3 | 4 | loyal | won back |  | true
                2026-05-05 | 1 | 20 | 20 | 4 | 1 | 3 | potential loyalists | new |  | false
                2026-06-10 | 7 | 50 | 35 | 5 | 5 | 4 | champions | active |  | true
                """);
        assertThat(Audit.of(CustomerLoyalty.TABLE, mart).failed()).isEmpty();
    }

    @Test
    void givesOneCustomerTheLowestScores() {
        var mart = loyalty(Loyal.LOYALTY, Loyal.june("ann East 10000"));

        assertThat(picture(mart, "recency_score", "frequency_score", "money_score", "rfm_segment", "usage_tier"))
                .isEqualTo("""
                recency_score | frequency_score | money_score | rfm_segment | usage_tier
                1 | 1 | 1 | hibernating | light
                """);
    }

    @Test
    void scoresByConfiguredCuts() {
        Loyalty cut = new Loyalty(
                3,
                30,
                90,
                new Loyalty.Usage(1, Optional.of(new BigDecimal(35))),
                new Loyalty.Usage(1, Optional.of(new BigDecimal(25))),
                List.of(
                        new Loyalty.MoneyTier("vip", new BigDecimal(35)),
                        new Loyalty.MoneyTier("target", new BigDecimal(20))),
                List.of(
                        new Loyalty.MoneyTier("strategic", new BigDecimal(100)),
                        new Loyalty.MoneyTier("group", new BigDecimal(30)),
                        new Loyalty.MoneyTier("important", new BigDecimal("0.0001"))),
                Optional.of(new Loyalty.RfmCuts(numbers(5, 41, 86, 257), numbers(2, 3, 4, 7), numbers(0, 15, 20, 51))),
                List.of(),
                Optional.empty());

        var mart = loyalty(cut, Loyal.inputs(cut, Loyal.CUSTOMERS, Loyal.LEDGER));

        assertThat(picture(
                        mart,
                        "recency_days",
                        "recency_score",
                        "purchase_days",
                        "frequency_score",
                        "revenue",
                        "money_score",
                        "revenue_in_period",
                        "usage_tier",
                        "value_tier",
                        "account_class"))
                .isEqualTo("""
                recency_days | recency_score | purchase_days | frequency_score | revenue | money_score | revenue_in_period | usage_tier | value_tier | account_class
                257 | 2 | 1 | 1 | -1 | 1 | -4 | none | mass | economic
                41 | 4 | 1 | 1 | 20 | 4 | 20 | light | target | important
                5 | 5 | 7 | 5 | 50 | 4 | 35 | heavy | vip | group
                56 | 3 | 2 | 2 | 50 | 4 | 30 | medium | target | group
                87 | 2 | 2 | 2 | 15 | 3 | 0 | none | mass | economic
                """);
    }

    private static List<BigDecimal> numbers(int... numbers) {
        return IntStream.of(numbers).mapToObj(BigDecimal::valueOf).toList();
    }
}
