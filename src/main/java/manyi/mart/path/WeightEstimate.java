package manyi.mart.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.SurveyModel;
import manyi.config.SurveyModel.DerivedWeights;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.Indicators;
import manyi.conformed.ScoredResponse;
import manyi.conformed.WaveResponse;
import manyi.mart.survey.Respondents;
import manyi.math.driver.Drivers;
import manyi.math.driver.RefusedDrivers;
import manyi.math.moment.MomentGroups;
import manyi.math.moment.Moments;
import manyi.math.pls.PathFit;
import manyi.math.pls.PathOutcome;
import manyi.math.pls.Refusal;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Lineage;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The weights λ of the indicators, from the answers of the customers in the waves that the questionnaire names. The waves
 * are closed, and answers dated after the close are left out, so that the weights are the same on every later as_of.
 *
 * <p>From the path model, λ of an indicator is in proportion to its importance for the construct named: its share of its
 * own construct's index times what a point of that index moves the target's, all paths taken together. Where the
 * indicators are the construct's own items, their index is the construct's. From drivers, λ of a group is in proportion
 * to Johnson's relative weight, and the item's in its group is as given.
 *
 * @param asOf the last day that exists
 * @see "Fornell et al. (1996), Journal of Marketing 60(4); Ringle, Sarstedt (2016), Industrial Management &amp; Data
 *     Systems 116(9); Johnson (2000), Multivariate Behavioral Research 35(1)"
 */
public record WeightEstimate(LocalDate asOf, Job.Satisfaction satisfaction) implements Derivation {

    private static final double[] BOTH = {1, 1};
    private static final String ADVICE =
            " Nothing was published. Change the model, name other waves under 'weights', or give the weights yourself.";

    /** Refuses waves that are not closed at as_of. */
    public WeightEstimate {
        requireClosed(asOf, satisfaction.questionnaire());
    }

