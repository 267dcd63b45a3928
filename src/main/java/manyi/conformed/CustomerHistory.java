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
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * What each customer with a purchase had done by the evening of three days: as_of, the proof cut some weeks before it,
 * and the choice cut as many weeks before that. Whole months come from the ledger, the months that hold a cut from their
 * purchases.
 *
 * @param proofWeeks the distance between the days, weeks
 */
public record CustomerHistory(LocalDate asOf, int proofWeeks) implements Derivation {

    public static final Field FIRST_PURCHASE_ON =
            Field.required("first_purchase_on", DataTypes.DateType, "The first purchase day.");
    public static final Field FIRST_DAY_NET = Field.required(
                    "first_day_net", DataTypes.LongType, "Net amount of the first purchase day.")
            .in(Purchase.TEN_THOUSANDTHS);

    /**
     * One of the three days, and the columns that tell what had happened by its evening.
     *
     * @param key the name in published tables
     * @param distance of the day before as_of, in windows of proof weeks
     */
    public record Cut(String key, int distance, Field purchaseDays, Field lastPurchaseOn, Field net) {

        public static final Cut SCORE = of("score", 0, "", "by as_of");
        public static final Cut PROOF = of("proof", 1, "proof_", "by the proof cut");
        public static final Cut CHOICE = of("choice", 2, "choice_", "by the choice cut");

        /** The latest first. */
        public static final List<Cut> ALL = List.of(SCORE, PROOF, CHOICE);

        private static Cut of(String key, int distance, String prefix, String when) {
            return new Cut(
                    key,
                    distance,
                    Field.required(
                                    prefix + "purchase_days",
                                    DataTypes.LongType,
                                    "Days with a positive purchase line " + when + ".")
                            .in("days"),
                    Field.optional(
                            prefix + "last_purchase_on",
                            DataTypes.DateType,
                            "The last purchase day " + when + "; null where there is none."),
                    Field.required(prefix + "net", DataTypes.LongType, "Net amount " + when + ".")
                            .in(Purchase.TEN_THOUSANDTHS));
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
            .with(Customer.SEGMENTS, FIRST_PURCHASE_ON, FIRST_DAY_NET)
            .with(Cut.ALL.stream().flatMap(Cut::fields).toArray(Field[]::new))
            .expect(
                    "purchase_days >= 1",
                    "choice_purchase_days <= proof_purchase_days and proof_purchase_days <= purchase_days",
                    "first_purchase_on <= last_purchase_on",
                    "(purchase_days = 1) = (first_purchase_on = last_purchase_on)");

    /** The derivation of a job. */
    public static CustomerHistory of(LocalDate asOf, LifetimeValue settings) {
        return new CustomerHistory(asOf, settings.proofWeeks());
    }

    /**
     * The customers who had bought by a cut, with their history as models take it: {@code x} repeat purchase days, {@code
     * last_age} and {@code age} in days, {@code repeat_net} after the first day; all columns of the history stay.
     */
    public static Dataset<Row> at(Dataset<Row> history, Cut cut, LocalDate asOf, int proofWeeks) {
        return history.where(cut.purchaseDays().col().geq(1))
                .withColumn("x", cut.purchaseDays().col().minus(1))
                .withColumn("last_age", datediff(cut.lastPurchaseOn().col(), FIRST_PURCHASE_ON.col()))
                .withColumn("age", datediff(lit(cut.on(asOf, proofWeeks)), FIRST_PURCHASE_ON.col()))
                .withColumn("repeat_net", cut.net().col().minus(FIRST_DAY_NET.col()));
    }

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(CustomerMonth.TABLE, Purchase.TABLE, Customer.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> folded = folded(parts(inputs));
        Dataset<Row> customers =
                inputs.read(Customer.TABLE).select(CustomerMonth.CUSTOMER.col(), Customer.SEGMENTS.col());
        return folded.where(FIRST_PURCHASE_ON.col().isNotNull())
                .join(customers, CustomerMonth.CUSTOMER.name(), "inner");
    }

    /** Ledger rows that lie wholly before or after each cut, with the number of cuts before them as {@code part}. */
    private Dataset<Row> parts(Inputs inputs) {
        Object[] split = Stream.of(Cut.PROOF, Cut.CHOICE)
                .map(cut -> cut.on(asOf, proofWeeks))
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
                .withColumn("part", cutsBefore(Landing.MONTH.col()))
                .select(columns);
        Dataset<Row> parted = CustomerMonth.parted(
                        inputs.read(Purchase.TABLE).where(isSplit), cutsBefore(Landing.PURCHASED_ON.col()))
                .select(columns);
        return whole.unionByName(parted);
    }

    private Column cutsBefore(Column day) {
        return Stream.of(Cut.PROOF, Cut.CHOICE)
                .map(cut -> when(day.gt(lit(cut.on(asOf, proofWeeks))), 1).otherwise(0))
                .reduce(Column::plus)
                .orElseThrow();
    }

    private static Dataset<Row> folded(Dataset<Row> parts) {
        Column[] figures = Cut.ALL.stream()
                .flatMap(cut -> {
                    Column isBefore = col("part").leq(2 - cut.distance());
                    return Stream.of(
                            sum(when(isBefore, CustomerMonth.PURCHASE_DAYS.col().cast(DataTypes.LongType))
                                            .otherwise(0L))
                                    .as(cut.purchaseDays().name()),
                            max(when(isBefore, col("last_on")))
                                    .as(cut.lastPurchaseOn().name()),
                            sum(when(isBefore, CustomerMonth.NET.col()).otherwise(0L))
                                    .as(cut.net().name()));
                })
                .toArray(Column[]::new);
        // a customer's parts have different first days, so the earliest is one
        // few months a customer: gathering them before the shuffle costs more than it saves
        return parts.repartition(CustomerMonth.CUSTOMER.col())
                .groupBy(CustomerMonth.CUSTOMER.col())
                .agg(
                        min(col("first_on")).as(FIRST_PURCHASE_ON.name()),
                        Stream.concat(
                                        Stream.of(min_by(CustomerMonth.FIRST_DAY_NET.col(), col("first_on"))
                                                .as(FIRST_DAY_NET.name())),
                                        Stream.of(figures))
                                .toArray(Column[]::new))
                .withColumn(FIRST_DAY_NET.name(), coalesce(FIRST_DAY_NET.col(), lit(0L)));
    }
}
