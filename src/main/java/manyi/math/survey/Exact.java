package manyi.math.survey;

import java.math.BigInteger;

/** 128-bit whole numbers in pairs of longs, the higher one first: sums of them depend on no order. */
final class Exact {

    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger TWO = BigInteger.valueOf(2);

    private Exact() {}

    /** Adds the number (high, low) to the one at this place. */
    static void add(long[] sums, int at, long high, long low) {
        long sum = sums[at + 1] + low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        sums[at + 1] = sum;
        sums[at] = StrictMath.addExact(sums[at], high + carry);
    }

    /** Adds x·y. */
    static void addProduct(long[] sums, int at, long x, long y) {
        add(sums, at, StrictMath.multiplyHigh(x, y), x * y);
    }

    /** Adds a number that fits. */
    static void add(long[] sums, int at, BigInteger value) {
        add(sums, at, value.shiftRight(64).longValueExact(), value.longValue());
    }

    /** Adds number by number. */
    /** Adds the sums at these places alone. */
    static void addAll(long[] sums, long[] others, int from, int to) {
        for (int at = from; at < to; at += 2) {
            add(sums, at, others[at], others[at + 1]);
        }
    }

    static void addAll(long[] sums, long[] others) {
        for (int at = 0; at < sums.length; at += 2) {
            add(sums, at, others[at], others[at + 1]);
        }
    }

    /** The number at this place. */
    static BigInteger at(long[] sums, int at) {
        BigInteger low = BigInteger.valueOf(sums[at + 1]);
        return BigInteger.valueOf(sums[at]).shiftLeft(64).add(low.signum() < 0 ? low.add(TWO_TO_64) : low);
    }

    /** The quotient rounded to the nearest whole number, halves away from zero. */
    static BigInteger rounded(BigInteger numerator, BigInteger denominator) {
        BigInteger[] quotient = numerator.abs().divideAndRemainder(denominator);
        BigInteger size =
                quotient[1].multiply(TWO).compareTo(denominator) >= 0 ? quotient[0].add(BigInteger.ONE) : quotient[0];
        return numerator.signum() < 0 ? size.negate() : size;
    }
}
