package manyi.math.clv;

import java.util.Collection;
import java.util.List;

/**
 * The NBD model: customers buy at the rate λ ~ Gamma(r, α), and nobody ever leaves. It is what BG/NBD, MBG/NBD and
 * Pareto/NBD become where data show no drop-out at all, their own maximum then lying at that edge of their range (at
 * other edges they keep a drop-out, see {@link Form}); their log-likelihoods compare with this one.
 *
 * @param r shape of the purchase rates
 * @param alpha their scale, in units of time
 * @see "Ehrenberg (1959), The Pattern of Consumer Purchases, Applied Statistics 8(1)"
 */
public record Nbd(double r, double alpha) implements PurchaseModel, Parametric<Nbd> {

    public Nbd {
        Parametric.requirePositive("r", r);
        Parametric.requirePositive("alpha", alpha);
    }

    /**
     * The model of greatest likelihood.
     *
     * @param cells in any order; equal histories may be in several cells
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    public static Fit<Nbd> fit(Collection<Cell> cells) {
        return PurchaseFit.fit(Form.inner(Family.NBD), cells, p -> new Nbd(p.get(0), p.get(1)));
    }

    @Override
    public double logLikelihood(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return Rising.logGamma(r, (double) x) - x * StrictMath.log(alpha) - (r + x) * StrictMath.log1p(T / alpha);
    }

    @Override
    public double logLikelihood(Collection<Cell> cells) {
        return PurchaseFit.logLikelihood(cells, NbdSurface::new, logs(), 1);
    }

    @Override
    public double[] logLikelihoodGradient(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return new double[] {
            r * (Rising.digamma(r, (double) x) - StrictMath.log1p(T / alpha)), (r + x) * T / (alpha + T) - x
        };
    }

    /** @return 1: nobody leaves */
    @Override
    public double probabilityAlive(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return 1;
    }

    @Override
    public Alive alive(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return Alive.of(1, new double[2]);
    }

    @Override
    public Future future(long x, double T) {
        return new SteadyFuture(r + x, alpha + T, this);
    }

    @Override
    public Futures futures() {
        return this::future;
    }

    @Override
    public List<String> names() {
        return List.of("r", "alpha");
    }

    @Override
    public List<Double> parameters() {
        return List.of(r, alpha);
    }

    @Override
    public Nbd with(List<Double> parameters) {
        return new Nbd(parameters.get(0), parameters.get(1));
    }
}
