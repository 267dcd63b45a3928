package manyi.mart.survey;

import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.conformed.Indicators;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.mart.SegmentColumns;
import manyi.math.survey.ChangeSums;
import manyi.math.survey.DesignSums;
import manyi.math.survey.RespondentIndex;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The exact sums behind every satisfaction figure, and which cells are hidden from readers. All satisfaction tables are
 * made from this one, so that a cell is hidden in all of them or in none.
 *
 * @param asOf the last day that exists
 * @param dimensions the segment dimensions in the order of {@link SurveyResponse#SEGMENTS}
 * @param mostWhole strata with more responses are shared out over partitions; it changes the cost, never a figure
 * @param measures of every segment
 */
public record SatisfactionCell(
        LocalDate asOf,
        Job.Satisfaction satisfaction,
        List<Dimension> dimensions,
        int mostWhole,
        List<SegmentMeasure> measures)
        implements Derivation {

    /** A dimension's values beyond this many, by number of responses in the wave, are gathered under one name. */
    public static final int MAXIMUM_VALUES = SegmentColumns.MOST_VALUES;

    private static final int MOST_WHOLE = 4096;

    public static final Field SEGMENT = SegmentColumns.SEGMENT;
    public static final Field SEGMENT_VALUE = SegmentColumns.SEGMENT_VALUE;
    public static final Field IS_SUPPRESSED =
            Field.flag("is_suppressed", "Whether figures are suppressed since they rest on too few customers.");

    /** Hides what the item adds to the index. */
    public static final Field IS_CONTRIBUTION_SUPPRESSED = Field.flag(
            "is_contribution_suppressed",
            "Whether the contribution is suppressed: with the figure, or since few of those who answered the item left another indicator out.");
    /** Hides how many answered, beside a figure that is published. */
    public static final Field IS_BASE_SUPPRESSED = Field.flag(
            "is_base_suppressed",
            "Whether the number of customers is suppressed: with the figure, or since few respondents of the cell lack it.");

    public static final Field PREVIOUS_WAVE =
            Field.text("previous_wave", "The wave before, where the row compares two waves; else empty.");
    /** The figure that counts who answered; its mask is the cell's. */
    public static final String RESPONDENT_FIGURE = Figure.RESPONDENT;
    /** The figure that counts who answered any item of path model or drivers; its mask is that of all their figures. */
    public static final String MODEL_FIGURE = Figure.OF_MODEL;

    public static final Field FIGURE = Field.text("figure", "What is measured.");
    public static final Field ITEM =
            Field.text("item", "The item or group of items; empty for the figures of a segment.");
    public static final Field CUSTOMERS = Field.optionalWhole(
            "customers", "Distinct customers with an answer in the cell; null where two waves are compared.");
    public static final Field RESPONSES =
            Field.optionalWhole("responses", "Answers in the cell; null where two waves are compared.");
    public static final Field PSUS =
            Field.whole("psus", "Primary sampling units with an answer in the cell, in either wave.");
    public static final Field STRATA = Field.whole("strata", "The strata of these units.");
    public static final Field SINGLE_STRATA = Field.whole(
            "single_psu_strata",
            "Strata among them with a single unit in the sample; it is centred on the mean over all strata.");
    public static final Field DESIGN_PSUS = Field.optionalWhole(
            "design_psus",
            "Primary sampling units of the whole population and wave; null where two waves are compared.");
    public static final Field IS_FINITE = Field.optionalFlag(
            "is_finite",
            "Whether the design says how many units a stratum of the population has, and the figure's variations rest on"
                    + " it.");
    static final Field IS_COMPLETE = Field.optionalFlag(
            "is_complete",
            "Whether all units of the population answered, in the strata of these units, and the figure's variations rest"
                    + " on it; null where two waves are compared.");
    public static final Field TOTAL = exact("total", "Sum of weight times value, in units of 1e-18.");
    public static final Field WEIGHT = exact("weight", "Sum of weights, in units of 1e-9.");
    public static final Field SQUARES =
            exact("squares", "Sum of weight times squared deviation from 50, in units of 1e-18.");
    public static final Field PARTS =
            exact("parts", "Sum of weight times contribution to the index, in units of 1e-18.");
    public static final Field KISH = exact("kish", "Sum of squares of each customer's weight, in units of 1e-18.");
    public static final Field BB = exact("bb", "Sum of squares of each sampling unit's weight, in units of 1e-18.");
    public static final Field VAA = exact(
            "vaa",
            "Variation of the units' weighted deviation, in units of 1e-12; where weights are raked, as all variations,"
                    + " of what a regression on the margins leaves of it.");
    public static final Field VAB = exact("vab", "Variation of deviation and weight, in units of 1e-15.");
    public static final Field VBB = exact("vbb", "Variation of the units' weight, in units of 1e-18.");
    public static final Field XAA =
            exact("xaa", "As vaa, of the cell with everybody, or of the wave before with this one.");
    public static final Field XAB = exact("xab", "As xaa, of the former's deviation with the latter's weight.");
    public static final Field XBA = exact("xba", "As xaa, of the former's weight with the latter's deviation.");
    public static final Field XBB = exact("xbb", "As xaa, of the weights.");
    public static final Field EARLIER_VAA = exact("earlier_vaa", "As vaa, of the wave before; null for one wave.");
    public static final Field EARLIER_VAB = exact("earlier_vab", "As vab, of the wave before; null for one wave.");
    public static final Field EARLIER_VBB = exact("earlier_vbb", "As vbb, of the wave before; null for one wave.");
    public static final Field INDEX_SHARE = Field.optionalNumber(
            "index_share",
            "The indicator's share of the whole index by which the wave was released; null but for the scores of items.");
    public static final Field LOWEST =
            Field.optionalWhole("lowest", "The least value, in units of 1e-9; null without answers.");
    public static final Field HIGHEST =
            Field.optionalWhole("highest", "The greatest value, in units of 1e-9; null without answers.");
    public static final Field STRATA_WITH_TWO_SIZES = Field.optionalWhole(
            "strata_with_two_sizes", "Strata of the wave whose responses give different stratum sizes.");
    public static final Field STRATA_SMALLER_THAN_THEIR_SAMPLE = Field.optionalWhole(
            "strata_smaller_than_their_sample",
            "Strata of the wave that the population has fewer units of than the sample.");
    public static final Field PSUS_WITH_TWO_SIZES = Field.optionalWhole(
            "psus_with_two_sizes", "Sampling units of the wave whose responses give different sizes.");
    public static final Field PSUS_SMALLER_THAN_THEIR_SAMPLE = Field.optionalWhole(
            "psus_smaller_than_their_sample",
            "Sampling units of the wave that have fewer customers in the population than in the sample.");

    /** The columns of sums over one wave. */
    public static final Map<Field, DesignSums.Sum> SUMS = sums();
    /** The columns of sums over two waves. */
    public static final Map<Field, ChangeSums.Sum> CHANGES = changes();

    public static final Table TABLE = Table.named(
                    "satisfaction_cell", "The exact sums behind every satisfaction figure of every segment and wave.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "population, wave, segment value and figure, and another for its change since the wave before",
                    Landing.POPULATION,
                    Landing.WAVE,
                    PREVIOUS_WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    FIGURE,
                    ITEM)
            .with(CUSTOMERS, RESPONSES, PSUS, STRATA, SINGLE_STRATA)
            .with(TOTAL, WEIGHT, SQUARES, PARTS, KISH, BB)
            .with(VAA, VAB, VBB, XAA, XAB, XBA, XBB, EARLIER_VAA, EARLIER_VAB, EARLIER_VBB)
            .with(LOWEST, HIGHEST, DESIGN_PSUS, IS_FINITE, IS_COMPLETE)
            .with(STRATA_WITH_TWO_SIZES, STRATA_SMALLER_THAN_THEIR_SAMPLE)
            .with(PSUS_WITH_TWO_SIZES, PSUS_SMALLER_THAN_THEIR_SAMPLE)
            .with(INDEX_SHARE, IS_SUPPRESSED, IS_CONTRIBUTION_SUPPRESSED, IS_BASE_SUPPRESSED)
            .partitionedBy(Landing.WAVE)
            .expect(
                    "psus <= design_psus",
                    "strata <= psus",
                    "customers <= responses",
                    "psus = 0 or weight > 0",
                    "lowest <= highest",
                    "strata_with_two_sizes = 0",
                    "strata_smaller_than_their_sample = 0",
                    "psus_with_two_sizes = 0",
                    "psus_smaller_than_their_sample = 0");

    public SatisfactionCell {
        dimensions = List.copyOf(dimensions);
        measures = List.copyOf(measures);
    }

    public SatisfactionCell(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions, int mostWhole) {
        this(asOf, satisfaction, dimensions, mostWhole, SegmentMeasure.ALL);
    }

    public SatisfactionCell(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions) {
        this(asOf, satisfaction, dimensions, MOST_WHOLE);
    }

    /** The same for other measures. */
    public SatisfactionCell of(List<SegmentMeasure> others) {
        return new SatisfactionCell(asOf, satisfaction, dimensions, mostWhole, others);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(Stream.of(
                        RakingFactor.with(satisfaction, ScoredResponse.TABLE),
                        Indicators.tables(satisfaction.questionnaire()))
                .flatMap(List::stream)
                .toList());
    }

    @Override
    public boolean isOfEarlierWaves() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> responses = inputs.read(ScoredResponse.TABLE)
                .where(Respondents.reasonLeftOut(asOf, satisfaction).isNull());
        Plan plan = plan(responses, Indicators.of(satisfaction.questionnaire(), inputs), margins(inputs));
        PanelPairs pairing = new PanelPairs(satisfaction.questionnaire(), names());
        Dataset<Row> read = pairing.applied(RakingFactor.applied(responses, inputs, satisfaction, dimensions))
                .select(
                        Landing.POPULATION.col(),
                        coalesce(Landing.STRATUM.col(), lit("")).as("stratum"),
                        Respondents.samplingUnit().as("unit"),
                        Landing.WAVE.col(),
                        Respondents.unit().as("customer"),
                        SurveyResponse.SEGMENTS.col(),
                        Landing.WEIGHT.col(),
                        ScoredResponse.CSI.col(),
                        Landing.ANSWERS.col().cast("array<double>").as(Landing.ANSWERS.name()),
                        Landing.STRATUM_SIZE.col(),
                        Landing.PSU_SIZE.col(),
                        col(RakingFactor.BASE_WEIGHT_OF_RESPONSE),
                        col(PanelPairs.EXPECTED_BEFORE),
                        col(PanelPairs.ASIDE));
        Dataset<Row> parts = plan.hasDesign() ? designed(read, plan) : undesigned(read, plan);
        return TABLE.conform(parts.repartition(Landing.POPULATION.col(), PartialAggregate.STRATUM.col())
                .sortWithinPartitions(Field.columns(
                        Landing.POPULATION,
                        PartialAggregate.STRATUM,
                        PartialAggregate.DIMENSION,
                        PartialAggregate.VALUE))
                .mapPartitions(new StratumFinalisation(plan), Encoders.row(PartialAggregate.SCHEMA))
                .repartition(Landing.POPULATION.col(), Landing.WAVE.col())
                .sortWithinPartitions(Landing.POPULATION.col(), Landing.WAVE.col())
                .mapPartitions(
                        new CellSuppression(plan, satisfaction.minimumRespondents()), Encoders.row(TABLE.schema()))
                .withColumn(INDEX_SHARE.name(), indexShare(plan.index())));
    }

    /** Whether each cell is hidden, by population, wave and segment value. */
    public static Dataset<Row> masks(Inputs inputs) {
        return inputs.read(TABLE)
                .where(FIGURE.is(RESPONDENT_FIGURE).and(PREVIOUS_WAVE.is("")))
                .select(Field.columns(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE, IS_SUPPRESSED));
    }

    private Column indexShare(RespondentIndex index) {
        Column share = lit(null).cast(INDEX_SHARE.type());
        for (int i = 0; i < index.items().size(); i++) {
            String item = satisfaction.questionnaire().items().get(i).id();
            share = when(ITEM.is(item), lit(index.items().get(i).lambda())).otherwise(share);
        }
        return when(FIGURE.is(Figure.SCORE), share);
    }

    /** One shuffle brings the responses of each customer together; what leaves a partition is a row per cell. */
    private static Dataset<Row> undesigned(Dataset<Row> read, Plan plan) {
        Column[] unit = {Landing.POPULATION.col(), col("unit")};
        return read.withColumn("is_cross_psu", lit(false))
                // a number in front of the names makes the sort several times cheaper
                .withColumn("hash", xxhash64(unit))
                .repartition(col("hash"))
                .sortWithinPartitions(col("hash"), Landing.POPULATION.col(), col("unit"), Landing.WAVE.col())
                .mapPartitions(new DomainAggregation(plan), Encoders.row(PartialAggregate.SCHEMA));
    }

    /** Strata lie side by side, so that those which are whole leave as one row per cell of all strata. */
    private static Dataset<Row> designed(Dataset<Row> read, Plan plan) {
        Column[] stratum = {Landing.POPULATION.col(), col("stratum")};
        Column isSplit = concat(Landing.POPULATION.col(), lit("\n"), col("stratum"))
                .isin(plan.split().toArray());
        Column[] respondent = {Landing.POPULATION.col(), Landing.WAVE.col(), col("customer")};
        Column unit = struct(col("stratum"), col("unit"));
        Dataset<Row> crossPsu = read.groupBy(respondent)
                .agg(min(unit).as("first"), max(unit).as("last"))
                .where(col("first").notEqual(col("last")))
                .select(respondent)
                .withColumn("found_cross_psu", lit(true));
        Dataset<Row> marked = read.join(
                        crossPsu, new String[] {Landing.POPULATION.name(), Landing.WAVE.name(), "customer"}, "left")
                .withColumn("is_cross_psu", coalesce(col("found_cross_psu"), lit(false)))
                .drop("found_cross_psu")
                .select(Stream.concat(
                                Arrays.stream(read.columns()).map(name -> col(name)), Stream.of(col("is_cross_psu")))
                        .toArray(Column[]::new));
        Dataset<Row> counted = marked.where(col("is_cross_psu"))
                .repartition(respondent)
                .sortWithinPartitions(respondent)
                .mapPartitions(new CrossPsuCustomers(plan), Encoders.row(PartialAggregate.SCHEMA));
        return marked.withColumn("stratum_hash", xxhash64(stratum))
                .withColumn("hash", xxhash64(Landing.POPULATION.col(), col("stratum"), col("unit")))
                .repartition(when(isSplit, col("hash")).otherwise(col("stratum_hash")))
                .sortWithinPartitions(
                        col("stratum_hash"),
                        Landing.POPULATION.col(),
                        col("stratum"),
                        col("hash"),
                        col("unit"),
                        Landing.WAVE.col(),
                        col("customer"))
                .mapPartitions(new DomainAggregation(plan), Encoders.row(PartialAggregate.SCHEMA))
                .unionByName(counted);
    }

    private Margins margins(Inputs inputs) {
        return satisfaction
                .weighting()
                .map(weighting -> Margins.of(
                        RakingFactor.places(weighting, dimensions),
                        inputs.read(RakingFactor.TABLE).collectAsList()))
                .orElse(Margins.ABSENT);
    }

    private Plan plan(Dataset<Row> responses, RespondentIndex index, Margins margins) {
        Column isDesigned = Landing.STRATUM
                .col()
                .isNotNull()
                .or(Landing.PSU.col().isNotNull())
                .or(Landing.PSU_SIZE.col().isNotNull());
        List<Row> waves = responses
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col())
                .agg(max(isDesigned).as("is_designed"))
                .orderBy(Landing.POPULATION.col(), Landing.WAVE.col())
                .collectAsList();
        Map<String, List<Plan.Waves>> pairs = new HashMap<>();
        boolean hasDesign = false;
        for (int i = 0; i < waves.size(); i++) {
            String population = waves.get(i).getString(0);
            hasDesign |= waves.get(i).getBoolean(2);
            if (i > 0 && waves.get(i - 1).getString(0).equals(population)) {
                pairs.computeIfAbsent(population, any -> new ArrayList<>())
                        .add(new Plan.Waves(
                                waves.get(i - 1).getString(1), waves.get(i).getString(1)));
            }
        }
        Set<String> split = new HashSet<>();
        if (hasDesign) {
            Column stratum = coalesce(Landing.STRATUM.col(), lit("")).as("stratum");
            responses
                    .groupBy(Landing.POPULATION.col(), stratum)
                    .agg(count(lit(1)).as("responses"))
                    .where(col("responses").gt(mostWhole))
                    .collectAsList()
                    .forEach(row -> split.add(Plan.stratum(row.getString(0), row.getString(1))));
        }
        return new Plan(
                index,
                Figure.all(satisfaction, measures, index, names()),
                new Segments(names(), FrequentValues.of(responses, dimensions.size())),
                pairs,
                split,
                hasDesign,
                margins);
    }

    private List<String> names() {
        return dimensions.stream().map(Dimension::name).toList();
    }

    private static Map<Field, DesignSums.Sum> sums() {
        Map<Field, DesignSums.Sum> sums = new LinkedHashMap<>();
        sums.put(TOTAL, DesignSums.Sum.TOTAL);
        sums.put(WEIGHT, DesignSums.Sum.WEIGHT);
        sums.put(SQUARES, DesignSums.Sum.SQUARES);
        sums.put(PARTS, DesignSums.Sum.PARTS);
        sums.put(KISH, DesignSums.Sum.KISH);
        sums.put(BB, DesignSums.Sum.BB);
        sums.put(VAA, DesignSums.Sum.VAA);
        sums.put(VAB, DesignSums.Sum.VAB);
        sums.put(VBB, DesignSums.Sum.VBB);
        sums.put(XAA, DesignSums.Sum.XAA);
        sums.put(XAB, DesignSums.Sum.XAB);
        sums.put(XBA, DesignSums.Sum.XBA);
        sums.put(XBB, DesignSums.Sum.XBB);
        return Collections.unmodifiableMap(sums);
    }

    private static Map<Field, ChangeSums.Sum> changes() {
        Map<Field, ChangeSums.Sum> sums = new LinkedHashMap<>();
        sums.put(EARLIER_VAA, ChangeSums.Sum.EARLIER_AA);
        sums.put(EARLIER_VAB, ChangeSums.Sum.EARLIER_AB);
        sums.put(EARLIER_VBB, ChangeSums.Sum.EARLIER_BB);
        sums.put(VAA, ChangeSums.Sum.LATER_AA);
        sums.put(VAB, ChangeSums.Sum.LATER_AB);
        sums.put(VBB, ChangeSums.Sum.LATER_BB);
        sums.put(XAA, ChangeSums.Sum.XAA);
        sums.put(XAB, ChangeSums.Sum.XAB);
        sums.put(XBA, ChangeSums.Sum.XBA);
        sums.put(XBB, ChangeSums.Sum.XBB);
        return Collections.unmodifiableMap(sums);
    }

    private static Field exact(String name, String meaning) {
        return optional(name, createDecimalType(38, 0), meaning);
    }
}
