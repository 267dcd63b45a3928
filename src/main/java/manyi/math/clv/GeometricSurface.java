package manyi.math.clv;

import manyi.math.Chunks;

/**
 * The log-likelihood of BG/NBD or MBG/NBD over all cells. As {@link GeometricHistory}, but what depends on x alone or on
 * a time alone is made once: a cell is left with one exponential and one logarithm.
 */
record GeometricSurface(Histories histories, int atFirst) implements Surface {

    @Override
    public int dimension() {
        return 4;
    }

    @Override
    public double at(double[] theta, double[] gradient) {
        double r = StrictMath.exp(theta[0]);
        double alpha = StrictMath.exp(theta[1]);
        double a = StrictMath.exp(theta[2]);
        double b = StrictMath.exp(theta[3]);
        int n = histories.times.length;
        double[] logAge = new double[n];
        double[] share = new double[n];
        for (int i = 0; i < n; i++) {
            double time = histories.times[i];
            logAge[i] = StrictMath.log1p(time / alpha);
            share[i] = time / (alpha + time);
        }
        int distinct = histories.xs.length;
        double[] constant = new double[distinct];
        double[] odds = new double[distinct];
        double[][] slopes = new double[distinct][4];
        for (int i = 0; i < distinct; i++) {
            double x = histories.xs[i];
            double k = x + atFirst;
            double atEnd = Rising.digamma(a + b, k);
            constant[i] = Rising.logGamma(r, x) - x * theta[1] + Rising.logGamma(b, k) - Rising.logGamma(a + b, k);
            odds[i] = k == 0 ? Double.NEGATIVE_INFINITY : theta[2] - StrictMath.log(b + k - 1);
            slopes[i][0] = r * Rising.digamma(r, x);
            slopes[i][1] = -x;
            slopes[i][2] = -a * atEnd;
            slopes[i][3] = b * (Rising.digamma(b, k) - atEnd);
        }
        double[] sums = Chunks.sum(histories.cells, 5, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                int ix = histories.x[i];
                int end = histories.T[i];
                int last = histories.tx[i];
                double count = histories.count[i];
                double R = r + histories.xs[ix];
                double log = constant[ix] - R * logAge[end];
                double gone = 0;
                double perB = 0;
                if (odds[ix] > Double.NEGATIVE_INFINITY) {
                    double y = odds[ix] + R * (logAge[end] - logAge[last]);
                    double small = StrictMath.exp(-StrictMath.abs(y));
                    log += StrictMath.log1p(small) + StrictMath.max(y, 0);
                    gone = (y > 0 ? 1 : small) / (1 + small);
                    perB = gone * b / (b + histories.xs[ix] + atFirst - 1);
                }
                double here = 1 - gone;
                double[] slope = slopes[ix];
                into[0] += count * log;
                into[1] += count * (slope[0] - r * (here * logAge[end] + gone * logAge[last]));
                into[2] += count * (slope[1] + R * (here * share[end] + gone * share[last]));
                into[3] += count * (slope[2] + gone);
                into[4] += count * (slope[3] - perB);
            }
        });
        System.arraycopy(sums, 1, gradient, 0, 4);
        return sums[0];
    }
}
