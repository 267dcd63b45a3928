package manyi.math.clv;

/**
 * A customer who leaves at a time of his own: λ ~ Gamma(R, A), μ ~ Gamma(s, B) after the history, the customer being
 * alive (Pareto/NBD). He is still there at u with probability (1 + u/B)^(−s).
 *
 * @param rate E[λ] = R / A, per unit of time
 * @param squaredRate E[λ²] = R(R + 1) / A²
 * @param s of the death rate
 * @param B of the death rate, in units of time
 */
record ParetoFuture(double rate, double squaredRate, double s, double B) implements Future {

    @Override
    public double expectedPurchases(double t) {
        return discountedPurchases(0, 0, t);
    }

    /** E[λ²]·E[τ²], τ the time alive within t: purchases are Poisson in λτ. */
    @Override
    public double factorialMoment(double t) {
        Future.requireTime(t);
        return squaredRate * B * B * Panels.integral(v -> 2 * v * alive(v), first(), 0, 0, t / B);
    }

    /** E[λ]·∫ e^(−δu)·(1 + u/B)^(−s) du; without discount in closed form, which holds for s = 1 too. */
    @Override
    public double discountedPurchases(double delta, double from, double to) {
        Future.requireStretch(delta, from, to);
        if (delta == 0) {
            double length = StrictMath.log1p((to - from) / (B + from));
            double y = (1 - s) * length;
            return rate * (B + from) * alive(from / B) * length * (y == 0 ? 1 : StrictMath.expm1(y) / y);
        }
        return rate * B * Panels.integral(this::alive, first(), delta * B, from / B, to / B);
    }

    private double alive(double v) {
        return StrictMath.exp(-s * StrictMath.log1p(v));
    }

    private double first() {
        return 2 / (s + 1);
    }
}
