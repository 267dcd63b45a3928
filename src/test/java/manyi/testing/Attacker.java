package manyi.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.conformed.Indicators;
import manyi.math.survey.RespondentIndex;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NoFeasibleSolutionException;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.linear.UnboundedSolutionException;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.spark.sql.Row;

/**
 * Somebody who has everything that was ever published, and knows besides who responded, of which segment each is and
 * which items each answered: all but the answers. Each figure bounds a sum of answers, as precisely as it is published;
 * linear programming bounds what a single respondent answered by all of them together.
 *
 * <p>Respondents of the same wave and segments who answered the same items stand in the same sums, so the unknowns are
 * the mean answers of such kinds, which loses nothing: of c respondents whose mean is at least m one answered c·m −
 * (c − 1) scales at least, whoever it is.
 */
public final class Attacker {

    /** Nobody's answer or index may be known more closely than to this share of its scale. */
    private static final double CLOSEST = 0.2;
    /** What sums of doubles may be off by, as a share of the scale. */
    private static final double SLACK = 1e-7;
    /** Of more who are alike nothing is learned of one before it is learned of their mean. */
    private static final int MOST_ALIKE = 2;

    private static final int MOST_ROUNDS = 50_000;
    private static final String INDEX = "index";

    /**
     * What was published at one time: the rows of each table by its name.
     *
     * @param half of the last published decimal of a point; 0 where all digits are published
     */
    public record Release(Map<String, List<Row>> tables, double half) {
        List<Row> rows(String table) {
            return tables.getOrDefault(table, List.of());
        }
    }

    /**
     * A respondent.
     *
     * @param segments the value of each dimension by its name
     * @param answers of the items answered, on their own scales
     */
    public record Respondent(String wave, Map<String, String> segments, Map<String, Double> answers) {
        private Kind kind() {
            return new Kind(wave, segments, answers.keySet());
        }
    }

    /** Respondents who are the same to all published sums. */
    private record Kind(String wave, Map<String, String> segments, Set<String> items) {
        boolean isIn(String ofWave, String segment, String value) {
            return wave.equals(ofWave) && (segment.equals(Dimension.ALL) || value.equals(segments.get(segment)));
        }
    }

    private final Questionnaire questionnaire;
    private final Map<String, Double> weights = new LinkedHashMap<>();
    private final Map<Kind, Integer> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> unknowns = new LinkedHashMap<>();

