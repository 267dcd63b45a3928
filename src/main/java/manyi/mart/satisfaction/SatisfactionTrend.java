package manyi.mart.satisfaction;

import static manyi.mart.SegmentColumns.AS_OF;
import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import manyi.config.Dimension;
import manyi.config.SatisfactionTarget;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Scale;
import manyi.mart.survey.SegmentMeasure;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.math.survey.Change;
import manyi.math.survey.Estimate;
import manyi.math.survey.MixAdjustment;
import manyi.math.survey.SampleSize;
import manyi.math.survey.Target;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What each measure of a segment is worth against its target, and what it changed by since the wave before. Both waves are
 * one design, so customers who answered in both count for what they tell of the change.
 *
 * @param asOf the last day that exists
 * @param targets what segments shall reach
 * @param mix the dimension whose mix is held fixed in the adjusted change of everybody; empty for none
 */
public record SatisfactionTrend(LocalDate asOf, List<SatisfactionTarget> targets, Optional<Dimension> mix)
        implements SurveyMart {

    public static final Field PREVIOUS_WAVE = Field.text(
            "previous_wave",
            "The last wave before with answers of the population; empty where it has none to the measure in the"
                    + " segment value.");
    public static final Field MEASURE = Field.text("measure", "The column of segment_satisfaction.");
    private static final EstimateColumns VALUE = EstimateColumns.of(
                    "value", "The measure in the wave, in its own unit.")
            .only(Part.LOW, Part.HIGH)
            .with(Part.LOW, "Lower limit of value at 95 %, as in segment_satisfaction.")
            .with(Part.HIGH, "Upper limit of value at 95 %, as in segment_satisfaction.");
    public static final Field TARGET = Field.optionalNumber(
            "target",
            "The job's target for the measure; a target of the segment value overrides one of the whole segment.");
    public static final Field TARGET_VERDICT = Field.optionalText(
            "target_verdict",
            "attained where value_low is at least the target, missed where value_high lies below it, else undecided; null"
                    + " without a target.");
    public static final Field PREVIOUS_VALUE =
            Field.optionalNumber("previous_value", "The measure in the wave before.");
    private static final EstimateColumns CHANGE = EstimateColumns.of("change", "value less previous_value.")
            .prefixed("")
            .with(
                    Part.STANDARD_ERROR,
                    "Linearised standard error of change, both waves stacked as one design without finite population correction; null"
                            + " without a degree of freedom.")
            .with(
                    Part.DEGREES_OF_FREEDOM,
                    "Sampling units with an answer in either wave less their strata, 0 where one of the waves has none of its"
                            + " own; below 1 there is no interval.")
            .with(Part.REASON)
            .from("changed");
    public static final Field P_VALUE = Field.optionalNumber(
                    "p_value", "Probability of so large a change, in either direction, if nothing had changed.")
            .in("probability");
    public static final Field ADJUSTED_P_VALUE = Field.optionalNumber(
                    "adjusted_p_value",
                    "p_value adjusted (Benjamini and Hochberg) over the published values of the segment, for the measure"
                            + " and the pair of waves.")
            .in("probability");
    public static final Field VERDICT = Field.optionalText(
            "verdict",
            "rose or fell where adjusted_p_value is at most 0.05, else no clear change; null without an interval.");

    public static final Field DETECTABLE_CHANGE = Field.optionalNumber(
            "detectable_change",
            "The smallest true change that these two waves would have detected with a power of 80 %.");
    public static final Field ANSWERS_NEEDED = Field.optionalWhole(
                    "answers_needed",
                    "How many answers the next wave needs to detect a change of a twentieth of the measure's scale (5 points"
                            + " of csi and ces, 6 of csm, 10 of nps, 0.05 of a share) with a power of 80 %, "
                            + "at the design effect of this wave; null where no number is enough or the answers do not vary.")
            .in("answers");
    public static final Field MIX_ADJUSTED_CHANGE = Field.optionalNumber(
            "mix_adjusted_change",
            "For all: the change that remains when the mix of the job's first segment dimension is held fixed (Kitagawa"
                    + " 1955); null where one of its values is suppressed, or answered in only one of the waves.");
    public static final Field IS_PREVIOUS_SUPPRESSED =
            Field.flag("is_previous_suppressed", "Whether the wave before is suppressed, and the change with it.");

    private static final SurveyTable PUBLISHED = SurveyTable.of(Table.named(
                            "satisfaction_trend",
                            "Each measure in each segment and closed survey wave, against its target and the wave before.")
                    .oneRowPer(
                            "population, wave, segment value and measure",
                            AS_OF,
                            Landing.POPULATION,
                            Landing.WAVE,
                            PREVIOUS_WAVE,
                            SEGMENT,
                            SEGMENT_VALUE,
                            MEASURE))
            .figures(VALUE)
            .figures(TARGET_VERDICT, PREVIOUS_VALUE)
            .figures(CHANGE)
            .figures(P_VALUE, ADJUSTED_P_VALUE, VERDICT, DETECTABLE_CHANGE, ANSWERS_NEEDED, MIX_ADJUSTED_CHANGE)
            .with(TARGET, IS_PREVIOUS_SUPPRESSED)
            .expect(
                    "previous_wave < wave",
                    "target_verdict in ('attained', 'missed', 'undecided')",
                    "target is not null or target_verdict is null",
                    "detectable_change >= 0",
                    "answers_needed >= 1",
                    "mix_adjusted_change is null or (segment = 'all' and change is not null)",
                    "change is null or (previous_wave <> '' and not is_previous_suppressed)",
                    "abs(value - previous_value - change) < 1e-9",
                    "p_value between 0 and 1",
                    "adjusted_p_value between p_value - 1e-12 and 1",
                    "verdict in ('rose', 'fell', 'no clear change')",
                    "not is_suppressed or value is null");

    public static final Table TABLE = PUBLISHED.table();

    public SatisfactionTrend {
        targets = List.copyOf(targets);
    }

    @Override
    public SurveyTable published() {
        return PUBLISHED;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column measure = lit(null).cast(StringType);
        for (SegmentMeasure one : SegmentMeasure.ALL) {
            measure = when(SatisfactionCell.FIGURE.is(one.name()), one.columns().name())
                    .otherwise(measure);
        }
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE)
                .withColumn(MEASURE.name(), measure)
                .where(MEASURE.col().isNotNull())
                .withColumn("sums", Figures.sums());
        Dataset<Row> waves = cells.where(SatisfactionCell.PREVIOUS_WAVE.is(""))
                .where(SatisfactionCell.PSUS.col().gt(0))
                .withColumn(VALUE.source(), Figures.estimate(SegmentMeasure.ALL));
        String[] key = Field.names(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE, MEASURE);
        String[] earlierKey = Field.names(Landing.POPULATION, PREVIOUS_WAVE, SEGMENT, SEGMENT_VALUE, MEASURE);
        Dataset<Row> later = waves.select(
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                SEGMENT.col(),
                SEGMENT_VALUE.col(),
                MEASURE.col(),
                col("sums").as("now"),
                col("estimate"));
        Dataset<Row> earlier = waves.select(
                Landing.POPULATION.col(),
                Landing.WAVE.col().as(PREVIOUS_WAVE.name()),
                SEGMENT.col(),
                SEGMENT_VALUE.col(),
                MEASURE.col(),
                col("sums").as("before"),
                col("estimate.mean").as(PREVIOUS_VALUE.name()));
        Dataset<Row> pairs = cells.where(SatisfactionCell.PREVIOUS_WAVE.col().notEqual(""))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SatisfactionCell.PREVIOUS_WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        MEASURE.col(),
                        col("sums").as("both"))
                .join(earlier, earlierKey, "inner");
        Column isShown = not(IS_SUPPRESSED.col());
        Column isCompared = isShown.and(not(IS_PREVIOUS_SUPPRESSED.col()));
        Dataset<Row> compared = later.join(pairs, key, "left")
                .withColumn(PREVIOUS_WAVE.name(), coalesce(PREVIOUS_WAVE.col(), lit("")))
                .withColumn(IS_SUPPRESSED.name(), col("now." + IS_SUPPRESSED.name()))
                .withColumn(IS_PREVIOUS_SUPPRESSED.name(), coalesce(col("before." + IS_SUPPRESSED.name()), lit(false)))
                .withColumn("estimate", when(isShown, col("estimate")))
                .withColumn(
                        CHANGE.source(),
                        when(isCompared, Figures.change(SegmentMeasure.ALL, col("now"), col("before"), col("both"))))
                .withColumn(P_VALUE.name(), Figures.part("changed", Figures.P_VALUE))
                .withColumn(TARGET.name(), target());
        Dataset<Row> changes = adjusted(mixHeld(compared));
        Column verdict = when(ADJUSTED_P_VALUE.col().gt(Change.LEVEL), Change.Verdict.NO_CLEAR_CHANGE.words())
                .when(Figures.part("changed", Figures.MEAN).gt(0), Change.Verdict.ROSE.words())
                .when(Figures.part("changed", Figures.MEAN).lt(0), Change.Verdict.FELL.words())
                .otherwise(Change.Verdict.NO_CLEAR_CHANGE.words());
        return PUBLISHED.rows(
                changes,
                asOf,
                PREVIOUS_WAVE.col(),
                MEASURE.col(),
                targetVerdict().as(TARGET_VERDICT.name()),
                when(isCompared, PREVIOUS_VALUE.col()).as(PREVIOUS_VALUE.name()),
                P_VALUE.col(),
                ADJUSTED_P_VALUE.col(),
                when(P_VALUE.col().isNotNull(), verdict).as(VERDICT.name()),
                detectableChange().as(DETECTABLE_CHANGE.name()),
                answersNeeded().as(ANSWERS_NEEDED.name()),
                MIX_ADJUSTED_CHANGE.col(),
                TARGET.col(),
                IS_PREVIOUS_SUPPRESSED.col());
    }

    /** The target of a row: one that names its value before one that names its segment alone. */
    private Column target() {
        List<Column> found = new ArrayList<>(List.of(lit(null).cast(DoubleType)));
        for (boolean isOfTheValue : List.of(true, false)) {
            for (SatisfactionTarget target : targets) {
                if (target.segmentValue().equals(Dimension.ALL) != isOfTheValue) {
                    Column isOfTheSegment = MEASURE.is(target.measure()).and(SEGMENT.is(target.segment()));
                    Column holds =
                            isOfTheValue ? isOfTheSegment.and(SEGMENT_VALUE.is(target.segmentValue())) : isOfTheSegment;
                    found.add(when(holds, lit(target.atLeast())));
                }
            }
        }
        return coalesce(found.toArray(Column[]::new));
    }

    private static Column targetVerdict() {
        UDF2<Row, Double, String> judged = (estimate, target) -> estimate == null || target == null
                ? null
                : new Target(target, false)
                        .verdict(new Estimate(
                                number(estimate, Figures.MEAN),
                                number(estimate, Figures.STANDARD_ERROR),
                                estimate.<Long>getAs(Figures.DEGREES_OF_FREEDOM),
                                number(estimate, Figures.LOW),
                                number(estimate, Figures.HIGH)))
                        .words();
        return udf(judged, StringType).apply(col("estimate"), TARGET.col());
    }

    private static Column detectableChange() {
        UDF1<Row, Double> detected = changed -> {
            if (changed == null || changed.<Double>getAs(Figures.STANDARD_ERROR) == null) {
                return null;
            }
            return SampleSize.smallestChange(
                    number(changed, Figures.STANDARD_ERROR), changed.<Long>getAs(Figures.DEGREES_OF_FREEDOM));
        };
        return udf(detected, DoubleType).apply(col("changed"));
    }

    private static Column answersNeeded() {
        UDF2<Row, Row, Long> needed = (cell, estimate) -> {
            // the design effect is known where the answers vary
            if (estimate == null || estimate.<Double>getAs(Figures.DESIGN_EFFECT) == null) {
                return null;
            }
            double error = number(estimate, Figures.STANDARD_ERROR);
            double effect = number(estimate, Figures.DESIGN_EFFECT);
            double variance = error * error;
            long answers = cell.<Long>getAs(SatisfactionCell.RESPONSES.name());
            if (!(variance > 0)) {
                return null;
            }
            OptionalLong enough = SampleSize.answersNeeded(
                    scale(cell.getAs(SatisfactionCell.FIGURE.name())).twentieth(),
                    variance,
                    variance * answers / effect,
                    effect);
            return enough.isPresent() ? Long.valueOf(enough.getAsLong()) : null;
        };
        return udf(needed, LongType).apply(col("now"), col("estimate"));
    }

    private static Scale scale(String figure) {
        return SegmentMeasure.ALL.stream()
                .filter(measure -> measure.name().equals(figure))
                .findFirst()
                .orElseThrow()
                .columns()
                .scale();
    }

    private static double number(Row of, String part) {
        Double value = of.getAs(part);
        return value == null ? Double.NaN : value;
    }

    /**
     * The rows with the change of everybody that is left where the mix is held. A value that is answered in one wave alone
     * stands in no pair, and then the weights of the values do not add up to everybody's.
     */
    private Dataset<Row> mixHeld(Dataset<Row> compared) {
        if (mix.isEmpty()) {
            return compared.withColumn(MIX_ADJUSTED_CHANGE.name(), lit(null).cast(DoubleType));
        }
        WindowSpec pair = Window.partitionBy(Field.columns(Landing.POPULATION, Landing.WAVE, PREVIOUS_WAVE, MEASURE));
        Column isEverybody = SEGMENT.is(Dimension.ALL);
        Column isPart = SEGMENT.is(mix.get().name());
        Column laterWeight = col("now." + SatisfactionCell.WEIGHT.name());
        Column earlierWeight = col("before." + SatisfactionCell.WEIGHT.name());
        UDF4<Row, Row, BigDecimal, BigDecimal, BigDecimal> held = (now, before, laterWhole, earlierWhole) ->
                now == null || before == null || laterWhole == null || earlierWhole == null
                        ? null
                        : MixAdjustment.change(part(before, earlierWhole), part(now, laterWhole));
        Column isWhole = sum(when(isPart, laterWeight))
                .over(pair)
                .equalTo(laterWeight)
                .and(sum(when(isPart, earlierWeight)).over(pair).equalTo(earlierWeight));
        Column isHidden = max(when(isPart.or(isEverybody), IS_SUPPRESSED.col().or(IS_PREVIOUS_SUPPRESSED.col())))
                .over(pair);
        Column unit = when(
                        col("now." + SatisfactionCell.FIGURE.name())
                                .isin(SegmentMeasure.ALL.stream()
                                        .filter(measure ->
                                                measure.columns().scale().isShare())
                                        .map(SegmentMeasure::name)
                                        .toArray()),
                        lit(100.0))
                .otherwise(lit(1.0));
        return compared.withColumn(
                        "later_whole", max(when(isEverybody, laterWeight)).over(pair))
                .withColumn(
                        "earlier_whole", max(when(isEverybody, earlierWeight)).over(pair))
                .withColumn(
                        "held",
                        when(
                                isPart,
                                udf(held, createDecimalType(28, MixAdjustment.DIGITS))
                                        .apply(col("now"), col("before"), col("later_whole"), col("earlier_whole"))))
                .withColumn(
                        MIX_ADJUSTED_CHANGE.name(),
                        when(
                                isEverybody.and(not(isHidden)).and(isWhole),
                                sum(col("held")).over(pair).cast(DoubleType).divide(unit)));
    }

    private static MixAdjustment.Component part(Row cell, BigDecimal whole) {
        return new MixAdjustment.Component(
                Figures.exact(cell, SatisfactionCell.TOTAL),
                Figures.exact(cell, SatisfactionCell.WEIGHT),
                whole.toBigIntegerExact());
    }

    /**
     * The rows with their p-values adjusted for how many values of a segment were looked at: of the i-th smallest of m the
     * least p_j·m/j over j ≥ i, at most 1.
     *
     * @see "Benjamini, Hochberg (1995), Controlling the False Discovery Rate, JRSS B 57(1); adjusted values by Yekutieli,
     *     Benjamini (1999), Journal of Statistical Planning and Inference 82"
     */
    static Dataset<Row> adjusted(Dataset<Row> changes) {
        return changes.withColumn("scaled", scaled())
                .withColumn(
                        ADJUSTED_P_VALUE.name(),
                        // the least of 1 and nothing would be 1
                        when(
                                P_VALUE.col().isNotNull(),
                                least(lit(1.0), min(col("scaled")).over(andGreater()))))
                .drop("scaled");
    }

    /** p·m/rank in the family. */
    private static Column scaled() {
        Column rank = row_number().over(family().orderBy(P_VALUE.col(), SEGMENT_VALUE.col()));
        return P_VALUE.col().multiply(count(P_VALUE.col()).over(family())).divide(rank);
    }

    private static WindowSpec andGreater() {
        return family().orderBy(P_VALUE.col(), SEGMENT_VALUE.col())
                .rowsBetween(Window.currentRow(), Window.unboundedFollowing());
    }

    private static WindowSpec family() {
        return Window.partitionBy(
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                PREVIOUS_WAVE.col(),
                SEGMENT.col(),
                MEASURE.col(),
                P_VALUE.col().isNull());
    }
}
