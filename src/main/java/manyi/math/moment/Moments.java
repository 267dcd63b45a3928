package manyi.math.moment;

import java.util.List;

/**
 * Weighted sums of p items and their products over a set of rows, answers missing or not. With r = 1 where a row
 * answered an item and 0 where not, x the value (0 where missing) less an origin that all sets share (the middle of the
 * item's scale), and matrices row by row, p × p:
 *
 * <p>Moments add: those of two sets of rows are the sum of each, and a replicate of a bootstrap is a weighted sum of the
 * moments of its groups.
 *
 * @see "Fornell et al. (1996), Journal of Marketing 60(4); Little, Rubin (2002), Statistical Analysis with Missing Data,
 *     ch. 3.4"
 */
public final class Moments {
    private final int items;
    private final double rows;
    private final double weight;
    private final double[] pairs;
    private final double[] sums;
    private final double[] products;

    /**
     * Moments that were condensed elsewhere; the arrays are kept, not copied.
     *
     * @param items p
     * @param rows number of rows; a fraction in a replicate
     * @param weight Σw over all rows, whatever they answered
     * @param pairs Σw·r_i·r_j, symmetric
     * @param sums Σw·x_i·r_j: the sum of item i over those who answered j, not symmetric
     * @param products Σw·x_i·x_j, symmetric
     */
    public Moments(int items, double rows, double weight, double[] pairs, double[] sums, double[] products) {
        int square = items * items;
        if (items < 1 || pairs.length != square || sums.length != square || products.length != square) {
            throw new IllegalArgumentException("moments of " + items + " items with " + pairs.length + ", "
                    + sums.length + " and " + products.length + " sums");
        }
        if (!(rows >= 0 && weight >= 0)) {
            throw new IllegalArgumentException("moments of " + rows + " rows of weight " + weight);
        }
        this.items = items;
        this.rows = rows;
        this.weight = weight;
        this.pairs = pairs;
        this.sums = sums;
        this.products = products;
    }

    /** The moments of no row. */
    public static Moments none(int items) {
        int square = items * items;
        return new Moments(items, 0, 0, new double[square], new double[square], new double[square]);
    }

    /**
     * The moments of rows that lie in memory.
     *
     * @param x rows × p, NaN where missing, the origin already taken off
     * @param w a weight above 0 for each row
     */
    public static Moments of(double[][] x, double[] w) {
        int items = x[0].length;
        double weight = 0;
        Moments moments = none(items);
        for (int row = 0; row < x.length; row++) {
            weight += w[row];
            for (int i = 0; i < items; i++) {
                for (int j = 0; j < items; j++) {
                    if (!Double.isNaN(x[row][i]) && !Double.isNaN(x[row][j])) {
                        int at = i * items + j;
                        moments.pairs[at] += w[row];
                        moments.sums[at] += w[row] * x[row][i];
                        moments.products[at] += w[row] * x[row][i] * x[row][j];
                    }
                }
            }
        }
        return new Moments(items, x.length, weight, moments.pairs, moments.sums, moments.products);
    }

    /**
     * Σ factor · moments over sets of rows, added in the order given.
     *
     * @param factors one for each set, 0 or above
     */
    public static Moments sum(List<Moments> sets, double[] factors) {
        if (sets.isEmpty() || sets.size() != factors.length) {
            throw new IllegalArgumentException(sets.size() + " sets of rows with " + factors.length + " factors");
        }
        Moments sum = none(sets.get(0).items);
        double rows = 0;
        double weight = 0;
        for (int set = 0; set < factors.length; set++) {
            if (factors[set] != 0) {
                Moments one = sets.get(set);
                rows += factors[set] * one.rows;
                weight += factors[set] * one.weight;
                add(sum.pairs, one.pairs, factors[set]);
                add(sum.sums, one.sums, factors[set]);
                add(sum.products, one.products, factors[set]);
            }
        }
        return new Moments(sum.items, rows, weight, sum.pairs, sum.sums, sum.products);
    }

    /** p. */
    public int items() {
        return items;
    }

    /** Number of rows; a fraction in a replicate. */
    public double rows() {
        return rows;
    }

    /** Σw over all rows, whatever they answered. */
    public double weight() {
        return weight;
    }

    /** Σw over the rows that answered item i. */
    public double answered(int i) {
        return pairs[i * items + i];
    }

    /** Σw over the rows that answered both items. */
    public double pairs(int i, int j) {
        return pairs[i * items + j];
    }

    /** Σw·x_i over the rows that answered j also. */
    public double sum(int i, int j) {
        return sums[i * items + j];
    }

    /** Σw·x_i·x_j over the rows that answered both. */
    public double product(int i, int j) {
        return products[i * items + j];
    }

    /** Mean of each item over those who answered it, from the shared origin; NaN where nobody did. */
    public double[] means() {
        double[] means = new double[items];
        for (int i = 0; i < items; i++) {
            int at = i * items + i;
            means[i] = pairs[at] > 0 ? sums[at] / pairs[at] : Double.NaN;
        }
        return means;
    }

    /**
     * Covariances where a missing answer is taken to be the mean of the item, p × p:
     * [Σx_i·x_j − m_i·Σx_j − m_j·Σx_i + m_i·m_j·n_ij] / (Σw·(n − 1)/n), sums over rows that answered both.
     *
     * @return NaN where an item was never answered, or fewer than two rows are there
     */
    public double[][] covariance() {
        double[] means = means();
        double divisor = rows > 1 ? weight * (rows - 1) / rows : Double.NaN;
        double[][] covariance = new double[items][items];
        for (int i = 0; i < items; i++) {
            for (int j = 0; j <= i; j++) {
                int at = i * items + j;
                double sum = products[at]
                        - means[i] * sums[j * items + i]
                        - means[j] * sums[at]
                        + means[i] * means[j] * pairs[at];
                covariance[i][j] = sum / divisor;
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    /**
     * Covariances over the rows that answered both items, each about its mean over these rows. The matrix need not be
     * positive definite; who uses it has to look.
     *
     * @return NaN where no row answered both
     */
    public double[][] pairwiseCovariance() {
        double[][] covariance = new double[items][items];
        for (int i = 0; i < items; i++) {
            for (int j = 0; j <= i; j++) {
                int at = i * items + j;
                double both = pairs[at];
                double divisor = rows > 1 ? both * (rows - 1) / rows : Double.NaN;
                covariance[i][j] = (products[at] - sums[at] * sums[j * items + i] / both) / divisor;
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    private static void add(double[] sum, double[] other, double factor) {
        for (int at = 0; at < sum.length; at++) {
            sum[at] += factor * other[at];
        }
    }
}
