package manyi.generate;

import static manyi.generate.Draw.Stream.LINES;
import static manyi.generate.Draw.Stream.RETURN;

import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;

/**
 * How many orders each day has, and which of them come back. Days get their lines by season and by the customers who
 * are there; cumulative rounding makes the lines of all days add up exactly. A return takes a line of the day on which
 * it comes back.
 */
final class Till implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Share of orders whose first line comes back. */
    static final double RETURN_SHARE = 0.05;
    /** Days within which it comes back. */
    static final int RETURN_DAYS = 30;

    private static final double[] LINES_BOUNDS = {0.55, 0.80, 0.93};
    private static final int SAMPLE = 20_000;

    private final Draw draw;
    private final int[] rows;
    private final int[] orders;
    private final int[] returns;

    Till(Draw draw, Society society, LocalDate from, int days, long purchases) {
        this.draw = draw;
        rows = rowsOfDays(society, from, days, purchases);
        orders = new int[days];
        returns = new int[days];
        for (int day = 0; day < days; day++) {
            returns[day] = Math.min(returns[day], rows[day]);
            int sold = 0;
            while (sold < rows[day] - returns[day]) {
                int order = orders[day]++;
                sold += lines(day, order);
                int age = returnAge(day, order);
                if (age > 0 && day + age < days) {
                    returns[day + age]++;
                }
            }
        }
    }

    int days() {
        return rows.length;
    }

    /** Lines of a day, returns included. */
    int rows(int day) {
        return rows[day];
    }

    int orders(int day) {
        return orders[day];
    }

    /** Lines of a day that take goods back. */
    int returns(int day) {
        return returns[day];
    }

    /** Lines of an order; the last order of a day may be cut short. */
    int lines(int day, int order) {
        double uniform = draw.uniform(LINES, day, order);
        int lines = 1;
        while (lines <= LINES_BOUNDS.length && uniform >= LINES_BOUNDS[lines - 1]) {
            lines++;
        }
        return lines;
    }

    /** After how many days the first line of an order comes back; 0 where it does not. */
    int returnAge(int day, int order) {
        double uniform = draw.uniform(RETURN, day, order);
        if (uniform >= RETURN_SHARE) {
            return 0;
        }
        double again = uniform / RETURN_SHARE;
        return 1 + (int) (again * again * RETURN_DAYS);
    }

    private static int[] rowsOfDays(Society society, LocalDate from, int days, long purchases) {
        double[] weights = demand(society, days);
        double total = 0;
        for (int day = 0; day < days; day++) {
            weights[day] *= season(from.plusDays(day));
            total += weights[day];
        }
        int[] rows = new int[days];
        double seen = 0;
        long given = 0;
        for (int day = 0; day < days; day++) {
            seen += weights[day];
            long due = day == days - 1 ? purchases : Math.min(purchases, (long) (purchases * (seen / total)));
            rows[day] = Math.toIntExact(due - given);
            given = due;
        }
        return rows;
    }

    /** How much the customers buy on each day but for the season, by a fixed sample of buyers. */
    private static double[] demand(Society society, int days) {
        Waves waves = society.waves();
        double[] change = new double[days + 1];
        for (int i = 0; i < SAMPLE; i++) {
            long customer = society.buyer((i + 0.5) / SAMPLE);
            int joined = society.joined(customer);
            int last = society.last(customer);
            for (int wave = 0; wave < waves.count(); wave++) {
                int first = Math.max(joined, waves.start(wave));
                int after = (int) Math.min((long) last + 1, waves.end(wave));
                if (first < after) {
                    double appetite = society.appetite(customer, waves.start(wave));
                    change[first] += appetite;
                    change[after] -= appetite;
                }
            }
        }
        double[] demand = new double[days];
        double running = 0;
        for (int day = 0; day < days; day++) {
            running += change[day];
            // a few customers keep the shop open when the whole sample is gone
            demand[day] = Math.max(running, 1e-3);
        }
        return demand;
    }

    /** Week, year and Christmas. */
    static double season(LocalDate date) {
        double week = weekday(date.getDayOfWeek());
        double year = 1 + 0.08 * StrictMath.sin(2 * StrictMath.PI * (date.getDayOfYear() - 80) / 365.25);
        double feast = 1;
        if (date.getMonth() == Month.DECEMBER) {
            int day = date.getDayOfMonth();
            feast = day <= 23 ? 1.4 + 0.05 * day : day <= 26 ? 0.35 : 1.1;
        } else if (date.getMonth() == Month.JANUARY) {
            feast = 0.8;
        } else if (date.getMonth() == Month.NOVEMBER && date.getDayOfMonth() >= 22) {
            feast = 1.35;
        }
        return week * year * feast;
    }

    private static double weekday(DayOfWeek day) {
        return switch (day) {
            case MONDAY -> 0.85;
            case TUESDAY -> 0.88;
            case WEDNESDAY -> 0.95;
            case THURSDAY -> 1.00;
            case FRIDAY -> 1.22;
            case SATURDAY -> 1.45;
            case SUNDAY -> 0.65;
        };
    }
}
