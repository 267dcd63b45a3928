package manyi.mart.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.config.Dimension;
import manyi.config.SurveyModel;
import manyi.mart.survey.GroupReader;
import manyi.math.driver.Drivers;
import manyi.math.driver.Quadrant;
import manyi.math.driver.RefusedDrivers;
import manyi.math.moment.MomentGroups;
import manyi.math.moment.Moments;
import manyi.math.moment.Spread;
import manyi.math.pls.Bootstrap;
import manyi.math.pls.Figure;
import manyi.math.pls.Interval;
import manyi.math.pls.Invariance;
import manyi.math.pls.Measure;
import manyi.math.pls.PathFit;
import manyi.math.pls.PathModel;
import manyi.math.pls.PathOutcome;
import manyi.math.pls.Refusal;
import manyi.math.pls.Replicates;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Fits model and drivers to each cell, with their replicates. The groups of a cell lie side by side, and the cell of
 * everybody comes before the others of its population and wave, since they are measured by its weights.
 */
record CellFits(FitPlan plan) implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;
    static final int POPULATION = 0;
    static final int WAVE = 1;
    static final int SEGMENT = 2;
    static final int SEGMENT_VALUE = 3;
    static final int STRATUM = 4;
    static final int GROUP = 5;
    static final int RESPONDENTS = 6;
    static final int MOMENTS = 7;
    static final int IS_HIDDEN = 8;
    static final int IS_OWN = 9;
    static final int TASK = 10;
    static final int IS_BASE_HIDDEN = 11;

    /** 1 where the constructs' correlations are such as constructs can have, else 0. */
    static final String ADMISSIBLE = "admissible";

    static final String JOHNSON = "johnson";
    static final String LMG = "lmg";
    static final String PERFORMANCE = "performance";
    static final String QUADRANT = "quadrant";
    static final String DRIVER_R_SQUARED = "driver_r_squared";
    static final String DRIVER_CORRELATION = "driver_correlation";
    static final String DRIVER_VIF = "driver_vif";
    static final String COMPOSITION = "composition";
    static final String COMPOSITION_P = "composition_p";
    static final String MEAN_DIFFERENCE = "mean_difference";
    static final String LOG_VARIANCE_RATIO = "log_variance_ratio";
    static final String INVARIANCE = "invariance";

    /** The figures of a path model whose errors are published. */
    private static final Set<Measure> WITH_ERROR = Set.of(
            Measure.WEIGHT,
            Measure.LOADING,
            Measure.PATH,
            Measure.R_SQUARED,
            Measure.TOTAL_EFFECT,
            Measure.INDEX,
            Measure.IMPACT,
            Measure.CORRELATION,
            Measure.HTMT);

    static final String ONE_UNIT = "A single sampling unit, or one in each stratum, gives no error.";
    static final String FEW_REPLICATES = "Fewer than half of the replicates gave the figure, too few for an error.";
    static final String ALIKE = "The sampling units do not vary, so there is no error.";

    static String key(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Cells(rows);
    }

    private record Wave(String population, String wave) {}

    /** A cell with its groups in the order of their strata and numbers. */
    private record Cell(
            Wave wave,
            String segment,
            String value,
            List<WaveDesign.Group> groups,
            MomentGroups sums,
            long respondents,
            boolean isHidden,
            boolean isBaseHidden,
            boolean isOwn) {

        boolean isAll() {
            return segment.equals(Dimension.ALL);
        }
    }

    /** What all cells of a wave share; fitted when first asked for, since a task may have none of them. */
    private static final class Base {
        private final Wave wave;
        private final WaveDesign design;
        private final Cell all;
        private final Optional<PathModel> model;
        private PathOutcome outcome;
        private Bootstrap bootstrap;
        private List<Moments> aligned;

        Base(Cell all, FitPlan plan, Optional<PathModel> model) {
            this.all = all;
            this.model = model;
            wave = all.wave();
            design = new WaveDesign(wave.population(), wave.wave(), all.groups(), plan);
        }

        /** The fit of the whole wave; empty where it is hidden. */
        Optional<PathOutcome> outcome() {
            if (outcome == null && model.isPresent() && !all.isHidden()) {
                outcome = model.get().fit(all.sums().all());
            }
            return Optional.ofNullable(outcome);
        }

        /** Its replicates; empty where it is hidden or refused. */
        Optional<Bootstrap> bootstrap() {
            if (bootstrap == null && outcome().orElse(null) instanceof PathFit fit) {
                bootstrap = Bootstrap.own(fit, replicates(fit.model(), all));
            }
            return Optional.ofNullable(bootstrap);
        }

        Replicates replicates(PathModel model, Cell cell) {
            return Replicates.of(model, design.aligned(model.items().size(), cell.groups()), design.draws());
        }

        /** The moments of everybody but the cell, by the groups of the design. */
        List<Moments> others(int items, Cell cell) {
            if (aligned == null) {
                aligned = design.aligned(items, all.groups());
            }
            List<Moments> inCell = design.aligned(items, cell.groups());
            List<Moments> others = new ArrayList<>();
            for (int group = 0; group < aligned.size(); group++) {
                Moments whole = aligned.get(group);
                Moments part = inCell.get(group);
                others.add(
                        whole.rows() > part.rows()
                                ? Moments.sum(List.of(whole, part), new double[] {1, -1})
                                : Moments.none(items));
            }
            return others;
        }
    }

    private final class Cells extends GroupReader {
        private final Optional<PathModel> model = plan.pathModel();
        private Base base;

        Cells(Iterator<Row> rows) {
            super(rows);
        }

        @Override
        protected void readGroup() {
            Cell cell = readCell();
            if (cell.isAll()) {
                base = new Base(cell, plan, model);
            } else if (base == null || !base.wave.equals(cell.wave())) {
                throw new IllegalStateException("a segment of " + cell.wave() + " without its whole");
            }
            if (cell.isOwn()) {
                new Figures(plan, model, base, cell).rows().forEach(this::give);
            }
        }

        private Cell readCell() {
            Row first = peek();
            Wave wave = new Wave(first.getString(POPULATION), first.getString(WAVE));
            String segment = first.getString(SEGMENT);
            String value = first.getString(SEGMENT_VALUE);
            int task = first.getInt(TASK);
            int items = plan.items().size();
            List<WaveDesign.Group> groups = new ArrayList<>();
            List<double[]> sums = new ArrayList<>();
            takeWhile(
                    row -> row.getInt(TASK) == task
                            && row.getString(SEGMENT_VALUE).equals(value)
                            && row.getString(SEGMENT).equals(segment)
                            && row.getString(WAVE).equals(wave.wave())
                            && row.getString(POPULATION).equals(wave.population()),
                    row -> {
                        double[] packed = MomentRows.packed(row.getAs(MOMENTS));
                        groups.add(WaveDesign.Group.of(row.getString(STRATUM), row.getInt(GROUP), items, packed));
                        sums.add(packed);
                    });
            return new Cell(
                    wave,
                    segment,
                    value,
                    groups,
                    new MomentGroups(items, sums),
                    first.getLong(RESPONDENTS),
                    first.getBoolean(IS_HIDDEN),
                    first.getBoolean(IS_BASE_HIDDEN),
                    first.getBoolean(IS_OWN));
        }
    }

    /** All figures of one cell. */
    private static final class Figures {
        private final FitPlan plan;
        private final Optional<PathModel> model;
        private final Base base;
        private final Cell cell;
        private final List<Row> rows = new ArrayList<>();

        Figures(FitPlan plan, Optional<PathModel> model, Base base, Cell cell) {
            this.plan = plan;
            this.model = model;
            this.base = base;
            this.cell = cell;
        }

        List<Row> rows() {
            model.ifPresent(this::paths);
            plan.drivers().forEach(this::drivers);
            return rows;
        }

        private void add(String measure, String of, String on, double value, Spread spread, int failed, Reading more) {
            rows.add(RowFactory.create(
                    cell.wave().population(),
                    cell.wave().wave(),
                    cell.segment(),
                    cell.value(),
                    measure,
                    of,
                    on,
                    known(value),
                    known(spread.standardError()),
                    known(spread.low()),
                    known(spread.high()),
                    known(spread.percentileLow()),
                    known(spread.percentileHigh()),
                    cell.isHidden() || cell.isBaseHidden() ? null : cell.respondents(),
                    cell.isHidden() ? null : plan.replicates(),
                    cell.isHidden() || failed < 0 ? null : failed,
                    more.word(),
                    cell.isHidden(),
                    more.reason()));
        }

        private void nothing(String measure, String of, String on, String reason) {
            add(measure, of, on, Double.NaN, Spread.NONE, -1, new Reading(null, reason));
        }

        private void paths(PathModel of) {
            PathOutcome outcome = outcome(of);
            if (outcome instanceof PathFit fit) {
                Bootstrap bootstrap = bootstrap(of, fit);
                fitted(fit, bootstrap);
                if (!cell.isAll()) {
                    invariance(of, bootstrap);
                }
                return;
            }
            String reason = outcome instanceof Refusal refusal
                    ? refusal.sentence()
                    : cell.isHidden() ? null : "The whole wave, by whose weights segments are measured, is hidden.";
            of.paths().forEach(path -> nothing(key(Measure.PATH), path.from(), path.to(), reason));
            List<PathModel.Construct> constructs = of.constructs();
            for (int i = 0; i < constructs.size(); i++) {
                String name = constructs.get(i).name();
                nothing(key(Measure.INDEX), name, "", reason);
                for (int item : constructs.get(i).items()) {
                    nothing(key(Measure.WEIGHT), of.items().get(item).name(), name, reason);
                }
                for (int j = i + 1; j < constructs.size(); j++) {
                    nothing(key(Measure.CORRELATION), name, constructs.get(j).name(), reason);
                }
                if (!cell.isAll()) {
                    nothing(COMPOSITION, name, "", reason);
                }
            }
        }

        /** The fit, or why there is none; null where the cell is hidden, or the whole that it is measured by. */
        private PathOutcome outcome(PathModel of) {
            if (cell.isHidden()) {
                return null;
            }
            if (cell.isAll()) {
                return base.outcome().orElse(null);
            }
            if (!plan.hasPooledWeights()) {
                return of.fit(cell.sums().all());
            }
            if (base.outcome().isEmpty()) {
                return null;
            }
            return base.outcome().get() instanceof PathFit whole
                    ? of.fit(cell.sums().all(), whole.weights())
                    : base.outcome().get();
        }

        private Bootstrap bootstrap(PathModel of, PathFit fit) {
            if (cell.isAll()) {
                return base.bootstrap().orElseThrow();
            }
            Replicates replicates = base.replicates(of, cell);
            return fit.isHeld()
                    ? Bootstrap.held(fit, replicates, base.bootstrap().orElseThrow())
                    : Bootstrap.own(fit, replicates);
        }

        private void fitted(PathFit fit, Bootstrap bootstrap) {
            Map<Figure, Interval> intervals = new HashMap<>();
            bootstrap.intervals().forEach(interval -> intervals.put(interval.figure(), interval));
            double isAdmissible = fit.isAdmissible() ? 1 : 0;
            add(ADMISSIBLE, "", "", isAdmissible, Spread.NONE, -1, Reading.NONE);
            fit.figures().forEach((figure, value) -> {
                if (figure.measure() == Measure.CROSS_LOADING) {
                    return;
                }
                Interval interval = intervals.get(figure);
                Spread spread = interval == null ? Spread.NONE : spread(interval);
                String reason = fit.reason(figure)
                        .orElse(
                                WITH_ERROR.contains(figure.measure())
                                        ? withoutError(
                                                spread.standardError(),
                                                value,
                                                interval.degreesOfFreedom(),
                                                interval.replicates())
                                        : null);
                if (ALIKE.equals(reason)) {
                    reason = fit.constantItems(figure).orElse(reason);
                }
                add(
                        key(figure.measure()),
                        figure.of(),
                        figure.on(),
                        value,
                        spread,
                        // what the sample itself does not have (alpha of mode B) has not failed in the replicates
                        interval == null || Double.isNaN(value) ? -1 : plan.replicates() - interval.replicates(),
                        new Reading(null, reason));
            });
        }

        /** Why a figure that is there has no error; null where it has one, or is not there. */
        private String withoutError(double error, double value, long degreesOfFreedom, int given) {
            if (Double.isNaN(value) || !Double.isNaN(error)) {
                return null;
            }
            return degreesOfFreedom < 1 ? ONE_UNIT : 2 * given < plan.replicates() ? FEW_REPLICATES : ALIKE;
        }

        private static Spread spread(Interval interval) {
            return interval.degreesOfFreedom() < 1
                    ? Spread.NONE
                    : new Spread(
                            interval.standardError(),
                            interval.low(),
                            interval.high(),
                            interval.lowPercentile(),
                            interval.highPercentile());
        }

        /** The cell against everybody else. */
        private void invariance(PathModel of, Bootstrap mine) {
            String reason = null;
            List<Invariance> found = List.of();
            if (base.bootstrap().isEmpty()) {
                reason = "The whole wave has no fit to compare by.";
            } else if (base.all.respondents() - cell.respondents() < plan.minimumRespondents()) {
                reason = "Too few respondents are outside of the segment.";
            } else {
                Bootstrap pooled = base.bootstrap().get();
                Side first = side(of, pooled, cell.sums().all(), base.replicates(of, cell), Optional.of(mine));
                List<Moments> others = base.others(of.items().size(), cell);
                double[] ones = new double[others.size()];
                Arrays.fill(ones, 1);
                Side second = first instanceof Unfitted
                        ? first
                        : side(
                                of,
                                pooled,
                                Moments.sum(others, ones),
                                Replicates.of(of, others, base.design.draws()),
                                Optional.empty());
                if (second instanceof Unfitted unfitted) {
                    reason = unfitted.reason();
                } else if (first instanceof Fitted one && second instanceof Fitted two) {
                    found = Invariance.between(pooled, one.side(), two.side());
                }
            }
            for (PathModel.Construct construct : of.constructs()) {
                if (found.isEmpty()) {
                    nothing(COMPOSITION, construct.name(), "", reason);
                }
            }
            for (Invariance one : found) {
                int failed = plan.replicates() - one.replicates();
                String untested = withoutError(one.p(), one.c(), 1, one.replicates());
                String name = one.construct();
                Spread lowest = new Spread(Double.NaN, Double.NaN, Double.NaN, one.lowest(), Double.NaN);
                add(COMPOSITION, name, "", one.c(), lowest, failed, new Reading(null, untested));
                add(COMPOSITION_P, name, "", one.p(), Spread.NONE, failed, Reading.NONE);
                add(MEAN_DIFFERENCE, name, one.meanDifference(), one.replicates());
                add(LOG_VARIANCE_RATIO, name, one.logVarianceRatio(), one.replicates());
                String word = one.level().name().toLowerCase(Locale.ROOT);
                add(INVARIANCE, name, "", Double.NaN, Spread.NONE, failed, new Reading(word, null));
            }
        }

        private void add(String measure, String of, Invariance.Difference difference, int given) {
            Spread spread =
                    new Spread(difference.standardError(), difference.low(), difference.high(), Double.NaN, Double.NaN);
            String reason = withoutError(difference.standardError(), difference.estimate(), 1, given);
            add(measure, of, "", difference.estimate(), spread, plan.replicates() - given, new Reading(null, reason));
        }

        private static Side side(
                PathModel of, Bootstrap pooled, Moments moments, Replicates replicates, Optional<Bootstrap> known) {
            PathOutcome own = known.filter(one -> !one.fit().isHeld())
                    .<PathOutcome>map(Bootstrap::fit)
                    .orElseGet(() -> of.fit(moments));
            if (own instanceof Refusal refusal) {
                return new Unfitted(refusal.sentence());
            }
            PathOutcome held = known.filter(one -> one.fit().isHeld())
                    .<PathOutcome>map(Bootstrap::fit)
                    .orElseGet(() -> of.fit(moments, pooled.fit().weights()));
            if (held instanceof Refusal refusal) {
                return new Unfitted(refusal.sentence());
            }
            return new Fitted(new Invariance.Side(
                    known.filter(one -> !one.fit().isHeld()).orElseGet(() -> Bootstrap.own((PathFit) own, replicates)),
                    known.filter(one -> one.fit().isHeld())
                            .orElseGet(() -> Bootstrap.held((PathFit) held, replicates, pooled))));
        }

        private void drivers(SurveyModel.Drivers of) {
            List<String> names = List.copyOf(of.predictors().keySet());
            String outcome = of.outcomeName();
            double[][] combinations = plan.combinations(of);
            double[] full;
            try {
                full = cell.isHidden()
                        ? null
                        : driver(of, names, combinations, cell.sums().all());
            } catch (RefusedDrivers refused) {
                names.forEach(name -> nothing(JOHNSON, name, outcome, refused.getMessage()));
                return;
            }
            if (full == null) {
                names.forEach(name -> nothing(JOHNSON, name, outcome, null));
                return;
            }
            int[] places = base.design.places(cell.groups());
            double[][] replicated = new double[full.length][plan.replicates()];
            int failed = 0;
            for (int b = 0; b < plan.replicates(); b++) {
                double[] one;
                try {
                    one = driver(of, names, combinations, cell.sums().sum(base.design.factors(b, places)));
                } catch (RefusedDrivers refused) {
                    one = new double[full.length];
                    Arrays.fill(one, Double.NaN);
                    failed++;
                }
                for (int at = 0; at < full.length; at++) {
                    replicated[at][b] = one[at];
                }
            }
            long degreesOfFreedom = base.design.degreesOfFreedom(cell.groups());
            double reach = Spread.reach(degreesOfFreedom);
            int size = names.size();
            List<Double> importance = new ArrayList<>();
            List<Double> performance = new ArrayList<>();
            for (int at = 0; at < size; at++) {
                importance.add(full[at]);
                performance.add(full[2 * size + at]);
            }
            List<Quadrant> quadrants = Quadrant.atTheMeans(importance, performance);
            for (int at = 0; at < full.length; at++) {
                String measure = List.of(JOHNSON, LMG, PERFORMANCE, DRIVER_CORRELATION, DRIVER_VIF, DRIVER_R_SQUARED)
                        .get(at / size);
                String name = at < 5 * size ? names.get(at % size) : "";
                boolean isPerformance = measure.equals(PERFORMANCE);
                boolean hasError = isPerformance || measure.equals(JOHNSON) || measure.equals(LMG);
                Spread spread = degreesOfFreedom < 1
                        ? Spread.NONE
                        : Spread.of(full[at], replicated[at], reach).orNone(full[at]);
                if (hasError) {
                    spread = spread.within(full[at], 0, isPerformance ? 100 : 1);
                }
                String reason = hasError
                        ? withoutError(spread.standardError(), full[at], degreesOfFreedom, plan.replicates() - failed)
                        : null;
                add(measure, name, outcome, full[at], spread, failed, new Reading(null, reason));
            }
            for (int at = 0; at < size; at++) {
                Reading quadrant = new Reading(quadrants.get(at).words(), null);
                add(QUADRANT, names.get(at), outcome, Double.NaN, Spread.NONE, failed, quadrant);
            }
        }

        /** Johnson, LMG, performance, correlation and variance inflation of each predictor, and R². */
        private static double[] driver(
                SurveyModel.Drivers of, List<String> names, double[][] combinations, Moments moments) {
            double[] means = moments.means();
            Drivers drivers = FitPlan.fitted(of, combinations, moments);
            int size = names.size();
            double[] all = new double[5 * size + 1];
            for (int i = 0; i < size; i++) {
                Drivers.Driver driver = drivers.drivers().get(i);
                all[i] = driver.relativeWeight();
                all[size + i] = driver.lmg();
                // values are from the middle of the scale, whose score is 50
                double performance = 50;
                for (int item = 0; item < means.length; item++) {
                    if (combinations[i][item] != 0) {
                        performance += combinations[i][item] * means[item];
                    }
                }
                all[2 * size + i] = performance;
                all[3 * size + i] = driver.correlation();
                all[4 * size + i] = driver.vif();
            }
            all[5 * size] = drivers.rSquared();
            return all;
        }

        private static Double known(double value) {
            return Double.isFinite(value) ? value : null;
        }
    }

    /** A side of a comparison, or why it has none. */
    private sealed interface Side permits Fitted, Unfitted {}

    private record Fitted(Invariance.Side side) implements Side {}

    private record Unfitted(String reason) implements Side {}

    /** What a figure says in words, or why it says nothing. */
    private record Reading(String word, String reason) {
        private static final Reading NONE = new Reading(null, null);
    }
}
