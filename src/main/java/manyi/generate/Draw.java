package manyi.generate;

import java.io.Serializable;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Random numbers that are looked up, not drawn in turn: each is a hash (SplitMix64) of seed, stream and two counters.
 * So any part of the world can be made anywhere, in any order, twice, and is the same.
 */
record Draw(long seed) implements Serializable {

    /** What a number is drawn for; streams are independent of each other. */
    enum Stream {
        SHUFFLE(1),
        REGION(2),
        TIER(3),
        CHANNEL(4),
        AGE(5),
        JOINED(6),
        LOST(7),
        TEMPER(8),
        MOOD(9),
        BUYER(10),
        APPETITE(11),
        LINES(12),
        RETURN(13),
        ORDER(14),
        LINE(15),
        PRICE(16),
        RESPONSE(17),
        ANSWER(18),
        FAVOURITE(19),
        COST(20),
        SPENDING(21),
        REFERRAL(22);

        private final long salt;

        Stream(long number) {
            salt = mix(number * GOLDEN);
        }
    }

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int STEPS = 4096;
    private static final double[] NORMAL = normalQuantiles();

    /** 64 random bits. */
    long bits(Stream stream, long a, long b) {
        return mix(mix(mix(seed ^ stream.salt) + a * GOLDEN) + b * GOLDEN);
    }

    /** A number from 0 (inclusive) to 1 (exclusive). */
    double uniform(Stream stream, long a, long b) {
        return unit(bits(stream, a, b));
    }

    /** A standard normal number, one of {@value #STEPS} equally likely quantiles. */
    double normal(Stream stream, long a, long b) {
        return NORMAL[(int) (bits(stream, a, b) >>> 52)];
    }

    /** The number from 0 to 1 in these bits. */
    static double unit(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    /** Further bits from these. */
    static long next(long bits) {
        return mix(bits + GOLDEN);
    }

    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }

    private static double[] normalQuantiles() {
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        double[] quantiles = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            quantiles[i] = normal.inverseCumulativeProbability((i + 0.5) / STEPS);
        }
        return quantiles;
    }
}
