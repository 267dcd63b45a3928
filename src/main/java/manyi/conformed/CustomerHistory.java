package manyi.conformed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.LifetimeValue;
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
 * What each customer with a purchase had done by the evening of three days: as_of, the holdout cutoff some weeks before
 * it, and the validation cutoff as many weeks before that. Whole months come from the ledger, a month that contains a
 * cutoff from its purchases.
 *
 * @param proofWeeks the length of the holdout window and of the validation window before it, weeks
 */
public record CustomerHistory(LocalDate asOf, int proofWeeks) implements Derivation {

    public static final Field FIRST_PURCHASE_ON = Field.day("first_purchase_on", "The first purchase day.");
    public static final Field NET_BY_FIRST_DAY = Purchase.held(
            "net_by_first_day", "Net amount up to and including the first purchase day, returns before it included.");

    /**
     * One of the three days, a cutoff, and the columns of what had happened by its evening.
     *
     * @param key the name in published tables
     * @param distance of the day before as_of, in holdout windows
     */
    public record Cutoff(String key, int distance, Field purchaseDays, Field lastPurchaseOn, Field net) {

        public static final Cutoff SCORE = of("score", 0, "", "by as_of");
        public static final Cutoff HOLDOUT = of("holdout", 1, "holdout_", "by the holdout cutoff");
        public static final Cutoff VALIDATION = of("validation", 2, "validation_", "by the validation cutoff");

        /** The latest first. */
        public static final List<Cutoff> ALL = List.of(SCORE, HOLDOUT, VALIDATION);

        private static Cutoff of(String key, int distance, String prefix, String when) {
            return new Cutoff(
                    key,
                    distance,
                    Field.whole(prefix + "purchase_days", "Days with " + Purchase.PURCHASE_LINE + " " + when + ".")
                            .in("days"),
                    Field.optionalDay(
                            prefix + "last_purchase_on",
                            "The last purchase day " + when + "; null where there is none."),
                    Purchase.held(prefix + "net", "Net amount " + when + "."));
        }

        /** The last day whose purchases count. */
        public LocalDate on(LocalDate asOf, int proofWeeks) {
            return asOf.minusWeeks((long) distance * proofWeeks);
        }

        private Stream<Field> fields() {
            return Stream.of(purchaseDays, lastPurchaseOn, net);
        }
    }

    public static final Table TABLE = Table.named(
                    "customer_history",
                    "What each customer with a purchase had done by as_of and by two days before it.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer with a purchase", CustomerMonth.CUSTOMER)
            .with(Customer.SEGMENTS, FIRST_PURCHASE_ON, NET_BY_FIRST_DAY)
            .with(Cutoff.ALL.stream().flatMap(Cutoff::fields).toArray(Field[]::new))
            .expect(
                    "purchase_days >= 1",
                    "validation_purchase_days <= holdout_purchase_days and holdout_purchase_days <= purchase_days",
                    "first_purchase_on <= last_purchase_on",
                    "(purchase_days = 1) = (first_purchase_on = last_purchase_on)");

    /** The derivation of a job. */
    public static CustomerHistory of(LocalDate asOf, LifetimeValue settings) {
        return new CustomerHistory(asOf, settings.proofWeeks());
    }

    /**
     * The customers who had bought by a cutoff, with their history as models take it: {@code x} repeat purchase days, {@code
     * last_age} and {@code age} in days, {@code repeat_net} after the first day; all columns of the history stay.
     */
    public static Dataset<Row> at(Dataset<Row> history, Cutoff cutoff, LocalDate asOf, int proofWeeks) {
        return history.where(cutoff.purchaseDays().col().geq(1))
                .withColumn("x", cutoff.purchaseDays().col().minus(1))
                .withColumn("last_age", datediff(cutoff.lastPurchaseOn().col(), FIRST_PURCHASE_ON.col()))
                .withColumn("age", datediff(lit(cutoff.on(asOf, proofWeeks)), FIRST_PURCHASE_ON.col()))
                .withColumn("repeat_net", cutoff.net().col().minus(NET_BY_FIRST_DAY.col()));
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, Purchase.TABLE, Customer.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        String id = CustomerMonth.CUSTOMER.name();
        Dataset<Row> customers = inputs.read(Customer.TABLE)
                .select(
                        CustomerMonth.CUSTOMER.col(),
                        Customer.SEGMENTS.col(),
                        CustomerSpan.FIRST_PURCHASE_ON.col().as("began_on"));
        return folded(parts(inputs))
                .where(FIRST_PURCHASE_ON.col().isNotNull())
                .join(customers, id, "inner")
                .join(netBefore(inputs.read(Purchase.TABLE), customers), id, "left_outer")
                .withColumn(NET_BY_FIRST_DAY.name(), NET_BY_FIRST_DAY.col().plus(coalesce(col("net_before"), lit(0L))));
    }

