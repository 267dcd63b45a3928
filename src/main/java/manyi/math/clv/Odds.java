package manyi.math.clv;

/** Probabilities from log-odds, without overflow. */
final class Odds {

    private Odds() {}

    /** 1 / (1 + e^(−y)). */
    static double probability(double y) {
        if (y >= 0) {
            return 1 / (1 + StrictMath.exp(-y));
        }
        double odds = StrictMath.exp(y);
        return odds / (1 + odds);
    }

    /** ln(1 + e^y). */
    static double softplus(double y) {
        return y > 0 ? y + StrictMath.log1p(StrictMath.exp(-y)) : StrictMath.log1p(StrictMath.exp(y));
    }
}
