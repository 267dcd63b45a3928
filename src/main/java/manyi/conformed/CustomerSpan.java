package manyi.conformed;

import static manyi.source.Landing.MONTH;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Optional;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From when to when each customer bought: the ledger folded once more. */
public record CustomerSpan() implements Derivation {

    public static final Field FIRST_PURCHASE_ON =
            Field.optionalDay("first_purchase_on", "The first purchase day; null for customers with returns only.");
    public static final Field LAST_PURCHASE_ON =
            Field.optionalDay("last_purchase_on", "The last purchase day; null likewise.");
    public static final Field FIRST_MONTH = Field.day("first_month", "The first month with a line of any kind.");
    public static final Field LINES = Field.optionalWhole(
                    "lines_without_purchase",
                    "Lines of a customer who has never had a purchase day; null for all others.")
            .in("lines");

    public static final Table TABLE = Table.named("customer_span", "From when to when each customer bought.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer", CustomerMonth.CUSTOMER)
            .with(FIRST_PURCHASE_ON, LAST_PURCHASE_ON, FIRST_MONTH, LINES)
            .sortedBy(CustomerMonth.CUSTOMER)
            .expect(
                    "first_purchase_on <= last_purchase_on",
                    "first_month <= first_purchase_on",
                    "(lines_without_purchase is null) = (first_purchase_on is not null)")
            .version(2);

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, Purchase.TABLE);
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Optional<Table> extendedBy() {
        return Optional.of(Purchase.TABLE);
    }

    @Override
    public Dataset<Row> extended(Dataset<Row> kept, Dataset<Row> added) {
        return folded(kept.unionByName(ofMonths(new CustomerMonth().from(table -> added))));
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return folded(ofMonths(inputs.read(CustomerMonth.TABLE)));
    }

    /** The spans of single ledger rows. */
    public static Dataset<Row> ofMonths(Dataset<Row> ledger) {
        return ledger.select(
                CustomerMonth.CUSTOMER.col(),
                firstDay().as(FIRST_PURCHASE_ON.name()),
                lastDay().as(LAST_PURCHASE_ON.name()),
                MONTH.col().as(FIRST_MONTH.name()),
                when(CustomerMonth.DAY_MASK.is(0), CustomerMonth.LINES.col()).as(LINES.name()));
    }

    /** The first purchase day of a ledger row; null in a month without one. */
    public static Column firstDay() {
        // the lowest set bit of m is bit_count((m & -m) - 1)
        return inMonth(expr("bit_count((day_mask & -day_mask) - 1)"));
    }

    /** The last purchase day of a ledger row; null in a month without one. */
    public static Column lastDay() {
        // the highest set bit stands where the binary text begins
        return inMonth(expr("length(bin(day_mask)) - 1"));
    }

    private static Column inMonth(Column days) {
        return when(CustomerMonth.DAY_MASK.col().notEqual(0), date_add(MONTH.col(), days));
    }

    /** Spans of the same customer made one; those of disjoint months give those of all months. */
    public static Dataset<Row> folded(Dataset<Row> spans) {
        return spans.groupBy(CustomerMonth.CUSTOMER.col())
                .agg(
                        min(FIRST_PURCHASE_ON.col()).as(FIRST_PURCHASE_ON.name()),
                        max(LAST_PURCHASE_ON.col()).as(LAST_PURCHASE_ON.name()),
                        min(FIRST_MONTH.col()).as(FIRST_MONTH.name()),
                        when(min(FIRST_PURCHASE_ON.col()).isNull(), sum(LINES.col()))
                                .as(LINES.name()));
    }
}
