package manyi.generate;

import static manyi.generate.Draw.Stream.COST;
import static manyi.generate.Draw.Stream.REFERRAL;
import static manyi.generate.Draw.Stream.SPENDING;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * What a shop knows beside its till: costs of winning and keeping customers by month and region, margins of product
 * groups, what a third of the customers say they spend in the category, and who recommended the shop to whom.
 *
 * @param purchases how many purchase lines there are in all, which says what a customer spends
 */
record Economics(Draw draw, Society society, LocalDate from, int days, long purchases) implements Serializable {

    static final StructType COSTS = new StructType()
            .add("period", StringType)
            .add("purpose", StringType)
            .add("region", StringType)
            .add("amount", createDecimalType(18, 2))
            .add("currency", StringType);

    static final StructType MARGINS = new StructType()
            .add("product_group", StringType)
            .add("margin_share", createDecimalType(6, 4))
            .add("valid_from", DateType);

    static final StructType SPENT = new StructType()
            .add("customer_id", StringType)
            .add("period", StringType)
            .add("amount", createDecimalType(18, 2))
            .add("currency", StringType);

    static final StructType REFERRALS = new StructType()
            .add("customer_id", StringType)
            .add("referred_customer_id", StringType)
            .add("referred_at", DateType);

    /** What winning a customer costs on average. */
    static final double ACQUISITION_COST = 30;
    /** What keeping a customer costs a year. */
    static final double RETENTION_COST = 8;
    /** Share of new customers who were told by another one. */
    static final double REFERRED_SHARE = 0.25;

    private static final double[] REGION_SHARES = {0.31, 0.26, 0.21, 0.17};
    private static final double[] MARGINS_OF_GROUPS = {0.32, 0.28, 0.35, 0.41, 0.30, 0.45, 0.25, 0.18};
    private static final double SURVEYED_SHARE = 1.0 / 3;
    private static final double LEFT_NOBODY_SHARE = 0.05;
    private static final double MEAN_LINE = 35;
    private static final double YEAR = 365.25;
    private static final int MOST_TRIALS = 20;

    /** Costs of every month that has begun, those of the smallest region within the others'. */
    Iterator<Row> costs() {
        double aDay = society.size() * (1 - Society.OLD_SHARE) / (Society.NEW_UNTIL * days) * ACQUISITION_COST;
        double aDayKept = society.size() * RETENTION_COST / YEAR;
        List<Row> rows = new ArrayList<>();
        YearMonth last = YearMonth.from(from.plusDays(days - 1L));
        for (YearMonth month = YearMonth.from(from); !month.isAfter(last); month = month.plusMonths(1)) {
            for (int region = 0; region < REGION_SHARES.length; region++) {
                double share = month.lengthOfMonth() * REGION_SHARES[region];
                rows.add(cost(month, "acquisition", region, aDay * share, 2 * region));
                rows.add(cost(month, "retention", region, aDayKept * share, 2 * region + 1));
            }
        }
        return rows.iterator();
    }

    private Row cost(YearMonth month, String purpose, int region, double mean, int place) {
        double factor = 0.9 + 0.2 * draw.uniform(COST, month.getYear() * 12L + month.getMonthValue(), place);
        return RowFactory.create(
                month.toString(), purpose, Society.REGIONS.get(region), money(mean * factor), Purchases.CURRENCY);
    }

    /** Margins of the groups, a little lower from the second year on. */
    Iterator<Row> margins() {
        return Stream.of(0, 1)
                .flatMap(year -> IntStream.range(0, Catalogue.GROUPS.size())
                        .mapToObj(group -> RowFactory.create(
                                Catalogue.GROUPS.get(group),
                                BigDecimal.valueOf(Math.round((MARGINS_OF_GROUPS[group] - 0.02 * year) * 10_000), 4),
                                from.plusYears(year))))
                .iterator();
    }

    /** What some of the customers from number {@code first} up to {@code end} say of each whole year. */
    Iterator<Row> spending(long first, long end) {
        int years = Math.max(1, days / 365);
        double mean = purchases / (double) society.size() * MEAN_LINE * YEAR / days;
        return LongStream.range(first, end)
                .filter(customer -> draw.uniform(SPENDING, customer, -1) < SURVEYED_SHARE)
                .boxed()
                .flatMap(customer -> IntStream.range(0, years).mapToObj(year -> {
                    double own = mean * -StrictMath.log1p(-society.position(customer));
                    double share = 0.2 + 0.6 * draw.uniform(SPENDING, customer, year);
                    return RowFactory.create(
                            Customers.id(customer),
                            String.valueOf(from.getYear() + year),
                            money(own / share),
                            Purchases.CURRENCY);
                }))
                .iterator();
    }

    /** Who told those of the customers from number {@code first} up to {@code end} who were told, or told in vain. */
    Iterator<Row> referrals(long first, long end) {
        return LongStream.range(first, end)
                .boxed()
                .flatMap(customer -> Stream.concat(told(customer), inVain(customer)))
                .iterator();
    }

    private Stream<Row> told(long customer) {
        int joined = society.joined(customer);
        if (joined < 0 || draw.uniform(REFERRAL, customer, 0) >= REFERRED_SHARE) {
            return Stream.empty();
        }
        for (int trial = 1; trial <= MOST_TRIALS; trial++) {
            long teller = Math.floorMod(draw.bits(REFERRAL, customer, trial), society.size());
            if (teller != customer && society.isThere(teller, joined)) {
                return Stream.of(
                        RowFactory.create(Customers.id(teller), Customers.id(customer), from.plusDays(joined)));
            }
        }
        return Stream.empty();
    }

    private Stream<Row> inVain(long customer) {
        int day = (int) (draw.uniform(REFERRAL, customer, -1) * days);
        return draw.uniform(REFERRAL, customer, -2) < LEFT_NOBODY_SHARE && society.isThere(customer, day)
                ? Stream.of(RowFactory.create(Customers.id(customer), null, from.plusDays(day)))
                : Stream.empty();
    }

    private static BigDecimal money(double amount) {
        return BigDecimal.valueOf(Math.round(amount * 100), 2);
    }
}
