package manyi.math.clv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * Empirical Bayes for models of several segments: each segment's log-parameters are drawn towards those of the pooled
 * fit, the more so the less informative its own data are. With θ_s ~ N(θ, T) over segments and θ̂_s ~ N(θ_s, V_s) the estimate is
 * θ + B_s(θ̂_s − θ), B_s = T(T + V_s)⁻¹; T is estimated by moments, its negative directions cut off.
 *
 * @param between T: how much segments differ, a covariance of log-parameters
 * @see "Efron, Morris (1972), Empirical Bayes on Vector Observations, Biometrika 59(2)"
 */
public record Shrinkage(Covariance between) {

    /** With fewer segments than this how they differ cannot be estimated, and all take the pooled parameters. */
    public static final int FEWEST = 4;

    /**
     * What a segment is given.
     *
     * @param covariance of its log-parameters, the pooled fit's own error included
     */
    public record Drawn<M extends Parametric<M>>(M model, Covariance covariance) {

        /** The parameters with their errors, in the model's order. */
        public List<Fit.Parameter> parameters() {
            return Fit.Parameter.of(model, covariance);
        }
    }

    /** How much segments differ around the pooled fit. */
    public static <M extends Parametric<M>> Shrinkage of(Fit<M> pooled, List<Fit<M>> segments) {
        int size = pooled.covariance().size();
        RealMatrix between = new Array2DRowRealMatrix(size, size);
        if (segments.size() >= FEWEST) {
            for (Fit<M> segment : segments) {
                RealVector apart = logs(segment.model()).subtract(logs(pooled.model()));
                between = between.add(apart.outerProduct(apart)).subtract(matrix(segment.covariance()));
            }
            between = nonNegative(between.scalarMultiply(1.0 / segments.size()));
        }
        return new Shrinkage(covariance(between));
    }

    /**
     * A segment's model; the pooled one where it has no fit of its own, or where the drawn parameters are none that the
     * model can have: a weighted mean of matrices need not lie between its ends.
     */
    public <M extends Parametric<M>> Drawn<M> drawn(Fit<M> pooled, Optional<Fit<M>> own) {
        RealVector centre = logs(pooled.model());
        if (own.isEmpty()) {
            return new Drawn<>(
                    pooled.model(), covariance(matrix(pooled.covariance()).add(matrix(between))));
        }
        RealMatrix within = matrix(own.get().covariance());
        RealMatrix spread = matrix(between);
        RealMatrix pull = spread.multiply(
                new LUDecomposition(spread.add(within)).getSolver().getInverse());
        RealVector apart = logs(own.get().model()).subtract(centre);
        RealVector drawn = centre.add(pull.operate(apart));
        RealMatrix rest =
                MatrixUtils.createRealIdentityMatrix(centre.getDimension()).subtract(pull);
        RealMatrix error = pull.multiply(within)
                .multiply(pull.transpose())
                .add(rest.multiply(matrix(pooled.covariance())).multiply(rest.transpose()));
        List<Double> parameters = new ArrayList<>();
        for (double log : drawn.toArray()) {
            parameters.add(StrictMath.exp(log));
        }
        return pooled.model().allows(parameters)
                ? new Drawn<>(pooled.model().with(parameters), covariance(error))
                : drawn(pooled, Optional.empty());
    }

    private static RealMatrix nonNegative(RealMatrix rounded) {
        RealMatrix symmetric = rounded.add(rounded.transpose()).scalarMultiply(0.5);
        EigenDecomposition eigen = new EigenDecomposition(symmetric);
        RealMatrix sum = symmetric.scalarMultiply(0);
        for (int i = 0; i < symmetric.getRowDimension(); i++) {
            if (eigen.getRealEigenvalue(i) > 0) {
                RealVector direction = eigen.getEigenvector(i);
                sum = sum.add(direction.outerProduct(direction).scalarMultiply(eigen.getRealEigenvalue(i)));
            }
        }
        return sum;
    }

    private static RealVector logs(Parametric<?> model) {
        return MatrixUtils.createRealVector(model.logs());
    }

    private static RealMatrix matrix(Covariance covariance) {
        RealMatrix matrix = new Array2DRowRealMatrix(covariance.size(), covariance.size());
        for (int i = 0; i < covariance.size(); i++) {
            for (int j = 0; j < covariance.size(); j++) {
                matrix.setEntry(i, j, covariance.at(i, j));
            }
        }
        return matrix;
    }

    private static Covariance covariance(RealMatrix matrix) {
        List<Double> values = new ArrayList<>();
        for (double[] row : matrix.getData()) {
            for (double value : row) {
                values.add(value);
            }
        }
        return new Covariance(matrix.getRowDimension(), values);
    }
}
