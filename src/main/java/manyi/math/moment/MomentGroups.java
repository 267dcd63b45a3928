package manyi.math.moment;

import java.util.Arrays;
import java.util.List;

/**
 * The moments of a set of rows by groups (sampling units, or gatherings of them), so that a replicate of a bootstrap is a
 * weighted sum of groups. Groups are packed as by {@link MomentSums#packed}.
 */
public final class MomentGroups {

    private final int items;
    private final boolean isComplete;
    private final double[][] groups;

    /**
     * The groups of a set of rows.
     *
     * @param items p
     * @param packed each group; the sums of complete rows or those by pairs
     */
    public MomentGroups(int items, List<double[]> packed) {
        this.items = items;
        int triangle = items * (items + 1) / 2;
        int narrow = 2 + items + triangle;
        int wide = 2 + 2 * triangle + items * items;
        for (double[] group : packed) {
            if (group.length != narrow && group.length != wide) {
                throw new IllegalArgumentException(
                        "a group of " + group.length + " sums for " + items + " items; " + narrow + " or " + wide);
            }
        }
        isComplete = packed.stream().allMatch(group -> group.length == narrow);
        groups = packed.stream()
                .map(group -> isComplete || group.length == wide ? group : widened(group, wide))
                .toArray(double[][]::new);
    }

    /** How many groups there are. */
    public int size() {
        return groups.length;
    }

    /** Number of rows of all groups. */
    public double rows() {
        double rows = 0;
        for (double[] group : groups) {
            rows += group[0];
        }
        return rows;
    }

    /** The moments of all rows. */
    public Moments all() {
        double[] ones = new double[groups.length];
        Arrays.fill(ones, 1);
        return sum(ones);
    }

    /**
     * Σ factor · moments over the groups, added in their order.
     *
     * @param factors one for each group, 0 or above
     */
    public Moments sum(double[] factors) {
        return moments(packedSum(factors));
    }

    /** The same, still packed: to be handed on, or taken from another. */
    public double[] packedSum(double[] factors) {
        if (factors.length != groups.length || groups.length == 0) {
            throw new IllegalArgumentException(groups.length + " groups with " + factors.length + " factors");
        }
        double[] sum = new double[groups[0].length];
        for (int group = 0; group < factors.length; group++) {
            double factor = factors[group];
            if (factor != 0) {
                double[] one = groups[group];
                for (int at = 0; at < sum.length; at++) {
                    sum[at] += factor * one[at];
                }
            }
        }
        return sum;
    }

    private Moments moments(double[] sum) {
        int square = items * items;
        double[] pairs = new double[square];
        double[] sums = new double[square];
        double[] products = new double[square];
        int triangle = items * (items + 1) / 2;
        int at = 0;
        for (int i = 0; i < items; i++) {
            for (int j = 0; j < items; j++) {
                sums[i * items + j] = isComplete ? sum[2 + i] : sum[2 + triangle + i * items + j];
                if (j <= i) {
                    double pair = isComplete ? sum[1] : sum[2 + at];
                    double product = sum[isComplete ? 2 + items + at : 2 + triangle + square + at];
                    pairs[i * items + j] = pair;
                    pairs[j * items + i] = pair;
                    products[i * items + j] = product;
                    products[j * items + i] = product;
                    at++;
                }
            }
        }
        return new Moments(items, sum[0], sum[1], pairs, sums, products);
    }

    private double[] widened(double[] group, int wide) {
        double[] sum = new double[wide];
        int triangle = items * (items + 1) / 2;
        sum[0] = group[0];
        sum[1] = group[1];
        Arrays.fill(sum, 2, 2 + triangle, group[1]);
        for (int i = 0; i < items; i++) {
            Arrays.fill(sum, 2 + triangle + i * items, 2 + triangle + (i + 1) * items, group[2 + i]);
        }
        System.arraycopy(group, 2 + items, sum, 2 + triangle + items * items, triangle);
        return sum;
    }
}