    @Override
    public Lineage lineage() {
        return IndicatorWeight.TABLE.from(WaveResponse.TABLE);
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    /** The waves of the base are closed, so no day matters. */
    @Override
    public String definition() {
        return satisfaction.toString();
    }

    /**
     * The weights.
     *
     * @throws Failure where the answers cannot carry them
     */
    @Override
    public Dataset<Row> from(Inputs inputs) {
        WaveResponse released = new WaveResponse(satisfaction.questionnaire(), List.of());
        // the weights that the questionnaire gives tell who answered enough
        Inputs given = table -> inputs.create(table, IndicatorWeight.given(satisfaction.questionnaire()));
        Dataset<Row> base = ScoredResponse.scored(
                released.inTodaysOrder(inputs.read(WaveResponse.TABLE).where(isInBase())), given, satisfaction);
        requireRespondents(base);
        Moments moments = moments(base);
        double[] parts = switch (asked().source()) {
            case PATH -> byPaths(moments);
            case DRIVERS -> byDrivers(moments);
        };
        return inputs.create(IndicatorWeight.TABLE, IndicatorWeight.rows(satisfaction.questionnaire(), parts));
    }

    private static void requireClosed(LocalDate asOf, Questionnaire questionnaire) {
        for (Questionnaire.Wave wave : base(questionnaire)) {
            if (!wave.closesOn().isBefore(asOf)) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "weights of questionnaire " + questionnaire.name() + ": wave " + wave.name()
                                + ", from which they are derived, takes answers up to " + wave.closesOn()
                                + " and is not closed on " + asOf
                                + ". Nothing was published. Set a later --as-of, or name closed waves under 'weights'.");
            }
        }
    }

    private DerivedWeights asked() {
        return IndicatorWeight.asked(satisfaction.questionnaire())
                .orElseThrow(() -> new IllegalArgumentException("the questionnaire gives its weights"));
    }

    private static List<Questionnaire.Wave> base(Questionnaire questionnaire) {
        List<String> names =
                IndicatorWeight.asked(questionnaire).map(DerivedWeights::waves).orElse(List.of());
        return questionnaire.waves().stream()
                .filter(wave -> names.contains(wave.name()))
                .toList();
    }

    private Column isInBase() {
        Column isIn = lit(false);
        for (Questionnaire.Wave wave : base(satisfaction.questionnaire())) {
            Column day = Landing.ANSWERED_ON.col();
            isIn = isIn.or(Landing.WAVE.is(wave.name()).and(day.isNull().or(day.leq(lit(wave.closesOn())))));
        }
        return isIn.and(Landing.POPULATION.is("customer"));
    }

    /** A wave, or an item, of few would make the weights tell of them. */
    private void requireRespondents(Dataset<Row> base) {
        List<MomentItem> items = FitPlan.of(satisfaction).items();
        List<Column> ofCustomer = new ArrayList<>();
        List<Column> ofWave = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Column answer = get(Landing.ANSWERS.col(), lit(items.get(i).place()));
            ofCustomer.add(max(when(answer.isNotNull(), 1L).otherwise(0L)).as("item_" + i));
            ofWave.add(sum(col("item_" + i)));
        }
        Map<String, Row> counts = new HashMap<>();
        base.where(Respondents.reasonLeftOut(asOf, satisfaction).isNull())
                .groupBy(Landing.WAVE.col(), Respondents.unit().as("customer"))
                .agg(count(lit(1)).as("responses"), ofCustomer.toArray(Column[]::new))
                .groupBy(Landing.WAVE.col())
                .agg(count(lit(1)), ofWave.toArray(Column[]::new))
                .collectAsList()
                .forEach(row -> counts.put(row.getString(0), row));
        int least = satisfaction.minimumRespondents();
        for (String wave : asked().waves()) {
            Row found = counts.get(wave);
            if (found == null || found.getLong(1) < least) {
                throw refused("customers whose answers count in wave " + wave + ": "
                        + (found == null ? 0 : found.getLong(1)) + ", fewer than minimum_respondents (" + least
                        + ").");
            }
            for (int i = 0; i < items.size(); i++) {
                long answered = found.getLong(2 + i);
                if (answered > 0 && answered < least) {
                    throw refused("item " + items.get(i).id() + " was answered in wave " + wave + " by " + answered
                            + " of the customers who count, fewer than minimum_respondents (" + least + ").");
                }
            }
        }
    }

    private Moments moments(Dataset<Row> base) {
        int items = FitPlan.of(satisfaction).items().size();
        MapPartitionsFunction<Row, byte[]> adding = groups -> added(items, groups);
        // raked weights follow the segments and the margins of a run; those of the sample stay
        byte[] sum = new MomentCell(asOf, satisfaction.raked(Optional.empty()), List.of())
                .from(table -> base)
                .repartition(1)
                .sortWithinPartitions(Field.columns(Landing.WAVE, MomentCell.STRATUM, MomentCell.PSU_GROUP))
                .select(MomentCell.MOMENTS.col())
                .mapPartitions(adding, Encoders.BINARY())
                .head();
        return new MomentGroups(items, List.of(MomentRows.packed(sum))).all();
    }

    /**
     * Groups are added one after another in their order, so that the same come to the same. Compiled by Spark, an iterator
     * has a next row only once it was asked whether it has.
     */
    private static Iterator<byte[]> added(int items, Iterator<Row> groups) {
        Optional<double[]> sum = Optional.empty();
        while (groups.hasNext()) {
            double[] next = MomentRows.packed(groups.next().getAs(0));
            sum = Optional.of(sum.map(before -> new MomentGroups(items, List.of(before, next)).packedSum(BOTH))
                    .orElse(next));
        }
        return sum.map(MomentRows::bytes).stream().iterator();
    }

    private double[] byPaths(Moments moments) {
        PathOutcome outcome = FitPlan.of(satisfaction).pathModel().orElseThrow().fit(moments);
        if (outcome instanceof Refusal refusal) {
            throw refused(refusal.sentence());
        }
        PathFit fit = (PathFit) outcome;
        String target = asked().construct().orElseThrow();
        Map<String, Double> importance = fit.importance(target);
        return parts(item -> {
            String construct = constructOf(item);
            for (String measured : List.of(construct, target)) {
                if (fit.withoutIndex().containsKey(measured)) {
                    throw refused(fit.withoutIndex().get(measured)
                            + " Where a high answer is bad, write 'direction: lower_is_better'.");
                }
            }
            if (importance.get(item.id()) < 0) {
                throw refused("the total effect of " + construct + " on " + target
                        + " is negative, and a weight of an index cannot be.");
            }
            return importance.get(item.id());
        });
    }

    private String constructOf(Questionnaire.Item item) {
        return FitPlan.of(satisfaction).paths().get(0).constructs().stream()
                .filter(construct -> construct.items().contains(item.id()))
                .map(SurveyModel.Construct::name)
                .findFirst()
                .orElseThrow();
    }

    private double[] byDrivers(Moments moments) {
        FitPlan plan = FitPlan.of(satisfaction);
        SurveyModel.Drivers written = plan.drivers().get(0);
        Map<String, Drivers.Driver> drivers = new HashMap<>();
        try {
            plan.fitted(written, moments).drivers().forEach(driver -> drivers.put(driver.name(), driver));
        } catch (RefusedDrivers refused) {
            throw refused(refused.getMessage());
        }
        return parts(item -> {
            Map.Entry<String, List<String>> group = written.predictors().entrySet().stream()
                    .filter(predictor -> predictor.getValue().contains(item.id()))
                    .findFirst()
                    .orElseThrow();
            Drivers.Driver driver = drivers.get(group.getKey());
            // a relative weight is a square: it would turn what lowers satisfaction into a merit
            if (driver.correlation() < 0) {
                throw refused("the more of " + driver.name() + " the less of " + written.outcomeName()
                        + ", so its importance cannot be a weight of an index. Where a high answer is bad, write "
                        + "'direction: lower_is_better'.");
            }
            BigDecimal given = satisfaction.questionnaire().items().stream()
                    .filter(other -> group.getValue().contains(other.id()))
                    .map(Questionnaire.Item::weight)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            return driver.relativeWeight() * (item.weight().doubleValue() / given.doubleValue());
        });
    }

    private interface Part {
        double of(Questionnaire.Item indicator);
    }

    /** The parts of all items in the order of the questionnaire; 0 for those that are no indicators. */
    private double[] parts(Part part) {
        double[] parts = satisfaction.questionnaire().items().stream()
                .mapToDouble(item -> Indicators.isIndicator(item) ? part.of(item) : 0)
                .toArray();
        double sum = 0;
        for (double one : parts) {
            sum += one;
        }
        if (!(sum > 0)) {
            throw refused("no indicator has any importance, so none can have a weight.");
        }
        return parts;
    }

    private Failure refused(String reason) {
        return new Failure(
                Failure.Kind.QUALITY,
                "weights of questionnaire " + satisfaction.questionnaire().name() + ", to be derived from "
                        + String.join(", ", asked().waves()) + ": " + reason + ADVICE);
    }
}
