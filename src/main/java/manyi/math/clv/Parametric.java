package manyi.math.clv;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A model with positive parameters, seen through their logarithms.
 *
 * @param <M> the model itself
 */
public interface Parametric<M extends Parametric<M>> {

    /** The parameters' names as published, in the order of {@link #parameters}. */
    List<String> names();

    /** The parameters on their natural scale. */
    List<Double> parameters();

    /** Their logarithms. */
    default double[] logs() {
        return parameters().stream()
                .mapToDouble(parameter -> StrictMath.log(parameter))
                .toArray();
    }

    /** Whether a model can have these parameters, and its figures are finite. */
    default boolean allows(List<Double> parameters) {
        return true;
    }

    /** The same model with other parameters. */
    M with(List<Double> parameters);

    /**
     * The gradient of any figure of the model with respect to the logarithms of its parameters, for the delta method.
     *
     * <p>By central differences of fourth order, step 2⁻⁹: the error is about 10⁻¹¹ of the figure where its logarithm
     * bends as gently as expectations of these models do.
     */
    default double[] gradient(ToDoubleFunction<? super M> figure) {
        double step = 0x1p-9;
        double[] gradient = new double[parameters().size()];
        for (int i = 0; i < gradient.length; i++) {
            double near = figure.applyAsDouble(moved(i, step)) - figure.applyAsDouble(moved(i, -step));
            double far = figure.applyAsDouble(moved(i, 2 * step)) - figure.applyAsDouble(moved(i, -2 * step));
            gradient[i] = (8 * near - far) / (12 * step);
        }
        return gradient;
    }

    /** The same model with the logarithm of one parameter moved by a step. */
    default M moved(int parameter, double step) {
        List<Double> moved = new ArrayList<>(parameters());
        moved.set(parameter, moved.get(parameter) * StrictMath.exp(step));
        return with(moved);
    }

    /** Refuses a parameter that is not positive and finite. */
    static void requirePositive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " = " + value + ": not positive and finite");
        }
    }
}
