package manyi.math.survey;

import java.math.BigInteger;

/**
 * The second stage of sampling in one PSU.
 *
 * @param sampled n_hi, the customers of the PSU that answered in the wave
 * @param size how many there are in the population's PSU; 0 where the design does not say, and then the stage adds
 *     nothing
 */
public record SecondStage(long sampled, long size) {
    boolean counts() {
        return size > sampled && sampled > 1;
    }

    /** (1 − n/N)·n/(n−1)·[Σxy − ΣxΣy/n], rounded once. */
    BigInteger variation(BigInteger products, long x, long y) {
        BigInteger n = BigInteger.valueOf(sampled);
        BigInteger spread = n.multiply(products).subtract(BigInteger.valueOf(x).multiply(BigInteger.valueOf(y)));
        return Exact.rounded(
                spread.multiply(BigInteger.valueOf(size - sampled)),
                BigInteger.valueOf(size).multiply(BigInteger.valueOf(sampled - 1)));
    }
}
