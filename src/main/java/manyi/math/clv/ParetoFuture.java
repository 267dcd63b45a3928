package manyi.math.clv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A customer who leaves at a time of his own: λ ~ Gamma(R, A), μ ~ Gamma(s, B) after the history, the customer being
 * alive (Pareto/NBD). He is still there at u with probability (1 + u/B)^(−s), whatever his λ: all x of one T share one
 * {@link Life}.
 */
final class ParetoFuture implements Future {

    private final ParetoNbd model;
    private final double R;
    private final double A;
    private final Life life;

    ParetoFuture(ParetoNbd model, long x, double T, Life life) {
        this.model = model;
        R = model.r() + x;
        A = model.alpha() + T;
        this.life = life;
    }

    @Override
    public double expectedPurchases(double t) {
        return discountedPurchases(0, 0, t);
    }

    /** E[λ²]·E[τ²], τ the time alive within t: purchases are Poisson in λτ. */
    @Override
    public double factorialMoment(double t) {
        Future.requireTime(t);
        return R / A * ((R + 1) / A) * life.squared(t);
    }

    /** E[λ]·∫ e^(−δu)·(1 + u/B)^(−s) du. */
    @Override
    public double discountedPurchases(double delta, double from, double to) {
        return discounted(delta, from, to).value();
    }

    private Prospect.Figure discounted(double delta, double from, double to) {
        Future.requireStretch(delta, from, to);
        Prospect.Figure time = life.time(new Stretch(delta, from, to));
        double value = R / A * time.value();
        return new Prospect.Figure(
                value, model.r() / R * value, -model.alpha() / A * value, R / A * time.slope(0), R / A * time.slope(1));
    }

    @Override
    public Prospect prospect(double horizon, double delta) {
        return new Prospect(
                discounted(0, 0, horizon),
                factorialMoment(horizon),
                discounted(delta, 0, horizon),
                delta > 0 ? discounted(delta, horizon, Double.POSITIVE_INFINITY) : Prospect.Figure.none(4));
    }

    private record Stretch(double delta, double from, double to) {}

    /** How long the customers of one T live on. It remembers its integrals; several threads may use it. */
    static final class Life {

        private final double s;
        private final double beta;
        private final double B;
        private final Map<Stretch, Prospect.Figure> times = new ConcurrentHashMap<>();
        private final Map<Double, Double> squares = new ConcurrentHashMap<>();

        /** B = β + T, in units of time. */
        Life(double s, double beta, double T) {
            this.s = s;
            this.beta = beta;
            B = beta + T;
        }

        /** ∫ e^(−δu)·(1 + u/B)^(−s) du, and its slopes by ln s and ln β. */
        private Prospect.Figure time(Stretch stretch) {
            return times.computeIfAbsent(stretch, any -> {
                double k = stretch.delta * B;
                double low = stretch.from / B;
                double high = stretch.to / B;
                double byS = Panels.integral(v -> StrictMath.log1p(v) * alive(v), first(), k, low, high);
                double byB = Panels.integral(v -> v / (1 + v) * alive(v), first(), k, low, high);
                return new Prospect.Figure(value(stretch), -s * B * byS, beta * s * byB);
            });
        }

        /** Without discount in closed form, which holds for s = 1 too. */
        private double value(Stretch stretch) {
            if (stretch.delta == 0) {
                double length = StrictMath.log1p((stretch.to - stretch.from) / (B + stretch.from));
                double y = (1 - s) * length;
                return (B + stretch.from) * alive(stretch.from / B) * length * (y == 0 ? 1 : StrictMath.expm1(y) / y);
            }
            return B * Panels.integral(this::alive, first(), stretch.delta * B, stretch.from / B, stretch.to / B);
        }

        /** E[τ²] of the time alive within t. */
        private double squared(double t) {
            return squares.computeIfAbsent(
                    t, any -> B * B * Panels.integral(v -> 2 * v * alive(v), first(), 0, 0, t / B));
        }

        private double alive(double v) {
            return StrictMath.exp(-s * StrictMath.log1p(v));
        }

        private double first() {
            return 2 / (s + 1);
        }
    }
}
