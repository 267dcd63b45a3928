package manyi.math.clv;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A fitted model with its diagnostics.
 *
 * @param model at the parameters where the search ended
 * @param covariance of the logarithms of the parameters: the inverse of the observed information
 * @param logLikelihood at those parameters
 * @param customers the sample size n
 * @param cells distinct histories
 * @param converged whether the parameters are a maximum within the model's range; where not, they are not to be used
 * @param reason why it has not converged; empty where it has
 * @param gradientNorm the largest slope of the log-likelihood per customer by a log-parameter
 * @param iterations of the search
 */
public record Fit<M extends Parametric<M>>(
        M model,
        Covariance covariance,
        double logLikelihood,
        long customers,
        int cells,
        boolean converged,
        String reason,
        double gradientNorm,
        int iterations) {

    /** Half the width of an interval at 95 %, in standard errors. */
    public static final double NORMAL = 1.959963984540054;

    public Fit {
        if (converged != reason.isEmpty()) {
            throw new IllegalArgumentException("converged: " + converged + ", reason: " + reason);
        }
    }

    /** Schwarz's criterion k·ln n − 2·ln L: the smaller the better. */
    public double bic() {
        return covariance.size() * StrictMath.log((double) customers) - 2 * logLikelihood;
    }

    /** The parameters with their errors, in the model's order. */
    public List<Parameter> parameters() {
        return Parameter.of(model, covariance);
    }

    /** The standard error of a figure of the model, the parameters being uncertain (delta method). */
    public double standardError(ToDoubleFunction<? super M> figure) {
        return StrictMath.sqrt(covariance.variance(model.gradient(figure)));
    }

    /**
     * A fitted parameter.
     *
     * @param name as published
     * @param value on its natural scale
     * @param standardError on its natural scale, by the delta method
     * @param low the lower limit at 95 %, exp(ln θ − 1.96·se of ln θ)
     * @param high the upper limit
     */
    public record Parameter(String name, double value, double standardError, double low, double high) {

        /** The parameters of a model whose log-parameters have this covariance. */
        static List<Parameter> of(Parametric<?> model, Covariance covariance) {
            List<Parameter> parameters = new ArrayList<>();
            for (int i = 0; i < covariance.size(); i++) {
                double value = model.parameters().get(i);
                double error = StrictMath.sqrt(covariance.at(i, i));
                parameters.add(new Parameter(
                        model.names().get(i),
                        value,
                        value * error,
                        value * StrictMath.exp(-NORMAL * error),
                        value * StrictMath.exp(NORMAL * error)));
            }
            return List.copyOf(parameters);
        }
    }
}
