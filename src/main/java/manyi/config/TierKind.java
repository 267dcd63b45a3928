package manyi.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The ways in which customers are sorted into tiers, each with its tiers. No two kinds share a word. */
public enum TierKind {
    /** By purchase days and money in the period. */
    USAGE,
    /** By when the customer came, stayed away and came back. */
    LIFE_CYCLE,
    /** By money in the period alone. */
    VALUE;

    /** The word for the kind. */
    public String key() {
        return switch (this) {
            case USAGE -> "usage";
            case LIFE_CYCLE -> "life cycle";
            case VALUE -> "value";
        };
    }

    /** The words for its tiers, the best first. */
    public List<String> tiers() {
        return switch (this) {
            case USAGE -> List.of("heavy", "medium", "light", "none");
            case LIFE_CYCLE -> List.of("new", "won back", "active", "dormant", "lost");
            case VALUE -> List.of("vip", "target", "mass");
        };
    }

    /** The kind that a tier belongs to. */
    static Optional<TierKind> of(String tier) {
        return Arrays.stream(values())
                .filter(kind -> kind.tiers().contains(tier))
                .findFirst();
    }

    /** The tiers of all kinds. */
    static List<String> all() {
        List<String> all = new ArrayList<>();
        Arrays.stream(values()).forEach(kind -> all.addAll(kind.tiers()));
        return all;
    }
}
