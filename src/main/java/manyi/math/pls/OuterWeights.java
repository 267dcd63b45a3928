package manyi.math.pls;

import java.util.List;

/**
 * Outer weights for raw answers: the standardised weight over the item's standard deviation in the base where they were
 * estimated.
 *
 * @param unstandardised one for each item of the model, 0 for items of no construct
 */
public record OuterWeights(List<Double> unstandardised) {
    public OuterWeights {
        unstandardised = List.copyOf(unstandardised);
        for (double weight : unstandardised) {
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException("an outer weight of " + weight);
            }
        }
    }
}
