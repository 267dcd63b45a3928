package manyi.mart.loyalty;

import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The period that ends at as_of, and the one before it. Periods begin with a month, so that the ledger alone tells what
 * was done in them; the last month of this one runs as far as as_of.
 *
 * @param months how many months a period has, the one that holds as_of among them
 */
public record LoyaltyPeriod(LocalDate asOf, int months) {

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
        return functions.add_months(functions.lit(asOf.withDayOfMonth(1)), monthsBack.multiply(-1));
    }

    /** How many periods have, with the one before each, their months of purchase kept. */
    int periodsKept() {
        return CustomerStanding.MONTHS_KEPT / months - 1;
    }

    /** The bits of the months of the period so many periods ago, bit k for k months before that of as_of. */
    long bits(int periodsAgo) {
        return ((1L << months) - 1) << (months * periodsAgo);
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
