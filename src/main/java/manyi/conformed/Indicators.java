package manyi.conformed;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyi.config.Questionnaire;
import manyi.math.survey.RespondentIndex;

/** The weights λ of a questionnaire's indicators. */
public final class Indicators {

    private Indicators() {}

    /**
     * The index that a questionnaire defines: λ of an indicator is the weight of its group among the groups times its
     * own weight within the group. Groups without a weighted indicator drop out; indicators without a group make one
     * group of their own, of weight 1.
     */
    public static RespondentIndex of(Questionnaire questionnaire) {
        Map<String, BigDecimal> groups = new LinkedHashMap<>();
        questionnaire.groups().forEach(group -> groups.put(group.name(), group.weight()));
        Map<String, BigDecimal> itemWeights = new LinkedHashMap<>();
        for (Questionnaire.Item item : questionnaire.items()) {
            if (isIndicator(item)) {
                itemWeights.merge(groupOf(item), item.weight(), BigDecimal::add);
            }
        }
        double groupWeights = 0;
        for (var group : itemWeights.entrySet()) {
            if (group.getValue().signum() > 0) {
                groupWeights += weightOf(groups, group.getKey());
            }
        }
        List<RespondentIndex.Item> items = new ArrayList<>();
        for (Questionnaire.Item item : questionnaire.items()) {
            double lambda = 0;
            if (isIndicator(item) && item.weight().signum() > 0 && groupWeights > 0) {
                String group = groupOf(item);
                lambda = weightOf(groups, group)
                        / groupWeights
                        * (item.weight().doubleValue() / itemWeights.get(group).doubleValue());
            }
            items.add(new RespondentIndex.Item(
                    item.low().doubleValue(), item.high().doubleValue(), item.isReversed(), StrictMath.min(lambda, 1)));
        }
        return new RespondentIndex(items);
    }

    /** Whether the item belongs to the index. */
    public static boolean isIndicator(Questionnaire.Item item) {
        return item.roles().contains(Questionnaire.Role.INDICATOR);
    }

    private static String groupOf(Questionnaire.Item item) {
        return item.group().orElse("");
    }

    private static double weightOf(Map<String, BigDecimal> groups, String group) {
        return groups.getOrDefault(group, BigDecimal.ONE).doubleValue();
    }
}
