package manyi.math.clv;

import manyi.math.Chunks;

/** The log-likelihood of NBD over all cells; what depends on x alone is made once per x. */
record NbdSurface(Histories histories) implements Surface {

    @Override
    public int dimension() {
        return 2;
    }

    @Override
    public double at(double[] theta, double[] gradient) {
        double r = StrictMath.exp(theta[0]);
        double alpha = StrictMath.exp(theta[1]);
        int distinct = histories.xs.length;
        double[] constant = new double[distinct];
        double[] slope = new double[distinct];
        for (int i = 0; i < distinct; i++) {
            double x = histories.xs[i];
            constant[i] = Rising.logGamma(r, x) - x * theta[1];
            slope[i] = r * Rising.digamma(r, x);
        }
        double[] sums = Chunks.sum(histories.cells, 3, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                double x = histories.xs[histories.x[i]];
                double T = histories.times[histories.T[i]];
                double logAge = StrictMath.log1p(T / alpha);
                double count = histories.count[i];
                into[0] += count * (constant[histories.x[i]] - (r + x) * logAge);
                into[1] += count * (slope[histories.x[i]] - r * logAge);
                into[2] += count * ((r + x) * T / (alpha + T) - x);
            }
        });
        System.arraycopy(sums, 1, gradient, 0, 2);
        return sums[0];
    }
}
