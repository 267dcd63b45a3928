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
public record MbgNbd(double r, double alpha, double a, double b) implements GeometricModel, Parametric<MbgNbd> {

    public MbgNbd {
        Parametric.requirePositive("r", r);
        Parametric.requirePositive("alpha", alpha);
        Parametric.requirePositive("a", a);
        Parametric.requirePositive("b", b);
    }

    /**
     * The model of greatest likelihood.
     *
     * @param cells in any order; equal histories may be in several cells
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    public static Fit<MbgNbd> fit(Collection<Cell> cells) {
        return PurchaseFit.fit(
                Form.inner(Family.MBG_NBD), cells, p -> new MbgNbd(p.get(0), p.get(1), p.get(2), p.get(3)));
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

    @Override
    public GeometricHistory history() {
        return new GeometricHistory(r, alpha, a, b, 1);
    }
}
