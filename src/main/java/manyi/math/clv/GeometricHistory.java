package manyi.math.clv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The likelihood that BG/NBD and MBG/NBD share: k times the customer could have left and stayed; k = x in BG/NBD,
 * x + 1 in MBG/NBD, where they may leave at the first purchase already.
 *
 * <p>L = Γ(r+x)/Γ(r) · α^(−x) · B(a, b+k)/B(a, b) · {(1+T/α)^(−r−x) + [k &gt; 0]·a/(b+k−1)·(1+t_x/α)^(−r−x)}: the
 * first summand is for those alive, the second for those gone.
 *
 * @see "Fader, Hardie, Lee (2005), Marketing Science 24(2), eq. 6; Batislam, Denizel, Filiztekin (2007), Int. J. of
 *     Research in Marketing 24(3)"
 */
record GeometricHistory(double r, double alpha, double a, double b, int atFirst) {

    double logLikelihood(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        double k = (double) x + atFirst;
        return Rising.logGamma(r, (double) x)
                - x * StrictMath.log(alpha)
                + Rising.logGamma(b, k)
                - Rising.logGamma(a + b, k)
                - (r + x) * StrictMath.log1p(T / alpha)
                + Odds.softplus(logOddsOfDeath(x, tx, T));
    }

    double[] gradient(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        double k = (double) x + atFirst;
        double gone = Odds.probability(logOddsOfDeath(x, tx, T));
        double atEnd = Rising.digamma(a + b, k);
        double logAge = (1 - gone) * StrictMath.log1p(T / alpha) + gone * StrictMath.log1p(tx / alpha);
        double share = (1 - gone) * T / (alpha + T) + gone * tx / (alpha + tx);
        return new double[] {
            r * (Rising.digamma(r, (double) x) - logAge),
            (r + x) * share - x,
            gone - a * atEnd,
            b * (Rising.digamma(b, k) - atEnd - (k > 0 ? gone / (b + k - 1) : 0))
        };
    }

    /** ln of P(gone) / P(alive); minus infinity where nobody can have left. */
    double logOddsOfDeath(long x, double tx, double T) {
        double k = (double) x + atFirst;
        return k == 0
                ? Double.NEGATIVE_INFINITY
                : StrictMath.log(a / (b + k - 1)) + (r + x) * StrictMath.log1p((T - tx) / (alpha + tx));
    }

    double probabilityAlive(long x, double tx, double T) {
        Cell.requirePossible(x, tx, T);
        return Odds.probability(-logOddsOfDeath(x, tx, T));
    }

    Alive alive(long x, double tx, double T) {
        double k = (double) x + atFirst;
        double probability = probabilityAlive(x, tx, T);
        return Alive.of(
                probability,
                k == 0
                        ? new double[4]
                        : new double[] {
                            r * StrictMath.log1p((T - tx) / (alpha + tx)),
                            -(r + x) * (T - tx) * alpha / ((alpha + T) * (alpha + tx)),
                            1,
                            -b / (b + k - 1)
                        });
    }

    GeometricFuture.Shape shape(long x) {
        return new GeometricFuture.Shape(this, x, (double) x + atFirst);
    }

    Future future(long x, double T) {
        requireAge(x, T);
        return new GeometricFuture(shape(x), alpha, T);
    }

    PurchaseModel.Futures futures() {
        Map<Long, GeometricFuture.Shape> shapes = new ConcurrentHashMap<>();
        return (x, T) -> {
            requireAge(x, T);
            return new GeometricFuture(shapes.computeIfAbsent(x, this::shape), alpha, T);
        };
    }

    static void requireAge(long x, double T) {
        Cell.requirePossible(x, x == 0 ? 0 : T, T);
    }
}
