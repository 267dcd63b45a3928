package manyi.mart.satisfaction;

import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.LongType;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Questionnaire;
import manyi.mart.survey.Comparisons;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Scale;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * How far experience met expectation: a ratio of two means over the same respondents, in each segment and wave. What was
 * expected is either said in the same response, or it had been said in an earlier one of the same customer.
 *
 * @param asOf the last day that exists
 */
public record ExpectationGap(LocalDate asOf, Questionnaire questionnaire) implements SurveyMart {

    public static final Field DIMENSION = PairedCell.DIMENSION;
    /** Both questions were answered in one response. */
    public static final String ONE_RESPONSE = "one response";
    /** What was expected stands in an earlier response of the customer. */
    public static final String BEFORE_AND_AFTER = "before and after";

    public static final Field PAIRING = Field.text(
            "pairing",
            "Where the expectation was answered: in 'one response' with the experience; or 'before and after', in "
                    + "the customer's latest response of an earlier day that answers it, of this wave or an earlier one.");
    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers who answered what they expected and what they experienced; for before "
                            + "and after nine in ten of them, the others being held out in this segment dimension so that nobody can be"
                            + " subtracted.")
            .in("customers");
    public static final Field EXPECTED = Field.optionalNumber(
                    "expected", "Weighted mean of what they expected, higher being better; null for before and after.")
            .in("answers of a scale that starts above 0");
    public static final Field PERCEIVED = Field.optionalNumber(
                    "perceived", "Weighted mean of what the same respondents experienced; null for before and after.")
            .in("answers of a scale that starts above 0");
    private static final EstimateColumns RATIO = EstimateColumns.of(
                    "ratio",
                    "perceived over expected: a ratio of means, not a mean of ratios; for before and after "
                            + "the ratio, its error and limits are rounded to three decimals.")
            .in(Scale.differences("ratio"))
            .prefixed("")
            .with(
                    Part.STANDARD_ERROR,
                    "Linearised standard error of ratio under the sampling design, for before and after "
                            + "without finite population correction; null where reason says why.")
            .with(Part.REASON)
            .from("ratio_estimate");
    public static final Field STATE = Field.optionalText(
            "state",
            "very satisfied where low lies above 1, dissatisfied where high lies below 1, else satisfied; null without an"
                    + " interval.");
    public static final Field WAVES_ABOVE_ONE = Field.optionalWhole(
                    "waves_above_one", "Consecutive published waves, up to this one, in which low is above 1.")
            .in("waves");
    public static final Field IS_RECODED = Field.flag(
            "is_recoded",
            "Whether the scale starts at 0 or below and was moved up to start at 1; of 'all', of any dimension.");

    private static final int DECIMALS_OF_PAIRS = 3;

    private static final SurveyTable PUBLISHED = SurveyTable.named(
                    "expectation_gap",
                    "What customers experienced over what they had expected, in each segment and closed survey wave.",
                    "population, wave, segment value, dimension and pairing",
                    DIMENSION,
                    PAIRING)
            .figures(RESPONDENTS, EXPECTED, PERCEIVED)
            .figures(RATIO)
            .figures(STATE, WAVES_ABOVE_ONE)
            .with(IS_RECODED)
            .expect(
                    "pairing in ('one response', 'before and after')",
                    "respondents >= 1",
                    "pairing = 'one response' or expected is null and perceived is null",
                    "expected > 0 and perceived > 0",
                    "abs(ratio * expected - perceived) < 1e-6",
                    "state in ('very satisfied', 'satisfied', 'dissatisfied')",
                    "waves_above_one >= 0");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public SurveyTable published() {
        return PUBLISHED;
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(SatisfactionCell.TABLE, PairedCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column isBeforeAndAfter = SatisfactionCell.FIGURE.is(concat(lit(Figure.BEFORE_AND_AFTER), SEGMENT.col()));
        Column isInOneResponse =
                SatisfactionCell.FIGURE.col().isin(Figure.EXPECTATION, Figure.EXPECTED, Figure.PERCEIVED);
        Dataset<Row> estimates = withPairs(
                        inputs.read(SatisfactionCell.TABLE)
                                .where(SatisfactionCell.PREVIOUS_WAVE.is(""))
                                .where(isInOneResponse
                                        .or(isBeforeAndAfter)
                                        .and(SatisfactionCell.PSUS.col().gt(0)))
                                .withColumn(
                                        PAIRING.name(),
                                        when(isInOneResponse, ONE_RESPONSE).otherwise(BEFORE_AND_AFTER)),
                        inputs)
                .withColumn("estimate", Figures.estimate())
                .groupBy(Field.columns(
                        Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE, SatisfactionCell.ITEM, PAIRING))
                .agg(
                        max(when(isFigure(Figure.EXPECTED), col("estimate.mean")))
                                .as(EXPECTED.name()),
                        max(when(isFigure(Figure.PERCEIVED), col("estimate.mean")))
                                .as(PERCEIVED.name()),
                        max(when(
                                        isFigure(Figure.EXPECTATION).or(isBeforeAndAfter),
                                        struct(
                                                Figures.ofBase(SatisfactionCell.CUSTOMERS.col())
                                                        .as(SatisfactionCell.CUSTOMERS.name()),
                                                col("estimate"))))
                                .as("gap"),
                        // the ratio and the mean of an item that nearly all of them answered would tell the other mean
                        max(IS_SUPPRESSED.col()).as(IS_SUPPRESSED.name()))
                .withColumn(
                        RATIO.source(),
                        struct(Stream.concat(
                                        Stream.of(Figures.MEAN, Figures.STANDARD_ERROR, Figures.LOW, Figures.HIGH)
                                                .map(ExpectationGap::rounded),
                                        Stream.of(col("gap.estimate." + Figures.REASON)
                                                .as(Figures.REASON)))
                                .toArray(Column[]::new)));
        Column low = Figures.part(RATIO.source(), Figures.LOW);
        Column high = Figures.part(RATIO.source(), Figures.HIGH);
        Column isAbove = not(IS_SUPPRESSED.col()).and(coalesce(low.gt(1), lit(false)));
        Dataset<Row> numbered = estimates
                .withColumn("is_above", isAbove)
                .withColumn(
                        "wave_number",
                        dense_rank()
                                .over(Window.partitionBy(Landing.POPULATION.col())
                                        .orderBy(Landing.WAVE.col())))
                .withColumn("before", lag(col("wave_number"), 1).over(ofLine()))
                .withColumn("was_above", lag(col("is_above"), 1).over(ofLine()));
        // a wave without answers ends a run as one below does
        Column goesOn =
                col("was_above").and(col("before").equalTo(col("wave_number").minus(1)));
        Dataset<Row> runs = numbered.withColumn(
                        "start",
                        max(when(not(coalesce(goesOn, lit(false))), col("wave_number")))
                                .over(ofLine().rowsBetween(Window.unboundedPreceding(), Window.currentRow())))
                .withColumn(
                        WAVES_ABOVE_ONE.name(),
                        when(
                                        col("is_above"),
                                        col("wave_number").minus(col("start")).plus(1))
                                .otherwise(0)
                                .cast(LongType));
        return PUBLISHED.rows(
                runs,
                asOf,
                SatisfactionCell.ITEM.col().as(DIMENSION.name()),
                PAIRING.col(),
                col("gap." + SatisfactionCell.CUSTOMERS.name()).as(RESPONDENTS.name()),
                EXPECTED.col(),
                PERCEIVED.col(),
                when(low.gt(1), "very satisfied")
                        .when(high.lt(1), "dissatisfied")
                        .when(low.isNotNull(), "satisfied")
                        .as(STATE.name()),
                WAVES_ABOVE_ONE.col(),
                isRecoded().as(IS_RECODED.name()));
    }

    /**
     * A part of the estimated ratio. Of pairs three decimals are published: all digits of a ratio of two whole numbers
     * give both away, and so what one customer expected who is there in one wave and not in the next.
     */
    private static Column rounded(String part) {
        Column all = Figures.part("gap.estimate", part);
        return when(PAIRING.is(BEFORE_AND_AFTER), round(all, DECIMALS_OF_PAIRS))
                .otherwise(all)
                .as(part);
    }

    private Column isRecoded() {
        List<String> recoded = questionnaire.gaps().stream()
                .filter(gap -> Comparisons.shift(questionnaire.items().get(questionnaire.place(gap.expected()))) > 0)
                .map(Questionnaire.Gap::name)
                .toList();
        Column isOne = SatisfactionCell.ITEM.col().isin(recoded.toArray());
        return recoded.isEmpty() ? lit(false) : isOne.or(SatisfactionCell.ITEM.is(Figure.ALL_DIMENSIONS));
    }

    private static Column isFigure(String figure) {
        return SatisfactionCell.FIGURE.is(figure);
    }

    /** The rows of cells, those of pairs hidden where the pairs of the cell must be, too. */
    private static Dataset<Row> withPairs(Dataset<Row> cells, Inputs inputs) {
        String[] key = Field.names(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE, SatisfactionCell.ITEM);
        Dataset<Row> pairs = inputs.read(PairedCell.TABLE)
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        DIMENSION.col().as(SatisfactionCell.ITEM.name()),
                        IS_SUPPRESSED.col().as("are_pairs_suppressed"));
        Column isHidden = PAIRING.is(BEFORE_AND_AFTER).and(coalesce(col("are_pairs_suppressed"), lit(true)));
        return cells.join(pairs, key, "left_outer")
                .withColumn(IS_SUPPRESSED.name(), IS_SUPPRESSED.col().or(isHidden));
    }

    /** The waves of one segment value, dimension and pairing in their order. */
    private static WindowSpec ofLine() {
        return Window.partitionBy(
                        Field.columns(Landing.POPULATION, SEGMENT, SEGMENT_VALUE, SatisfactionCell.ITEM, PAIRING))
                .orderBy(Landing.WAVE.col());
    }
}
