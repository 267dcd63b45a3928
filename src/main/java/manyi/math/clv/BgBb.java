package manyi.math.clv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import manyi.math.Chunks;

/**
 * The BG/BB model of discrete occasions (a yearly appeal, a weekly market): while alive a customer buys at an occasion
 * with probability p ~ Beta(α, β); before each occasion they leave with probability θ ~ Beta(γ, δ).
 *
 * @param alpha of p
 * @param beta of p
 * @param gamma of θ
 * @param delta of θ
 * @see "Fader, Hardie, Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing Science
 *     29(6)"
 */
public record BgBb(double alpha, double beta, double gamma, double delta) implements Parametric<BgBb> {

    private static final List<String> NAMES = List.of("alpha", "beta", "gamma", "delta");
    private static final int LEAST_CELLS = 10;

    public BgBb {
        Parametric.requirePositive("alpha", alpha);
        Parametric.requirePositive("beta", beta);
        Parametric.requirePositive("gamma", gamma);
        Parametric.requirePositive("delta", delta);
    }

    /**
     * Customers who share one history.
     *
     * @param x occasions with a purchase
     * @param tx the last of them, counted from 1; 0 where x is 0
     * @param n occasions so far
     * @param customers how many have this history
     */
    public record Occasions(int x, int tx, int n, long customers) implements Comparable<Occasions> {

        private static final Comparator<Occasions> ORDER = Comparator.comparingInt(Occasions::n)
                .thenComparingInt(Occasions::x)
                .thenComparingInt(Occasions::tx)
                .thenComparingLong(Occasions::customers);

        public Occasions {
            requirePossible(x, tx, n);
            if (customers < 1) {
                throw new IllegalArgumentException("a cell of " + customers + " customers");
            }
        }

        @Override
        public int compareTo(Occasions other) {
            return ORDER.compare(this, other);
        }

        static void requirePossible(int x, int tx, int n) {
            if (x < 0 || tx < x || n < tx || (x == 0 && tx > 0)) {
                throw new IllegalArgumentException("impossible history x = " + x + ", t_x = " + tx + ", n = " + n);
            }
        }
    }

    /**
     * The model of greatest likelihood.
     *
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    public static Fit<BgBb> fit(Collection<Occasions> cells) {
        List<Occasions> merged = new ArrayList<>();
        for (Occasions cell : cells.stream().sorted().toList()) {
            Occasions last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && last.n == cell.n && last.x == cell.x && last.tx == cell.tx) {
                long customers = StrictMath.addExact(last.customers, cell.customers);
                merged.set(merged.size() - 1, new Occasions(cell.x, cell.tx, cell.n, customers));
            } else {
                merged.add(cell);
            }
        }
        if (merged.isEmpty()) {
            throw new RefusedFit("no customers");
        }
        if (merged.stream().allMatch(cell -> cell.x == 0)) {
            throw new RefusedFit("no repeat purchases");
        }
        if (merged.size() < LEAST_CELLS) {
            throw new RefusedFit("only " + merged.size() + " distinct histories, fewer than " + LEAST_CELLS);
        }
        long customers = merged.stream().mapToLong(Occasions::customers).sum();
        Maximum maximum = Maximum.find(
                new Donors(merged),
                (double) customers,
                NAMES,
                List.of(
                        new double[] {0, 0, -0.5, 0.5},
                        new double[] {-1, 0, -1, 1},
                        new double[] {1, 1, 0, 2},
                        new double[] {0, -1, -2, 0}));
        return maximum.fit(model(maximum.theta), maximum.value * customers, customers, merged.size(), "");
    }

    /** Log-likelihood of one customer's history. */
    public double logLikelihood(int x, int tx, int n) {
        return history(x, tx, n).logLikelihood;
    }

    /** Its gradient with respect to the logarithms of the parameters, analytic. */
    public double[] logLikelihoodGradient(int x, int tx, int n) {
        return history(x, tx, n).gradient;
    }

    /** Probability that a customer with this history is alive at the next occasion, n + 1. */
    public double probabilityAlive(int x, int tx, int n) {
        return history(x, tx, n).alive * (delta + n) / (gamma + delta + n);
    }

    /** Expected purchases of a new customer at his first occasions (eq. 7). */
    public double expectedPurchases(int occasions) {
        return expectedPurchases(0, 0, 0, occasions);
    }

