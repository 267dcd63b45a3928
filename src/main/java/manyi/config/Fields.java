package manyi.config;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The fields that a source of each kind may map below {@code columns:}. */
public final class Fields {

    /** What a purchases source may map; {@code line}, the line in its order, serves the key alone. */
    public static final Set<String> PURCHASE = ordered(
            "order_id",
            "line",
            "customer_id",
            "purchased_at",
            "amount",
            "currency",
            "is_return",
            "product",
            "product_group",
            "quantity",
            "channel",
            "branch",
            "country",
            "region",
            "updated_at");

    /** What it has to map. */
    public static final Set<String> PURCHASE_REQUIRED = ordered("purchased_at", "amount");

    /** Purchase fields that may serve as attributes of customers, taken from the latest purchase. */
    public static final Set<String> PURCHASE_ATTRIBUTES = ordered("channel", "branch", "country", "region");

    /** What a customers source may map beside attributes. */
    public static final Set<String> CUSTOMER = ordered("customer_id", "valid_from", "updated_at");

    /** What it has to map. */
    public static final Set<String> CUSTOMER_REQUIRED = ordered("customer_id");

    /** What a survey source may map beside items and attributes. */
    public static final Set<String> SURVEY = ordered(
            "response_id",
            "customer_id",
            "population",
            "wave",
            "answered_at",
            "received_at",
            "disposition",
            "duration_seconds",
            "weight",
            "stratum",
            "psu",
            "stratum_size",
            "psu_size",
            "item",
            "answer",
            "updated_at");

    /** What a survey source with a row per answer has to map, and what only such a one may map but the first. */
    public static final Set<String> SURVEY_LONG = ordered("response_id", "item", "answer");

    private Fields() {}

    private static Set<String> ordered(String... names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
    }
}
