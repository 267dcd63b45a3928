package manyi.math.clv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The shifted beta-geometric model of contracts: at each renewal a customer leaves with probability θ ~ Beta(α, β).
 * Periods are whole and count renewals.
 *
 * @param alpha of θ
 * @param beta of θ
 * @see "Fader, Hardie (2007), How to Project Customer Retention, J. of Interactive Marketing 21(1)"
 */
public record ShiftedBetaGeometric(double alpha, double beta) implements Parametric<ShiftedBetaGeometric> {

    private static final List<String> NAMES = List.of("alpha", "beta");

    public ShiftedBetaGeometric {
        Parametric.requirePositive("alpha", alpha);
        Parametric.requirePositive("beta", beta);
    }

    /**
     * Customers who began together.
     *
     * @param survivors how many were left after 0, 1, 2, ... renewals; never rising
     */
    public record Cohort(List<Long> survivors) {

        public Cohort {
            survivors = List.copyOf(survivors);
            if (survivors.isEmpty()) {
                throw new IllegalArgumentException("a cohort without a count");
            }
            for (int i = 0; i < survivors.size(); i++) {
                if (survivors.get(i) < 0 || (i > 0 && survivors.get(i) > survivors.get(i - 1))) {
                    throw new IllegalArgumentException("survivors " + survivors + ": not falling at period " + i);
                }
            }
        }
    }

    /**
     * The model of greatest likelihood over several cohorts.
     *
     * @throws RefusedFit where they cannot identify the parameters
     */
    public static Fit<ShiftedBetaGeometric> fit(Collection<Cohort> cohorts) {
        int periods =
                cohorts.stream().mapToInt(c -> c.survivors().size() - 1).max().orElse(0);
        long[] lost = new long[periods];
        long[] kept = new long[periods];
        long customers = 0;
        for (Cohort cohort : cohorts) {
            List<Long> survivors = cohort.survivors();
            customers = StrictMath.addExact(customers, survivors.get(0));
            for (int i = 1; i < survivors.size(); i++) {
                lost[i - 1] += survivors.get(i - 1) - survivors.get(i);
                kept[i - 1] += survivors.get(i);
            }
        }
        if (customers == 0) {
            throw new RefusedFit("no customers");
        }
        if (periods < 2) {
            throw new RefusedFit("only " + periods + " renewals, fewer than 2");
        }
        var renewals = new Renewals(lost, kept);
        if (renewals.lost() == 0) {
            throw new RefusedFit("nobody left");
        }
        if (renewals.lost() == customers && lost[0] == customers) {
            throw new RefusedFit("all left at the first renewal");
        }
        Maximum maximum = Maximum.find(
                renewals,
                (double) customers,
                NAMES,
                List.of(new double[] {0, 0}, new double[] {0, 2}, new double[] {2, 4}, new double[] {-2, -1}));
        var model = new ShiftedBetaGeometric(StrictMath.exp(maximum.theta[0]), StrictMath.exp(maximum.theta[1]));
        return maximum.fit(model, maximum.value * customers, customers, periods, "");
    }

    /** Share of a cohort that is left after a number of renewals. */
    public double survival(int renewals) {
        requirePeriod(renewals, 0);
        return StrictMath.exp(Rising.logGamma(beta, renewals) - Rising.logGamma(alpha + beta, renewals));
    }

    /** Share of those there before a renewal who stay, the renewal counting from 1. */
    public double retentionRate(int renewal) {
        requirePeriod(renewal, 1);
        return (beta + renewal - 1) / (alpha + beta + renewal - 1);
    }

    /**
     * Expected number of further renewals of a customer who has made some, each discounted to the present, one period to
     * the next.
     *
     * @param renewals made so far; 0 for a new customer
     * @param discount d, per period; 0 for the plain number
     * @return infinite where nothing is discounted and α is at most 1
     */
    public double residualRenewals(int renewals, double discount) {
        requirePeriod(renewals, 0);
        if (!(discount >= 0) || discount == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("a discount of " + discount);
        }
        double b = beta + renewals;
        if (discount == 0) {
            return alpha > 1 ? b / (alpha - 1) : Double.POSITIVE_INFINITY;
        }
        return new BetaMean(alpha, b, 1 / discount, 1).of((theta, kept) -> kept / (theta + discount));
    }

    /**
     * Discounted expected residual lifetime of a customer about to face a renewal, which counts in full if it is made.
     *
     * @param renewal the renewal to come, from 1
     * @see "Fader, Hardie (2010), Customer-Base Valuation in a Contractual Setting, Marketing Science 29(1), eq. 6"
     */
    public double residualLifetime(int renewal, double discount) {
        requirePeriod(renewal, 1);
        return (1 + discount) * residualRenewals(renewal - 1, discount);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public List<Double> parameters() {
        return List.of(alpha, beta);
    }

    @Override
    public ShiftedBetaGeometric with(List<Double> parameters) {
        return new ShiftedBetaGeometric(parameters.get(0), parameters.get(1));
    }

    private static void requirePeriod(int period, int least) {
        if (period < least) {
            throw new IllegalArgumentException("period " + period + ", before " + least);
        }
    }

    /** By renewal, over all cohorts: who left at it and who stayed; each a draw with the rate of {@link #retentionRate}. */
    private static final class Renewals implements Surface {

        private final List<double[]> draws = new ArrayList<>();

        Renewals(long[] lost, long[] kept) {
            for (int i = 0; i < lost.length; i++) {
                draws.add(new double[] {lost[i], kept[i]});
            }
        }

        double lost() {
            return draws.stream().mapToDouble(draw -> draw[0]).sum();
        }

        @Override
        public int dimension() {
            return 2;
        }

        /** Σ lost·ln(α/(α+β+i)) + kept·ln((β+i)/(α+β+i)). */
        @Override
        public double at(double[] theta, double[] gradient) {
            double alpha = StrictMath.exp(theta[0]);
            double beta = StrictMath.exp(theta[1]);
            double sum = 0;
            gradient[0] = 0;
            gradient[1] = 0;
            for (int i = 0; i < draws.size(); i++) {
                double lost = draws.get(i)[0];
                double kept = draws.get(i)[1];
                double all = alpha + beta + i;
                sum += lost * (theta[0] - StrictMath.log(all)) + kept * StrictMath.log1p(-alpha / all);
                gradient[0] += lost - (lost + kept) * (alpha / all);
                gradient[1] += beta * (kept / (beta + i) - (lost + kept) / all);
            }
            return sum;
        }
    }
}
