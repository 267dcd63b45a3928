package manyi.math.survey;

import java.math.BigInteger;

/**
 * A stratum of a sampling design.
 *
 * @param psus n_h, the PSUs of the whole sample in the stratum, whatever the domain
 * @param size N_h, those of the population; 0 where the design does not say
 */
public record Stratum(long psus, long size) {

    public Stratum {
        if (psus < 1 || size < 0) {
            throw new IllegalArgumentException("a stratum of " + psus + " units of " + size);
        }
    }

    /** The same stratum as if its PSUs had been drawn with replacement: nothing is known of how many there are. */
    Stratum withReplacement() {
        return new Stratum(psus, 0);
    }

    /** Whether its variance cannot be estimated from within: one unit, and not known to be all there is. */
    boolean isSingle() {
        return psus == 1 && size != 1;
    }

    /** Whether all PSUs of the population are in the sample. */
    boolean isComplete() {
        return psus == size;
    }

    /**
     * (1−f)·n/(n−1)·[Σxy − ΣxΣy/n] + f·within, rounded once; f = n/N where N is given, else 0. A single unit is centred
     * on the mean over all strata, which is 0 for linearised values, so that its products stand as they are.
     *
     * @param within variation within the units, already summed over them
     */
    BigInteger variation(BigInteger products, BigInteger x, BigInteger y, BigInteger within) {
        BigInteger n = BigInteger.valueOf(psus);
        BigInteger numerator = psus == 1 ? products : n.multiply(products).subtract(x.multiply(y));
        BigInteger denominator = psus == 1 ? BigInteger.ONE : BigInteger.valueOf(psus - 1);
        if (size > 0) {
            numerator = numerator
                    .multiply(BigInteger.valueOf(size - psus))
                    .add(within.multiply(n).multiply(denominator));
            denominator = denominator.multiply(BigInteger.valueOf(size));
        }
        return Exact.rounded(numerator, denominator);
    }
}
