package manyi.mart.survey;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Item;
import manyi.config.Questionnaire.Role;
import manyi.config.SurveyModel;
import manyi.conformed.Indicators;
import manyi.math.survey.DomainSums;
import manyi.math.survey.RespondentIndex;

/**
 * One thing that is measured in every cell: a ratio Σw·y / Σw·x over the responses that say something of it, most often a
 * mean (x = 1). A further figure is a further entry of {@link #all}.
 *
 * @param name what is measured
 * @param item of which item or group; empty for the figures of a segment
 * @param items the items it rests on: hidden where one of them must be, since it would give that one away
 * @param isPartOfTheIndex whether it is the score of an indicator, which adds to the index
 */
public record Figure(String name, String item, List<String> items, boolean isPartOfTheIndex, Reading reading)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final String RESPONDENT = "respondent";
    public static final String CSI = "csi";
    public static final String CSM = "csm";
    public static final String DISSATISFIED = "dissatisfied";
    public static final String SATISFIED = "satisfied";
    public static final String VERY_SATISFIED = "very satisfied";
    public static final String NPS = "nps";
    public static final String CSAT = "csat";
    public static final String EFFORT = "ces";
    public static final String INTENTION = "intention";
    /** The score of one item: of every indicator, and of all other items that a grouping names. */
    public static final String SCORE = "score";
    /** Who answered any item of path model or drivers; hidden with any of these items, since all of them are in a fit. */
    public static final String OF_MODEL = "respondent of the model";
    /** The mean score of a group of items; the grouping's name follows. */
    public static final String GROUP = "group of ";
    /** The grouping that the questionnaire's indicator groups make. */
    public static final String INDICATOR_GROUPS = "group";

    /** Perceived over expected; the dimension is the item. */
    public static final String EXPECTATION = "perceived over expected";
    /** What was expected, of those who answered both. */
    public static final String EXPECTED = "expected";
    /** What was perceived, of those who answered both. */
    public static final String PERCEIVED = "perceived";
    /** All dimensions of expectation together. */
    public static final String ALL_DIMENSIONS = "all";
    /** Perceived over expected in an earlier response; the segment dimension whose cells it is made for follows. */
    public static final String BEFORE_AND_AFTER = "perceived over expected before, by ";
    /** A kind of value; the kind is the item. */
    public static final String VALUE = "value";
    /** A kind of cost. */
    public static final String COST = "cost";
    /** All kinds of value or of cost together. */
    public static final String TOTAL = "total";
    /** Total value less total cost. */
    public static final String DELIVERED_VALUE = "delivered value";
    /** Total value over total cost. */
    public static final String VALUE_OVER_COST = "value over cost";
    /** Total value over the cost in money. */
    public static final String VALUE_FOR_PRICE = "value for price";
    /** The kind of cost that is the price. */
    public static final String MONEY = "money";

    /** The share that would leave at a rise of the price; the rise follows, and the item is the one that asks for it. */
    public static final String LEAVING = "would leave at ";

    /** Names of figures of which one takes the others together. */
    private static final Set<String> TOTALS = Set.of(EXPECTATION, EXPECTED, PERCEIVED, VALUE, COST);

    /** What a response says of a figure. */
    @FunctionalInterface
    public interface Reading extends Serializable {
        /** Adds y, and x where it is not 1, to the figure at this place; nothing where the response does not say. */
        void add(ResponseView response, DomainSums.Answers sums, int place);
    }

    /** What a response that answers the item gives, in billionths. */
    @FunctionalInterface
    private interface Value extends Serializable {
        long of(ResponseView response);
    }

    public Figure {
        items = List.copyOf(items);
    }

    /** Whether its mask is the cell's: the cell is hidden whole where too few stand behind the figure. */
    public boolean isOfTheCell() {
        return item.isEmpty() && items.isEmpty();
    }

    /** Whether it takes the figures of the same name together: it is hidden where one of them is. */
    public boolean isTotal() {
        return TOTALS.contains(name) && (item.equals(ALL_DIMENSIONS) || item.equals(TOTAL));
    }

    /**
     * Whether it is a mean of one item over those who answered another one too: beside the item's own mean it would tell
     * of those who did not.
     */
    public boolean isOfBoth() {
        return name.equals(EXPECTED) || name.equals(PERCEIVED);
    }

    /** Whether it is over pairs of two responses, which some customers stand aside from. */
    public boolean isOfPairs() {
        return name.startsWith(BEFORE_AND_AFTER);
    }

    /** Whether whoever answers its item counts: it is hidden where the item is. */
    public boolean isOfTheItem() {
        return name.equals(SCORE) || name.startsWith(LEAVING);
    }

    /**
     * All figures of a questionnaire.
     *
     * @param index by whose weights groups of items are scored
     * @param segments the names of the segment dimensions
     */
    public static List<Figure> all(Job.Satisfaction satisfaction, RespondentIndex index, List<String> segments) {
        Questionnaire questionnaire = satisfaction.questionnaire();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                RESPONDENT, "", List.of(), false, (response, sums, place) -> sums.add(place, response.weight(), 0)));
        figures.add(new Figure(CSI, "", List.of(), false, (response, sums, place) -> {
            if (response.hasCsi()) {
                sums.add(place, response.weight(), response.csi());
            }
        }));
        addOverall(figures, satisfaction);
        double promoters = satisfaction.promotersFrom();
        double detractors = satisfaction.detractorsTo();
        addOfItem(figures, questionnaire, NPS, Role.RECOMMEND, false, (item, at) -> response -> {
            double answer = response.answer(at);
            return answer >= promoters ? ResponseView.FULL : answer <= detractors ? -ResponseView.FULL : 0;
        });
        addOfItem(
                figures,
                questionnaire,
                EFFORT,
                Role.EFFORT,
                true,
                (item, at) -> response -> ResponseView.billionths(response.score(at)));
        addOfItem(
                figures,
                questionnaire,
                INTENTION,
                Role.INTENTION,
                true,
                (item, at) -> counts(item, at, satisfaction.intentionFrom()));
        addItems(figures, questionnaire);
        questionnaire.item(Role.PRICE_TOLERANCE).ifPresent(item -> addLeaving(figures, questionnaire, item));
        groupings(questionnaire)
                .forEach((grouping, groups) -> groups.forEach(
                        (group, ids) -> figures.add(ofGroup(questionnaire, index, grouping, group, ids))));
        new Comparisons(questionnaire).addTo(figures, segments);
        addModel(figures, questionnaire);
        return figures;
    }

    /** Grouping → group → items: the indicator groups first, then what the questionnaire groups besides. */
    public static Map<String, Map<String, List<String>>> groupings(Questionnaire questionnaire) {
        Map<String, Map<String, List<String>>> groupings = new LinkedHashMap<>();
        Map<String, List<String>> indicators = new LinkedHashMap<>();
        for (Item item : questionnaire.items()) {
            if (Indicators.isIndicator(item) && item.group().isPresent()) {
                indicators
                        .computeIfAbsent(item.group().get(), any -> new ArrayList<>())
                        .add(item.id());
            }
        }
        if (!indicators.isEmpty()) {
            groupings.put(INDICATOR_GROUPS, indicators);
        }
        groupings.putAll(questionnaire.groupings());
        return groupings;
    }

    private interface OfItem {
        Value value(Item item, int at);
    }

    private static void addOfItem(
            List<Figure> figures,
            Questionnaire questionnaire,
            String name,
            Role role,
            boolean hasOwnMask,
            OfItem ofItem) {
        Optional<Item> item = questionnaire.item(role);
        int at = item.map(known -> questionnaire.place(known.id())).orElse(-1);
        Value value = item.map(known -> ofItem.value(known, at)).orElse(response -> 0);
        figures.add(new Figure(
                name,
                "",
                hasOwnMask ? item.map(Item::id).stream().toList() : List.of(),
                false,
                (response, sums, place) -> {
                    if (at >= 0 && response.has(at)) {
                        sums.add(place, response.weight(), value.of(response));
                    }
                }));
    }

    private static void addOverall(List<Figure> figures, Job.Satisfaction satisfaction) {
        Questionnaire questionnaire = satisfaction.questionnaire();
        double very = satisfaction.verySatisfiedFrom();
        double satisfied = satisfaction.satisfiedFrom();
        addOfItem(
                figures,
                questionnaire,
                CSM,
                Role.OVERALL,
                false,
                (item, at) -> response -> ResponseView.billionths(120 * response.score(at) / 100 - 60));
        addOfItem(figures, questionnaire, DISSATISFIED, Role.OVERALL, false, (item, at) -> response -> {
            double score = response.score(at);
            return score >= satisfied || score >= very ? 0 : ResponseView.FULL;
        });
        addOfItem(figures, questionnaire, SATISFIED, Role.OVERALL, false, (item, at) -> response -> {
            double score = response.score(at);
            return score >= satisfied && score < very ? ResponseView.FULL : 0;
        });
        addOfItem(
                figures,
                questionnaire,
                VERY_SATISFIED,
                Role.OVERALL,
                false,
                (item, at) -> response -> response.score(at) >= very ? ResponseView.FULL : 0);
        addOfItem(
                figures,
                questionnaire,
                CSAT,
                Role.OVERALL,
                false,
                (item, at) -> counts(item, at, satisfaction.csatFrom()));
    }

    /** Everything for whoever answers at the better end: from the bound on, else in the last two steps of the scale. */
    private static Value counts(Item item, int at, Optional<Double> from) {
        double low = item.low().doubleValue();
        double high = item.high().doubleValue();
        boolean isReversed = item.isReversed();
        double bound = from.orElse(isReversed ? low + 1 : high - 1);
        return response -> {
            double answer = response.answer(at);
            return (isReversed ? answer <= bound : answer >= bound) ? ResponseView.FULL : 0;
        };
    }

    private static void addItems(List<Figure> figures, Questionnaire questionnaire) {
        TreeSet<String> grouped = new TreeSet<>();
        questionnaire.groupings().values().forEach(groups -> groups.values().forEach(grouped::addAll));
        grouped.addAll(new Comparisons(questionnaire).items());
        questionnaire.item(Role.EFFORT).ifPresent(item -> grouped.add(item.id()));
        questionnaire.item(Role.INTENTION).ifPresent(item -> grouped.add(item.id()));
        questionnaire.item(Role.PRICE_TOLERANCE).ifPresent(item -> grouped.add(item.id()));
        for (Item item : questionnaire.items()) {
            boolean isIndicator = Indicators.isIndicator(item);
            if (isIndicator || grouped.contains(item.id())) {
                int at = questionnaire.place(item.id());
                figures.add(new Figure(SCORE, item.id(), List.of(item.id()), isIndicator, (response, sums, place) -> {
                    if (response.has(at)) {
                        sums.add(place, response.weight(), ResponseView.billionths(response.score(at)));
                        if (isIndicator) {
                            sums.addPart(place, response.weight(), response.contribution(at));
                        }
                    }
                }));
            }
        }
    }

    /** The share that answers at most so much, for each whole step of the scale. */
    private static void addLeaving(List<Figure> figures, Questionnaire questionnaire, Item item) {
        int at = questionnaire.place(item.id());
        for (BigDecimal step = item.low(); step.compareTo(item.high()) <= 0; step = step.add(BigDecimal.ONE)) {
            double rise = step.doubleValue();
            String name = LEAVING + step.toPlainString();
            figures.add(new Figure(name, item.id(), List.of(item.id()), false, (response, sums, place) -> {
                if (response.has(at)) {
                    sums.add(place, response.weight(), response.answer(at) <= rise ? ResponseView.FULL : 0);
                }
            }));
        }
    }

    /** The items of model and drivers that are in no figure yet, so that each has a mask, and who answered any of them. */
    private static void addModel(List<Figure> figures, Questionnaire questionnaire) {
        Set<String> items = questionnaire.model().map(SurveyModel::items).orElse(Set.of());
        if (items.isEmpty()) {
            return;
        }
        Set<String> scored = figures.stream()
                .filter(figure -> figure.name().equals(SCORE))
                .map(Figure::item)
                .collect(Collectors.toSet());
        for (String item : items) {
            if (!scored.contains(item)) {
                int at = questionnaire.place(item);
                figures.add(new Figure(SCORE, item, List.of(item), false, (response, sums, place) -> {
                    if (response.has(at)) {
                        sums.add(place, response.weight(), ResponseView.billionths(response.score(at)));
                    }
                }));
            }
        }
        int[] places = items.stream().mapToInt(questionnaire::place).toArray();
        figures.add(new Figure(OF_MODEL, "", List.copyOf(items), false, (response, sums, place) -> {
            if (Arrays.stream(places).anyMatch(response::has)) {
                sums.add(place, response.weight(), 0);
            }
        }));
    }

    /** The λ-weighted mean over the items answered; where no item of the group bears on the index all weigh the same. */
    private static Figure ofGroup(
            Questionnaire questionnaire, RespondentIndex index, String grouping, String group, List<String> ids) {
        int[] places = ids.stream().mapToInt(questionnaire::place).toArray();
        double[] weights = new double[places.length];
        double total = 0;
        for (int i = 0; i < places.length; i++) {
            weights[i] = index.items().get(places[i]).lambda();
            total += weights[i];
        }
        if (total == 0) {
            Arrays.fill(weights, 1);
        }
        List<String> counted = IntStream.range(0, places.length)
                .filter(i -> weights[i] > 0)
                .mapToObj(ids::get)
                .toList();
        return new Figure(GROUP + grouping, group, counted, false, (response, sums, place) -> {
            double sum = 0;
            double answered = 0;
            for (int i = 0; i < places.length; i++) {
                if (weights[i] > 0 && response.has(places[i])) {
                    sum += weights[i] * response.score(places[i]);
                    answered += weights[i];
                }
            }
            if (answered > 0) {
                sums.add(place, response.weight(), ResponseView.billionths(sum / answered));
            }
        });
    }
}
