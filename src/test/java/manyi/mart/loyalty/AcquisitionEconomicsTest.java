package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import manyi.config.Job.Loyalty;
import manyi.conformed.CostMonth;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.mart.loyalty.AcquisitionEconomics.Costs;
import manyi.mart.loyalty.AcquisitionEconomics.Returns;
import manyi.mart.value.SegmentLifetimeValue;
import manyi.table.Audit;
import manyi.table.Inputs;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class AcquisitionEconomicsTest {

    private static final String COSTS = """
            month      | purpose     | segments       | cost
            2026-04-01 | acquisition | West           | 300000
            2026-05-01 | acquisition | not attributed | 100000
            2026-05-01 | retention   | East           | 50000
            2026-01-01 | acquisition | East           | 200000
            2026-02-01 | acquisition | West           | 200000
            2025-05-01 | acquisition | Mars           | 70000
            """;

    private static final Costs BY_REGION = new Costs(true, Loyal.REGION);
    private static final Returns REVENUE = new Returns(false, Optional.empty(), false);

    private static Loyalty withRule(String cost, String visits, String perCustomer) {
        Loyalty plain = Loyal.LOYALTY;
        return new Loyalty(
                plain.periodMonths(),
                plain.activeGapDays(),
                plain.lostGapDays(),
                plain.heavy(),
                plain.medium(),
                plain.valueTiers(),
                plain.accountClasses(),
                plain.rfm(),
                plain.targets(),
                Optional.of(new Loyalty.SalesForce(
                        new BigDecimal(cost), new BigDecimal(visits), new BigDecimal(perCustomer))));
    }

    private static Dataset<Row> economics(Loyalty loyalty, Costs costs, Returns returns, String ledger) {
        Inputs inputs = Loyal.inputs(Loyal.LOYALTY, Loyal.CUSTOMERS, ledger);
        var people = rows(Customer.TABLE, Loyal.CUSTOMERS);
        var months = rows(CustomerMonth.TABLE, ledger);
        Dataset<Row> cells = new CohortCell(Loyal.REGION)
                .from(table -> table.equals(Customer.TABLE) ? people : months)
                .localCheckpoint();
        var values = rows(SegmentLifetimeValue.TABLE, """
                segment | segment_value | mean_lifetime_value | value_basis
                all     | all           | 80                  | BASIS
                region  | East          | 100                 | BASIS
                region  | West          | 60                  | BASIS
                """.replace(
                        "BASIS", returns.marginShare().isPresent() ? "margin" : "revenue"));
        var mart = Loyal.derived(
                new AcquisitionEconomics(Loyal.AS_OF, Loyal.REGION, "EUR", 3, loyalty, costs, returns),
                table -> table.equals(CohortCell.TABLE)
                        ? cells
                        : table.equals(CostMonth.TABLE)
                                ? rows(CostMonth.TABLE, COSTS)
                                : table.equals(SegmentLifetimeValue.TABLE) ? values : inputs.read(table));
        assertThat(Audit.of(AcquisitionEconomics.TABLE, mart).failed()).isEmpty();
        return mart;
    }

    @Test
    void setsCostsAgainstCustomersWonAndKept() {
        var mart = economics(Loyal.LOYALTY, BY_REGION, new Returns(false, Optional.empty(), true), Loyal.LEDGER);

        // cid is won in April to June; ann and eve in January to March, for 20 each
        assertThat(picture(
                        mart.where("period_from >= '2026-01-01'"),
                        "segment_value",
                        "period_from",
                        "customers_before",
                        "new_customers",
                        "customers",
                        "customers_at_start",
                        "kept_customers",
                        "acquisition_cost",
                        "retention_cost",
                        "cost_per_new_customer",
                        "cost_per_kept_customer",
                        "new_over_kept",
                        "payback_months",
                        "lifetime_value_over_cost"))
                .isEqualTo("""
                segment_value | period_from | customers_before | new_customers | customers | customers_at_start | kept_customers | acquisition_cost | retention_cost | cost_per_new_customer | cost_per_kept_customer | new_over_kept | payback_months | lifetime_value_over_cost
                East | 2026-01-01 | 1 | 1 | 2 | 0 | 0 | 20 | 0 | 20 |  |  | 3 |
                East | 2026-04-01 | 2 | 0 | 2 | 1 | 1 | 0 | 5 |  | 5 |  |  |
                West | 2026-01-01 | 1 | 1 | 2 | 1 | 0 | 20 | 0 | 20 |  |  |  |
                West | 2026-04-01 | 2 | 1 | 3 | 1 | 0 | 30 | 0 | 30 |  |  |  | 2.0000
                all | 2026-01-01 | 2 | 2 | 4 | 1 | 0 | 40 | 0 | 20 |  |  | 3 |
                all | 2026-04-01 | 4 | 1 | 5 | 2 | 1 | 40 | 5 | 40 | 5 | 8.0000 |  | 2.0000
                not attributed | 2026-04-01 | 0 | 0 | 0 | 0 | 0 | 10 | 0 |  |  |  |  |
                """);
        // nobody is on Mars, and money was spent there
        assertThat(picture(mart.where("segment_value = 'Mars'"), "period_from", "customers", "acquisition_cost"))
                .isEqualTo("""
                period_from | customers | acquisition_cost
                2025-04-01 | 0 | 7
                """);
    }

    @Test
    void whereTheDataBeginNobodyIsKnownToBeNew() {
        // the first purchase on record is bob's in June 2025, and he may have bought in May: so until September
        assertThat(picture(
                        economics(Loyal.LOYALTY, BY_REGION, REVENUE, Loyal.LEDGER)
                                .where("segment = 'all' and period_from < '2026-01-01' and customers > 0"),
                        "period_from",
                        "new_customers",
                        "is_left_truncated",
                        "acquisition_cost",
                        "cost_per_new_customer",
                        "new_over_kept",
                        "payback_months"))
                .isEqualTo("""
                period_from | new_customers | is_left_truncated | acquisition_cost | cost_per_new_customer | new_over_kept | payback_months
                2025-04-01 | 1 | true | 7 |  |  |
                2025-07-01 | 0 | true | 0 |  |  |
                2025-10-01 | 1 | false | 0 | 0 |  |
                """);
        assertThat(picture(
                        economics(withRule("182500", "365", "4"), new Costs(false, List.of()), REVENUE, Loyal.LEDGER)
                                .where("segment = 'all' and new_customers > 0"),
                        "period_from",
                        "is_left_truncated",
                        "cost_per_new_customer"))
                .isEqualTo("""
                period_from | is_left_truncated | cost_per_new_customer
                2025-04-01 | true |
                2025-10-01 | false | 2000
                2026-01-01 | false | 2000
                2026-04-01 | false | 2000
                """);
    }

    @Test
    void revenueIsNotHeldAgainstMargins() {
        assertThat(picture(basesOf(new Returns(false, Optional.empty(), true))
                        .unionByName(basesOf(new Returns(true, Optional.empty(), true)))
                        .unionByName(basesOf(new Returns(true, Optional.of(0.5), true)))
                        .unionByName(basesOf(new Returns(false, Optional.of(0.5), true)))
                        .unionByName(basesOf(REVENUE))))
                .isEqualTo("""
                return_basis | value_basis | lifetime_value_over_cost
                line margins | margin | 2.0000
                line margins | revenue |
                margin share | margin | 2.0000
                revenue |  |
                revenue | revenue | 2.0000
                """);
    }

    private static Dataset<Row> basesOf(Returns returns) {
        return economics(Loyal.LOYALTY, BY_REGION, returns, Loyal.LEDGER)
                .where("segment = 'all' and period_from = '2026-04-01'")
                .select("return_basis", "value_basis", "lifetime_value_over_cost");
    }

    @Test
    void everySegmentSumsToTheWhole() {
        var mart = economics(Loyal.LOYALTY, BY_REGION, REVENUE, Loyal.LEDGER);

        assertThat(picture(mart.groupBy("period_from")
                        .agg(
                                expr("sum(if(segment = 'all', customers, -customers)) as customers"),
                                expr("sum(if(segment = 'all', new_customers, -new_customers)) as won"),
                                expr("sum(if(segment = 'all', kept_customers, -kept_customers)) as kept"),
                                expr("sum(if(segment = 'all', acquisition_cost, -acquisition_cost)) as cost"))
                        .where("customers <> 0 or won <> 0 or kept <> 0 or cost <> 0")))
                .isEqualTo("period_from | customers | won | kept | cost\n");
    }

    @Test
    void costsThatNameNoSegmentAreThoseOfAll() {
        var mart = economics(Loyal.LOYALTY, new Costs(true, List.of()), REVENUE, Loyal.LEDGER);

        assertThat(picture(
                        mart.where("period_from = '2026-04-01' and segment_value in ('all', 'West')"),
                        "segment_value",
                        "acquisition_cost",
                        "cost_per_new_customer"))
                .isEqualTo("""
                segment_value | acquisition_cost | cost_per_new_customer
                West |  |
                all | 40 | 40
                """);
    }

    @Test
    void withoutCostsTheRuleOfVisitsSaysWhatACustomerCosts() {
        // 182,500 / 365 × 4
        var mart = economics(withRule("182500", "365", "4"), new Costs(false, List.of()), REVENUE, Loyal.LEDGER);

        assertThat(picture(
                        mart.where("period_from >= '2026-01-01' and segment = 'region'"),
                        "segment_value",
                        "period_from",
                        "acquisition_cost",
                        "cost_basis",
                        "cost_per_new_customer",
                        "sales_force_cost_per_customer",
                        "payback_months"))
                .isEqualTo("""
                segment_value | period_from | acquisition_cost | cost_basis | cost_per_new_customer | sales_force_cost_per_customer | payback_months
                East | 2026-01-01 |  | sales force | 2000 | 2000 |
                East | 2026-04-01 |  | sales force |  | 2000 |
                West | 2026-01-01 |  | sales force | 2000 | 2000 |
                West | 2026-04-01 |  | sales force | 2000 | 2000 |
                """);
    }

    @Test
    void paysBackByMarginsWhereTheyAreKnown() {
        String ledger = """
                customer_id | month      | day_mask | purchase_days | lines | gross  | returns | net    | margin | net_with_margin
                ann         | 2026-02-01 | 516      | 2             | 2     | 100000 | 0       | 100000 | 50000  | 100000
                ann         | 2026-03-01 | 16       | 1             | 1     | 50000  | 0       | 50000  |        |
                ann         | 2026-04-01 | 7        | 3             | 3     | 300000 | 0       | 300000 | 160000 | 300000
                bob         | 2025-06-01 | 1        | 1             | 1     | 200000 | 0       | 200000 |        |
                cid         | 2026-05-01 | 16       | 1             | 1     | 200000 | 0       | 200000 |        |
                eve         | 2026-01-01 | 512      | 1             | 1     | 80000  | 0       | 80000  | 200000 | 80000
                fay         | 2025-10-01 | 1        | 1             | 1     | 30000  | 0       | 30000  |        |
                """;

        // ann has brought 5, 5 and 21 of her 20 in February, March and April; eve all of hers at once
        assertThat(picture(
                        economics(Loyal.LOYALTY, BY_REGION, new Returns(true, Optional.of(0.5), false), ledger)
                                .where("period_from = '2026-01-01' and payback_months is not null"),
                        "segment_value",
                        "return_basis",
                        "payback_months"))
                .isEqualTo("""
                segment_value | return_basis | payback_months
                East | line margins | 3
                West | line margins | 1
                all | line margins | 3
                """);
        assertThat(picture(
                        economics(Loyal.LOYALTY, BY_REGION, new Returns(false, Optional.of(0.5), false), Loyal.LEDGER)
                                .where("period_from = '2026-01-01' and payback_months is not null"),
                        "segment_value",
                        "return_basis",
                        "payback_months"))
                .isEqualTo("""
                segment_value | return_basis | payback_months
                East | margin share | 3
                """);
    }

    @Test
    void refusesToTellOfNothing() {
        assertThatThrownBy(() -> new AcquisitionEconomics(
                        Loyal.AS_OF, Loyal.REGION, "EUR", 3, Loyal.LOYALTY, new Costs(false, List.of()), REVENUE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
