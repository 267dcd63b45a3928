package manyi.math.pls;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;

/** A path model's figures on one set of rows. */
public final class PathFit implements PathOutcome {

    final Structure structure;
    final Estimation estimation;
    private final boolean held;
    private final Map<Figure, Double> figures;
    private final Map<String, String> withoutIndex;

    private PathFit(Estimation estimation, boolean held) {
        this.structure = estimation.structure;
        this.estimation = estimation;
        this.held = held;
        Map<String, String> reasons = new LinkedHashMap<>();
        for (int j = 0; j < structure.constructs; j++) {
            for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                if (estimation.composites.raw[q] < 0) {
                    reasons.putIfAbsent(
                            structure.name(j), "The outer weight of item " + structure.itemName(q) + " is negative.");
                }
            }
        }
        withoutIndex = Collections.unmodifiableMap(reasons);
        double[] values = estimation.values(true);
        Map<Figure, Double> all = new LinkedHashMap<>();
        for (int at = 0; at < values.length; at++) {
            Figure figure = structure.figures(true).get(at);
            all.put(figure, isWithoutIndex(figure) ? Double.NaN : values[at]);
        }
        figures = Collections.unmodifiableMap(all);
    }

    static PathOutcome own(Structure structure, Moments moments) {
        try {
            var statistics = ItemStatistics.of(structure, ItemStatistics.inUse(structure, moments));
            return new PathFit(Estimation.own(structure, statistics, null), false);
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    static PathOutcome held(Structure structure, Moments moments, OuterWeights weights) {
        int items = structure.model.items().size();
        if (weights.unstandardised().size() != items) {
            throw new IllegalArgumentException(
                    weights.unstandardised().size() + " outer weights for " + items + " items");
        }
        double[] raw = Arrays.stream(structure.source)
                .mapToDouble(weights.unstandardised()::get)
                .toArray();
        try {
            var statistics = ItemStatistics.of(structure, ItemStatistics.inUse(structure, moments));
            return new PathFit(Estimation.held(structure, statistics, raw), true);
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    /** The model that was fitted. */
    public PathModel model() {
        return structure.model;
    }

    /** Whether the outer weights were given, not estimated. */
    public boolean isHeld() {
        return held;
    }

    /** Rounds until the outer weights stood still; 0 where they were given. */
    public int rounds() {
        return estimation.rounds;
    }

    /** Rows of the set. */
    public double rows() {
        return estimation.statistics.rows;
    }

    /** All figures in a fixed order; NaN where there is none, as {@link Measure} says. */
    public Map<Figure, Double> figures() {
        return figures;
    }

    /** One figure; of and on as in {@link Figure}, in either order where it is symmetric. */
    public double value(Measure measure, String of, String on) {
        Double value = figures.get(new Figure(measure, of, on));
        if (value == null && (measure == Measure.CORRELATION || measure == Measure.HTMT)) {
            value = figures.get(new Figure(measure, on, of));
        }
        if (value == null) {
            throw new IllegalArgumentException("the model has no " + measure + " of '" + of + "' on '" + on + "'");
        }
        return value;
    }

    /** A figure that has no other end. */
    public double value(Measure measure, String of) {
        return value(measure, of, "");
    }

    /**
     * How many points the index of a construct moves with one point of an item's score, all paths taken together: the
     * item's share of its own construct's index (unstandardised outer weight times the width of its scale, over the sum
     * in the block) times the unstandardised total effect of that construct, which is 1 of the target on itself.
     *
     * @return item → importance, for the items of the target and of all constructs that lead to it; NaN where the
     *     target or the construct is {@link #withoutIndex}, below 0 where the total effect is
     * @see "Ringle, Sarstedt (2016), Gain more insight from your PLS-SEM results: the importance-performance map analysis,
     *     Industrial Management &amp; Data Systems 116(9)"
     */
    public Map<String, Double> importance(String target) {
        Map<String, Double> importance = new LinkedHashMap<>();
        for (int j = 0; j < structure.constructs; j++) {
            String name = structure.name(j);
            boolean isTarget = name.equals(target);
            Double impact = figures.get(new Figure(Measure.IMPACT, name, target));
            if (isTarget || impact != null) {
                double effect = withoutIndex.containsKey(name) ? Double.NaN : isTarget ? 1 : impact / 5;
                double block = 0;
                for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                    block += estimation.composites.raw[q] * structure.range[q];
                }
                for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                    importance.put(
                            structure.itemName(q),
                            effect * (estimation.composites.raw[q] * structure.range[q] / block));
                }
            }
        }
        return Collections.unmodifiableMap(importance);
    }

    /**
     * Why a figure is not there: of a construct without an index, or of items that do not vary; empty where it is there, or
     * where {@link Measure} says that there is none.
     */
    public Optional<String> reason(Figure figure) {
        if (isWithoutIndex(figure)) {
            return Optional.of(withoutIndex.getOrDefault(figure.of(), withoutIndex.get(figure.on())));
        }
        return Double.isNaN(figures.get(figure)) ? constantItems(figure) : Optional.empty();
    }

    /** The items that do not vary and that a figure, or its error, rests on; empty where all vary. */
    public Optional<String> constantItems(Figure figure) {
        return IntStream.range(0, structure.items)
                .filter(q -> estimation.statistics.deviation[q] == 0 && isOn(figure, q))
                .mapToObj(structure::itemName)
                .map(ItemStatistics::constant)
                .reduce((one, other) -> one + " " + other);
    }

    /** Whether a figure rests on an item. */
    private boolean isOn(Figure figure, int item) {
        String construct = structure.name(structure.owner[item]);
        return switch (figure.measure()) {
            case CROSS_LOADING -> figure.of().equals(structure.itemName(item));
            // a constant item has no loading and a weight of 0; beside it another may be all of the construct
            case WEIGHT, LOADING ->
                figure.of().equals(structure.itemName(item))
                        || (figure.on().equals(construct) && StrictMath.abs(figures.get(figure)) > 0);
            case SRMR_SATURATED, SRMR_ESTIMATED, SRMR_OF_FACTORS_SATURATED, SRMR_OF_FACTORS_ESTIMATED -> true;
            case OUTER_VIF -> figure.on().equals(construct);
            default -> figure.of().equals(construct) || figure.on().equals(construct);
        };
    }

    /** The constructs that have no index and no impact, with the reason. */
    public Map<String, String> withoutIndex() {
        return withoutIndex;
    }

    /**
     * Whether the correlations of the constructs are positive definite. Those that were corrected for unreliability
     * need not be; the figures then stand, but not all constructs are distinct.
     */
    public boolean isAdmissible() {
        return estimation.isAdmissible();
    }

    /** The outer weights for raw answers, by which other sets can be measured. */
    public OuterWeights weights() {
        return structure.weights(estimation.composites.raw);
    }

    boolean isWithoutIndex(Figure figure) {
        return (figure.measure() == Measure.INDEX || figure.measure() == Measure.IMPACT)
                && (withoutIndex.containsKey(figure.of()) || withoutIndex.containsKey(figure.on()));
    }
}
