package manyi.mart.loyalty;

import static manyi.testing.Rows.rows;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import manyi.config.Dimension;
import manyi.config.Job.Loyalty;
import manyi.config.TierKind;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Six customers up to 15 June 2026, in periods of three months: April to June, and January to March before it. Active is
 * who bought within 30 days, lost who did not within 90; three purchase days make a heavy user, two a medium one.
 */
final class Loyal {

    static final LocalDate AS_OF = LocalDate.of(2026, 6, 15);

    static final List<Dimension> REGION = List.of(new Dimension(List.of("region")));

    static final Loyalty LOYALTY = loyalty(3, 90);

    static final String CUSTOMERS = """
            customer_id | first_month | cohort_on  | last_month | lines_without_purchase | segments
            ann         | 2026-02-01  | 2026-02-01 | 2026-06-01 |                        | East
            bob         | 2025-06-01  | 2025-06-01 | 2026-04-01 |                        | East
            cid         | 2026-05-01  | 2026-05-01 | 2026-05-01 |                        | West
            dan         | 2026-02-01  |            |            | 1                      | West
            eve         | 2026-01-01  | 2026-01-01 | 2026-03-01 |                        | West
            fay         | 2025-10-01  | 2025-10-01 | 2025-10-01 |                        | West
            """;

    static final String LEDGER = """
            customer_id | month      | day_mask | purchase_days | lines | gross  | returns | net
            ann         | 2026-02-01 | 516      | 2             | 2     | 100000 | 0       | 100000
            ann         | 2026-03-01 | 16       | 1             | 1     | 50000  | 0       | 50000
            ann         | 2026-04-01 | 7        | 3             | 3     | 300000 | 0       | 300000
            ann         | 2026-06-01 | 512      | 1             | 1     | 50000  | 0       | 50000
            bob         | 2025-06-01 | 1        | 1             | 1     | 200000 | 0       | 200000
            bob         | 2026-04-01 | 524288   | 1             | 1     | 300000 | 0       | 300000
            cid         | 2026-05-01 | 16       | 1             | 1     | 200000 | 0       | 200000
            dan         | 2026-02-01 | 0        | 0             | 1     | 0      | -5000   | -5000
            eve         | 2026-01-01 | 512      | 1             | 1     | 80000  | 0       | 80000
            eve         | 2026-03-01 | 524288   | 1             | 1     | 70000  | 0       | 70000
            fay         | 2025-10-01 | 1        | 1             | 1     | 30000  | 0       | 30000
            fay         | 2026-05-01 | 0        | 0             | 1     | 0      | -40000  | -40000
            """;

    private Loyal() {}

    static Loyalty loyalty(int periodMonths, int lostGapDays, Loyalty.TierTarget... targets) {
        return new Loyalty(
                periodMonths,
                30,
                lostGapDays,
                new Loyalty.Usage(3, Optional.empty()),
                new Loyalty.Usage(2, Optional.empty()),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(targets),
                Optional.empty());
    }

    static Loyalty.TierTarget target(TierKind kind, String from, String to, String share) {
        return new Loyalty.TierTarget(kind, from, to, new BigDecimal(share));
    }

    static Dataset<Row> standing(Loyalty loyalty, String customers, String ledger) {
        var people = rows(Customer.TABLE, customers);
        var months = rows(CustomerMonth.TABLE, ledger);
        Derivation standing = new CustomerStatus(AS_OF, loyalty);
        return standing.table()
                .conform(standing.from(table -> table.equals(Customer.TABLE) ? people : months))
                .localCheckpoint();
    }

    /** The inputs of the marts that are condensed from standings. */
    static Inputs inputs(Loyalty loyalty, String customers, String ledger) {
        Dataset<Row> standing = standing(loyalty, customers, ledger);
        Dataset<Row> cells = new CustomerCell()
                .from(table -> rows(Customer.TABLE, customers))
                .localCheckpoint();
        return table -> table.equals(CustomerStatus.TABLE) ? standing : cells;
    }

    /** A ledger of one month, June 2026, and its customers, from lines of name, region and money. */
    static Inputs june(String... people) {
        StringBuilder customers = new StringBuilder(
                "customer_id | first_month | cohort_on | last_month | lines_without_purchase | segments\n");
        StringBuilder ledger = new StringBuilder("customer_id | month | day_mask | purchase_days | lines | net\n");
        for (String person : people) {
            String[] cells = person.split(" ", -1);
            customers.append("%s | 2026-06-01 | 2026-06-01 | 2026-06-01 | | %s%n".formatted(cells[0], cells[1]));
            ledger.append("%s | 2026-06-01 | 1 | 1 | 1 | %s%n".formatted(cells[0], cells[2]));
        }
        return inputs(LOYALTY, customers.toString(), ledger.toString());
    }

    static Dataset<Row> derived(Derivation mart, Inputs inputs) {
        Table table = mart.table();
        return table.conform(mart.from(inputs)).localCheckpoint();
    }
}
