package manyi.math.clv;

/**
 * A customer who never leaves and whose rate is λ ~ Gamma(R, A) after the history (NBD).
 *
 * @param R shape
 * @param A scale, in units of time
 */
record SteadyFuture(double R, double A) implements Future {

    @Override
    public double expectedPurchases(double t) {
        Future.requireTime(t);
        return R / A * t;
    }

    @Override
    public double factorialMoment(double t) {
        Future.requireTime(t);
        return R / A * ((R + 1) / A) * t * t;
    }

    /** E[λ]·∫ e^(−δu) du. */
    @Override
    public double discountedPurchases(double delta, double from, double to) {
        Future.requireStretch(delta, from, to);
        if (delta == 0) {
            return R / A * (to - from);
        }
        return R / A * StrictMath.exp(-delta * from) * -StrictMath.expm1(-delta * (to - from)) / delta;
    }
}
