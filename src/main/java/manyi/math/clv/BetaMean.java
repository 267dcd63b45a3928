package manyi.math.clv;

import java.util.function.DoubleBinaryOperator;

/**
 * Means over a beta distribution, by the trapezoidal rule in y = ln(p / (1 − p)).
 *
 * <p>Seen from y the density has neither a pole at 0 (a &lt; 1) nor a needle there (b large), and the rule converges
 * exponentially on the whole line. Where p is so small that the averaged function no longer changes, the rest of the sum
 * is a geometric series and is added in closed form, likewise at the other end; so a = 0.01 costs no more than a = 1.
 * The weights add up to 1 by construction, so no beta function is needed.
 *
 * @see "Trefethen, Weideman (2014), The exponentially convergent trapezoidal rule, SIAM Review 56(3)"
 */
final class BetaMean {

    /** The left-out variation, as a logarithm: far below the last bit. */
    private static final double NEGLIGIBLE = -41;

    final int size;
    final double[] p;
    final double[] q;
    final double[] weight;
    /** The derivatives of the weights by a and by b: a mean's derivative is the sum with these. */
    final double[] weightByA;

    final double[] weightByB;

    /**
     * @param left how steeply the function may change near p = 0: |f(p) / f(0) − 1| ≤ left · p
     * @param right how steeply it may change near p = 1
     */
    BetaMean(double a, double b, double left, double right) {
        double logA = StrictMath.log(a / (a + b));
        double logB = StrictMath.log(b / (a + b));
        double low = (NEGLIGIBLE + a * logA - StrictMath.log(StrictMath.max(left, 1) + 1 / a + b)) / (1 + a);
        double high = (NEGLIGIBLE + b * logB - StrictMath.log(StrictMath.max(right, 1) + 1 / b + a)) / (1 + b);
        double centre = logA - logB;
        // a beta with large parameters is a narrow bell in y, whose width sets the step
        double width = StrictMath.sqrt(1 / a + 1 / b);
        double step = StrictMath.min(0.3, 0.7 * width);
        low = StrictMath.max(StrictMath.min(low, centre - step), centre - 10 * width - 41 / a);
        high = StrictMath.min(StrictMath.max(-high, centre + step), centre + 10 * width + 41 / b);
        int before = (int) StrictMath.ceil((centre - low) / step);
        int after = (int) StrictMath.ceil((high - centre) / step);
        size = before + after + 1;
        p = new double[size];
        q = new double[size];
        weight = new double[size];
        weightByA = new double[size];
        weightByB = new double[size];
        double atCentre = a * logA + b * logB;
        double total = 0;
        double byA = 0;
        double byB = 0;
        for (int i = 0; i < size; i++) {
            double y = centre + (i - before) * step;
            double logP = -Odds.softplus(-y);
            double logQ = -Odds.softplus(y);
            p[i] = StrictMath.exp(logP);
            q[i] = StrictMath.exp(logQ);
            weight[i] = StrictMath.exp(a * logP + b * logQ - atCentre);
            double alone = weight[i];
            weightByA[i] = alone * logP;
            weightByB[i] = alone * logQ;
            if (i == 0) {
                // Σ z^k and Σ k·z^k, z = e^(−a·step)
                double rest = alone / StrictMath.expm1(a * step);
                weight[i] += rest;
                weightByA[i] += rest * (logP + step / StrictMath.expm1(-a * step));
                weightByB[i] += rest * logQ;
            }
            if (i == size - 1) {
                double rest = alone / StrictMath.expm1(b * step);
                weight[i] += rest;
                weightByA[i] += rest * logP;
                weightByB[i] += rest * (logQ + step / StrictMath.expm1(-b * step));
            }
            total += weight[i];
            byA += weightByA[i];
            byB += weightByB[i];
        }
        for (int i = 0; i < size; i++) {
            weight[i] /= total;
            weightByA[i] = (weightByA[i] - weight[i] * byA) / total;
            weightByB[i] = (weightByB[i] - weight[i] * byB) / total;
        }
    }

    /** @param function of p and 1 − p; both are given, since near p = 1 the one loses the other's digits */
    double of(DoubleBinaryOperator function) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += weight[i] * function.applyAsDouble(p[i], q[i]);
        }
        return sum;
    }
}
