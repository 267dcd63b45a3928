package manyi.math.clv;

/**
 * What is to come from a customer who is known to be alive; times count from today. It depends on x and T alone, not on
 * t_x, so customers who differ in t_x share one.
 */
public sealed interface Future permits FormFuture, GeometricFuture, ParetoFuture, SteadyFuture {

    /**
     * Expected purchase days within a time.
     *
     * @param t a time from today, not negative, finite
     */
    double expectedPurchases(double t);

    /**
     * E[Y(Y − 1)] of the purchase days Y within a time; with {@link #expectedPurchases} it gives their variance.
     *
     * @param t a time from today, not negative, finite
     */
    double factorialMoment(double t);

    /**
     * Expected purchase days between two times, each discounted to today: ∫ e^(−δu) dE[X(u)].
     *
     * @param delta δ, the continuous discount rate per unit of time, not negative
     * @param from a time from today, not negative
     * @param to may be infinite where δ is positive
     */
    double discountedPurchases(double delta, double from, double to);

    /**
     * All that a forecast needs, with its slopes.
     *
     * @param horizon H, finite
     * @param delta δ; without discount there is no residual
     */
    Prospect prospect(double horizon, double delta);

    /** Refuses a time that is none. */
    static void requireTime(double t) {
        if (!(t >= 0) || t == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("a time of " + t);
        }
    }

    /** Refuses a stretch of time that is none, or whose sum need not be finite. */
    static void requireStretch(double delta, double from, double to) {
        if (!(delta >= 0) || delta == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("a discount rate of " + delta);
        }
        if (!(from >= 0 && from <= to)) {
            throw new IllegalArgumentException("a horizon from " + from + " to " + to);
        }
        if (to == Double.POSITIVE_INFINITY && delta == 0) {
            throw new IllegalArgumentException("an infinite horizon without discount");
        }
    }
}
