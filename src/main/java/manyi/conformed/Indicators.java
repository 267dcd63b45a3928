package manyi.conformed;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyi.config.Questionnaire;
import manyi.math.survey.RespondentIndex;
import manyi.table.Inputs;
import manyi.table.Table;

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

    /** The tables that {@link #of(Questionnaire, Inputs)} reads. */
    public static List<Table> tables(Questionnaire questionnaire) {
        return IndicatorWeight.asked(questionnaire).isPresent() ? List.of(IndicatorWeight.TABLE) : List.of();
    }

    /** The same index, by the weights that the inputs hold where the questionnaire has them derived. */
    public static RespondentIndex of(Questionnaire questionnaire, Inputs inputs) {
        RespondentIndex given = of(questionnaire);
        if (IndicatorWeight.asked(questionnaire).isEmpty()) {
            return given;
        }
        Map<String, BigDecimal> held = new HashMap<>();
        inputs.read(IndicatorWeight.TABLE)
                .select(IndicatorWeight.ITEM.col(), IndicatorWeight.WEIGHT.col())
                .collectAsList()
                .forEach(row -> held.put(row.getString(0), row.getDecimal(1)));
        List<RespondentIndex.Item> items = new ArrayList<>();
        for (Questionnaire.Item item : questionnaire.items()) {
            RespondentIndex.Item same = given.items().get(items.size());
            BigDecimal lambda = held.get(item.id());
            if (lambda == null && isIndicator(item)) {
                throw new IllegalStateException("no weight is kept for the indicator " + item.id());
            }
            items.add(new RespondentIndex.Item(
                    same.low(), same.high(), same.isReversed(), lambda == null ? 0 : lambda.doubleValue()));
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
