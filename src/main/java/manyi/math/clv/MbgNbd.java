package manyi.math.clv;

import java.util.Collection;
import java.util.List;

/**
 * The modified BG/NBD model: as {@link BgNbd}, but a customer may leave at the first purchase already.
 *
 * @param r shape of the purchase rates
 * @param alpha their scale, in units of time
 * @param a of the drop-out probabilities
 * @param b of the drop-out probabilities
 * @see "Batislam, Denizel, Filiztekin (2007), Int. J. of Research in Marketing 24(3); Wagner, Hoppe (2008), Marketing Science
 *     27(2)"
 */
public record MbgNbd(double r, double alpha, double a, double b) implements PurchaseModel, Parametric<MbgNbd> {

    public MbgNbd {
        Parametric.requirePositive("r", r);
        Parametric.requirePositive("alpha", alpha);
        Parametric.requirePositive("a", a);
        Parametric.requirePositive("b", b);
    }

    /**
     * The model of greatest likelihood.
     *
     * @param cells in any order; equal histories may stand in several cells
     * @throws RefusedFit where the cells cannot tell the parameters
     */
    public static Fit<MbgNbd> fit(Collection<Cell> cells) {
        return PurchaseFit.geometric(cells, 1, MbgNbd::new);
    }

    @Override
    public double logLikelihood(long x, double tx, double T) {
        return history().logLikelihood(x, tx, T);
    }

    @Override
    public double logLikelihood(Collection<Cell> cells) {
        return PurchaseFit.logLikelihood(cells, some -> new GeometricSurface(some, 1), logs(), 1);
    }

    @Override
    public double[] logLikelihoodGradient(long x, double tx, double T) {
        return history().gradient(x, tx, T);
    }

    /**
     * Probability that a customer with this history is still alive.
     *
     * @return a probability
     * @see "Batislam, Denizel, Filiztekin (2007)"
     */
    @Override
    public double probabilityAlive(long x, double tx, double T) {
        return history().probabilityAlive(x, tx, T);
    }

    @Override
    public Alive alive(long x, double tx, double T) {
        return history().alive(x, tx, T);
    }

    @Override
    public Future future(long x, double T) {
        return history().future(x, T);
    }

    @Override
    public Futures futures() {
        return history().futures();
    }

    @Override
    public List<String> names() {
        return List.of("r", "alpha", "a", "b");
    }

    @Override
    public List<Double> parameters() {
        return List.of(r, alpha, a, b);
    }

    @Override
    public MbgNbd with(List<Double> parameters) {
        return new MbgNbd(parameters.get(0), parameters.get(1), parameters.get(2), parameters.get(3));
    }

    private GeometricHistory history() {
        return new GeometricHistory(r, alpha, a, b, 1);
    }
}
