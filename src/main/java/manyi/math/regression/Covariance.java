package manyi.math.regression;

import java.util.ArrayList;
import java.util.List;

/**
 * The covariance of estimates.
 *
 * @param size the number of estimates
 * @param values row by row
 */
public record Covariance(int size, List<Double> values) {

    public Covariance {
        values = List.copyOf(values);
        if (values.size() != size * size) {
            throw new IllegalArgumentException(values.size() + " values for " + size + " estimates");
        }
    }

    static Covariance of(double[][] matrix) {
        List<Double> values = new ArrayList<>();
        for (double[] row : matrix) {
            for (double value : row) {
                values.add(value);
            }
        }
        return new Covariance(matrix.length, values);
    }

    public double at(int row, int column) {
        return values.get(row * size + column);
    }

    /** The standard error of a figure whose gradient by the estimates this is (delta method). */
    public double standardError(double[] gradient) {
        if (gradient.length != size) {
            throw new IllegalArgumentException("a gradient of " + gradient.length + " for " + size + " estimates");
        }
        double sum = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                sum += gradient[i] * gradient[j] * at(i, j);
            }
        }
        // rounding may give a little less than nothing
        return StrictMath.sqrt(StrictMath.max(0, sum));
    }
}
