package manyi.math.driver;

import java.util.List;

/** Linear combinations of items, such as the means of blocks. */
public final class Combinations {

    private Combinations() {}

    /**
     * The matrix A of block means: a row for each block, with one over the block's size at its items.
     *
     * @param items p, the columns of A
     * @param blocks positions of each block's items, 0 to p − 1
     */
    public static double[][] means(int items, List<List<Integer>> blocks) {
        double[][] means = new double[blocks.size()][items];
        for (int block = 0; block < means.length; block++) {
            List<Integer> members = blocks.get(block);
            if (members.isEmpty()) {
                throw new IllegalArgumentException("block " + block + " has no item");
            }
            for (int item : members) {
                means[block][item] += 1.0 / members.size();
            }
        }
        return means;
    }

    /**
     * A·S·A', the covariances of combinations from those of items; symmetric to the last bit.
     *
     * @param combinations A, a row for each combination
     * @param covariance S, symmetric
     */
    public static double[][] covariance(double[][] combinations, double[][] covariance) {
        int size = combinations.length;
        double[][] result = new double[size][size];
        for (int i = 0; i < size; i++) {
            double[] row = times(combinations[i], covariance);
            for (int j = 0; j <= i; j++) {
                result[i][j] = product(row, combinations[j]);
                result[j][i] = result[i][j];
            }
        }
        return result;
    }

    /** The values of combinations, such as their means, from those of the items. */
    public static double[] values(double[][] combinations, double[] items) {
        double[] values = new double[combinations.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = product(combinations[i], items);
        }
        return values;
    }

    private static double[] times(double[] row, double[][] matrix) {
        double[] times = new double[matrix.length];
        for (int k = 0; k < matrix.length; k++) {
            times[k] = product(matrix[k], row);
        }
        return times;
    }

    private static double product(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("a combination of " + a.length + " items among " + b.length);
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
