package manyi.generate;

import static manyi.generate.Draw.Stream.APPETITE;
import static manyi.generate.Draw.Stream.BUYER;
import static manyi.generate.Draw.Stream.FAVOURITE;
import static manyi.generate.Draw.Stream.LINE;
import static manyi.generate.Draw.Stream.ORDER;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The lines of purchases and returns, a run of days at a time. */
final class Purchases implements Serializable {
    private static final long serialVersionUID = 1L;

    static final StructType SCHEMA = new StructType()
            .add("order_id", StringType)
            .add("line", IntegerType)
            .add("customer_id", StringType)
            .add("purchased_at", TimestampType)
            .add("quantity", IntegerType)
            .add("unit_price", createDecimalType(12, 2))
            .add("amount", createDecimalType(12, 2))
            .add("is_return", BooleanType)
            .add("product", StringType)
            .add("product_group", StringType)
            .add("channel", StringType)
            .add("branch", StringType)
            .add("currency", StringType);

    /** Share of orders whose customer nobody wrote down. */
    static final double ANONYMOUS_SHARE = 0.02;

    /** The currency of all amounts. */
    static final String CURRENCY = "EUR";

    private static final int RETURN_LINE = 101;
    private static final int MOST_TRIALS = 1000;
    private static final int OPENS = 8 * 3600;
    private static final int OPEN_SECONDS = 13 * 3600;
    private static final int BRANCHES = 4;
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final Draw draw;
    private final Society society;
    private final Till till;
    private final Catalogue catalogue;
    private final LocalDate from;

    Purchases(Draw draw, Society society, Till till, LocalDate from) {
        this.draw = draw;
        this.society = society;
        this.till = till;
        this.catalogue = new Catalogue(draw);
        this.from = from;
    }

    /** The lines of the days from {@code first} to {@code last}, in order of time but for returns, which close a day. */
    Iterator<Row> rows(int first, int last) {
        return new Lines(first, last);
    }

    /** An order whose first line comes back. */
    private record Return(int day, int order) {}

    private final class Lines implements Iterator<Row> {
        private final ArrayDeque<Row> made = new ArrayDeque<>();
        private final int first;
        private final int last;
        private final List<List<Return>> returns;
        private int day;
        private int order;
        private int sold;

        Lines(int first, int last) {
            this.first = first;
            this.last = last;
            returns = returnsBetween(first, last);
            day = first;
        }

        @Override
        public boolean hasNext() {
            while (made.isEmpty() && day <= last) {
                advance();
            }
            return !made.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException("day " + last + " is over");
            }
            return made.poll();
        }

