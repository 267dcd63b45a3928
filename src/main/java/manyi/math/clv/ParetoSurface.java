package manyi.math.clv;

import java.util.Arrays;
import manyi.math.Chunks;

/**
 * The log-likelihood of Pareto/NBD over all cells.
 *
 * <p>Times are days, so cells have few distinct ones, and the integral over times of death is accumulated once per x from
 * one distinct time to the next, from the last backwards: V(t) = ∫ f(τ)/f(t) dτ from t to the last time, and likewise
 * for the four means of {@link DeathIntegral}. A cell is the difference of two entries, and left with one exponential
 * and one logarithm. What cancels in the difference is small beside the likelihood of being alive. Where distinct times
 * are too many for that, each cell integrates for itself.
 */
final class ParetoSurface implements Surface {

    private static final Legendre RULE = Legendre.SIX;
    private static final int INTEGRALS = 5;

    private final Histories histories;
    private final boolean isAccumulated;

    ParetoSurface(Histories histories) {
        this(histories, (double) histories.times.length * histories.xs.length <= 50.0 * histories.cells);
    }

    ParetoSurface(Histories histories, boolean isAccumulated) {
        this.histories = histories;
        this.isAccumulated = isAccumulated;
    }

    @Override
    public int dimension() {
        return 4;
    }

    @Override
    public double at(double[] theta, double[] gradient) {
        var point = new Point(
                StrictMath.exp(theta[0]), StrictMath.exp(theta[1]), StrictMath.exp(theta[2]), StrictMath.exp(theta[3]));
        double[] sums = isAccumulated ? accumulated(point) : each(point);
        System.arraycopy(sums, 1, gradient, 0, 4);
        return sums[0];
    }

    private double[] each(Point point) {
        double[] times = histories.times;
        return Chunks.sum(histories.cells, 64, 5, (from, to, into) -> {
            var model = new ParetoNbd(point.r, point.alpha, point.s, point.beta);
            for (int i = from; i < to; i++) {
                long x = histories.xs[histories.x[i]];
                double tx = times[histories.tx[i]];
                double T = times[histories.T[i]];
                into[0] += histories.count[i] * model.logLikelihood(x, tx, T);
                double[] slopes = model.logLikelihoodGradient(x, tx, T);
                for (int j = 0; j < 4; j++) {
                    into[j + 1] += histories.count[i] * slopes[j];
                }
            }
        });
    }

    private double[] accumulated(Point point) {
        var nodes = new Nodes(point);
        return Chunks.sum(histories.xs.length, 1, 5, (from, to, into) -> {
            for (int ix = from; ix < to; ix++) {
                add(point, nodes, ix, into);
            }
        });
    }

    private void add(Point point, Nodes nodes, int ix, double[] into) {
        double x = histories.xs[ix];
        double R = point.r + x;
        double s = point.s;
        double constant = Rising.logGamma(point.r, x) - x * StrictMath.log(point.alpha);
        double rising = point.r * Rising.digamma(point.r, x);
        int begin = histories.begins[ix];
        int end = histories.begins[ix + 1];
        int first = Arrays.stream(histories.tx, begin, end).min().orElseThrow();
        int last = Arrays.stream(histories.T, begin, end).max().orElseThrow();
        double[][] backwards = nodes.backwards(R, first, last);
        double[] logAlpha = nodes.logAlpha;
        double[] logBeta = nodes.logBeta;
        for (int i = begin; i < end; i++) {
            int at = histories.T[i];
            int from = histories.tx[i];
            double count = histories.count[i];
            double T = histories.times[at];
            double log = constant - R * logAlpha[at] - s * logBeta[at];
            double gone = 0;
            double meanLogAlpha = 0;
            double meanLogBeta = 0;
            double meanShareAlpha = 0;
            double meanShareBeta = 0;
            if (from < at) {
                double[] upper = backwards[at - first];
                double[] lower = backwards[from - first];
                double fall = R * (logAlpha[at] - logAlpha[from]) + (s + 1) * (logBeta[at] - logBeta[from]);
                // relative to f(t_x), so that nothing overflows
                double kept = StrictMath.exp(-fall);
                double value = lower[0] - kept * upper[0];
                double odds = s / (point.beta + T) * value;
                if (odds > 0) {
                    log += odds > kept ? fall + StrictMath.log(odds + kept) : StrictMath.log1p(odds / kept);
                    gone = odds / (odds + kept);
                    meanLogAlpha = (lower[1] - kept * upper[1]) / value;
                    meanLogBeta = (lower[2] - kept * upper[2]) / value;
                    meanShareAlpha = (lower[3] - kept * upper[3]) / value;
                    meanShareBeta = (lower[4] - kept * upper[4]) / value;
                }
            }
            double here = 1 - gone;
            into[0] += count * log;
            into[1] += count * (rising - point.r * (here * logAlpha[at] + gone * meanLogAlpha));
            into[2] += count * (R * (here * T / (point.alpha + T) + gone * meanShareAlpha) - x);
            into[3] += count * (gone - s * (here * logBeta[at] + gone * meanLogBeta));
            into[4] += count * (here * s * T / (point.beta + T) + gone * ((s + 1) * meanShareBeta - 1));
        }
    }

