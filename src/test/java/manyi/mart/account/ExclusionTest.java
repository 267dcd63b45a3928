package manyi.mart.account;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.conformed.CategorySpending;
import manyi.conformed.CostMonth;
import manyi.conformed.Referral;
import manyi.source.Landing;
import manyi.table.Audit;
import manyi.table.Table;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ExclusionTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 3, 15);

    private static final Map<Table, String> LANDED =
            Map.of(Landing.COST, """
                    source | file | place | row_key | period_from | period_unit | purpose     | amount
                    costs  | c    | 1     |         | 2025-01-01  | year        | acquisition | 12
                    costs  | c    | 2     |         | 2026-01-01  | year        | acquisition | 12
                    costs  | c    | 3     |         | 2026-03-01  | month       | acquisition | 1
                    costs  | c    | 4     |         | 2026-03-16  | day         | acquisition | 1
                    costs  | c    | 5     | k       | 2026-04-01  | month       | retention   | 1
                    costs  | d    | 1     | k       | 2026-04-01  | month       | retention   | 2
                    """, Landing.SPENDING, """
                    source   | file | place | customer_id | period_from | period_unit | amount
                    spending | s    | 1     | ann         | 2026-03-01  | month       | 90
                    spending | s    | 2     | ann         | 2026-04-01  | month       | 90
                    spending | t    | 1     | ann         | 2026-04-01  | month       | 80
                    spending | s    | 3     | ann         | 2027-01-01  | year        | 70
                    spending | s    | 4     | bob         | 2027-01-01  | year        | 70
                    """, Landing.REFERRAL, """
                    source    | file | place | customer_id | referred_customer_id | referred_on
                    referrals | r    | 1     | ann         | cid                  | 2026-02-01
                    referrals | r    | 2     | ann         | cid                  | 2026-02-02
                    referrals | r    | 3     | ann         | cid                  | 2026-02-03
                    referrals | r    | 4     | bob         | cid                  | 2026-02-03
                    referrals | r    | 5     | ann         |                      | 2026-02-01
                    referrals | r    | 6     | ann         |                      | 2026-02-01
                    referrals | r    | 7     | ann         | dan                  | 2026-03-16
                    referrals | r    | 8     | ann         | cid                  | 2026-03-16
                    """);

    private static Dataset<Row> exclusions(Set<Table> derived) {
        var exclusion = new Exclusion(AS_OF, derived, Optional.empty());
        var told = exclusion
                .table()
                .conform(exclusion.from(table -> {
                    assertThat(exclusion.inputs()).contains(table);
                    return LANDED.containsKey(table)
                            ? rows(table, LANDED.get(table))
                            : Sparks.session().createDataFrame(List.<Row>of(), table.schema());
                }))
                .localCheckpoint();
        assertThat(Audit.of(exclusion.table(), told).failed()).isEmpty();
        return told.where("table_name <> 'cohort_retention'");
    }

    @Test
    void whatIsAcceptedAndOfNoUseIsToldOf() {
        // a later row with the same key, or about the same customer and period, is a duplicate and counted as such
        assertThat(picture(
                        exclusions(Set.of(CostMonth.TABLE, CategorySpending.TABLE, Referral.TABLE)),
                        "table_name",
                        "reason",
                        "customers",
                        "rows"))
                .isEqualTo("""
                table_name | reason | customers | rows
                acquisition_economics | after as_of |  | 2
                acquisition_economics | the months after as_of of a year's cost |  | 1
                customer_share | after as_of | 2 | 3
                three_r | after as_of | 1 | 2
                three_r | pair already counted | 1 | 2
                """);
    }

    @Test
    void ofSourcesThatNoTableUsesNothingIsTold() {
        assertThat(exclusions(Set.of()).count()).isZero();
    }
}
