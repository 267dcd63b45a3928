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
            "margin",
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

    /** What a costs source may map beside segment attributes; {@code cost_id} serves the key alone. */
    public static final Set<String> COST = ordered("cost_id", "period", "purpose", "amount", "currency", "updated_at");

    /** What it has to map. */
    public static final Set<String> COST_REQUIRED = ordered("period", "purpose", "amount");

    /** What a margins source may map; a product or a product group is one of them. */
    public static final Set<String> MARGIN =
            ordered("product", "product_group", "margin_share", "valid_from", "updated_at");

    /** What it has to map. */
    public static final Set<String> MARGIN_REQUIRED = ordered("margin_share");

    /** What a spending source may map. */
    public static final Set<String> SPENDING = ordered("customer_id", "period", "amount", "currency", "updated_at");

    /** What it has to map. */
    public static final Set<String> SPENDING_REQUIRED = ordered("customer_id", "period", "amount");

    /** What a referrals source may map; {@code referral_id} serves the key alone. */
    public static final Set<String> REFERRAL =
            ordered("referral_id", "customer_id", "referred_customer_id", "referred_at", "updated_at");

    /** What it has to map. */
    public static final Set<String> REFERRAL_REQUIRED = ordered("customer_id", "referred_at");

    private Fields() {}

    /** The named fields that a source of a kind may map. */
    public static Set<String> of(SourceKind kind) {
        return switch (kind) {
            case PURCHASES -> PURCHASE;
            case CUSTOMERS -> CUSTOMER;
            case SURVEY -> SURVEY;
            case COSTS -> COST;
            case MARGINS -> MARGIN;
            case SPENDING -> SPENDING;
            case REFERRALS -> REFERRAL;
            default -> throw new IllegalArgumentException("no fields for " + kind.key());
        };
    }

    private static Set<String> ordered(String... names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
    }
}