        private void advance() {
            if (order < till.orders(day)) {
                int lines = Math.min(till.lines(day, order), till.rows(day) - till.returns(day) - sold);
                Sale sale = new Sale(day, order);
                for (int line = 0; line < lines; line++) {
                    made.add(sale.line(line));
                }
                sold += lines;
                order++;
            } else {
                List<Return> today = returns.get(day - first);
                for (int i = 0; i < till.returns(day); i++) {
                    Return back = today.get(i);
                    made.add(new Sale(back.day(), back.order()).comesBack(day, i));
                }
                day++;
                order = 0;
                sold = 0;
            }
        }
    }

    private List<List<Return>> returnsBetween(int first, int last) {
        List<List<Return>> returns = new ArrayList<>();
        for (int day = first; day <= last; day++) {
            returns.add(new ArrayList<>());
        }
        for (int day = Math.max(0, first - Till.RETURN_DAYS); day < last; day++) {
            for (int order = 0; order < till.orders(day); order++) {
                int age = till.returnAge(day, order);
                int back = day + age;
                if (age > 0 && back >= first && back <= last) {
                    returns.get(back - first).add(new Return(day, order));
                }
            }
        }
        return returns;
    }

    /** One order: who buys, where and when. */
    private final class Sale {
        private final int day;
        private final int order;
        private final long customer;
        private final String orderId;
        private final String customerId;
        private final Instant at;
        private final String channel;
        private final String branch;

        Sale(int day, int order) {
            this.day = day;
            this.order = order;
            long found = buyer(day, order);
            customer = Math.max(0, found);
            long bits = draw.bits(ORDER, day, order);
            boolean isAnonymous = found < 0 || Draw.unit(bits) < ANONYMOUS_SHARE;
            bits = Draw.next(bits);
            double place = (order + Draw.unit(bits)) / till.orders(day);
            at = instant(day, OPENS + (int) (place * OPEN_SECONDS));
            bits = Draw.next(bits);
            double uniform = Draw.unit(bits);
            int usual = society.channel(customer);
            int chosen = uniform < 0.7 ? usual : (int) ((uniform - 0.7) / 0.3 * Society.CHANNELS.size());
            channel = Society.CHANNELS.get(chosen);
            bits = Draw.next(bits);
            int region = society.region(customer);
            branch = chosen == 0 && region != Society.NO_REGION
                    ? Society.REGIONS.get(region) + " " + (1 + (int) (Draw.unit(bits) * BRANCHES))
                    : null;
            orderId = from.plusDays(day).format(DAY) + "-" + padded(order + 1L, 6);
            customerId = isAnonymous ? null : Customers.id(customer);
        }

        Row line(int line) {
            long bits = lineBits(line);
            return row(line + 1, at, quantity(bits), product(bits), price(bits), false);
        }

        /** The first line, taken back as the day's return number {@code place}. */
        Row comesBack(int later, int place) {
            long bits = lineBits(0);
            double part = (place + Draw.unit(bits)) / till.returns(later);
            Instant then = instant(later, OPENS + (int) (part * OPEN_SECONDS));
            return row(RETURN_LINE, then, -quantity(bits), product(bits), price(bits), true);
        }

        private Row row(int line, Instant when, int quantity, int product, int price, boolean isReturn) {
            return RowFactory.create(
                    orderId,
                    line,
                    customerId,
                    when,
                    quantity,
                    BigDecimal.valueOf(price, 2),
                    BigDecimal.valueOf((long) quantity * price, 2),
                    isReturn,
                    catalogue.name(product),
                    Catalogue.GROUPS.get(catalogue.group(product)),
                    channel,
                    branch,
                    CURRENCY);
        }

        private long lineBits(int line) {
            return draw.bits(LINE, day, order * 8L + line);
        }

        private int product(long bits) {
            long more = Draw.next(bits);
            double uniform = Draw.unit(more);
            double group = uniform < 0.5 ? draw.uniform(FAVOURITE, customer, 0) : (uniform - 0.5) / 0.5;
            return catalogue.product((int) (group * Catalogue.GROUPS.size()), Draw.unit(Draw.next(more)));
        }

        private int quantity(long bits) {
            double uniform = Draw.unit(bits);
            return uniform < 0.74 ? 1 : uniform < 0.91 ? 2 : uniform < 0.96 ? 3 : 4 + (int) ((uniform - 0.96) / 0.01);
        }

        /** The price in hundredths: every seventh line or so is reduced by a tenth or a fifth. */
        private int price(long bits) {
            int list = catalogue.price(product(bits));
            double uniform = Draw.unit(Draw.next(Draw.next(Draw.next(bits))));
            return uniform < 0.86 ? list : uniform < 0.95 ? list * 9 / 10 : list * 8 / 10;
        }
    }

    /** Buyers are met in proportion to their rates, and refused in proportion to their lack of appetite; -1 for nobody. */
    private long buyer(int day, int order) {
        long counter = (long) day << 32 | order;
        for (int trial = 0; trial < MOST_TRIALS; trial++) {
            long customer = society.buyer(draw.uniform(BUYER, counter, trial));
            if (society.joined(customer) <= day
                    && draw.uniform(APPETITE, counter, trial) < society.appetite(customer, day)
                    && society.last(customer) >= day) {
                return customer;
            }
        }
        return -1;
    }

    private Instant instant(int day, int second) {
        return Instant.ofEpochSecond((from.toEpochDay() + day) * 86_400 + second);
    }

    static String padded(long number, int width) {
        String digits = Long.toString(number);
        return digits.length() >= width ? digits : "0".repeat(width - digits.length()) + digits;
    }
}