    /** Expected purchases at the next occasions, of a customer with this history (eq. 13). */
    public double expectedPurchases(int x, int tx, int n, int occasions) {
        if (occasions < 0) {
            throw new IllegalArgumentException(occasions + " occasions");
        }
        double staying = 1;
        double sum = 0;
        for (int i = n; i < n + occasions; i++) {
            staying *= (delta + i) / (gamma + delta + i);
            sum += staying;
        }
        return history(x, tx, n).alive * (alpha + x) / (alpha + beta + n) * sum;
    }

    /**
     * Discounted expected residual transactions: those at all occasions to come, the first of them discounted once.
     *
     * @param discount d, per occasion, positive
     */
    public double residualTransactions(int x, int tx, int n, double discount) {
        Parametric.requirePositive("discount", discount);
        double staying = new BetaMean(gamma, delta + n, 1 / discount, 1).of((theta, kept) -> kept / (theta + discount));
        return history(x, tx, n).alive * (alpha + x) / (alpha + beta + n) * staying;
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public List<Double> parameters() {
        return List.of(alpha, beta, gamma, delta);
    }

    @Override
    public BgBb with(List<Double> parameters) {
        return new BgBb(parameters.get(0), parameters.get(1), parameters.get(2), parameters.get(3));
    }

    private static BgBb model(double[] theta) {
        return new BgBb(
                StrictMath.exp(theta[0]), StrictMath.exp(theta[1]), StrictMath.exp(theta[2]), StrictMath.exp(theta[3]));
    }

    private History history(int x, int tx, int n) {
        Occasions.requirePossible(x, tx, n);
        return new History(x, tx, n);
    }

    /** A history's likelihood: the sum over the occasion before which the customer may have left, or none so far. */
    private final class History {

        private final double logLikelihood;
        private final double[] gradient = new double[4];
        /** Probability of having been alive at occasion n. */
        private final double alive;

        History(int x, int tx, int n) {
            int ways = n - tx + 1;
            double[] logs = new double[ways];
            double greatest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < ways; i++) {
                int stayed = tx + i;
                double leaving = i == ways - 1 ? 0 : StrictMath.log(gamma / (gamma + delta + stayed));
                logs[i] = Rising.logGamma(alpha, x)
                        + Rising.logGamma(beta, stayed - x)
                        - Rising.logGamma(alpha + beta, stayed)
                        + Rising.logGamma(delta, stayed)
                        - Rising.logGamma(gamma + delta, stayed)
                        + leaving;
                greatest = StrictMath.max(greatest, logs[i]);
            }
            double sum = 0;
            for (int i = 0; i < ways; i++) {
                logs[i] = StrictMath.exp(logs[i] - greatest);
                sum += logs[i];
            }
            logLikelihood = greatest + StrictMath.log(sum);
            alive = logs[ways - 1] / sum;
            for (int i = 0; i < ways; i++) {
                int stayed = tx + i;
                double share = logs[i] / sum;
                double buys = Rising.digamma(alpha + beta, stayed);
                // B(γ+1, δ+i) where he left, B(γ, δ+n) where not
                boolean left = i < ways - 1;
                double lives = Rising.digamma(gamma + delta, stayed) + (left ? 1 / (gamma + delta + stayed) : 0);
                gradient[0] += share * alpha * (Rising.digamma(alpha, x) - buys);
                gradient[1] += share * beta * (Rising.digamma(beta, stayed - x) - buys);
                gradient[2] += share * ((left ? 1 : 0) - gamma * lives);
                gradient[3] += share * delta * (Rising.digamma(delta, stayed) - lives);
            }
        }
    }

    private record Donors(List<Occasions> cells) implements Surface {

        @Override
        public int dimension() {
            return 4;
        }

        @Override
        public double at(double[] theta, double[] gradient) {
            BgBb model = model(theta);
            double[] sums = Chunks.sum(cells.size(), 64, 5, (from, to, into) -> {
                for (Occasions cell : cells.subList(from, to)) {
                    History history = model.history(cell.x, cell.tx, cell.n);
                    into[0] += cell.customers * history.logLikelihood;
                    for (int i = 0; i < 4; i++) {
                        into[i + 1] += cell.customers * history.gradient[i];
                    }
                }
            });
            System.arraycopy(sums, 1, gradient, 0, 4);
            return sums[0];
        }
    }
}
