package manyi.conformed;

import static manyi.source.Landing.CUSTOMER_ID;
import static manyi.source.Landing.IS_RETURN;
import static manyi.source.Landing.MONTH;
import static manyi.source.Landing.ORDER_ID;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the sources say was bought in each month, customers known and unknown: one side of the reconciliation. */
public record PurchaseMonth() implements Derivation {

    public static final Field HAS_KNOWN_CUSTOMER =
            Field.flag("has_known_customer", "Whether the lines name their customer.");
    public static final Field ORDERS = Field.countOf("orders", "Distinct orders.");

    public static final Table TABLE = Table.named("purchase_month", "Totals of the purchase lines of each month.")
            .on(Visibility.INTERNAL)
            .oneRowPer("month, with and without a known customer", MONTH, HAS_KNOWN_CUSTOMER)
            .with(CustomerMonth.LINES, ORDERS, CustomerMonth.GROSS, CustomerMonth.RETURNS)
            .partitionedBy(MONTH);

    @Override
    public Lineage lineage() {
        return TABLE.from(Purchase.TABLE);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column amount = Purchase.AMOUNT_HELD.col();
        return inputs.read(Purchase.TABLE)
                .withColumn(HAS_KNOWN_CUSTOMER.name(), CUSTOMER_ID.col().isNotNull())
                .groupBy(MONTH.col(), HAS_KNOWN_CUSTOMER.col())
                .agg(
                        count(lit(1)).as(CustomerMonth.LINES.name()),
                        count_distinct(ORDER_ID.col()).as(ORDERS.name()),
                        sum(when(IS_RETURN.col(), lit(0L)).otherwise(amount)).as(CustomerMonth.GROSS.name()),
                        sum(when(IS_RETURN.col(), amount).otherwise(lit(0L))).as(CustomerMonth.RETURNS.name()));
    }
}
