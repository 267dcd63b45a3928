package manyi.math.clv;

import java.util.Collection;
import java.util.List;

/**
 * The BG/NBD model: while alive a customer buys at the rate λ ~ Gamma(r, α); after each repeat purchase they leave
 * with probability p ~ Beta(a, b). Nobody leaves before a repeat purchase.
 *
 * @param r shape of the purchase rates
 * @param alpha their scale, in units of time
 * @param a of the drop-out probabilities
 * @param b of the drop-out probabilities
 * @see "Fader, Hardie, Lee (2005), Counting Your Customers the Easy Way, Marketing Science 24(2); for P(alive), which is 1
 *     without a repeat purchase, its eq. 7 and Hardie's note 21"
 */
public record BgNbd(double r, double alpha, double a, double b) implements GeometricModel, Parametric<BgNbd> {

    public BgNbd {
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
    public static Fit<BgNbd> fit(Collection<Cell> cells) {
        return PurchaseFit.fit(
                Form.inner(Family.BG_NBD), cells, p -> new BgNbd(p.get(0), p.get(1), p.get(2), p.get(3)));
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
    public BgNbd with(List<Double> parameters) {
        return new BgNbd(parameters.get(0), parameters.get(1), parameters.get(2), parameters.get(3));
    }

    @Override
    public GeometricHistory history() {
        return new GeometricHistory(r, alpha, a, b, 0);
    }
}
