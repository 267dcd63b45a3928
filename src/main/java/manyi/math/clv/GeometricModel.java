package manyi.math.clv;

import java.util.Collection;

/**
 * What BG/NBD and MBG/NBD share: rates λ ~ Gamma(r, α), and after each purchase that can be the last the customer leaves
 * with probability p ~ Beta(a, b). They differ in whether the first purchase is one.
 */
sealed interface GeometricModel extends PurchaseModel permits BgNbd, MbgNbd {

    /** The model's parameters, with 1 for {@code atFirst} where a customer may leave at the first purchase, else 0. */
    GeometricHistory history();

    @Override
    default double logLikelihood(long x, double tx, double T) {
        return history().logLikelihood(x, tx, T);
    }

    @Override
    default double logLikelihood(Collection<Cell> cells) {
        GeometricHistory history = history();
        double[] logs = {
            StrictMath.log(history.r()),
            StrictMath.log(history.alpha()),
            StrictMath.log(history.a()),
            StrictMath.log(history.b())
        };
        return PurchaseFit.logLikelihood(cells, some -> new GeometricSurface(some, history.atFirst()), logs, 1);
    }

    @Override
    default double[] logLikelihoodGradient(long x, double tx, double T) {
        return history().gradient(x, tx, T);
    }

    @Override
    default double probabilityAlive(long x, double tx, double T) {
        return history().probabilityAlive(x, tx, T);
    }

    @Override
    default Alive alive(long x, double tx, double T) {
        return history().alive(x, tx, T);
    }

    @Override
    default Future future(long x, double T) {
        return history().future(x, T);
    }

    @Override
    default Futures futures() {
        return history().futures();
    }
}
