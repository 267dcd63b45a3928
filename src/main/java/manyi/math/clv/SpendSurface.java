package manyi.math.clv;

import java.util.Arrays;
import manyi.math.Chunks;
import org.apache.commons.math3.special.Gamma;

/** The log-likelihood of Gamma–Gamma over all cells, money in its mean. What depends on x alone is made once per x. */
final class SpendSurface implements Surface {

    private final int cells;
    private final long[] xs;
    private final int[] x;
    private final double[] count;
    /** m·x. */
    private final double[] total;
    /** Σ ln m and Σ ln(mx) over customers. */
    private final double logMean;

    private final double logTotal;
    private final double customers;

    SpendSurface(Spends spends) {
        cells = spends.cells().size();
        xs = spends.cells().stream().mapToLong(SpendCell::x).distinct().toArray();
        x = new int[cells];
        count = new double[cells];
        total = new double[cells];
        customers = spends.customers();
        double means = 0;
        double totals = 0;
        for (int i = 0; i < cells; i++) {
            SpendCell cell = spends.cells().get(i);
            double mean = cell.mean() / spends.unit();
            x[i] = Arrays.binarySearch(xs, cell.x());
            count[i] = cell.customers();
            total[i] = mean * cell.x();
            means += count[i] * StrictMath.log(mean);
            totals += count[i] * StrictMath.log(total[i]);
        }
        logMean = means;
        logTotal = totals;
    }

    @Override
    public int dimension() {
        return 3;
    }

    @Override
    public double at(double[] theta, double[] gradient) {
        double p = StrictMath.exp(theta[0]);
        double q = StrictMath.exp(theta[1]);
        double gamma = StrictMath.exp(theta[2]);
        double[] constant = new double[xs.length];
        double[] slopeP = new double[xs.length];
        double[] slopeQ = new double[xs.length];
        double logGammaQ = Gamma.logGamma(q);
        for (int i = 0; i < xs.length; i++) {
            double px = p * xs[i];
            constant[i] = Rising.logGamma(px, q) - logGammaQ;
            slopeP[i] = px * Rising.digamma(px, q);
            slopeQ[i] = q * Rising.digamma(q, px);
        }
        double[] sums = Chunks.sum(cells, 4, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                double px = p * xs[x[i]];
                double z = gamma / total[i];
                double log = StrictMath.log1p(z);
                into[0] += count[i] * (constant[x[i]] - (px + q) * log);
                into[1] += count[i] * (slopeP[x[i]] - px * log);
                into[2] += count[i] * (slopeQ[x[i]] - q * log);
                into[3] += count[i] * (q - (px + q) * (z / (1 + z)));
            }
        });
        double logZ = customers * theta[2] - logTotal;
        gradient[0] = sums[1];
        gradient[1] = sums[2] + q * logZ;
        gradient[2] = sums[3];
        return sums[0] + q * logZ - logMean;
    }
}
