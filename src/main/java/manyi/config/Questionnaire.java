package manyi.config;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A questionnaire: its items, how they are grouped and weighed, and the waves in which it is asked.
 *
 * @param items in the order of the document; answers are kept as an array in this order
 * @param groups the indicator groups with their weights
 * @param groupings further ways to group items, name → group → items
 * @param gaps the dimensions in which expectation meets experience
 * @param deliveredValue how value and cost are asked
 * @param digest of what is asked and how it is weighed: items, groups, groupings; a further wave leaves it as it is, and
 *     so does a model
 * @param model what explains the answers, where the questionnaire says so
 */
public record Questionnaire(
        String name,
        List<Item> items,
        List<Group> groups,
        Map<String, Map<String, List<String>>> groupings,
        List<Wave> waves,
        List<Gap> gaps,
        Optional<DeliveredValue> deliveredValue,
        String digest,
        Optional<SurveyModel> model) {

    /** What an item is for. */
    public enum Role {
        INDICATOR,
        OVERALL,
        EXPECTED,
        PERCEIVED,
        IDEAL,
        RECOMMEND,
        EFFORT,
        REPURCHASE,
        PRICE_TOLERANCE,
        INTENTION,
        COMPLAINT;

        /** The word in the questionnaire. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One question.
     *
     * @param low the lowest answer on the scale
     * @param high the highest
     * @param isReversed whether a high answer is a bad one
     * @param missing answers that mean "don't know", "refused" and the like
     * @param group the indicator group, where the item is an indicator
     * @param weight λ of the item in its group, not negative; normalised within the group
     */
    public record Item(
            String id,
            String text,
            BigDecimal low,
            BigDecimal high,
            boolean isReversed,
            List<BigDecimal> missing,
            Optional<String> group,
            BigDecimal weight,
            Set<Role> roles) {
        public Item {
            missing = List.copyOf(missing);
            EnumSet<Role> ordered = EnumSet.noneOf(Role.class);
            ordered.addAll(roles);
            roles = Collections.unmodifiableSet(ordered);
            if (low.compareTo(high) >= 0) {
                throw new IllegalArgumentException("item " + id + ": scale from " + low + " to " + high);
            }
        }
    }

    /** A dimension of service with the item that asks what was expected and the one that asks what was experienced. */
    public record Gap(String name, String expected, String perceived) {}

    /** An indicator group with its weight λ, not negative; normalised over the groups. */
    public record Group(String name, BigDecimal weight) {}

    /**
     * A survey wave. It is closed, and published, once {@code end} + {@code graceDays} lies before as_of.
     *
     * @param start the first day, inclusive
     * @param end the last day, inclusive
     */
    public record Wave(String name, LocalDate start, LocalDate end, int graceDays) {
        /** The last day on which answers still count. */
        public LocalDate closesOn() {
            return end.plusDays(graceDays);
        }
    }

    public Questionnaire {
        items = List.copyOf(items);
        groups = List.copyOf(groups);
        waves = List.copyOf(waves);
        gaps = List.copyOf(gaps);
        Map<String, Map<String, List<String>>> ordered = new LinkedHashMap<>();
        groupings.forEach((grouping, of) -> {
            Map<String, List<String>> copy = new LinkedHashMap<>();
            of.forEach((group, ids) -> copy.put(group, List.copyOf(ids)));
            ordered.put(grouping, Collections.unmodifiableMap(copy));
        });
        groupings = Collections.unmodifiableMap(ordered);
    }

    /** A questionnaire that sets nothing against anything, and without a model. */
    public Questionnaire(
            String name,
            List<Item> items,
            List<Group> groups,
            Map<String, Map<String, List<String>>> groupings,
            List<Wave> waves,
            String digest) {
        this(name, items, groups, groupings, waves, List.of(), Optional.empty(), digest, Optional.empty());
    }

    /** The place of an item in the array of answers, from 0. */
    public int place(String item) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).id().equals(item)) {
                return i;
            }
        }
        throw new IllegalArgumentException("questionnaire " + name + " has no item " + item);
    }

    /** The first item with this role. */
    public Optional<Item> item(Role role) {
        return items.stream().filter(item -> item.roles().contains(role)).findFirst();
    }
}
