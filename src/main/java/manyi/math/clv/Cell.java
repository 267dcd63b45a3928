package manyi.math.clv;

/**
 * Customers who share one purchase history.
 *
 * <p>Time has any unit, the same in all cells; Manyi uses weeks (days / 7).
 *
 * @param x repeat purchase days, a count
 * @param tx age at the last purchase; 0 where x is 0
 * @param T age today
 * @param customers how many have this history
 */
public record Cell(long x, double tx, double T, long customers) implements Comparable<Cell> {

    public Cell {
        requirePossible(x, tx, T);
        if (customers < 1) {
            throw new IllegalArgumentException("a cell of " + customers + " customers");
        }
    }

    /** By x, then T, then t_x. */
    @Override
    public int compareTo(Cell other) {
        int order = Long.compare(x, other.x);
        order = order == 0 ? Double.compare(T, other.T) : order;
        order = order == 0 ? Double.compare(tx, other.tx) : order;
        return order == 0 ? Long.compare(customers, other.customers) : order;
    }

    /** @throws IllegalArgumentException where nobody can have this history */
    static void requirePossible(long x, double tx, double T) {
        if (x < 0) {
            throw impossible(x, tx, T, "x is negative");
        }
        if (!(T >= 0) || T == Double.POSITIVE_INFINITY) {
            throw impossible(x, tx, T, "T is no age");
        }
        if (!(tx >= 0 && tx <= T)) {
            throw impossible(x, tx, T, "t_x is not within 0 and T");
        }
        if (x == 0 && tx != 0) {
            throw impossible(x, tx, T, "t_x is not 0 without a repeat purchase");
        }
        if (x > 0 && tx == 0) {
            throw impossible(x, tx, T, "t_x is 0 with a repeat purchase");
        }
    }

    private static IllegalArgumentException impossible(long x, double tx, double T, String why) {
        return new IllegalArgumentException(
                "impossible history x = " + x + ", t_x = " + tx + ", T = " + T + ": " + why);
    }
}
