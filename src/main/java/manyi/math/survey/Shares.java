package manyi.math.survey;

/** Shares of a whole in whole billionths, so that they are kept and added exactly. */
public final class Shares {

    private static final long BILLION = 1_000_000_000L;

    private Shares() {}

    /**
     * Each part over the sum of all, rounded half up once. The shares sum to 10⁹ exactly: what rounding leaves over goes
     * to the greatest, the first of equals.
     *
     * @param parts 0 or above; at least one above 0
     */
    public static long[] billionths(double[] parts) {
        double sum = 0;
        int greatest = 0;
        for (int i = 0; i < parts.length; i++) {
            if (!(parts[i] >= 0 && Double.isFinite(parts[i]))) {
                throw new IllegalArgumentException("a part of " + parts[i]);
            }
            sum += parts[i];
            greatest = parts[i] > parts[greatest] ? i : greatest;
        }
        if (!(sum > 0 && Double.isFinite(sum))) {
            throw new IllegalArgumentException("shares of " + parts.length + " parts whose sum is " + sum);
        }
        long[] shares = new long[parts.length];
        long rest = BILLION;
        for (int i = 0; i < parts.length; i++) {
            shares[i] = StrictMath.round(BILLION * (parts[i] / sum));
            rest -= shares[i];
        }
        shares[greatest] += rest;
        return shares;
    }
}
