package manyi.mart.loyalty;

import static manyi.testing.Rows.picture;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import manyi.config.Job.Loyalty;
import manyi.config.TierKind;
import manyi.table.Audit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class TierTransitionTest {

    private static Dataset<Row> moves(Loyalty loyalty) {
        return Loyal.derived(
                new TierTransition(Loyal.AS_OF, Loyal.REGION, loyalty),
                Loyal.inputs(loyalty, Loyal.CUSTOMERS, Loyal.LEDGER));
    }

    @Test
    void countsEveryMoveAndHoldsItAgainstItsTarget() {
        var moves = moves(Loyal.loyalty(
                3,
                90,
                Loyal.target(TierKind.USAGE, "none", "light", "0.5"),
                Loyal.target(TierKind.USAGE, "medium", "heavy", "0.05"),
                Loyal.target(TierKind.USAGE, "light", "medium", "0.05")));

        // nobody was a light user before, so there is nobody to move
        assertThat(picture(
                        moves.where("segment = 'all'"),
                        "tier_kind",
                        "tier_from",
                        "tier_to",
                        "customers",
                        "customers_from",
                        "share",
                        "target_share",
                        "is_attained",
                        "customers_at_start",
                        "customers_moved"))
                .isEqualTo("""
                tier_kind | tier_from | tier_to | customers | customers_from | share | target_share | is_attained | customers_at_start | customers_moved
                life cycle | lost | lost | 1 | 2 | 0.5000 |  |  | 4 | 4
                life cycle | lost | won back | 1 | 2 | 0.5000 |  |  | 4 | 4
                life cycle | new | active | 1 | 2 | 0.5000 |  |  | 4 | 4
                life cycle | new | dormant | 1 | 2 | 0.5000 |  |  | 4 | 4
                life cycle | not yet a customer | new | 1 | 1 | 1.0000 |  |  | 4 | 4
                usage | heavy | heavy | 1 | 1 | 1.0000 |  |  | 4 | 4
                usage | medium | heavy | 0 | 1 | 0.0000 | 0.0500 | false | 4 | 4
                usage | medium | none | 1 | 1 | 1.0000 |  |  | 4 | 4
                usage | none | light | 1 | 2 | 0.5000 | 0.5000 | true | 4 | 4
                usage | none | none | 1 | 2 | 0.5000 |  |  | 4 | 4
                usage | not yet a customer | light | 1 | 1 | 1.0000 |  |  | 4 | 4
                """);
        assertThat(Audit.of(TierTransition.TABLE, moves).failed()).isEmpty();
    }

    @Test
    void everySegmentSumsToTheWhole() {
        assertThat(picture(moves(Loyal.LOYALTY)
                        .groupBy("tier_kind", "tier_from", "tier_to")
                        .agg(expr("sum(if(segment = 'all', customers, -customers)) as rest"))
                        .where("rest <> 0")))
                .isEqualTo("tier_kind | tier_from | tier_to | rest\n");
    }

    @Test
    void marksAPeriodBeforeThatTheDataDoNotReach() {
        assertThat(truncated(3, "2025-06"))
                .isEqualTo("tier_kind | is_left_truncated\nlife cycle | false\nusage | false\n");
        assertThat(truncated(6, "2025-06"))
                .isEqualTo("tier_kind | is_left_truncated\nlife cycle | false\nusage | false\n");
        // the period before is July to December: whoever is in it seems new
        assertThat(truncated(6, "2025-07"))
                .isEqualTo("tier_kind | is_left_truncated\nlife cycle | true\nusage | false\n");
        assertThat(truncated(6, "2025-08"))
                .isEqualTo("tier_kind | is_left_truncated\nlife cycle | true\nusage | true\n");
    }

    /** Periods of so many months, where the data begin in this one. */
    private static String truncated(int months, String begin) {
        Loyalty loyalty = Loyal.loyalty(months, 365);
        var moves = Loyal.derived(
                new TierTransition(Loyal.AS_OF, Loyal.REGION, loyalty),
                Loyal.inputs(
                        loyalty, Loyal.CUSTOMERS.replace("2025-06", begin), Loyal.LEDGER.replace("2025-06", begin)));
        return picture(moves.select("tier_kind", "is_left_truncated").distinct());
    }
}
