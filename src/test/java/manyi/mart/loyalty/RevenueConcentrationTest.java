package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import manyi.table.Audit;
import manyi.table.Inputs;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RevenueConcentrationTest {

    private static Dataset<Row> curve(Inputs inputs) {
        return Loyal.derived(new RevenueConcentration(Loyal.AS_OF, Loyal.REGION, "EUR"), inputs);
    }

    private static String ends(Dataset<Row> curve, String where) {
        return picture(
                curve.where(where),
                "percentile",
                "customers",
                "cumulative_customers",
                "revenue",
                "cumulative_revenue",
                "cumulative_revenue_share",
                "gini");
    }

    @Test
    void tellsWhatTheBestFifthBrings() {
        var curve = curve(
                Loyal.june("ann East 800000", "bob East 50000", "cid East 50000", "eve West 50000", "fay West 50000"));

        assertThat(ends(curve, "segment = 'all' and period = 'period' and percentile in (19, 20, 21, 40, 99, 100)"))
                .isEqualTo("""
                percentile | customers | cumulative_customers | revenue | cumulative_revenue | cumulative_revenue_share | gini
                100 | 1 | 5 | 5 | 100 | 1.0000 | 0.6000
                19 | 0 | 0 | 0 | 0 | 0.0000 | 0.6000
                20 | 1 | 1 | 80 | 80 | 0.8000 | 0.6000
                21 | 0 | 1 | 0 | 80 | 0.8000 | 0.6000
                40 | 1 | 2 | 5 | 85 | 0.8500 | 0.6000
                99 | 0 | 4 | 0 | 95 | 0.9500 | 0.6000
                """);
        assertThat(Audit.of(RevenueConcentration.TABLE, curve).failed()).isEmpty();
        assertThat(curve.count()).isEqualTo(600);
    }

    @Test
    void isFlatWhereAllPayTheSameAndWhereThereIsOneCustomer() {
        String[] equals = IntStream.range(0, 200)
                .mapToObj(i -> "c" + i + (i < 150 ? " East" : " West") + " 120000")
                .toArray(String[]::new);

        var curve = curve(Loyal.june(equals));

        assertThat(picture(
                        curve.where("period = 'all time' and percentile in (1, 50, 100)"),
                        "segment_value",
                        "percentile",
                        "customers",
                        "cumulative_revenue_share",
                        "gini"))
                .isEqualTo("""
                segment_value | percentile | customers | cumulative_revenue_share | gini
                East | 1 | 1 | 0.0067 | 0.0000
                East | 100 | 2 | 1.0000 | 0.0000
                East | 50 | 2 | 0.5000 | 0.0000
                West | 1 | 0 | 0.0000 | 0.0000
                West | 100 | 1 | 1.0000 | 0.0000
                West | 50 | 1 | 0.5000 | 0.0000
                all | 1 | 2 | 0.0100 | 0.0000
                all | 100 | 2 | 1.0000 | 0.0000
                all | 50 | 2 | 0.5000 | 0.0000
                """);
        assertThat(ends(
                        curve(Loyal.june("ann East 5")),
                        "segment = 'all' and period = 'period' and percentile in (1, 99, 100)"))
                .isEqualTo("""
                percentile | customers | cumulative_customers | revenue | cumulative_revenue | cumulative_revenue_share | gini
                1 | 0 | 0 | 0 | 0 | 0.0000 | 0.0000
                100 | 1 | 1 | 0.0005 | 0.0005 | 1.0000 | 0.0000
                99 | 0 | 0 | 0 | 0 | 0.0000 | 0.0000
                """);
    }

    @Test
    void putsCustomersBelowZeroLast() {
        var curve = curve(Loyal.june("ann East 100000", "bob East -50000"));

        assertThat(ends(curve, "segment = 'all' and period = 'period' and percentile in (50, 100)"))
                .isEqualTo("""
                percentile | customers | cumulative_customers | revenue | cumulative_revenue | cumulative_revenue_share | gini
                100 | 1 | 2 | -5 | 5 | 1.0000 | 1.5000
                50 | 1 | 1 | 10 | 10 | 2.0000 | 1.5000
                """);
        var lossOnly = curve(Loyal.june("bob East -50000"));
        assertThat(ends(lossOnly, "segment = 'all' and period = 'period' and percentile = 100"))
                .isEqualTo("""
                percentile | customers | cumulative_customers | revenue | cumulative_revenue | cumulative_revenue_share | gini
                100 | 1 | 1 | -5 | -5 |  |
                """);
    }

    @Test
    void holdsEachCustomerAndEachAmountInOneSegmentValue() {
        var curve = curve(Loyal.inputs(Loyal.LOYALTY, Loyal.CUSTOMERS, Loyal.LEDGER));

        assertThat(picture(curve.groupBy("segment", "period")
                        .agg(expr("sum(customers) as customers"), expr("sum(revenue) as revenue"))))
                .isEqualTo("""
                segment | period | customers | revenue
                all | all time | 5 | 134
                all | period | 3 | 85
                region | all time | 5 | 134
                region | period | 3 | 85
                """);
        assertThat(Audit.of(RevenueConcentration.TABLE, curve).failed()).isEmpty();
    }

    @Test
    void saysWhatShareOfTheMarginTheBestByRevenueBring() {
        String customers = """
                customer_id | first_month | cohort_on  | last_month | lines_without_purchase | segments
                ann         | 2026-06-01  | 2026-06-01 | 2026-06-01 |                        | East
                bob         | 2026-06-01  | 2026-06-01 | 2026-06-01 |                        | East
                cid         | 2026-06-01  | 2026-06-01 | 2026-06-01 |                        | West
                dan         | 2026-06-01  | 2026-06-01 | 2026-06-01 |                        | West
                """;
        String ledger = """
                customer_id | month      | day_mask | purchase_days | lines | gross  | returns | net    | margin | net_with_margin
                ann         | 2026-06-01 | 1        | 1             | 1     | 400000 | 0       | 400000 | 10000  | 400000
                bob         | 2026-06-01 | 1        | 1             | 1     | 300000 | 0       | 300000 | 90000  | 300000
                cid         | 2026-06-01 | 1        | 1             | 1     | 200000 | 0       | 200000 |        |
                dan         | 2026-06-01 | 1        | 1             | 1     | 100000 | 0       | 100000 |        |
                """;

        var mart = curve(Loyal.inputs(Loyal.LOYALTY, customers, ledger));

        assertThat(picture(
                        mart.where("period = 'period' and percentile in (25, 50, 100) and segment_value <> 'East'"),
                        "segment_value",
                        "percentile",
                        "margin",
                        "cumulative_margin",
                        "cumulative_margin_share"))
                .isEqualTo("""
                segment_value | percentile | margin | cumulative_margin | cumulative_margin_share
                West | 100 |  |  |
                West | 25 |  |  |
                West | 50 |  |  |
                all | 100 | 0 | 10 | 1.0000
                all | 25 | 1 | 1 | 0.1000
                all | 50 | 9 | 10 | 1.0000
                """);
        assertThat(Audit.of(RevenueConcentration.TABLE, mart).failed()).isEmpty();
    }
}
