package manyi.mart.account;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import manyi.config.Dimension;
import manyi.conformed.CustomerMonth;
import manyi.conformed.PurchaseMonth;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.CohortCell;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the sources say against what the customer tables were made of, month by month. Money of unknown customers stands
 * beside that of known ones; only the latter can be in customer tables, and must be there to the last ten-thousandth.
 */
public record Reconciliation(LocalDate asOf, String currency) implements Derivation {

    public static final Field MONTH = Field.day("month", "The month, by its first day.");
    public static final Field CURRENCY = Field.text("currency", "The reporting currency.");
    public static final Field CUSTOMERS =
            Field.optionalCountOf("customers", "Known customers with a line in the month; null where unknown.");
    public static final Field LINES = Field.countOf("lines", "Lines of the sources.");
    public static final Field ORDERS = Field.countOf("orders", "Distinct orders of the sources.");
    public static final Field GROSS =
            CustomerMonth.money("gross", "Amount of the sources' lines that are not returns.");
    public static final Field RETURNS = CustomerMonth.money("returns", "Amount of the sources' returns, negative.");
    public static final Field NET = CustomerMonth.money("net", "Gross plus returns.");
    public static final Field PUBLISHED_NET = CustomerMonth.optionalMoney(
            "published_net", "Net amount in the customer tables; null for unknown customers, who are in none.");
    public static final Field DIFFERENCE =
            CustomerMonth.optionalMoney("difference", "Published net minus net; 0 in a sound run.");

    public static final Table TABLE = Table.named(
                    "reconciliation", "Purchases of the sources against those in the customer tables, per month.")
            .oneRowPer(
                    "month, with and without a known customer",
                    SegmentColumns.AS_OF,
                    MONTH,
                    PurchaseMonth.HAS_KNOWN_CUSTOMER)
            .with(CURRENCY, LINES, ORDERS, CUSTOMERS, GROSS, RETURNS, NET, PUBLISHED_NET, DIFFERENCE)
            .expect(
                    "net = gross + returns",
                    "difference = 0",
                    "has_known_customer = (published_net is not null)",
                    "has_known_customer = (customers is not null)");

    @Override
    public Lineage lineage() {
        return TABLE.from(PurchaseMonth.TABLE, CohortCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> published = inputs.read(CohortCell.TABLE)
                .where(SegmentColumns.SEGMENT.is(Dimension.ALL))
                .groupBy(Landing.MONTH.col())
                .agg(
                        sum(CohortCell.CUSTOMERS_SEEN.col()).as(CUSTOMERS.name()),
                        sum(CustomerMonth.NET.col()).as("held_net"))
                .withColumn(PurchaseMonth.HAS_KNOWN_CUSTOMER.name(), lit(true));
        Column net = col("net");
        Column heldNet = col("held_net");
        return inputs.read(PurchaseMonth.TABLE)
                .withColumn("net", col("gross").plus(col("returns")))
                .join(published, Field.names(MONTH, PurchaseMonth.HAS_KNOWN_CUSTOMER), "full_outer")
                .select(
                        SegmentColumns.asOf(asOf),
                        MONTH.col(),
                        PurchaseMonth.HAS_KNOWN_CUSTOMER.col(),
                        lit(currency).as(CURRENCY.name()),
                        coalesce(LINES.col(), lit(0L)).as(LINES.name()),
                        coalesce(ORDERS.col(), lit(0L)).as(ORDERS.name()),
                        CUSTOMERS.col(),
                        money(GROSS.name()),
                        money(RETURNS.name()),
                        money(NET.name()),
                        CustomerMonth.money(heldNet).as(PUBLISHED_NET.name()),
                        CustomerMonth.money(heldNet.minus(coalesce(net, lit(0L))))
                                .as(DIFFERENCE.name()));
    }

    private static Column money(String held) {
        return CustomerMonth.money(coalesce(col(held), lit(0L))).as(held);
    }
}
