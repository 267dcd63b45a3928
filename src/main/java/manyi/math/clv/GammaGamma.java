package manyi.math.clv;

import java.util.Collection;
import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * The Gamma–Gamma model of spend: the value of a purchase is Gamma(p, ν), ν ~ Gamma(q, γ) over customers, independent
 * of how often they buy.
 *
 * @param p shape of the values
 * @param q shape of ν; a mean spend exists for q &gt; 1 only
 * @param gamma scale of ν, in money
 * @see "Fader, Hardie (2013), The Gamma-Gamma Model of Monetary Value; Fader, Hardie, Lee (2005), RFM and CLV, J. of
 *     Marketing Research 42(4)"
 */
public record GammaGamma(double p, double q, double gamma) implements Parametric<GammaGamma> {

    private static final List<String> NAMES = List.of("p", "q", "gamma");

    public GammaGamma {
        Parametric.requirePositive("p", p);
        Parametric.requirePositive("q", q);
        Parametric.requirePositive("gamma", gamma);
    }

    /**
     * The model of greatest likelihood. Where the maximum has q of at most 1 no mean exists, and the fit has not
     * converged.
     *
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    public static Fit<GammaGamma> fit(Collection<SpendCell> cells) {
        var spends = Spends.of(cells);
        Maximum maximum = Maximum.find(
                new SpendSurface(spends),
                (double) spends.customers(),
                NAMES,
                List.of(
                        new double[] {StrictMath.log(4), StrictMath.log(3), StrictMath.log(0.5)},
                        new double[] {0, 1, 1},
                        new double[] {0, 2, 3},
                        new double[] {3, 0.5, -3}));
        double unit = spends.unit();
        double logLikelihood = maximum.value * spends.customers() - spends.customers() * StrictMath.log(unit);
        var model = new GammaGamma(
                StrictMath.exp(maximum.theta[0]),
                StrictMath.exp(maximum.theta[1]),
                StrictMath.exp(maximum.theta[2]) * unit);
        String besides = model.q > 1 ? "" : "q = " + model.q + ": at most 1, so mean spend is infinite";
        return maximum.fit(
                model, logLikelihood, spends.customers(), spends.cells().size(), besides);
    }

    /**
     * Pearson's correlation, over customers, of the number of repeat purchases and their mean value: the model assumes
     * none.
     *
     * @return NaN where either does not vary
     */
    public static double correlation(Collection<SpendCell> cells) {
        List<SpendCell> sorted = cells.stream().sorted().toList();
        double n = sorted.stream().mapToDouble(SpendCell::customers).sum();
        double meanX =
                sorted.stream().mapToDouble(c -> c.customers() * (double) c.x()).sum() / n;
        double meanSpend =
                sorted.stream().mapToDouble(c -> c.customers() * c.mean()).sum() / n;
        double xx = 0;
        double xm = 0;
        double mm = 0;
        for (SpendCell cell : sorted) {
            double dx = cell.x() - meanX;
            double dm = cell.mean() - meanSpend;
            xx += cell.customers() * dx * dx;
            xm += cell.customers() * dx * dm;
            mm += cell.customers() * dm * dm;
        }
        return xx > 0 && mm > 0 ? xm / StrictMath.sqrt(xx * mm) : Double.NaN;
    }

    /** Log-density of the mean value m of x purchases (Fader, Hardie 2013, eq. 1a). */
    public double logLikelihood(long x, double m) {
        requireSpend(x, m);
        double px = p * x;
        double z = gamma / (m * x);
        return Rising.logGamma(px, q)
                - Gamma.logGamma(q)
                + q * StrictMath.log(z)
                - StrictMath.log(m)
                - (px + q) * StrictMath.log1p(z);
    }

    /** Mean value of a purchase over all customers, p·γ / (q − 1); infinite where q is at most 1. */
    public double expectedSpend() {
        return q > 1 ? p * gamma / (q - 1) : Double.POSITIVE_INFINITY;
    }

    /**
     * Expected value of a future purchase of a customer whose x repeat purchases had the mean m.
     *
     * @param x 0 where there are none: then m does not count, and the answer is the mean of all customers
     * @see "Fader, Hardie (2013), eq. 5"
     */
    public double expectedSpend(long x, double m) {
        if (x == 0) {
            return expectedSpend();
        }
        requireSpend(x, m);
        double shape = p * x + q;
        return shape > 1 ? p * (gamma + x * m) / (shape - 1) : Double.POSITIVE_INFINITY;
    }

    /** The gradient of {@link #expectedSpend(long, double)} with respect to the logarithms of p, q and γ. */
    public double[] expectedSpendGradient(long x, double m) {
        double spend = expectedSpend(x, m);
        double rest = p * x + q - 1;
        return new double[] {spend * (q - 1) / rest, -spend * q / rest, p * gamma / rest};
    }

    /**
     * Variance of the mean value of n future purchases of such a customer: E[p/ν²]/n + Var(p/ν), with
     * ν ~ Gamma(px + q, γ + xm) after the history.
     *
     * @param n at least 1; infinity for the variance of the customer's own mean
     * @return infinite where px + q is at most 2
     */
    public double varianceOfMean(long x, double m, double n) {
        if (!(n >= 1)) {
            throw new IllegalArgumentException("the mean of " + n + " purchases");
        }
        double square = squaredInverse(x, m);
        double mean = expectedSpend(x, m);
        return square == Double.POSITIVE_INFINITY ? square : p * square / n + p * p * square - mean * mean;
    }

    /**
     * Variance of what such a customer spends in Y purchases, Y itself unsure and independent of the values.
     *
     * @param expected E[Y]
     * @param variance Var(Y)
     * @return E[Y]·E[p/ν²] + E[Y²]·E[p²/ν²] − (E[Y]·E[p/ν])²; infinite where px + q is at most 2
     */
    public double varianceOfTotal(long x, double m, double expected, double variance) {
        if (!(expected >= 0 && variance >= 0)) {
            throw new IllegalArgumentException("purchases of mean " + expected + " and variance " + variance);
        }
        double square = squaredInverse(x, m);
        if (square == Double.POSITIVE_INFINITY) {
            return expected > 0 ? square : 0;
        }
        double total = expected * expectedSpend(x, m);
        return expected * p * square + (variance + expected * expected) * p * p * square - total * total;
    }

    /** E[1/ν²] after the history. */
    private double squaredInverse(long x, double m) {
        if (x > 0) {
            requireSpend(x, m);
        }
        double shape = p * x + q;
        double scale = x == 0 ? gamma : gamma + x * m;
        return shape > 2 ? scale / (shape - 1) * (scale / (shape - 2)) : Double.POSITIVE_INFINITY;
    }

    private static void requireSpend(long x, double m) {
        if (x < 1 || !(m > 0) || m == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("x = " + x + " purchases of mean " + m);
        }
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public List<Double> parameters() {
        return List.of(p, q, gamma);
    }

    /** Where q is at most 1 mean spend is infinite. */
    @Override
    public boolean allows(List<Double> parameters) {
        return parameters.get(1) > 1;
    }

    @Override
    public GammaGamma with(List<Double> parameters) {
        return new GammaGamma(parameters.get(0), parameters.get(1), parameters.get(2));
    }
}
