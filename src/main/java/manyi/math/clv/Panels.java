package manyi.math.clv;

import java.util.function.DoubleUnaryOperator;

/**
 * ∫ e^(−kv)·f(v) dv from 0 or later, possibly to infinity, for f that falls smoothly on the scale of v itself:
 * Gauss–Legendre on [0, w], [w, 2w], [2w, 4w] and so on, each as wide as it is far.
 */
final class Panels {

    /** e^(−this) is below the last bit. */
    static final double SPENT = 45;

    private static final double FALL = 8;

    private Panels() {}

    /**
     * @param first w, the width of the first panel
     * @param k not negative; positive where {@code to} is infinite
     */
    static double integral(DoubleUnaryOperator f, double first, double k, double from, double to) {
        double end = k > 0 ? StrictMath.min(to, from + SPENT / k) : to;
        double sum = 0;
        double low = 0;
        double high = first;
        while (low < end) {
            double start = StrictMath.max(low, from);
            double stop = StrictMath.min(high, end);
            if (start < stop) {
                sum += panel(f, k, start, stop);
            }
            low = high;
            high = 2 * high;
        }
        return sum;
    }

    /** Into how many parts a panel is cut, so that the discount falls by little enough over each. */
    static int parts(double k, double start, double stop) {
        return 1 + (int) (k * (stop - start) / FALL);
    }

    /** One panel, in parts over which the discount falls by little enough for the rule. */
    static double panel(DoubleUnaryOperator f, double k, double start, double stop) {
        int parts = parts(k, start, stop);
        double width = (stop - start) / parts;
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            for (int i = 0; i < Legendre.SIXTEEN.size; i++) {
                double v = start + width * (part + Legendre.SIXTEEN.node(i));
                sum += Legendre.SIXTEEN.weight(i) * StrictMath.exp(-k * v) * f.applyAsDouble(v);
            }
        }
        return sum * width;
    }
}
