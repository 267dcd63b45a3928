package manyi.mart.survey;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import manyi.config.DeliveredValue;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Gap;
import manyi.config.Questionnaire.Item;

/** The figures that set one answer against another: expectation against experience, value against cost. */
public record Comparisons(Questionnaire questionnaire) {

    /** The items that are compared. */
    Set<String> items() {
        Set<String> items = new TreeSet<>();
        questionnaire.gaps().forEach(gap -> items.addAll(List.of(gap.expected(), gap.perceived())));
        questionnaire.deliveredValue().ifPresent(asked -> {
            asked.value().forEach(part -> items.addAll(part.items()));
            asked.cost().forEach(part -> items.addAll(part.items()));
        });
        return items;
    }

    /**
     * Adds the figures.
     *
     * @param segments the names of the segment dimensions
     */
    void addTo(List<Figure> figures, List<String> segments) {
        List<Pair> pairs = questionnaire.gaps().stream().map(this::pair).toList();
        for (int i = 0; i < pairs.size(); i++) {
            Gap gap = questionnaire.gaps().get(i);
            addGap(figures, gap.name(), List.of(gap.expected(), gap.perceived()), List.of(pairs.get(i)));
        }
        if (pairs.size() > 1 && isOnOneScale()) {
            List<String> items = questionnaire.gaps().stream()
                    .flatMap(gap -> List.of(gap.expected(), gap.perceived()).stream())
                    .distinct()
                    .toList();
            addGap(figures, Figure.ALL_DIMENSIONS, items, pairs);
        }
        addBeforeAndAfter(figures, segments);
        questionnaire.deliveredValue().ifPresent(asked -> addValue(figures, asked));
    }

    /** What was met over what had been expected before: a figure for everybody, and one for each dimension of segments. */
    private void addBeforeAndAfter(List<Figure> figures, List<String> segments) {
        PanelPairs pairing = new PanelPairs(questionnaire, segments);
        for (int i = 0; i < pairing.gaps().size(); i++) {
            Gap gap = pairing.gaps().get(i);
            Pair pair = pair(gap);
            int place = i;
            for (int j = 0; j < pairing.views().size(); j++) {
                int view = j;
                String name = Figure.BEFORE_AND_AFTER + pairing.views().get(view);
                figures.add(new Figure(name, gap.name(), List.of(gap.perceived()), false, (response, sums, figure) -> {
                    double expected = response.expectedBefore(place);
                    if (response.has(pair.perceivedAt()) && !Double.isNaN(expected) && !response.standsAside(view)) {
                        sums.add(
                                figure,
                                response.weight(),
                                ResponseView.billionths(pair.perceived(response)),
                                ResponseView.billionths(pair.recoded(expected)));
                    }
                }));
            }
        }
    }

    /** How much is added to the answers of a scale so that it starts above 0; a ratio to 0 means nothing. */
    public static double shift(Item item) {
        return item.low().signum() > 0 ? 0 : 1 - item.low().doubleValue();
    }

    /** Answers on different scales have no mean. */
    private boolean isOnOneScale() {
        return questionnaire.gaps().stream()
                        .map(gap -> questionnaire.items().get(questionnaire.place(gap.expected())))
                        .map(item -> List.of(
                                item.low().stripTrailingZeros(), item.high().stripTrailingZeros()))
                        .distinct()
                        .count()
                == 1;
    }

    private static void addGap(List<Figure> figures, String name, List<String> items, List<Pair> pairs) {
        figures.add(new Figure(Figure.EXPECTATION, name, items, false, (response, sums, place) -> {
            double expected = mean(response, pairs, Pair::expected);
            if (expected > 0) {
                sums.add(
                        place,
                        response.weight(),
                        ResponseView.billionths(mean(response, pairs, Pair::perceived)),
                        ResponseView.billionths(expected));
            }
        }));
        figures.add(new Figure(Figure.EXPECTED, name, items, false, of(pairs, Pair::expected)));
        figures.add(new Figure(Figure.PERCEIVED, name, items, false, of(pairs, Pair::perceived)));
    }

    private static Figure.Reading of(List<Pair> pairs, Side side) {
        return (response, sums, place) -> {
            double mean = mean(response, pairs, side);
            if (mean > 0) {
                sums.add(place, response.weight(), ResponseView.billionths(mean));
            }
        };
    }

    /** The mean over the dimensions of which both questions were answered; 0 where there is none. */
    private static double mean(ResponseView response, List<Pair> pairs, Side side) {
        double sum = 0;
        int answered = 0;
        for (Pair pair : pairs) {
            if (pair.isAnswered(response)) {
                sum += side.of(pair, response);
                answered++;
            }
        }
        return answered == 0 ? 0 : sum / answered;
    }

    @FunctionalInterface
    private interface Side extends Serializable {
        double of(Pair pair, ResponseView response);
    }

    /** The two items of a dimension by their places, and how their answers become numbers above 0, the best greatest. */
    private record Pair(int expectedAt, int perceivedAt, double turnedFrom, double shift) implements Serializable {
        private static final long serialVersionUID = 1L;

