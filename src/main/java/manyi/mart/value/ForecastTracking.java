package manyi.mart.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import manyi.config.LifetimeValue;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerHistory.Cutoff;
import manyi.conformed.CustomerMonth;
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
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Repeat purchases week by week against what the pooled models fitted up to the holdout cutoff expect of customers as
 * new as these were, without knowing what they did. The customers are those who had bought by the cutoff.
 */
public record ForecastTracking(LocalDate asOf, LifetimeValue settings) implements Derivation {

    public static final Field WEEK_END_ON =
            Field.day("week_end_on", "The last day of the week; weeks are counted from the holdout cutoff.");
    public static final Field IS_HOLDOUT =
            Field.flag("is_holdout", "Whether the week lies after the holdout cutoff, unseen by the models.");
    public static final Field ACTUAL =
            days("actual_purchases", "Repeat purchase days of the week.", DataTypes.LongType);
    public static final Field EXPECTED = days("expected_purchases", "Those expected.", DataTypes.DoubleType);
    public static final Field CUMULATIVE_ACTUAL =
            days("cumulative_actual", "Repeat purchase days up to the week's end.", DataTypes.LongType);
    public static final Field CUMULATIVE_EXPECTED =
            days("cumulative_expected", "Those expected.", DataTypes.DoubleType);

    public static final Table TABLE = Table.named(
                    "forecast_tracking", "Weekly and cumulative repeat purchases, actual and expected.")
            .oneRowPer("model and week", SegmentColumns.AS_OF, ForecastCell.MODEL, WEEK_END_ON)
            .with(ForecastCell.IS_CHOSEN, IS_HOLDOUT, ACTUAL, EXPECTED, CUMULATIVE_ACTUAL, CUMULATIVE_EXPECTED)
            .expect("actual_purchases >= 0", "expected_purchases >= 0");

    private static final int LONGEST_MONTH = 31;

    private static Field days(String name, String comment, DataType type) {
        return Field.required(name, type, comment).in("days");
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, CustomerHistory.TABLE, LifetimeValueModel.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        LocalDate cutoff = Cutoff.HOLDOUT.on(asOf, settings.proofWeeks());
        Dataset<Row> known = inputs.read(CustomerHistory.TABLE)
                .where(CustomerHistory.FIRST_PURCHASE_ON.col().leq(lit(cutoff)));
        NavigableMap<LocalDate, Long> firsts = new TreeMap<>();
        known.groupBy(CustomerHistory.FIRST_PURCHASE_ON.col())
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row -> firsts.put(row.getLocalDate(0), row.getLong(1)));
        if (firsts.isEmpty()) {
            return inputs.create(TABLE, List.of());
        }
        NavigableMap<LocalDate, Long> repeats = purchaseDays(inputs.read(CustomerMonth.TABLE), known, cutoff);
        firsts.forEach((day, customers) -> repeats.merge(day, -customers, Long::sum));
        List<LocalDate> weeks = new ArrayList<>();
        LocalDate end = cutoff;
        while (!end.isBefore(firsts.firstKey())) {
            end = end.minusWeeks(1);
        }
        for (end = end.plusWeeks(1); !end.isAfter(asOf); end = end.plusWeeks(1)) {
            weeks.add(end);
        }
        Dataset<Row> fits = inputs.read(LifetimeValueModel.TABLE);
        List<Row> rows = new ArrayList<>();
        List<LifetimeValue.Model> models = Forecaster.models(fits, Cutoff.HOLDOUT);
        for (LifetimeValue.Model model : models) {
            Curve curve = new Curve(Forecaster.of(fits, Cutoff.HOLDOUT, model, false, 1, 0), new TreeMap<>());
            long actual = 0;
            double expected = 0;
            for (LocalDate week : weeks) {
                long actualThen = repeats.headMap(week, true).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                double expectedThen = curve.at(week, firsts);
                rows.add(RowFactory.create(
                        asOf,
                        model.key(),
                        week,
                        model.equals(models.get(0)),
                        week.isAfter(cutoff),
                        actualThen - actual,
                        // rounding may not make it fall
                        Math.max(0, expectedThen - expected),
                        actualThen,
                        expectedThen));
                actual = actualThen;
                expected = expectedThen;
            }
        }
        return inputs.create(TABLE, rows);
    }

    /** Purchase days by day: the ledger's bits, counted month by month. */
    private static NavigableMap<LocalDate, Long> purchaseDays(
            Dataset<Row> ledger, Dataset<Row> known, LocalDate cutoff) {
        Column isLate = Landing.MONTH.col().geq(lit(cutoff.withDayOfMonth(1)));
        Dataset<Row> ofKnown = ledger.where(not(isLate))
                .unionByName(ledger.where(isLate)
                        .join(known.select(CustomerMonth.CUSTOMER.col()), CustomerMonth.CUSTOMER.name(), "left_semi"));
        Column[] bits = IntStream.range(0, LONGEST_MONTH)
                .mapToObj(day -> sum(expr("shiftrightunsigned(day_mask, " + day + ") & 1")))
                .toArray(Column[]::new);
        NavigableMap<LocalDate, Long> days = new TreeMap<>();
        for (Row row : ofKnown.groupBy(Landing.MONTH.col())
                .agg(count(col(CustomerMonth.DAY_MASK.name())), bits)
                .collectAsList()) {
            for (int day = 0; day < LONGEST_MONTH; day++) {
                if (row.getLong(2 + day) > 0) {
                    days.put(row.getLocalDate(0).plusDays(day), row.getLong(2 + day));
                }
            }
        }
        return days;
    }

    /** Expected repeat purchases of a new customer by age, each age reckoned once. */
    private record Curve(Forecaster forecaster, Map<Long, Double> known) {

        double at(LocalDate day, NavigableMap<LocalDate, Long> firsts) {
            double sum = 0;
            for (var first : firsts.headMap(day, true).entrySet()) {
                long age = ChronoUnit.DAYS.between(first.getKey(), day);
                sum += first.getValue()
                        * known.computeIfAbsent(
                                age, days -> forecaster.expected(Dimension.ALL, days / Forecaster.WEEK));
            }
            return sum;
        }
    }
}
