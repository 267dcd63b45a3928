package manyi.mart.account;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.CustomerMonth;
import manyi.conformed.PurchaseMonth;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.CohortCell;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * What the sources say against what the customer tables were made of, month by month. Money of unknown customers stands
 * beside that of known ones; only the latter can be in customer tables, and must be there to the last ten-thousandth.
 */
public record Reconciliation(LocalDate asOf, String currency) implements Derivation {

    public static final Field MONTH = Field.required("month", DataTypes.DateType, "The month, by its first day.");
    public static final Field CURRENCY = Field.required("currency", DataTypes.StringType, "The reporting currency.");
    public static final Field CUSTOMERS = Field.optional(
                    "customers", DataTypes.LongType, "Known customers with a line in the month; null where unknown.")
            .in("customers");
    public static final Field LINES =
            Field.required("lines", DataTypes.LongType, "Lines of the sources.").in("lines");
    public static final Field ORDERS = Field.required("orders", DataTypes.LongType, "Distinct orders of the sources.")
            .in("orders");
    public static final Field GROSS = Field.required(
                    "gross", CustomerMonth.PUBLISHED_MONEY, "Amount of the sources' lines that are not returns.")
            .in("units of currency");
    public static final Field RETURNS = Field.required(
                    "returns", CustomerMonth.PUBLISHED_MONEY, "Amount of the sources' returns, negative.")
            .in("units of currency");
    public static final Field NET = Field.required("net", CustomerMonth.PUBLISHED_MONEY, "Gross plus returns.")
            .in("units of currency");
    public static final Field PUBLISHED_NET = Field.optional(
                    "published_net",
                    CustomerMonth.PUBLISHED_MONEY,
                    "Net amount in the customer tables; null for unknown customers, who are in none.")
            .in("units of currency");
    public static final Field DIFFERENCE = Field.optional(
                    "difference", CustomerMonth.PUBLISHED_MONEY, "Published net minus net; 0 in a sound run.")
            .in("units of currency");

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
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(PurchaseMonth.TABLE, CohortCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> published = inputs.read(CohortCell.TABLE)
                .where(SegmentColumns.SEGMENT.col().equalTo(Dimension.ALL))
                .groupBy(Landing.MONTH.col())
                .agg(
                        sum(CohortCell.CUSTOMERS_SEEN.col()).as(CUSTOMERS.name()),
                        sum(CustomerMonth.NET.col()).as("held_net"))
                .withColumn(PurchaseMonth.HAS_KNOWN_CUSTOMER.name(), lit(true));
        Column net = col("net");
        Column heldNet = col("held_net");
        return inputs.read(PurchaseMonth.TABLE)
                .withColumn("net", col("gross").plus(col("returns")))
                .join(published, new String[] {MONTH.name(), PurchaseMonth.HAS_KNOWN_CUSTOMER.name()}, "full_outer")
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
