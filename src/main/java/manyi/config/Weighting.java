package manyi.config;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the survey weights of a population are raked to.
 *
 * @param population whose responses are raked; those of others keep their weights
 * @param margins in the document's order
 * @param trim the bounds of the raked weights, where they have some
 */
public record Weighting(String population, List<Margin> margins, Optional<Trim> trim) {

    /** The levels of all margins together are at most so many, since every figure is tied to each of them. */
    public static final int MOST_LEVELS = 50;

    /** The population whose margins may be taken from the customers known at as_of. */
    public static final String CUSTOMER = "customer";

    /**
     * The population by one segment dimension.
     *
     * @param counts persons by value; empty where they are counted among the customers known at as_of
     */
    public record Margin(String segment, SortedMap<String, BigDecimal> counts) {
        public Margin {
            counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        }

        /** Whether the customers known at as_of are the population. */
        public boolean isOfCustomers() {
            return counts.isEmpty();
        }
    }

    /**
     * Bounds of the raked weights, as multiples of their mean or median.
     *
     * @param lowest 0 to 1
     * @param highest 1 or above
     * @param isMedian whether the median of the untrimmed raked weights is the measure, not their mean
     */
    public record Trim(double lowest, double highest, boolean isMedian) {}

    public Weighting {
        margins = List.copyOf(margins);
    }

    /** Whether a margin is counted from customers. */
    public boolean isOfCustomers() {
        return margins.stream().anyMatch(Margin::isOfCustomers);
    }
}
