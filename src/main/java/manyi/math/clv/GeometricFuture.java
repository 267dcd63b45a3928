package manyi.math.clv;

import java.util.HashMap;
import java.util.Map;

/**
 * A customer who leaves after a purchase with probability p: λ ~ Gamma(R, A), p ~ Beta(a, b) after the history, the
 * customer being alive (BG/NBD, MBG/NBD).
 *
 * <p>Given λ and p, purchases come at the rate λ·e^(−λpu). Averaged over λ in closed form, over p by {@link BetaMean};
 * no 2F1. Times enter as v = t / A only, so all T of one x share one {@link Shape}.
 */
final class GeometricFuture implements Future {

    private final Shape shape;
    private final double scale;

    /** @param scale A, in units of time */
    GeometricFuture(Shape shape, double scale) {
        this.shape = shape;
        this.scale = scale;
    }

    /** E[(1 − (1 + pv)^(−R)) / p]. */
    @Override
    public double expectedPurchases(double t) {
        Future.requireTime(t);
        double v = t / scale;
        double R = shape.R;
        return shape.means(v).of((p, q) -> -StrictMath.expm1(-R * StrictMath.log1p(p * v)) / p);
    }

    /**
     * E[2(1 − p)/p² · P(N ≥ 2)], N negative binomial: the product density of purchases at u &lt; w is
     * λ²(1 − p)e^(−λpw), integrated over both times and averaged over λ.
     */
    @Override
    public double factorialMoment(double t) {
        Future.requireTime(t);
        double v = t / scale;
        double R = shape.R;
        return shape.means(v).of((p, q) -> 2 * q / (p * p) * twoOrMore(R, p * v));
    }

    @Override
    public double discountedPurchases(double delta, double from, double to) {
        Future.requireStretch(delta, from, to);
        if (delta == 0 && from == 0) {
            return expectedPurchases(to);
        }
        return shape.discounted(delta * scale, from / scale, to / scale);
    }

    /** 1 − (1 + c)^(−R)·(1 + R·c/(1 + c)), free of cancellation. */
    private static double twoOrMore(double R, double c) {
        double z = c / (1 + c);
        if (z * (R + 1) > 0.5) {
            return 1 - StrictMath.exp(-R * StrictMath.log1p(c)) * (1 + R * z);
        }
        double term = R * z;
        double sum = 0;
        for (int k = 2; k < 60; k++) {
            term *= (R + k - 1) * z / k;
            sum += term;
            if (term < 1e-17 * sum) {
                break;
            }
        }
        return sum * StrictMath.exp(-R * StrictMath.log1p(c));
    }

    /**
     * What the futures of one x have in common. It remembers its quadrature nodes, and is not safe for use by several
     * threads at once.
     */
    static final class Shape {

        private final double R;
        private final double a;
        private final double b;
        private final Map<Integer, BetaMean> means = new HashMap<>();
        private final Map<Integer, double[]> rates = new HashMap<>();

        Shape(double R, double a, double b) {
            this.R = R;
            this.a = a;
            this.b = b;
        }

        /** Nodes that serve all times up to v, rounded up to a power of 16. */
        private BetaMean means(double v) {
            int power = 4 * (int) StrictMath.ceil(StrictMath.log1p(v) / (4 * StrictMath.log(2)));
            return means.computeIfAbsent(power, k -> new BetaMean(a, b, (R + 2) * StrictMath.scalb(1.0, k), R + 2));
        }

        /** E[(1 + pv)^(−R − 1)]: the rate of purchases at v, relative to now. */
        private double rate(double v) {
            return means(v).of((p, q) -> StrictMath.exp(-(R + 1) * StrictMath.log1p(p * v)));
        }

        /**
         * R·∫ e^(−kv)·rate(v) dv. The rates at the nodes of a panel are remembered, and interpolated between
         * them to the accuracy of the quadrature itself.
         */
        double discounted(double k, double from, double to) {
            double end = k > 0 ? StrictMath.min(to, from + Panels.SPENT / k) : to;
            double first = 2 / (R + 1);
            double sum = 0;
            double low = 0;
            double high = first;
            for (int panel = 0; low < end; panel++) {
                double start = StrictMath.max(low, from);
                double stop = StrictMath.min(high, end);
                if (start < stop) {
                    sum += panel(rates(panel, low, high), low, high, k, start, stop);
                }
                low = high;
                high = 2 * high;
            }
            return R * sum;
        }

        private double[] rates(int panel, double low, double high) {
            return rates.computeIfAbsent(panel, any -> {
                double[] values = new double[Legendre.SIXTEEN.size];
                for (int i = 0; i < values.length; i++) {
                    values[i] = rate(low + (high - low) * Legendre.SIXTEEN.node(i));
                }
                return values;
            });
        }

        private static double panel(double[] rates, double low, double high, double k, double start, double stop) {
            return Panels.panel(v -> Legendre.SIXTEEN.interpolated(rates, (v - low) / (high - low)), k, start, stop);
        }
    }
}
