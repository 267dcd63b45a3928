package manyi.config;

import java.util.List;

/**
 * How customer delivered value is asked: what customers get (total customer value, TCV) and what they give (total
 * customer cost, TCC).
 *
 * @param value the kinds of value: product, service, personnel, image or others
 * @param cost the kinds of cost: money, time, mental, physical or others
 * @param band TCV / TCC within 1 ± band is "basically satisfied"
 */
public record DeliveredValue(List<Component> value, List<Component> cost, double band) {

    /**
     * One kind of value or cost.
     *
     * @param items their mean score stands for a kind of value, 100 minus it for a kind of cost: 100 is always the better
     *     end of a score, so what costs much scores low
     * @param weight among the kinds of its side, above 0; normalised
     */
    public record Component(String name, List<String> items, double weight) {
        public Component {
            items = List.copyOf(items);
            if (items.isEmpty() || !(weight > 0)) {
                throw new IllegalArgumentException(name + " with " + items.size() + " items and the weight " + weight);
            }
        }
    }

    public DeliveredValue {
        value = List.copyOf(value);
        cost = List.copyOf(cost);
        if (value.isEmpty() || cost.isEmpty() || !(band >= 0 && band < 1)) {
            throw new IllegalArgumentException("delivered value of " + value.size() + " kinds of value, " + cost.size()
                    + " of cost and a band of " + band);
        }
    }
}
