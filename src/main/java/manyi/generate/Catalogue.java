package manyi.generate;

import static manyi.generate.Draw.Stream.PRICE;

import java.io.Serializable;
import java.util.List;

/** What is sold: product groups of fifteen products each, with a price in hundredths. */
final class Catalogue implements Serializable {
    private static final long serialVersionUID = 1L;

    static final List<String> GROUPS =
            List.of("Kitchen", "Garden", "Lighting", "Textiles", "Toys", "Stationery", "Travel", "Food");
    private static final int[] GROUP_PRICES = {2490, 3490, 3990, 2990, 1990, 690, 5990, 890};
    private static final int PER_GROUP = 15;

    private final String[] names = new String[GROUPS.size() * PER_GROUP];
    private final int[] prices = new int[names.length];

    Catalogue(Draw draw) {
        for (int product = 0; product < names.length; product++) {
            String number = String.valueOf(product % PER_GROUP + 1);
            names[product] = GROUPS.get(group(product)).substring(0, 3).toUpperCase(java.util.Locale.ROOT)
                    + (number.length() == 1 ? "-0" : "-")
                    + number;
            double factor = StrictMath.exp(0.6 * draw.normal(PRICE, product, 0));
            prices[product] = ((int) (GROUP_PRICES[group(product)] * factor / 50)) * 50 + 90;
        }
    }

    /** The product at a place of its group; the first ones sell best. */
    int product(int group, double uniform) {
        return group * PER_GROUP + (int) (uniform * uniform * PER_GROUP);
    }

    int group(int product) {
        return product / PER_GROUP;
    }

    String name(int product) {
        return names[product];
    }

    /** The list price in hundredths. */
    int price(int product) {
        return prices[product];
    }
}
