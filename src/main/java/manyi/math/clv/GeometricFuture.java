package manyi.math.clv;

import java.util.HashMap;
import java.util.Map;

/**
 * A customer who leaves after a purchase with probability p: λ ~ Gamma(R, A), p ~ Beta(a, b) after the history, the
 * customer being alive (BG/NBD, MBG/NBD).
 *
 * <p>Given λ and p, purchases come at the rate λ·e^(−λpu). Averaged over λ in closed form, over p by {@link BetaMean};
 * no 2F1. Times enter as v = t / A only, so all T of one x share one {@link Shape}. Slopes are the derivatives of the
 * same sums and integrals.
 */
final class GeometricFuture implements Future {

    private final Shape shape;
    private final double alpha;
    private final double scale;

    /** A = α + T, in units of time. */
    GeometricFuture(Shape shape, double alpha, double T) {
        this.shape = shape;
        this.alpha = alpha;
        scale = alpha + T;
    }

    @Override
    public double expectedPurchases(double t) {
        return expected(t).value();
    }

    /** E[(1 − (1 + pv)^(−R)) / p]. */
    private Prospect.Figure expected(double t) {
        Future.requireTime(t);
        double v = t / scale;
        double R = shape.R;
        BetaMean nodes = shape.means(v);
        double mean = 0;
        double byR = 0;
        double byA = 0;
        double byB = 0;
        double rate = 0;
        for (int i = 0; i < nodes.size; i++) {
            double p = nodes.p[i];
            double log = StrictMath.log1p(p * v);
            double lost = -StrictMath.expm1(-R * log);
            double kept = 1 - lost;
            double f = lost / p;
            mean += nodes.weight[i] * f;
            byR += nodes.weight[i] * (kept * log / p);
            byA += nodes.weightByA[i] * f;
            byB += nodes.weightByB[i] * f;
            rate += nodes.weight[i] * (kept / (1 + p * v));
        }
        return new Prospect.Figure(
                mean, shape.priorR * byR, -alpha / scale * v * R * rate, shape.a * byA, shape.priorB * byB);
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
        return discounted(delta, from, to).value();
    }

    /** R·∫ e^(−kv)·rate(v) dv from {@code from} / A to {@code to} / A, k = δA. */
    private Prospect.Figure discounted(double delta, double from, double to) {
        Future.requireStretch(delta, from, to);
        if (delta == 0 && from == 0) {
            return expected(to);
        }
        double R = shape.R;
        double[] sums = shape.integrals(delta * scale, from / scale, to / scale);
        double byScale = edge(delta, from) - edge(delta, to) - delta * sums[Shape.AGED];
        return new Prospect.Figure(
                R * sums[0],
                shape.priorR * (sums[0] + R * sums[1]),
                alpha * R * byScale,
                shape.a * R * sums[2],
                shape.priorB * R * sums[3]);
    }

    /** What a limit of the integral at v = t / A adds to its derivative by A. */
    private double edge(double delta, double t) {
        if (t == 0 || t == Double.POSITIVE_INFINITY) {
            return 0;
        }
        return t / scale / scale * StrictMath.exp(-delta * t) * shape.rate(t / scale)[0];
    }

    @Override
    public Prospect prospect(double horizon, double delta) {
        Prospect.Figure expected = expected(horizon);
        return new Prospect(
                expected,
                factorialMoment(horizon),
                delta == 0 ? expected : discounted(delta, 0, horizon),
                delta > 0 ? discounted(delta, horizon, Double.POSITIVE_INFINITY) : Prospect.Figure.none(4));
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

    /** What the futures of one x have in common. It remembers its quadrature nodes; several threads may use it. */
    static final class Shape {

        /** The rate, and its derivatives by R, a and b. */
        private static final int RATES = 4;
        /** The index of the integral of v times the rate. */
        private static final int AGED = RATES;

        private final double R;
        private final double a;
        private final double b;
        private final double priorR;
        private final double priorB;
        private final Map<Integer, BetaMean> means = new HashMap<>();
        private final Map<Integer, double[][]> rates = new HashMap<>();

        /** @param k how often the customer stayed although he could have left */
        Shape(GeometricHistory history, long x, double k) {
            R = history.r() + x;
            a = history.a();
            b = history.b() + k;
            priorR = history.r();
            priorB = history.b();
        }

        /** Nodes that serve all times up to v, rounded up to a power of 16. */
        private synchronized BetaMean means(double v) {
            int power = 4 * (int) StrictMath.ceil(StrictMath.log1p(v) / (4 * StrictMath.log(2)));
            return means.computeIfAbsent(power, k -> new BetaMean(a, b, (R + 2) * StrictMath.scalb(1.0, k), R + 2));
        }

        /** E[(1 + pv)^(−R − 1)], the rate of purchases at v relative to now, and its derivatives. */
        private double[] rate(double v) {
            BetaMean nodes = means(v);
            double[] sums = new double[RATES];
            for (int i = 0; i < nodes.size; i++) {
                double log = StrictMath.log1p(nodes.p[i] * v);
                double f = StrictMath.exp(-(R + 1) * log);
                sums[0] += nodes.weight[i] * f;
                sums[1] -= nodes.weight[i] * f * log;
                sums[2] += nodes.weightByA[i] * f;
                sums[3] += nodes.weightByB[i] * f;
            }
            return sums;
        }

        /**
         * ∫ e^(−kv)·f(v) dv for the rate, its derivatives, and v times the rate. The rates at the nodes of a panel are
         * remembered, and interpolated between them to the accuracy of the quadrature itself.
         */
        private double[] integrals(double k, double from, double to) {
            double end = k > 0 ? StrictMath.min(to, from + Panels.SPENT / k) : to;
            double first = 2 / (R + 1);
            double[] sums = new double[RATES + 1];
            double low = 0;
            double high = first;
            for (int panel = 0; low < end; panel++) {
                double start = StrictMath.max(low, from);
                double stop = StrictMath.min(high, end);
                if (start < stop) {
                    add(rates(panel, low, high), low, high, k, start, stop, sums);
                }
                low = high;
                high = 2 * high;
            }
            return sums;
        }

        /** By node of a panel. */
        private synchronized double[][] rates(int panel, double low, double high) {
            return rates.computeIfAbsent(panel, any -> {
                double[][] values = new double[Legendre.SIXTEEN.size][];
                for (int i = 0; i < values.length; i++) {
                    values[i] = rate(low + (high - low) * Legendre.SIXTEEN.node(i));
                }
                return values;
            });
        }

        private static void add(
                double[][] rates, double low, double high, double k, double start, double stop, double[] sums) {
            int parts = Panels.parts(k, start, stop);
            double width = (stop - start) / parts;
            boolean isWhole = parts == 1 && start == low && stop == high;
            double[] between = new double[RATES];
            for (int part = 0; part < parts; part++) {
                for (int i = 0; i < Legendre.SIXTEEN.size; i++) {
                    double v = start + width * (part + Legendre.SIXTEEN.node(i));
                    double weight = width * Legendre.SIXTEEN.weight(i) * StrictMath.exp(-k * v);
                    double[] here = rates[i];
                    if (!isWhole) {
                        Legendre.SIXTEEN.interpolate(rates, (v - low) / (high - low), between);
                        here = between;
                    }
                    for (int j = 0; j < RATES; j++) {
                        sums[j] += weight * here[j];
                    }
                    sums[AGED] += weight * v * here[0];
                }
            }
        }
    }
}
