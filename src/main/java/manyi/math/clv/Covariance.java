package manyi.math.clv;

import java.util.Collections;
import java.util.List;

/**
 * The covariance of the logarithms of fitted parameters.
 *
 * @param size the number of parameters
 * @param values row by row; NaN where the fit has none
 */
public record Covariance(int size, List<Double> values) {

    public Covariance {
        values = List.copyOf(values);
        if (values.size() != size * size) {
            throw new IllegalArgumentException(values.size() + " values for " + size + " parameters");
        }
    }

    static Covariance unknown(int size) {
        return new Covariance(size, Collections.nCopies(size * size, Double.NaN));
    }

    public double at(int row, int column) {
        return values.get(row * size + column);
    }

    /** The variance of a figure whose gradient with respect to the log-parameters this is (delta method). */
    public double variance(double[] gradient) {
        if (gradient.length != size) {
            throw new IllegalArgumentException("a gradient of " + gradient.length + " for " + size + " parameters");
        }
        double sum = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                sum += gradient[i] * gradient[j] * at(i, j);
            }
        }
        // a matrix inverted with rounding may give a little less than nothing
        return StrictMath.max(0, sum);
    }
}