        boolean isAnswered(ResponseView response) {
            return response.has(expectedAt) && response.has(perceivedAt);
        }

        double expected(ResponseView response) {
            return recoded(response.answer(expectedAt));
        }

        double perceived(ResponseView response) {
            return recoded(response.answer(perceivedAt));
        }

        double recoded(double answer) {
            return (Double.isNaN(turnedFrom) ? answer : turnedFrom - answer) + shift;
        }
    }

    private Pair pair(Gap gap) {
        int place = questionnaire.place(gap.expected());
        Item item = questionnaire.items().get(place);
        double turnedFrom = item.isReversed() ? item.low().add(item.high()).doubleValue() : Double.NaN;
        return new Pair(place, questionnaire.place(gap.perceived()), turnedFrom, shift(item));
    }

    /** Kinds of value or of cost: the places of their items, their weights, and whether 100 is turned to 0. */
    private record Kinds(List<List<Integer>> places, List<Double> weights, boolean isCost) implements Serializable {
        private static final long serialVersionUID = 1L;

        /** The weighted mean over the kinds that were answered, points 0 to 100; NaN where none was. */
        double points(ResponseView response) {
            double sum = 0;
            double weight = 0;
            for (int kind = 0; kind < weights.size(); kind++) {
                double points = 0;
                int answered = 0;
                for (int place : places.get(kind)) {
                    if (response.has(place)) {
                        points += response.score(place);
                        answered++;
                    }
                }
                if (answered > 0) {
                    double mean = points / answered;
                    sum += weights.get(kind) * (isCost ? 100 - mean : mean);
                    weight += weights.get(kind);
                }
            }
            return weight == 0 ? Double.NaN : sum / weight;
        }
    }

    private Kinds kinds(List<DeliveredValue.Component> parts, boolean isCost) {
        return new Kinds(
                parts.stream()
                        .map(part ->
                                part.items().stream().map(questionnaire::place).toList())
                        .toList(),
                parts.stream().map(DeliveredValue.Component::weight).toList(),
                isCost);
    }

    private void addValue(List<Figure> figures, DeliveredValue asked) {
        for (DeliveredValue.Component part : asked.value()) {
            figures.add(points(Figure.VALUE, part.name(), part.items(), kinds(List.of(part), false)));
        }
        for (DeliveredValue.Component part : asked.cost()) {
            figures.add(points(Figure.COST, part.name(), part.items(), kinds(List.of(part), true)));
        }
        List<String> gotten = itemsOf(asked.value());
        List<String> given = itemsOf(asked.cost());
        List<String> all = new ArrayList<>(gotten);
        all.addAll(given);
        Kinds value = kinds(asked.value(), false);
        Kinds cost = kinds(asked.cost(), true);
        // over the same respondents as their difference, or the three together would tell of who left one side out
        figures.add(points(Figure.VALUE, Figure.TOTAL, all, value, cost));
        figures.add(points(Figure.COST, Figure.TOTAL, all, cost, value));
        figures.add(new Figure(Figure.DELIVERED_VALUE, Figure.TOTAL, all, false, (response, sums, place) -> {
            double delivered = value.points(response) - cost.points(response);
            if (!Double.isNaN(delivered)) {
                sums.add(place, response.weight(), ResponseView.billionths(delivered));
            }
        }));
        figures.add(ratio(Figure.VALUE_OVER_COST, Figure.TOTAL, all, value, cost));
        asked.cost().stream()
                .filter(part -> part.name().equals(Figure.MONEY))
                .findFirst()
                .ifPresent(price -> {
                    List<String> items = new ArrayList<>(gotten);
                    items.addAll(price.items());
                    figures.add(ratio(Figure.VALUE_FOR_PRICE, Figure.MONEY, items, value, kinds(List.of(price), true)));
                });
    }

    private static List<String> itemsOf(List<DeliveredValue.Component> parts) {
        return parts.stream().flatMap(part -> part.items().stream()).distinct().toList();
    }

    private static Figure points(String name, String item, List<String> items, Kinds kinds) {
        return points(name, item, items, kinds, kinds);
    }

    /** The mean over those of whom the other side is known too. */
    private static Figure points(String name, String item, List<String> items, Kinds kinds, Kinds beside) {
        return new Figure(name, item, items, false, (response, sums, place) -> {
            double points = kinds.points(response);
            if (!Double.isNaN(points) && !Double.isNaN(beside.points(response))) {
                sums.add(place, response.weight(), ResponseView.billionths(points));
            }
        });
    }

    private static Figure ratio(String name, String item, List<String> items, Kinds value, Kinds cost) {
        return new Figure(name, item, items, false, (response, sums, place) -> {
            double gotten = value.points(response);
            double given = cost.points(response);
            if (!Double.isNaN(gotten) && !Double.isNaN(given)) {
                // who gives nothing adds to the value and nothing to the cost: a billionth of a point
                long base = StrictMath.max(1, ResponseView.billionths(given));
                sums.add(place, response.weight(), ResponseView.billionths(gotten), base);
            }
        });
    }
}
