package manyi.config;

import java.util.List;

/**
 * A way to split customers into segments: one attribute, or several combined.
 *
 * @param attributes names of attributes, in the order they are combined
 */
public record Dimension(List<String> attributes) {

    /** Joins the attributes of a combined dimension, and their values. */
    public static final String CROSS = " × ";
    /** The value of customers who have none. */
    public static final String UNKNOWN = "unknown";
    /** The dimension, and its only value, that holds everybody. */
    public static final String ALL = "all";
    /** What the values beyond the most frequent ones are gathered under. */
    public static final String OTHER = "other";

    public Dimension {
        attributes = List.copyOf(attributes);
        if (attributes.isEmpty()) {
            throw new IllegalArgumentException("a segment dimension names at least one attribute");
        }
    }

    /** The name in the column {@code segment}: {@code country × channel}. */
    public String name() {
        return String.join(CROSS, attributes);
    }
}
