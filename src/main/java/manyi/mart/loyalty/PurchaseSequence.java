package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/**
 * The consumption chain: what is bought on the purchase day before and on the one after. A step leads from every item of
 * a customer's purchase day to every item of the customer's next one.
 *
 * @param itemKind {@code product_group}, or {@code product} where purchases name no groups
 * @param mostItems items beyond so many, by customers, are gathered as {@code other}
 */
public record PurchaseSequence(LocalDate asOf, List<Dimension> dimensions, String itemKind, int mostItems)
        implements Derivation {

    /** Items told apart: 2,500 steps at most, which a reader can still take in as a picture. */
    public static final int MOST_ITEMS = 50;

    public static final Field ITEM_KIND =
            Field.text("item_kind", "What the items are: product_group, or product where there are no groups.");
    public static final Field FROM_ITEM = Field.text(
            "from_item",
            "What was bought on a purchase day; 'other' beyond the most frequent 50, 'unknown' where the line does not say.");
    public static final Field TO_ITEM = Field.text("to_item", "What was bought on the customer's next purchase day.");
    public static final Field CUSTOMERS = Field.countOf("customers", "Customers who made this step at least once.");
    public static final Field STEPS =
            Field.whole("steps", "Pairs of days on which it was made.").in("pairs of days");
    public static final Field FROM_CUSTOMERS = Field.whole(
                    "from_customers", "Customers who bought from_item on a day that another purchase day follows.")
            .in("customers");
    public static final Field TO_CUSTOMERS = Field.whole(
                    "to_customers", "Customers who bought to_item on a day that follows another purchase day.")
            .in("customers");
    public static final Field REPEAT_CUSTOMERS = Field.whole(
                    "repeat_customers", "Customers with two purchase days or more.")
            .in("customers");
    public static final Field SHARE_AFTER =
            Field.share("share_after", "Customers over from_customers: who then buys to_item.");
    public static final Field SHARE_BEFORE =
            Field.share("share_before", "Customers over to_customers: who had bought from_item before.");
    public static final Field FROM_STEPS = Field.whole("from_steps", "Pairs of days of which the first has from_item.")
            .in("pairs of days");
    public static final Field TO_STEPS = Field.whole("to_steps", "Pairs of days of which the second has to_item.")
            .in("pairs of days");
    public static final Field ALL_STEPS = Field.whole(
                    "all_steps", "Pairs of a purchase day and the customer's next one.")
            .in("pairs of days");
    public static final Field LIFT = Field.number(
                    "lift",
                    "steps · all_steps / (from_steps · to_steps): above 1 where to_item follows from_item more often than "
                            + "by chance (Brin, Motwani, Ullman and Tsur 1997).")
            .in("ratio");

    public static final Table TABLE = Table.named(
                    "purchase_sequence", "What customers buy on the purchase day after another, by item.")
            .oneRowPer(
                    "segment value, item and next item",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    ITEM_KIND,
                    FROM_ITEM,
                    TO_ITEM)
            .with(CUSTOMERS, FROM_CUSTOMERS, TO_CUSTOMERS, REPEAT_CUSTOMERS, SHARE_AFTER, SHARE_BEFORE)
            .with(STEPS, FROM_STEPS, TO_STEPS, ALL_STEPS, LIFT)
            .expect(
                    "customers between 1 and steps",
                    "steps <= from_steps and steps <= to_steps",
                    "from_steps <= all_steps and to_steps <= all_steps",
                    "customers <= from_customers and customers <= to_customers",
                    "from_customers <= repeat_customers and to_customers <= repeat_customers",
                    "share_after between 0 and 1",
                    "share_before between 0 and 1",
                    "lift > 0");

    public PurchaseSequence {
        dimensions = List.copyOf(dimensions);
        if (mostItems < 1) {
            throw new IllegalArgumentException("items told apart: " + mostItems);
        }
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(Purchase.TABLE, Customer.TABLE, CustomerCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> members = SegmentNames.members(inputs, dimensions);
        Dataset<Row> cells = cells(steps(days(inputs)), inputs);
        Column[] value = Field.columns(SEGMENT, SEGMENT_VALUE);
        WindowSpec ofFrom = Window.partitionBy(value[0], value[1], FROM_ITEM.col());
        WindowSpec ofTo = Window.partitionBy(value[0], value[1], TO_ITEM.col());
        WindowSpec ofAll = Window.partitionBy(value);
        Column isAnyTo = TO_ITEM.col().isNull();
        Column isAnyFrom = FROM_ITEM.col().isNull();
        Column isAny = isAnyFrom.and(isAnyTo);
        return SegmentNames.named(SegmentColumns.inLongForm(cells, dimensions), members)
                .groupBy(value[0], value[1], FROM_ITEM.col(), TO_ITEM.col())
                .agg(CUSTOMERS.sum(), STEPS.sum())
                .withColumn(
                        FROM_CUSTOMERS.name(),
                        max(when(isAnyTo, CUSTOMERS.col())).over(ofFrom))
                .withColumn(
                        TO_CUSTOMERS.name(),
                        max(when(isAnyFrom, CUSTOMERS.col())).over(ofTo))
                .withColumn(
                        REPEAT_CUSTOMERS.name(),
                        max(when(isAny, CUSTOMERS.col())).over(ofAll))
                .withColumn(FROM_STEPS.name(), max(when(isAnyTo, STEPS.col())).over(ofFrom))
                .withColumn(TO_STEPS.name(), max(when(isAnyFrom, STEPS.col())).over(ofTo))
                .withColumn(ALL_STEPS.name(), max(when(isAny, STEPS.col())).over(ofAll))
                .where(FROM_ITEM.col().isNotNull().and(TO_ITEM.col().isNotNull()))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(ITEM_KIND.name(), lit(itemKind))
                .withColumn(SHARE_AFTER.name(), ratio(CUSTOMERS, FROM_CUSTOMERS))
                .withColumn(SHARE_BEFORE.name(), ratio(CUSTOMERS, TO_CUSTOMERS))
                .withColumn(LIFT.name(), ratio(STEPS, FROM_STEPS).divide(ratio(TO_STEPS, ALL_STEPS)));
    }

    /** What each customer bought on each purchase day, with the number of the day. */
    private Dataset<Row> days(Inputs inputs) {
        Column id = CustomerMonth.CUSTOMER.col();
        Dataset<Row> bought = inputs.read(Purchase.TABLE)
                .where(id.isNotNull().and(Purchase.isPurchase()))
                // a day whose items have no name is a purchase day all the same
                .groupBy(
                        id,
                        Landing.PURCHASED_ON.col(),
                        coalesce(col(itemKind), lit(Dimension.UNKNOWN)).as("item"))
                .agg(count(lit(1)).as("lines"));
        Dataset<Row> frequent = bought.groupBy(id, col("item"))
                .agg(count(lit(1)).as("days"))
                .groupBy("item")
                .agg(count(lit(1)).as("customers"))
                .orderBy(col("customers").desc(), col("item"))
                .limit(mostItems)
                .select(col("item"), col("item").as("known"));
        return bought.join(broadcast(frequent), new String[] {"item"}, "left_outer")
                .groupBy(
                        id,
                        Landing.PURCHASED_ON.col(),
                        coalesce(col("known"), lit(Dimension.OTHER)).as("item"))
                .agg(sum(col("lines")).as("lines"))
                .withColumn("day", dense_rank().over(Window.partitionBy(id).orderBy(Landing.PURCHASED_ON.col())))
                .select(id, col("day"), col("item"));
    }

    /** Every item of a day with every item of the customer's next one. */
    private static Dataset<Row> steps(Dataset<Row> days) {
        Column id = CustomerMonth.CUSTOMER.col();
        Dataset<Row> later =
                days.select(id, col("day").minus(1).as("day"), col("item").as(TO_ITEM.name()));
        return days.withColumnRenamed("item", FROM_ITEM.name())
                .join(later, new String[] {CustomerMonth.CUSTOMER.name(), "day"}, "inner");
    }

    /** Customers and pairs of days by segments and both items, either of them and neither: null stands for any. */
    private static Dataset<Row> cells(Dataset<Row> steps, Inputs inputs) {
        Column id = CustomerMonth.CUSTOMER.col();
        Column any = lit(null).cast(DataTypes.StringType);
        Column from = FROM_ITEM.col();
        Column to = TO_ITEM.col();
        Column pairs = explode(array(pair(from, to), pair(from, any), pair(any, to), pair(any, any)));
        return steps.withColumn("pair", pairs)
                .groupBy(
                        id,
                        col("day"),
                        col("pair.from_item").as(FROM_ITEM.name()),
                        col("pair.to_item").as(TO_ITEM.name()))
                .agg(count(lit(1)).as("items"))
                .groupBy(id, from, to)
                .agg(count(lit(1)).as(STEPS.name()))
                .join(
                        inputs.read(Customer.TABLE).select(id, Customer.SEGMENTS.col()),
                        CustomerMonth.CUSTOMER.name(),
                        "inner")
                .groupBy(Customer.SEGMENTS.col(), from, to)
                .agg(count(lit(1)).as(CUSTOMERS.name()), STEPS.sum());
    }

    private static Column pair(Column from, Column to) {
        return struct(from.as(FROM_ITEM.name()), to.as(TO_ITEM.name()));
    }

    private static Column ratio(Field part, Field whole) {
        return part.col().cast(DataTypes.DoubleType).divide(whole.col());
    }
}
