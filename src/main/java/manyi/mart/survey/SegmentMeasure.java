package manyi.mart.survey;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.Questionnaire.Item;
import manyi.config.Questionnaire.Role;

/**
 * A measure of every segment and wave, declared once: which answer it takes, what it makes of it, and how it is
 * published. It is condensed, suppressed, estimated and compared with the wave before like all the others.
 *
 * @param name among the figures of a cell
 * @param role of the item that is read; empty for the index itself
 * @param columns in {@code segment_satisfaction}; the value's name is the measure's name in {@code satisfaction_trend}
 */
public record SegmentMeasure(String name, Optional<Role> role, EstimateColumns columns, Reading reading) {

    /** What a job makes of the answers to an item. */
    @FunctionalInterface
    public interface Reading {
        Value of(Job.Satisfaction satisfaction, Item item);
    }

    /** What an answer is worth, in points: for a share 100 where it counts, else 0. */
    @FunctionalInterface
    public interface Value extends Serializable {
        /**
         * The points of an answer.
         *
         * @param answer on the item's own scale
         * @param score from 0 to 100, the better end 100
         */
        double of(double answer, double score);
    }

    /** Which answers count for a share. */
    @FunctionalInterface
    public interface Condition extends Serializable {
        boolean holds(double answer, double score);
    }

    /** Which answers a job counts for a share. */
    @FunctionalInterface
    public interface Counting {
        Condition of(Job.Satisfaction satisfaction, Item item);
    }

    public static final SegmentMeasure CSI = new SegmentMeasure(
            Figure.CSI,
            Optional.empty(),
            EstimateColumns.of("csi", "Weighted mean of the customers' satisfaction indices; null without indicators.")
                    .in(Scale.POINTS),
            (satisfaction, item) -> {
                throw new IllegalStateException("the index is no answer to " + item.id());
            });

    /** All measures, in the order of their columns. A further one is a further entry. */
    public static final List<SegmentMeasure> ALL = List.of(
            CSI,
            mean(
                    Figure.CSM,
                    Role.OVERALL,
                    Scale.GRADE,
                    "Satisfaction grade: weighted mean of overall satisfaction on the scale from -60 to 60; null where no"
                            + " item asks for it.",
                    (satisfaction, item) -> (answer, score) -> 120 * score / 100 - 60),
            share("dissatisfied", Role.OVERALL, "Weighted share of the dissatisfied.", (satisfaction, item) -> {
                double from = Math.min(satisfaction.satisfiedFrom(), satisfaction.verySatisfiedFrom());
                return (answer, score) -> score < from;
            }),
            share(
                    "satisfied",
                    Role.OVERALL,
                    "Weighted share of the satisfied, excluding the very satisfied.",
                    (satisfaction, item) -> {
                        double from = satisfaction.satisfiedFrom();
                        double below = satisfaction.verySatisfiedFrom();
                        return (answer, score) -> score >= from && score < below;
                    }),
            share("very satisfied", Role.OVERALL, "Weighted share of the very satisfied.", (satisfaction, item) -> {
                double from = satisfaction.verySatisfiedFrom();
                return (answer, score) -> score >= from;
            }),
            share(
                    "csat",
                    Role.OVERALL,
                    EstimateColumns.of(
                            "csat",
                            "Weighted share of those who answered overall satisfaction with the two best "
                                    + "steps of the scale, or from the job's bound on; null where no item asks for it."),
                    (satisfaction, item) -> lastTwoSteps(item, satisfaction.csatFrom())),
            mean(
                    Figure.NPS,
                    Role.RECOMMEND,
                    Scale.NET_POINTS,
                    "Net promoter score: weighted mean of 100 for promoters, 0, and -100 for detractors; null where no"
                            + " item asks for it.",
                    (satisfaction, item) -> {
                        double promoters = satisfaction.promotersFrom();
                        double detractors = satisfaction.detractorsTo();
                        return (answer, score) -> answer >= promoters ? 100 : answer <= detractors ? -100 : 0;
                    }),
            mean(
                    "ces",
                    Role.EFFORT,
                    Scale.POINTS,
                    "Customer effort: weighted mean score of the item that asks for it, 100 being the "
                            + "least effort; null where none asks, and where too few answered it.",
                    (satisfaction, item) -> (answer, score) -> score),
            share(
                    "intention",
                    Role.INTENTION,
                    "Weighted share of those who answered the item for the intention with the two best steps of its scale,"
                            + " or from the job's bound on; null where none asks, and where too few answered it.",
                    (satisfaction, item) -> lastTwoSteps(item, satisfaction.intentionFrom())));

    /** The weighted mean of what answers are worth. */
    public static SegmentMeasure mean(String name, Role role, Scale scale, String meaning, Reading reading) {
        return new SegmentMeasure(
                name, Optional.of(role), EstimateColumns.of(name, meaning).in(scale), reading);
    }

    /** The weighted share of answers that count, in the columns {@code _share}, {@code _low} and {@code _high}. */
    public static SegmentMeasure share(String name, Role role, String meaning, Counting counting) {
        String prefix = column(name);
        return share(name, role, EstimateColumns.of(prefix + "_share", meaning).prefixed(prefix), counting);
    }

    private static SegmentMeasure share(String name, Role role, EstimateColumns columns, Counting counting) {
        return new SegmentMeasure(name, Optional.of(role), columns.in(Scale.SHARE), (satisfaction, item) -> {
            Condition counts = counting.of(satisfaction, item);
            return (answer, score) -> counts.holds(answer, score) ? 100 : 0;
        });
    }

    public SegmentMeasure {
        columns = columns.from(column(name) + "_estimate");
    }

    private static String column(String name) {
        return name.replace(' ', '_');
    }

    /** Whether it is hidden on its own: a cell as a whole is hidden where too few answered overall or recommend. */
    public boolean isSuppressedAlone() {
        return role.isPresent() && role.get() != Role.OVERALL && role.get() != Role.RECOMMEND;
    }

    /** What is measured of each response of a job. */
    Figure figure(Job.Satisfaction satisfaction) {
        if (role.isEmpty()) {
            return new Figure(name, "", List.of(), false, (response, sums, place) -> {
                if (response.hasCsi()) {
                    sums.add(place, response.weight(), response.csi());
                }
            });
        }
        Optional<Item> item = satisfaction.questionnaire().item(role.get());
        if (item.isEmpty()) {
            return new Figure(name, "", List.of(), false, (response, sums, place) -> {});
        }
        int at = satisfaction.questionnaire().place(item.get().id());
        Value value = reading.of(satisfaction, item.get());
        List<String> items = isSuppressedAlone() ? List.of(item.get().id()) : List.of();
        return new Figure(name, "", items, false, (response, sums, place) -> {
            if (response.has(at)) {
                double points = value.of(response.answer(at), response.score(at));
                sums.add(place, response.weight(), ResponseView.billionths(points));
            }
        });
    }

    /** Answers at the better end: from the bound on, else with the two best steps of the scale. */
    private static Condition lastTwoSteps(Item item, Optional<Double> from) {
        boolean isReversed = item.isReversed();
        double bound = from.orElse(
                isReversed ? item.low().doubleValue() + 1 : item.high().doubleValue() - 1);
        return (answer, score) -> isReversed ? answer <= bound : answer >= bound;
    }
}
