package manyi.math.clv;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Pareto/NBD model: while alive a customer buys at the rate λ ~ Gamma(r, α); they leave at the rate μ ~ Gamma(s, β),
 * whether they buy or not.
 *
 * <p>L = Γ(r+x)/Γ(r) · α^(−x) · {(1+T/α)^(−r−x)·(1+T/β)^(−s) + s/β·∫ (1+τ/α)^(−r−x)·(1+τ/β)^(−s−1) dτ}, the
 * integral over times of death from t_x to T: the hypergeometric functions of the published form are this integral, and
 * lose all digits where it is small.
 *
 * @param r shape of the purchase rates
 * @param alpha their scale, in units of time
 * @param s shape of the death rates
 * @param beta their scale, in units of time
 * @see "Schmittlein, Morrison, Colombo (1987), Counting Your Customers, Management Science 33(1); Fader, Hardie (2005), A
 *     Note on Deriving the Pareto/NBD Model and Related Expressions, before the integral is solved"
 */
public record ParetoNbd(double r, double alpha, double s, double beta) implements PurchaseModel, Parametric<ParetoNbd> {

    public ParetoNbd {
        Parametric.requirePositive("r", r);
        Parametric.requirePositive("alpha", alpha);
        Parametric.requirePositive("s", s);
        Parametric.requirePositive("beta", beta);
    }

    /**
     * The model of greatest likelihood.
     *
     * @param cells in any order; equal histories may be in several cells
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    public static Fit<ParetoNbd> fit(Collection<Cell> cells) {
        return PurchaseFit.fit(
                Form.inner(Family.PARETO_NBD), cells, p -> new ParetoNbd(p.get(0), p.get(1), p.get(2), p.get(3)));
    }

    @Override
    public double logLikelihood(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return Rising.logGamma(r, (double) x)
                - x * StrictMath.log(alpha)
                - (r + x) * StrictMath.log1p(T / alpha)
                - s * StrictMath.log1p(T / beta)
                + Odds.softplus(logOddsOfDeath(T, death(x, tx, T)));
    }

    @Override
    public double logLikelihood(Collection<Cell> cells) {
        return PurchaseFit.logLikelihood(cells, ParetoSurface::new, logs(), 1, 3);
    }

    @Override
    public double[] logLikelihoodGradient(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        DeathIntegral death = death(x, tx, T);
        double gone = Odds.probability(logOddsOfDeath(T, death));
        double here = 1 - gone;
        return new double[] {
            r * (Rising.digamma(r, (double) x) - here * StrictMath.log1p(T / alpha) - gone * death.logAlpha()),
            (r + x) * (here * T / (alpha + T) + gone * death.shareAlpha()) - x,
            gone - s * (here * StrictMath.log1p(T / beta) + gone * death.logBeta()),
            here * s * T / (beta + T) + gone * ((s + 1) * death.shareBeta() - 1)
        };
    }

    /**
     * Probability that a customer with this history is still alive.
     *
     * @return a probability
     * @see "Schmittlein, Morrison, Colombo (1987); Fader, Hardie (2005), A Note"
     */
    @Override
    public double probabilityAlive(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return Odds.probability(-logOddsOfDeath(T, death(x, tx, T)));
    }

    @Override
    public Alive alive(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        DeathIntegral death = death(x, tx, T);
        double probability = Odds.probability(-logOddsOfDeath(T, death));
        return Alive.of(
                probability,
                tx == T
                        ? new double[4]
                        : new double[] {
                            r * (StrictMath.log1p(T / alpha) - death.logAlpha()),
                            (r + x) * (death.shareAlpha() - T / (alpha + T)),
                            1 + s * (StrictMath.log1p(T / beta) - death.logBeta()),
                            (s + 1) * (death.shareBeta() - T / (beta + T)) - beta / (beta + T)
                        });
    }

    @Override
    public Future future(long x, double T) {
        GeometricHistory.requireAge(x, T);
        return new ParetoFuture(this, x, T, new ParetoFuture.Life(s, beta, T));
    }

    @Override
    public Futures futures() {
        Map<Double, ParetoFuture.Life> lives = new ConcurrentHashMap<>();
        return (x, T) -> {
            GeometricHistory.requireAge(x, T);
            return new ParetoFuture(this, x, T, lives.computeIfAbsent(T, any -> new ParetoFuture.Life(s, beta, T)));
        };
    }

    @Override
    public List<String> names() {
        return List.of("r", "alpha", "s", "beta");
    }

    @Override
    public List<Double> parameters() {
        return List.of(r, alpha, s, beta);
    }

    @Override
    public ParetoNbd with(List<Double> parameters) {
        return new ParetoNbd(parameters.get(0), parameters.get(1), parameters.get(2), parameters.get(3));
    }

    private DeathIntegral death(long x, double tx, double T) {
        return DeathIntegral.of(r + x, alpha, s + 1, beta, tx, T);
    }

    /** The integral is relative to its integrand at T, which is that of the living but for a factor 1 + T/β. */
    private double logOddsOfDeath(double T, DeathIntegral death) {
        return StrictMath.log(s / (beta + T)) + death.logValue();
    }
}