    public Attacker(Questionnaire questionnaire, Collection<Respondent> respondents) {
        this.questionnaire = questionnaire;
        List<RespondentIndex.Item> items = Indicators.of(questionnaire).items();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).lambda() > 0) {
                weights.put(questionnaire.items().get(i).id(), items.get(i).lambda());
            }
        }
        respondents.forEach(one -> kinds.merge(one.kind(), 1, Integer::sum));
        kinds.keySet().forEach(kind -> kind.items().stream().sorted().forEach(item -> unknown(kind, item)));
    }

    private int unknown(Kind kind, String item) {
        return unknowns.computeIfAbsent(kind + " " + item, any -> unknowns.size());
    }

    /** What a respondent of a kind adds to a figure, by item, in scales of 0 to 1; null where the respondent lacks it. */
    private interface Form extends Function<Kind, Map<String, Double>> {}

    /** The mean over the items answered by their weights; an item that is asked for alone weighs 1. */
    private static Form meanOf(Map<String, Double> weighed) {
        return kind -> {
            double answered = weighed.entrySet().stream()
                    .filter(one -> kind.items().contains(one.getKey()))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            Map<String, Double> form = new TreeMap<>();
            weighed.forEach((item, weight) -> {
                if (kind.items().contains(item)) {
                    form.put(item, weight / answered);
                }
            });
            return form.isEmpty() ? null : form;
        };
    }

    private Form index() {
        return meanOf(weights);
    }

    private Form contribution(String item) {
        return kind -> {
            Map<String, Double> form = index().apply(kind);
            return form == null ? null : form.containsKey(item) ? Map.of(item, form.get(item)) : Map.of();
        };
    }

    private Form group(String name) {
        Map<String, Double> weighed = new TreeMap<>();
        questionnaire.items().stream()
                .filter(item -> item.group().filter(name::equals).isPresent() && weights.containsKey(item.id()))
                .forEach(item -> weighed.put(item.id(), weights.get(item.id())));
        return meanOf(weighed);
    }

    /** A sum over respondents as the coefficients of the unknowns. */
    private double[] sum(Form form, String wave, String segment, String value, boolean isMean) {
        double[] factors = new double[unknowns.size()];
        double base = 0;
        for (var one : kinds.entrySet()) {
            Map<String, Double> added = one.getKey().isIn(wave, segment, value) ? form.apply(one.getKey()) : null;
            if (added != null) {
                base += one.getValue();
                added.forEach((item, factor) -> factors[unknown(one.getKey(), item)] += one.getValue() * factor);
            }
        }
        double divisor = isMean ? base : 1;
        return Arrays.stream(factors).map(factor -> factor / divisor).toArray();
    }

    private double[] mean(Form form, Row row) {
        return sum(form, row.getAs("wave"), row.getAs("segment"), row.getAs("segment_value"), true);
    }

    /** All that the releases say of the unknowns. */
    private final class Equations {
        private final List<LinearConstraint> constraints = new ArrayList<>();
        private final Set<String> seen = new LinkedHashSet<>();

        /** A figure lies within half of its last decimal; both are shares of the scale here. */
        void add(double[] factors, Double value, double half) {
            if (value == null || Arrays.stream(factors).anyMatch(Double::isNaN)) {
                return;
            }
            if (seen.add(Arrays.toString(factors) + value + half)) {
                constraints.add(new LinearConstraint(factors, Relationship.LEQ, value + half + SLACK));
                constraints.add(new LinearConstraint(factors, Relationship.GEQ, value - half - SLACK));
            }
        }

        /** A figure in points with limits that lie as far below as above. */
        void addEstimate(Row row, Form form, String value, String low, String high, Scale scale, double half) {
            double[] mean = mean(form, row);
            add(mean, scale.of(row.getAs(value)), half / scale.width());
            Double below = row.getAs(low);
            Double above = row.getAs(high);
            if (below != null && above != null && below > scale.low() && above < scale.low() + scale.width()) {
                add(mean, scale.of((below + above) / 2), half / scale.width());
            }
        }

        void add(Release release) {
            double half = release.half();
            String overall =
                    questionnaire.item(Role.OVERALL).map(Questionnaire.Item::id).orElse("");
            for (Row row : release.rows("segment_satisfaction")) {
                addEstimate(row, index(), "csi", "csi_low", "csi_high", Scale.POINTS, half);
                addEstimate(row, meanOf(Map.of(overall, 1.0)), "csm", "csm_low", "csm_high", Scale.GRADE, half);
            }
            for (Row row : release.rows("indicator_satisfaction")) {
                String item = row.getAs("item");
                Questionnaire.Item asked = questionnaire.items().get(questionnaire.place(item));
                Form form = meanOf(Map.of(item, 1.0));
                addEstimate(row, form, "mean_score", "low", "high", Scale.POINTS, half);
                double width = asked.high().subtract(asked.low()).doubleValue();
                double step =
                        StrictMath.pow(10, -StrictMath.max(0, 3 - (int) StrictMath.ceil(StrictMath.log10(width))));
                Scale own = new Scale(asked.low().doubleValue(), width);
                add(mean(form, row), own.of(row.getAs("mean_answer")), half == 0 ? 0 : step / 2 / width);
                add(mean(contribution(item), row), Scale.POINTS.of(row.getAs("contribution")), half / 100);
            }
            for (Row row : release.rows("grouped_satisfaction")) {
                Form form = group(row.getAs("group_name"));
                addEstimate(row, form, "score", "low", "high", Scale.POINTS, half);
                double[] all = sum(form, row.getAs("wave"), Dimension.ALL, Dimension.ALL, true);
                double[] own = mean(form, row);
                for (int i = 0; i < own.length; i++) {
                    own[i] -= all[i];
                }
                add(own, Scale.POINTS.of(row.getAs("gap_to_all")), half / 100);
            }
            for (Row row : release.rows("satisfaction_trend")) {
                if (row.getAs("measure").equals("csi")) {
                    double[] now = mean(index(), row);
                    add(now, Scale.POINTS.of(row.getAs("value")), half / 100);
                    double[] before = sum(
                            index(),
                            row.getAs("previous_wave"),
                            row.getAs("segment"),
                            row.getAs("segment_value"),
                            true);
                    add(before, Scale.POINTS.of(row.getAs("previous_value")), half / 100);
                    for (int i = 0; i < now.length; i++) {
                        now[i] -= before[i];
                    }
                    add(now, Scale.POINTS.of(row.getAs("change")), half / 100);
                }
            }
        }

        /** The least and the greatest that the expression can be. */
        double[] bounds(double[] objective) {
            List<LinearConstraint> all = new ArrayList<>(constraints);
            for (int i = 0; i < objective.length; i++) {
                double[] one = new double[objective.length];
                one[i] = 1;
                all.add(new LinearConstraint(one, Relationship.LEQ, 1));
            }
            return Attacker.bounds(all, objective);
        }
    }

    private record Scale(double low, double width) {
        private static final Scale POINTS = new Scale(0, 100);
        private static final Scale GRADE = new Scale(-60, 120);

        Double of(Double value) {
            return value == null ? null : (value - low) / width;
        }
    }

    /** The least and the greatest that the expression can be, of unknowns that are not negative. */
    public static double[] bounds(List<LinearConstraint> constraints, double[] objective) {
        return new double[] {
            optimum(constraints, objective, GoalType.MINIMIZE), optimum(constraints, objective, GoalType.MAXIMIZE)
        };
    }

    private static double optimum(List<LinearConstraint> constraints, double[] objective, GoalType goal) {
        PointValuePair found = new SimplexSolver()
                .optimize(
                        new MaxIter(MOST_ROUNDS),
                        new LinearObjectiveFunction(objective, 0),
                        new LinearConstraintSet(constraints),
                        goal,
                        new NonNegativeConstraint(true));
        return found.getValue();
    }

    /** The answers and indices that the releases tell too closely, each in a line; looked for as they are asked for. */
    public Stream<String> learned(List<Release> releases) {
        Equations equations = new Equations();
        releases.forEach(equations::add);
        return kinds.entrySet().stream()
                .filter(one -> one.getValue() <= MOST_ALIKE)
                .flatMap(one -> wanted(one.getKey()).entrySet().stream().flatMap(wanted -> {
                    int alike = one.getValue();
                    double[] bounds = equations.bounds(wanted.getValue());
                    double low = StrictMath.max(0, alike * bounds[0] - (alike - 1));
                    double high = StrictMath.min(1, alike * bounds[1]);
                    return high - low < CLOSEST
                            ? Stream.of("%s of %s: %.3f to %.3f of the scale"
                                    .formatted(wanted.getKey(), one.getKey(), low, high))
                            : Stream.empty();
                }));
    }

    /** What is wanted of a kind: each answer and the index. */
    private Map<String, double[]> wanted(Kind kind) {
        Map<String, double[]> wanted = new TreeMap<>();
        kind.items().forEach(item -> {
            double[] one = new double[unknowns.size()];
            one[unknown(kind, item)] = 1;
            wanted.put(item, one);
        });
        Map<String, Double> form = index().apply(kind);
        if (form != null) {
            double[] index = new double[unknowns.size()];
            form.forEach((item, factor) -> index[unknown(kind, item)] = factor);
            wanted.put(INDEX, index);
        }
        return wanted;
    }

    /** The suppressed cells, and items of cells, of which the releases tell how many respondents they have. */
    public List<String> counted(List<Release> releases) {
        List<String> counted = new ArrayList<>();
        Map<String, List<Row>> byFigure = new TreeMap<>();
        for (Release release : releases) {
            release.rows("segment_satisfaction")
                    .forEach(row -> byFigure.computeIfAbsent(row.getAs("wave") + "", any -> new ArrayList<>())
                            .add(row));
            release.rows("indicator_satisfaction")
                    .forEach(row -> byFigure.computeIfAbsent(
                                    row.getAs("wave") + " " + row.getAs("item"), any -> new ArrayList<>())
                            .add(row));
        }
        byFigure.forEach((figure, rows) -> {
            // this attacker does not know who responded: the unknowns are the numbers in the finest classes
            List<Map<String, String>> classes =
                    kinds.keySet().stream().map(Kind::segments).distinct().collect(Collectors.toList());
            Map<String, double[]> cells = new HashMap<>();
            List<LinearConstraint> constraints = new ArrayList<>();
            Set<String> known = new LinkedHashSet<>();
            for (Row row : rows) {
                double[] members = classes.stream()
                        .mapToDouble(one -> row.getAs("segment").equals(Dimension.ALL)
                                        || row.getAs("segment_value").equals(one.get(row.<String>getAs("segment")))
                                ? 1
                                : 0)
                        .toArray();
                String name = figure + ": " + row.getAs("segment") + " " + row.getAs("segment_value");
                cells.put(name, members);
                Long respondents = row.getAs("respondents");
                if (respondents != null) {
                    constraints.add(new LinearConstraint(members, Relationship.EQ, respondents));
                    known.add(name);
                }
            }
            cells.forEach((name, members) -> {
                if (!known.contains(name) && !constraints.isEmpty()) {
                    try {
                        double[] bounds = bounds(constraints, members);
                        if (StrictMath.ceil(bounds[0] - SLACK) >= StrictMath.floor(bounds[1] + SLACK)) {
                            counted.add(name + " has " + bounds[0]);
                        }
                    } catch (UnboundedSolutionException unbounded) {
                        // nothing bounds it
                    } catch (NoFeasibleSolutionException impossible) {
                        throw new IllegalStateException("the published counts contradict each other", impossible);
                    }
                }
            });
        });
        return counted;
    }
}
