package manyi.mart.satisfaction;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.conformed.Indicators;
import manyi.conformed.SurveyResponse;
import manyi.mart.Respondents;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Shelf;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;

/**
 * The exact sums behind every satisfaction figure, and which cells are hidden from readers. All satisfaction tables are
 * made from this one, so that a cell is hidden in all of them or in none.
 *
 * @param asOf the last day that exists
 * @param dimensions the segment dimensions in the order of {@link SurveyResponse#SEGMENTS}
 */
public record SatisfactionCell(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions)
        implements Derivation {

    /** A dimension's values beyond this many, by number of responses in the wave, are gathered under one name. */
    public static final int MAXIMUM_VALUES = SegmentColumns.MOST_VALUES;

    static final String RESPONDENT_FIGURE = "respondent";
    static final String CSI_FIGURE = "csi";
    static final String CSM_FIGURE = "csm";
    static final String DISSATISFIED_FIGURE = "dissatisfied";
    static final String SATISFIED_FIGURE = "satisfied";
    static final String VERY_SATISFIED_FIGURE = "very satisfied";
    static final String NPS_FIGURE = "nps";
    /** The score of one indicator. */
    static final String SCORE = "score";
    /** The figures of a segment, in the order in which they are condensed. */
    static final List<String> FIGURES = List.of(
            RESPONDENT_FIGURE,
            CSI_FIGURE,
            CSM_FIGURE,
            DISSATISFIED_FIGURE,
            SATISFIED_FIGURE,
            VERY_SATISFIED_FIGURE,
            NPS_FIGURE);

    public static final Field SEGMENT = SegmentColumns.SEGMENT;
    public static final Field SEGMENT_VALUE = SegmentColumns.SEGMENT_VALUE;
    public static final Field IS_SUPPRESSED = required(
            "is_suppressed", BooleanType, "Whether figures are hidden since too few customers stand behind them.");

    static final Field FIGURE = required("figure", StringType, "What is measured.");
    static final Field ITEM = required("item", StringType, "The indicator; empty for the figures of a segment.");
    static final Field PSUS = required("psus", LongType, "Distinct customers with an answer in the cell.");
    static final Field DESIGN_PSUS =
            required("design_psus", LongType, "Distinct customers of the whole population and wave.");
    static final Field TOTAL = exact("total", "Sum of weight times value, in units of 1e-18.");
    static final Field WEIGHT = exact("weight", "Sum of weights, in units of 1e-9.");
    static final Field AA = exact("aa", "Sum of squares of each customer's weighted deviation, in units of 1e-12.");
    static final Field AB = exact("ab", "Sum of products of deviation and weight, in units of 1e-15.");
    static final Field BB = exact("bb", "Sum of squares of each customer's weight, in units of 1e-18.");
    static final Field PARTS = exact("parts", "Sum of weight times contribution to the index, in units of 1e-18.");
    static final Field LOWEST =
            optional("lowest", LongType, "The least value, in units of 1e-9; null without answers.");
    static final Field HIGHEST =
            optional("highest", LongType, "The greatest value, in units of 1e-9; null without answers.");

    public static final Table TABLE = Table.named(
                    "satisfaction_cell", "The exact sums behind every satisfaction figure of every segment and wave.")
            .on(Shelf.WORK)
            .oneRowPer(
                    "population, wave, segment value and figure",
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    FIGURE,
                    ITEM)
            .with(PSUS, TOTAL, WEIGHT, AA, AB, BB, PARTS, LOWEST, HIGHEST, DESIGN_PSUS, IS_SUPPRESSED)
            .expect("psus <= design_psus", "psus = 0 or weight > 0", "lowest <= highest");

    public SatisfactionCell {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(SurveyResponse.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> responses = inputs.read(SurveyResponse.TABLE)
                .where(Respondents.reasonLeftOut(asOf, satisfaction).isNull());
        Dataset<Row> cells = condensed(responses, new CellSums(measures(), names(), frequentValues(responses)));
        return TABLE.conform(cells.repartition(Landing.POPULATION.col(), Landing.WAVE.col())
                .sortWithinPartitions(columns(TABLE.key()))
                .mapPartitions(new CellMasks(satisfaction.minimumRespondents()), Encoders.row(TABLE.schema())));
    }

    /** One shuffle brings the responses of each customer together; what leaves a partition is a row per cell and figure. */
    private Dataset<Row> condensed(Dataset<Row> responses, CellSums sums) {
        Dataset<Row> ordered = responses
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        Respondents.unit().as("unit"),
                        SurveyResponse.SEGMENTS.col(),
                        Landing.WEIGHT.col(),
                        SurveyResponse.CSI.col(),
                        Landing.ANSWERS.col().cast("array<double>").as(Landing.ANSWERS.name()))
                // a number in front of the names makes the sort several times cheaper
                .withColumn("hash", xxhash64(Landing.POPULATION.col(), Landing.WAVE.col(), col("unit")))
                .repartition(col("hash"))
                .sortWithinPartitions(col("hash"), Landing.POPULATION.col(), Landing.WAVE.col(), col("unit"));
        StructType partial = new StructType(TABLE.fields().stream()
                .filter(field -> !field.equals(DESIGN_PSUS) && !field.equals(IS_SUPPRESSED))
                .map(Field::structField)
                .toArray(org.apache.spark.sql.types.StructField[]::new));
        return ordered.mapPartitions(sums, Encoders.row(partial))
                .groupBy(columns(TABLE.key()))
                .agg(
                        sum(PSUS.col()).as(PSUS.name()),
                        sum(TOTAL.col()).as(TOTAL.name()),
                        sum(WEIGHT.col()).as(WEIGHT.name()),
                        sum(AA.col()).as(AA.name()),
                        sum(AB.col()).as(AB.name()),
                        sum(BB.col()).as(BB.name()),
                        sum(PARTS.col()).as(PARTS.name()),
                        min(LOWEST.col()).as(LOWEST.name()),
                        max(HIGHEST.col()).as(HIGHEST.name()));
    }

    /** The values that keep their name in dimensions with too many; rarely any, and never more than fit on the driver. */
    private Map<String, Set<String>> frequentValues(Dataset<Row> responses) {
        Map<String, Set<String>> frequent = new HashMap<>();
        if (dimensions.isEmpty()) {
            return frequent;
        }
        Column[] dimension = {Landing.POPULATION.col(), Landing.WAVE.col(), col("dimension")};
        Column rank = row_number().over(Window.partitionBy(dimension).orderBy(desc("responses"), SEGMENT_VALUE.col()));
        Column values = count(lit(1)).over(Window.partitionBy(dimension));
        List<Row> kept = responses
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col(), SurveyResponse.SEGMENTS.col())
                .agg(count(lit(1)).as("responses"))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        col("responses"),
                        posexplode(SurveyResponse.SEGMENTS.col()).as(new String[] {"dimension", SEGMENT_VALUE.name()}))
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col(), col("dimension"), SEGMENT_VALUE.col())
                .agg(sum(col("responses")).as("responses"))
                .withColumn("rank", rank)
                .withColumn("values", values)
                .where(col("values").gt(MAXIMUM_VALUES).and(col("rank").leq(MAXIMUM_VALUES)))
                .select(Landing.POPULATION.col(), Landing.WAVE.col(), col("dimension"), SEGMENT_VALUE.col())
                .collectAsList();
        for (Row row : kept) {
            frequent.computeIfAbsent(
                            CellSums.keptKey(row.getString(0), row.getString(1), row.getInt(2)), any -> new HashSet<>())
                    .add(row.getString(3));
        }
        return frequent;
    }

    private CellSums.Measures measures() {
        Questionnaire questionnaire = satisfaction.questionnaire();
        List<Questionnaire.Item> items = questionnaire.items();
        List<Integer> indicators = IntStream.range(0, items.size())
                .filter(place -> Indicators.isIndicator(items.get(place)))
                .boxed()
                .toList();
        return new CellSums.Measures(
                Indicators.of(questionnaire),
                place(Questionnaire.Role.OVERALL),
                place(Questionnaire.Role.RECOMMEND),
                satisfaction.satisfiedFrom(),
                satisfaction.verySatisfiedFrom(),
                satisfaction.promotersFrom(),
                satisfaction.detractorsTo(),
                indicators,
                items.stream().map(Questionnaire.Item::id).toList());
    }

    private int place(Questionnaire.Role role) {
        Questionnaire questionnaire = satisfaction.questionnaire();
        return questionnaire
                .item(role)
                .map(item -> questionnaire.place(item.id()))
                .orElse(-1);
    }

    private List<String> names() {
        return dimensions.stream().map(Dimension::name).toList();
    }

    private static Column[] columns(List<Field> fields) {
        return fields.stream().map(Field::col).toArray(Column[]::new);
    }

    private static Field exact(String name, String meaning) {
        return required(name, createDecimalType(38, 0), meaning);
    }
}
