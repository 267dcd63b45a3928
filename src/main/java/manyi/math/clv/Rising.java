package manyi.math.clv;

/**
 * Differences of the logarithm of the gamma function and of its derivative, free of the cancellation that subtracting
 * two large values would bring: ln Γ(10⁸) is 1.7·10⁹, and seven digits of a difference would be gone.
 */
final class Rising {

    /** From here on the asymptotic series below are exact to the last bits of a double. */
    private static final double LARGE = 16;

    private Rising() {}

    /** ln Γ(z + y) − ln Γ(z), for z > 0 and y ≥ 0: the logarithm of Pochhammer's symbol. */
    static double logGamma(double z, double y) {
        if (y == 0) {
            return 0;
        }
        double shifted = z;
        double product = 1;
        double logs = 0;
        while (shifted < LARGE) {
            product *= 1 + y / shifted;
            if (product > 1e100) {
                logs += StrictMath.log(product);
                product = 1;
            }
            shifted++;
        }
        logs += StrictMath.log(product);
        double end = shifted + y;
        return (shifted - 0.5) * StrictMath.log1p(y / shifted)
                + y * (StrictMath.log(end) - 1)
                + logGammaTail(end)
                - logGammaTail(shifted)
                - logs;
    }

    /** ψ(z + y) − ψ(z), for z > 0 and y ≥ 0. */
    static double digamma(double z, double y) {
        if (y == 0) {
            return 0;
        }
        double shifted = z;
        double sum = 0;
        while (shifted < LARGE) {
            sum += y / (shifted * (shifted + y));
            shifted++;
        }
        double end = shifted + y;
        return sum + StrictMath.log1p(y / shifted) + digammaTail(end) - digammaTail(shifted);
    }

    /** Stirling's series (Abramowitz and Stegun 6.1.41) without its leading terms. */
    private static double logGammaTail(double z) {
        double v = 1 / (z * z);
        return (1.0 / 12 - v * (1.0 / 360 - v * (1.0 / 1260 - v * (1.0 / 1680 - v / 1188)))) / z;
    }

    /** Abramowitz and Stegun 6.3.18 without the logarithm. */
    private static double digammaTail(double z) {
        double v = 1 / (z * z);
        return -0.5 / z - v * (1.0 / 12 - v * (1.0 / 120 - v * (1.0 / 252 - v * (1.0 / 240 - v / 132))));
    }
}
