package manyi.math.pls;

import manyi.math.moment.Moments;
import manyi.math.pls.PathModel.Missing;
import manyi.math.pls.Refusal.Reason;

/** Means, deviations and correlations of a structure's items, after all checks that do not need the paths. */
final class ItemStatistics {

    /** Of the mean square about the origin: a variance below this share is rounding. */
    private static final double ROUNDING = 1e-14;

    /** Eigenvalues of pairwise correlations down to minus this are rounding. */
    private static final double RIDGE = 1e-9;

    final double rows;
    /** From the middle of each item's scale. */
    final double[] mean;
    /** 0 where an item is constant. */
    final double[] deviation;
    /** With 0 beside the diagonal where an item is constant. */
    final double[][] correlation;
    /** Whether a block has a constant item. */
    final boolean[] hasConstant;

    private ItemStatistics(Structure structure, Moments moments) throws RefusedException {
        rows = moments.rows();
        if (!(rows >= 2)) {
            throw new RefusedException(
                    Reason.TOO_FEW_ROWS, "A path model needs at least two respondents, and has " + whole(rows) + ".");
        }
        int items = structure.items;
        for (int q = 0; q < items; q++) {
            if (!(moments.answered(q) > 0)) {
                throw new RefusedException(
                        Reason.NEVER_ANSWERED, "Nobody answered item " + structure.itemName(q) + ".");
            }
        }
        boolean pairwise = structure.model.missing() == Missing.PAIRWISE;
        mean = moments.means();
        correlation = pairwise ? moments.pairwiseCovariance() : moments.covariance();
        deviation = new double[items];
        hasConstant = new boolean[structure.constructs];
        for (int q = 0; q < items; q++) {
            double variance = correlation[q][q];
            double meanSquare = moments.product(q, q) / moments.answered(q);
            boolean varies = variance > ROUNDING * meanSquare;
            deviation[q] = varies ? StrictMath.sqrt(variance) : 0;
            hasConstant[structure.owner[q]] |= !varies;
        }
        for (int q = 0; q < items; q++) {
            for (int r = 0; r < q; r++) {
                double scale = deviation[q] * deviation[r];
                double value = scale > 0 ? correlation[q][r] / scale : 0;
                if (Double.isNaN(value)) {
                    throw new RefusedException(
                            Reason.NEVER_ANSWERED,
                            "Nobody answered both items " + structure.itemName(r) + " and " + structure.itemName(q)
                                    + ", so that their covariance is not known.");
                }
                correlation[q][r] = value;
                correlation[r][q] = value;
            }
            correlation[q][q] = 1;
        }
        if (pairwise && Cholesky.of(correlation, items, RIDGE, 0) == null) {
            throw new RefusedException(
                    Reason.NOT_POSITIVE_DEFINITE,
                    "The covariances over those who answered both items are not positive definite: too many answers"
                            + " are missing for pairwise deletion; mean replacement can be fitted.");
        }
    }

    /** What is said of an item that does not vary. */
    static String constant(String item) {
        return "Item " + item + " has the same answer from everybody.";
    }

    private static String whole(double rows) {
        return rows == StrictMath.rint(rows) ? Long.toString((long) rows) : Double.toString(rows);
    }

    /**
     * What a structure sees of the moments of its items.
     *
     * @param moments of the structure's items, in its order
     */
    static ItemStatistics of(Structure structure, Moments moments) throws RefusedException {
        return new ItemStatistics(structure, moments);
    }

    /** Moments of the structure's items out of those of the model's. */
    static Moments inUse(Structure structure, Moments moments) {
        int all = structure.model.items().size();
        if (moments.items() != all) {
            throw new IllegalArgumentException("moments of " + moments.items() + " items for a model of " + all);
        }
        int items = structure.items;
        double[] pairs = new double[items * items];
        double[] sums = new double[items * items];
        double[] products = new double[items * items];
        for (int q = 0; q < items; q++) {
            for (int r = 0; r < items; r++) {
                int i = structure.source[q];
                int j = structure.source[r];
                pairs[q * items + r] = moments.pairs(i, j);
                sums[q * items + r] = moments.sum(i, j);
                products[q * items + r] = moments.product(i, j);
            }
        }
        return new Moments(items, moments.rows(), moments.weight(), pairs, sums, products);
    }
}
