package manyi.conformed;

import static manyi.source.Landing.AMOUNT;
import static manyi.source.Landing.MONTH;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Purchase lines as they stand: of the landed rows with one key the latest.
 *
 * @param isKeyed whether any purchases source declares a key; without one every landed row stands
 * @param hasMargins whether there is a margins source, which then says what lines earned that do not say it themselves
 */
public record Purchase(boolean isKeyed, boolean hasMargins) implements Derivation {

    /** Money in state is held in whole ten-thousandths, so that sums are exact and fast. */
    private static final String TEN_THOUSANDTHS = "ten-thousandths of the reporting currency";

    /** Ten-thousandths in one unit of money. */
    public static final long PER_UNIT = 10_000L;

    public static final Field AMOUNT_HELD = held("amount", "The line's amount; returns are negative.");

    public static final Field MARGIN_HELD = optionalHeld(
            "margin",
            "What the line earned, returns negative: as mapped, else the amount times the margin share of its"
                    + " product, else of its group; null where none is known.");

    public static final Table TABLE = Table.named("purchase", "Every current purchase line.")
            .on(Visibility.INTERNAL)
            .oneRowPer("purchase line")
            .with(MONTH, Landing.SOURCE, Landing.FILE, Landing.PLACE)
            .with(Landing.CUSTOMER_ID, Landing.ORDER_ID, Landing.PURCHASED_AT, Landing.PURCHASED_ON)
            .with(AMOUNT_HELD, Landing.CURRENCY, Landing.IS_RETURN)
            .with(Landing.PRODUCT, Landing.PRODUCT_GROUP, Landing.QUANTITY)
            .with(Landing.CHANNEL, Landing.BRANCH, Landing.COUNTRY, Landing.REGION, MARGIN_HELD)
            .partitionedBy(MONTH);

    @Override
    public Lineage lineage() {
        return TABLE.from(hasMargins ? List.of(Landing.PURCHASE, Landing.MARGINS) : List.of(Landing.PURCHASE));
    }

    @Override
    public Optional<Field> day() {
        return Optional.of(Landing.PURCHASED_ON);
    }

    @Override
    public boolean isRowByRow() {
        return !isKeyed;
    }

    /** The lines of the months, and where keys are declared all versions of the keys that occur in them. */
    @Override
    public Dataset<Row> deciding(Table input, Dataset<Row> rows, List<LocalDate> months) {
        Column isOfMonths = MONTH.col().isin(months.toArray());
        if (!isKeyed) {
            return rows.where(isOfMonths);
        }
        Dataset<Row> keys = rows.where(isOfMonths.and(Landing.ROW_KEY.col().isNotNull()))
                .select(Landing.ROW_KEY.col())
                .distinct();
        return rows.where(isOfMonths.and(Landing.ROW_KEY.col().isNull()))
                .unionByName(rows.join(keys, Landing.ROW_KEY.name(), "left_semi"));
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> landed = inputs.read(Landing.PURCHASE);
        Dataset<Row> standing = isKeyed ? CurrentVersions.of(landed) : landed;
        Dataset<Row> amounts = standing.withColumn(AMOUNT_HELD.name(), held(AMOUNT));
        return hasMargins
                ? MarginShare.earned(amounts, inputs.read(Landing.MARGINS), AMOUNT_HELD)
                : amounts.withColumn(MARGIN_HELD.name(), held(Landing.MARGIN));
    }

    /** A column of money in whole ten-thousandths that is never null. */
    public static Field held(String name, String meaning) {
        return Field.whole(name, meaning).in(TEN_THOUSANDTHS);
    }

    /** A column of money in whole ten-thousandths that may be null. */
    public static Field optionalHeld(String name, String meaning) {
        return Field.optionalWhole(name, meaning).in(TEN_THOUSANDTHS);
    }

    /** Landed money in whole ten-thousandths. */
    public static Column held(Field money) {
        return money.col().multiply(lit(PER_UNIT)).cast(DataTypes.LongType);
    }

    /** What a purchase line is, in the words of column comments. */
    public static final String PURCHASE_LINE = "a purchase line (not a return, amount not below 0)";

    /** Whether a line is a purchase line, and makes its day a purchase day: goods handed over, be it for nothing. */
    public static Column isPurchase() {
        return col(AMOUNT_HELD.name()).geq(0).and(Landing.IS_RETURN.is(false));
    }
}
