package manyi.conformed;

import static manyi.source.Landing.CUSTOMER_ID;
import static manyi.source.Landing.IS_RETURN;
import static manyi.source.Landing.MONTH;
import static manyi.source.Landing.PURCHASED_ON;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.bit_count;
import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.dayofmonth;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

import java.util.stream.Stream;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The ledger: what each known customer did in each month. It knows no as_of; it keeps the days exactly, so that any cut
 * can be made from it and from the one month that holds the cut.
 */
public record CustomerMonth() implements Derivation {

    /** The type of published money. */
    public static final DataType PUBLISHED_MONEY = DataTypes.createDecimalType(24, 4);

    public static final Field DAY_MASK = Field.required(
                    "day_mask",
                    DataTypes.IntegerType,
                    "The purchase days of the month: bit d − 1 is set where goods were sold on day d.")
            .in("31 bits");
    public static final Field PURCHASE_DAYS = Field.required(
                    "purchase_days", DataTypes.IntegerType, "Days with " + Purchase.PURCHASE_LINE + ".")
            .in("days");
    public static final Field LINES = Field.countOf("lines", "Purchase and return lines.");
    public static final Field GROSS = Purchase.held("gross", "Amount of the lines that are not returns.");
    public static final Field RETURNS = Purchase.held("returns", "Amount of the returns, negative.");
    public static final Field NET = Purchase.held("net", "Gross plus returns.");
    public static final Field FIRST_DAY_NET = Purchase.optionalHeld(
            "first_day_net", "Net amount of the month's first purchase day; null in a month without one.");

    public static final Field MARGIN = Purchase.optionalHeld(
            "margin", "Margin of the lines whose margin is known, returns deducted; null where none has one.");
    public static final Field NET_WITH_MARGIN =
            Purchase.optionalHeld("net_with_margin", "Net of the lines with a known margin; null likewise.");

    public static final Field CUSTOMER = Field.text(CUSTOMER_ID.name(), "The customer in the source's words.");

    public static final Table TABLE = Table.named("customer_month", "What each known customer did in each month.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer and month", CUSTOMER, MONTH)
            .with(DAY_MASK, PURCHASE_DAYS, LINES, GROSS, RETURNS, NET, FIRST_DAY_NET, MARGIN, NET_WITH_MARGIN)
            .expect(
                    "net = gross + returns",
                    "purchase_days = bit_count(day_mask)",
                    "(first_day_net is null) = (day_mask = 0)",
                    "(margin is null) = (net_with_margin is null)")
            .partitionedBy(MONTH);

    /** A day's net shares one long with the day, so that its first is a plain minimum: 58 bits for the money. */
    private static final long NET_SPAN = 1L << 58;

    private static final long NET_HALF = 1L << 57;

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
        return months(days(inputs.read(Purchase.TABLE)));
    }

    /**
     * Ledger rows of which each lies in one part of its month.
     *
     * @param part what tells the parts of a month, a function of {@code purchased_on}
     * @return as the ledger, with the column {@code part} besides
     */
    static Dataset<Row> parted(Dataset<Row> purchases, Column part) {
        return months(days(purchases).withColumn("part", part), col("part"));
    }

    private static Dataset<Row> days(Dataset<Row> purchases) {
        Column amount = Purchase.AMOUNT_HELD.col();
        Column nothing = lit(0L);
        Column margin = Purchase.MARGIN_HELD.col();
        return purchases
                .where(CUSTOMER_ID.col().isNotNull())
                .select(CUSTOMER_ID.col(), PURCHASED_ON.col(), amount, IS_RETURN.col(), margin)
                // one shuffle by customer serves both the days and the months
                .repartition(CUSTOMER_ID.col())
                .groupBy(CUSTOMER_ID.col(), PURCHASED_ON.col())
                .agg(
                        count(lit(1)).as("lines"),
                        sum(when(IS_RETURN.col(), nothing).otherwise(amount)).as("gross"),
                        sum(when(IS_RETURN.col(), amount).otherwise(nothing)).as("returns"),
                        max(when(Purchase.isPurchase(), 1).otherwise(0)).as("has_purchase"),
                        sum(margin).as(MARGIN.name()),
                        sum(when(margin.isNotNull(), amount)).as(NET_WITH_MARGIN.name()));
    }

    private static Dataset<Row> months(Dataset<Row> days, Column... parts) {
        Column net = col("gross").plus(col("returns"));
        Column day = dayofmonth(PURCHASED_ON.col());
        Column packed = when(
                col("has_purchase").equalTo(1),
                when(abs(net).lt(NET_HALF), day.multiply(NET_SPAN).plus(net).plus(NET_HALF))
                        .otherwise(raise_error(lit("a customer's day exceeds 14 trillion units of money"))));
        Column[] keys = Stream.concat(Stream.of(CUSTOMER_ID.col(), MONTH.col()), Stream.of(parts))
                .toArray(Column[]::new);
        return days.withColumn(MONTH.name(), trunc(PURCHASED_ON.col(), "month"))
                .groupBy(keys)
                .agg(
                        bit_or(when(col("has_purchase").equalTo(1), expr("shiftleft(1, day(purchased_on) - 1)"))
                                        .otherwise(0))
                                .as(DAY_MASK.name()),
                        LINES.sum(),
                        GROSS.sum(),
                        RETURNS.sum(),
                        MARGIN.sum(),
                        NET_WITH_MARGIN.sum(),
                        min(packed).as("first_packed"))
                .withColumn(DAY_MASK.name(), coalesce(DAY_MASK.col(), lit(0)))
                .withColumn(PURCHASE_DAYS.name(), bit_count(DAY_MASK.col()))
                .withColumn(NET.name(), net)
                .withColumn(
                        FIRST_DAY_NET.name(),
                        col("first_packed").bitwiseAND(NET_SPAN - 1).minus(NET_HALF));
    }

    /** A column of published money that is never null. */
    public static Field money(String name, String meaning) {
        return Field.required(name, PUBLISHED_MONEY, meaning).in("units of currency");
    }

    /** A column of published money that may be null. */
    public static Field optionalMoney(String name, String meaning) {
        return Field.optional(name, PUBLISHED_MONEY, meaning).in("units of currency");
    }

    /** Published money of a sum of held amounts: DECIMAL(24,4) of the reporting currency's unit. */
    public static Column money(Column held) {
        return held.cast(DataTypes.createDecimalType(20, 0))
                .divide(lit(Purchase.PER_UNIT).cast(DataTypes.createDecimalType(5, 0)))
                .cast(PUBLISHED_MONEY);
    }
}