    private record Point(double r, double alpha, double s, double beta) {}

    /** What the integrals of all x share: logarithms at the distinct times and at the nodes between them. */
    private final class Nodes {

        private final Point point;
        private final double[] logAlpha;
        private final double[] logBeta;
        /** By node: ln((α+τ)/(α+t)), t the distinct time before it. */
        private final double[] stepAlpha;
        /** By node: weight · ((β+t)/(β+τ))^(s+1). */
        private final double[] weight;

        private final double[] nodeLogAlpha;
        private final double[] nodeLogBeta;
        private final double[] nodeShareAlpha;
        private final double[] nodeShareBeta;

        Nodes(Point point) {
            this.point = point;
            double[] times = histories.times;
            int size = times.length;
            logAlpha = new double[size];
            logBeta = new double[size];
            int nodes = (size - 1) * RULE.size;
            stepAlpha = new double[nodes];
            weight = new double[nodes];
            nodeLogAlpha = new double[nodes];
            nodeLogBeta = new double[nodes];
            nodeShareAlpha = new double[nodes];
            nodeShareBeta = new double[nodes];
            for (int i = 0; i < size; i++) {
                logAlpha[i] = StrictMath.log1p(times[i] / point.alpha);
                logBeta[i] = StrictMath.log1p(times[i] / point.beta);
                for (int j = 0; j < RULE.size && i < size - 1; j++) {
                    double width = times[i + 1] - times[i];
                    double tau = times[i] + width * RULE.node(j);
                    int node = i * RULE.size + j;
                    stepAlpha[node] = StrictMath.log1p(width * RULE.node(j) / (point.alpha + times[i]));
                    double stepBeta = StrictMath.log1p(width * RULE.node(j) / (point.beta + times[i]));
                    weight[node] = width * RULE.weight(j) * StrictMath.exp(-(point.s + 1) * stepBeta);
                    nodeLogAlpha[node] = logAlpha[i] + stepAlpha[node];
                    nodeLogBeta[node] = logBeta[i] + stepBeta;
                    nodeShareAlpha[node] = tau / (point.alpha + tau);
                    nodeShareBeta[node] = tau / (point.beta + tau);
                }
            }
        }

        /** The integrals from each of the distinct times, first to last, to the last. */
        double[][] backwards(double R, int first, int last) {
            double[][] integrals = new double[last - first + 1][INTEGRALS];
            for (int i = last - 1; i >= first; i--) {
                double[] here = integrals[i - first];
                double fall = R * (logAlpha[i + 1] - logAlpha[i]) + (point.s + 1) * (logBeta[i + 1] - logBeta[i]);
                if (isGentle(fall, i)) {
                    add(R, i, here);
                } else {
                    addSteep(R, i, fall, here);
                }
                double kept = StrictMath.exp(-fall);
                double[] next = integrals[i + 1 - first];
                for (int j = 0; j < INTEGRALS; j++) {
                    here[j] += kept * next[j];
                }
            }
            return integrals;
        }

        /** Whether six nodes integrate a step to the last bits. */
        private boolean isGentle(double fall, int i) {
            double[] times = histories.times;
            double reach = StrictMath.min(point.alpha, point.beta) + times[i];
            return fall < 1.5 && times[i + 1] - times[i] < 0.25 * reach;
        }

        private void add(double R, int i, double[] into) {
            for (int node = i * RULE.size; node < (i + 1) * RULE.size; node++) {
                double f = weight[node] * StrictMath.exp(-R * stepAlpha[node]);
                into[0] += f;
                into[1] += f * nodeLogAlpha[node];
                into[2] += f * nodeLogBeta[node];
                into[3] += f * nodeShareAlpha[node];
                into[4] += f * nodeShareBeta[node];
            }
        }

        private void addSteep(double R, int i, double fall, double[] into) {
            var death = DeathIntegral.of(
                    R, point.alpha, point.s + 1, point.beta, histories.times[i], histories.times[i + 1]);
            double value = StrictMath.exp(death.logValue() - fall);
            into[0] += value;
            into[1] += value * death.logAlpha();
            into[2] += value * death.logBeta();
            into[3] += value * death.shareAlpha();
            into[4] += value * death.shareBeta();
        }
    }
}
