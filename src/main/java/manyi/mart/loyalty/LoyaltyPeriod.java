package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.shiftleft;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.stream.Stream;
import manyi.conformed.Customer;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The period that ends at as_of, and the one before it. Periods begin with a month, so that the ledger alone tells what
 * was done in them; the last month of this one runs as far as as_of.
 *
 * @param months how many months a period has, the one that holds as_of among them
 */
public record LoyaltyPeriod(LocalDate asOf, int months) {

    static final String PERIODS_AGO = "periods_ago";
    static final String MONTHS = "months";
    /** How many customers a cell has. */
    static final String NUMBER = "number";

    public LoyaltyPeriod {
        if (months < 1) {
            throw new IllegalArgumentException("a period of " + months + " months");
        }
    }

    /** The first day. */
    public LocalDate from() {
        return asOf.withDayOfMonth(1).minusMonths(months - 1L);
    }

    /** The first day of the period before. */
    public LocalDate fromBefore() {
        return from().minusMonths(months);
    }

    /** The last day of the period before. */
    public LocalDate eve() {
        return from().minusDays(1);
    }

    /** Whether the last month has not ended. */
    public boolean isUnfinished() {
        return asOf.getDayOfMonth() < asOf.lengthOfMonth();
    }

    /** The first day of the period so many periods ago. */
    public Column from(Column periodsAgo) {
        Column monthsBack = periodsAgo.plus(1).multiply(months).minus(1);
        return functions.add_months(lit(asOf.withDayOfMonth(1)), monthsBack.multiply(-1));
    }

    /** How many periods have, with the one before each, their months of purchase kept. */
    int periodsKept() {
        return CustomerStatus.MONTHS_KEPT / months - 1;
    }

    /** The bits of the months of this period, bit k for k months before that of as_of. */
    private long bits() {
        return (1L << months) - 1;
    }

    /**
     * How many customers were active before each period kept, and how many of them in it too, by period
     * ({@link #PERIODS_AGO}) and segments.
     *
     * @param status customers with their months of purchase and whatever {@code more} needs
     * @param atStart the name for those who were active before
     * @param kept the name for those who were active in the period too
     * @param more aggregates of the same customers, whose number is {@link #NUMBER}; {@link #MONTHS} are those of the period
     */
    Dataset<Row> followed(Dataset<Row> status, Field atStart, Field kept, Column... more) {
        Column active = CustomerStatus.ACTIVE_MONTHS.col();
        Column[] sums = Stream.concat(
                        Stream.of(sum(when(active.bitwiseAND(col(MONTHS)).notEqual(0), col(NUMBER))
                                        .otherwise(0L))
                                .as(kept.name())),
                        Stream.of(more))
                .toArray(Column[]::new);
        return status.withColumn(PERIODS_AGO, explode(sequence(lit(0), lit(periodsKept() - 1))))
                .withColumn(MONTHS, expr("shiftleft(%dL, %d * %s)".formatted(bits(), months, PERIODS_AGO)))
                .where(active.bitwiseAND(shiftleft(col(MONTHS), months)).notEqual(0))
                .groupBy(col(PERIODS_AGO), Customer.SEGMENTS.col())
                .agg(sum(col(NUMBER)).as(atStart.name()), sums);
    }

    /** Customers counted by their months of purchase and segments, as {@link #followed} takes them. */
    static Dataset<Row> counted(Dataset<Row> status, Column... more) {
        Column[] by = Stream.concat(
                        Stream.of(CustomerStatus.ACTIVE_MONTHS.col(), Customer.SEGMENTS.col()), Stream.of(more))
                .toArray(Column[]::new);
        return status.groupBy(by).agg(count(lit(1)).as(NUMBER));
    }

    /** How many periods ago the day was; 0 in this one, below 0 after it. */
    Column periodsAgo(Column day) {
        return functions.floor(monthsAgo(day).divide(months)).cast(DataTypes.IntegerType);
    }

    /** Whole months from the month to that of as_of; 0 in the latter. */
    public Column monthsAgo(Column month) {
        LocalDate last = asOf.withDayOfMonth(1);
        return functions
                .lit(12 * last.getYear() + last.getMonthValue())
                .minus(functions.year(month).multiply(12).plus(functions.month(month)));
    }
}