    /**
     * Net amount of the days before a customer's first purchase day: returns of what was bought before the data begin.
     * No line of these days is a purchase line, so few lines are read.
     */
    private static Dataset<Row> netBefore(Dataset<Row> purchases, Dataset<Row> customers) {
        return purchases
                .where(not(Purchase.isPurchase()))
                .join(customers, CustomerMonth.CUSTOMER.name(), "inner")
                .where(Landing.PURCHASED_ON.col().lt(col("began_on")))
                .groupBy(CustomerMonth.CUSTOMER.col())
                .agg(sum(Purchase.AMOUNT_HELD.col()).as("net_before"));
    }

    /** Ledger rows that lie wholly before or after each cutoff, with the number of cutoffs before them as {@code part}. */
    private Dataset<Row> parts(Inputs inputs) {
        Object[] split = Stream.of(Cutoff.HOLDOUT, Cutoff.VALIDATION)
                .map(cutoff -> cutoff.on(asOf, proofWeeks))
                .filter(day -> day.getDayOfMonth() < YearMonth.from(day).lengthOfMonth())
                .map(day -> day.withDayOfMonth(1))
                .distinct()
                .toArray();
        Column isSplit = Landing.MONTH.col().isin(split);
        Column[] columns = {
            CustomerMonth.CUSTOMER.col(),
            col("part"),
            CustomerMonth.PURCHASE_DAYS.col(),
            CustomerMonth.NET.col(),
            CustomerMonth.FIRST_DAY_NET.col(),
            when(
                            CustomerMonth.DAY_MASK.col().notEqual(0),
                            date_add(Landing.MONTH.col(), expr("bit_count((day_mask & -day_mask) - 1)")))
                    .as("first_on"),
            when(
                            CustomerMonth.DAY_MASK.col().notEqual(0),
                            date_add(Landing.MONTH.col(), expr("length(bin(day_mask)) - 1")))
                    .as("last_on")
        };
        Dataset<Row> whole = inputs.read(CustomerMonth.TABLE)
                .where(not(isSplit))
                .withColumn("part", cutoffsBefore(Landing.MONTH.col()))
                .select(columns);
        Dataset<Row> parted = CustomerMonth.parted(
                        inputs.read(Purchase.TABLE).where(isSplit), cutoffsBefore(Landing.PURCHASED_ON.col()))
                .select(columns);
        return whole.unionByName(parted);
    }

    private Column cutoffsBefore(Column day) {
        return Stream.of(Cutoff.HOLDOUT, Cutoff.VALIDATION)
                .map(cutoff -> when(day.gt(lit(cutoff.on(asOf, proofWeeks))), 1).otherwise(0))
                .reduce(Column::plus)
                .orElseThrow();
    }

    private static Dataset<Row> folded(Dataset<Row> parts) {
        Column[] figures = Cutoff.ALL.stream()
                .flatMap(cutoff -> {
                    Column isBefore = col("part").leq(2 - cutoff.distance());
                    return Stream.of(
                            sum(when(isBefore, CustomerMonth.PURCHASE_DAYS.col().cast(DataTypes.LongType))
                                            .otherwise(0L))
                                    .as(cutoff.purchaseDays().name()),
                            max(when(isBefore, col("last_on")))
                                    .as(cutoff.lastPurchaseOn().name()),
                            sum(when(isBefore, CustomerMonth.NET.col()).otherwise(0L))
                                    .as(cutoff.net().name()));
                })
                .toArray(Column[]::new);
        // a customer's parts have different first days, so the earliest is one
        // few months a customer: a partial aggregate before the shuffle costs more than it saves
        return parts.repartition(CustomerMonth.CUSTOMER.col())
                .groupBy(CustomerMonth.CUSTOMER.col())
                .agg(
                        min(col("first_on")).as(FIRST_PURCHASE_ON.name()),
                        Stream.concat(
                                        Stream.of(min_by(CustomerMonth.FIRST_DAY_NET.col(), col("first_on"))
                                                .as(NET_BY_FIRST_DAY.name())),
                                        Stream.of(figures))
                                .toArray(Column[]::new))
                .withColumn(NET_BY_FIRST_DAY.name(), coalesce(NET_BY_FIRST_DAY.col(), lit(0L)));
    }
}
