package manyi.math.clv;

/**
 * A customer who never leaves and whose rate is λ ~ Gamma(R, A) after the history (NBD).
 *
 * @param R shape
 * @param A scale, in units of time
 * @param model the parameters before the history
 */
record SteadyFuture(double R, double A, Nbd model) implements Future {

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

    @Override
    public Prospect prospect(double horizon, double delta) {
        return new Prospect(
                figure(expectedPurchases(horizon)),
                factorialMoment(horizon),
                figure(discountedPurchases(delta, 0, horizon)),
                delta > 0
                        ? figure(discountedPurchases(delta, horizon, Double.POSITIVE_INFINITY))
                        : Prospect.Figure.none(2));
    }

    /** All expectations go with R / A. */
    private Prospect.Figure figure(double value) {
        return new Prospect.Figure(value, model.r() / R * value, -model.alpha() / A * value);
    }
}
