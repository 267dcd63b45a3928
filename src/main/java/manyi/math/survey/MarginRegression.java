package manyi.math.survey;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The regression that the variance of a raked estimate rests on: u = y − ȳ (zero outside the domain) on the indicators
 * of the margins, with the base weights. The residual e = u − x'β takes the place of u, z = raked w·e / Σ raked w, so
 * that what the margins fix adds no error.
 *
 * <p>The indicators of each margin sum to one, so X'WX has no inverse; the coefficients are those of its pseudo-inverse,
 * and only x'β has a meaning.
 *
 * @see "Deville, Särndal (1992), Calibration Estimators in Survey Sampling, JASA 87(418), eq. 3.4: raking has the
 *     asymptotic variance of the regression estimator"
 */
public final class MarginRegression {

    /** Directions in which the scaled X'WX, of diagonal 1, is smaller than this are none. */
    private static final double RANK = 1e-10;

    private final double[][] inverse;

    private MarginRegression(double[][] inverse) {
        this.inverse = inverse;
    }

    /**
     * The regression with this normal matrix.
     *
     * @param normal X'WX, symmetric; a level without respondents is a row of zeros and gets the coefficient 0
     */
    public static MarginRegression of(double[][] normal) {
        int size = normal.length;
        double[] scale = new double[size];
        for (int i = 0; i < size; i++) {
            scale[i] = normal[i][i] > 0 ? 1 / StrictMath.sqrt(normal[i][i]) : 0;
        }
        double[][] scaled = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                scaled[i][j] = scale[i] * normal[i][j] * scale[j];
            }
        }
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(scaled, false));
        double[][] inverse = new double[size][size];
        for (int k = 0; k < size; k++) {
            double value = eigen.getRealEigenvalue(k);
            if (value > RANK) {
                double[] direction = eigen.getEigenvector(k).toArray();
                for (int i = 0; i < size; i++) {
                    for (int j = 0; j < size; j++) {
                        inverse[i][j] += scale[i] * direction[i] * direction[j] * scale[j] / value;
                    }
                }
            }
        }
        return new MarginRegression(inverse);
    }

    /**
     * β for one figure.
     *
     * @param products X'Wu: of each level Σw·u over its respondents
     */
    public double[] coefficients(double[] products) {
        if (products.length != inverse.length) {
            throw new IllegalArgumentException(products.length + " sums for " + inverse.length + " indicators");
        }
        double[] coefficients = new double[products.length];
        for (int i = 0; i < products.length; i++) {
            for (int j = 0; j < products.length; j++) {
                coefficients[i] += inverse[i][j] * products[j];
            }
        }
        return coefficients;
    }
}
