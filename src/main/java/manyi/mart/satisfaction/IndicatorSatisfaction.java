package manyi.mart.satisfaction;

import static manyi.mart.satisfaction.SegmentSatisfaction.AS_OF;
import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Questionnaire;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.Indicators;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.math.survey.RespondentIndex;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How each indicator is scored in each segment and wave, and what it adds to the satisfaction index.
 *
 * @param asOf the last day that exists
 */
public record IndicatorSatisfaction(LocalDate asOf, Questionnaire questionnaire) implements Derivation {

    public static final Field ITEM = required("item", StringType, "The indicator, as the questionnaire names it.");
    public static final Field ITEM_TEXT = required("item_text", StringType, "The indicator's question.");
    public static final Field ITEM_GROUP =
            optional("item_group", StringType, "The indicator's group; null where the questionnaire has no groups.");
    public static final Field WEIGHT = required(
                    "weight",
                    DoubleType,
                    "The indicator's share of the whole index: weight of its group times its own.")
            .in("share, 0 to 1");
    public static final Field WEIGHT_SOURCE = required(
            "weight_source",
            StringType,
            "given: by the questionnaire; path, drivers: derived from that model and held over all waves and segments. All"
                    + " intervals take the weights as known.");
    public static final Field WEIGHT_WAVES = optional(
            "weight_waves", StringType, "The waves whose answers a derived weight comes from; null where it is given.");
    public static final Field RESPONDENTS = optional(
                    "respondents", LongType, "Distinct customers who answered the indicator.")
            .in("customers");
    public static final Field MISSING_SHARE = optional(
                    "missing_share", DoubleType, "Weighted share of the respondents who did not answer it.")
            .in("share, 0 to 1");
    public static final Field MEAN_SCORE = optional(
                    "mean_score", DoubleType, "Weighted mean score; null where nobody answered.")
            .in("points, 0 to 100");
    public static final Field STANDARD_ERROR = optional(
                    "standard_error",
                    DoubleType,
                    "Linearised standard error of mean_score under the sampling design; null where reason says why.")
            .in("points");
    public static final Field LOW = optional("low", DoubleType, "Lower limit of mean_score at 95 % by Student's t.")
            .in("points");
    public static final Field HIGH = optional("high", DoubleType, "Upper limit of mean_score at 95 % by Student's t.")
            .in("points");
    public static final Field DEGREES_OF_FREEDOM = optional(
            "degrees_of_freedom", LongType, "Sampling units with an answer less their strata; below 1 no interval.");
    public static final Field DESIGN_EFFECT = optional(
            "design_effect",
            DoubleType,
            "Variance of mean_score over that of a simple random sample of as many answers; null without variance.");
    public static final Field REASON = optional(
            "reason", StringType, "Why there is neither error nor limits; null where there are, or nobody answered.");
    private static final String ITEM_UNITS = "the item's own scale";
    public static final Field MEAN_ANSWER = optional(
                    "mean_answer", DoubleType, "Weighted mean answer on the item's own scale and in its own direction.")
            .in(ITEM_UNITS);
    public static final Field MEAN_ANSWER_STANDARD_ERROR = optional(
                    "mean_answer_standard_error", DoubleType, "Standard error of mean_answer.")
            .in(ITEM_UNITS);
    public static final Field MEAN_ANSWER_LOW = optional(
                    "mean_answer_low", DoubleType, "Lower limit of mean_answer at 95 % by Student's t.")
            .in(ITEM_UNITS);
    public static final Field MEAN_ANSWER_HIGH = optional(
                    "mean_answer_high", DoubleType, "Upper limit of mean_answer at 95 % by Student's t.")
            .in(ITEM_UNITS);
    public static final Field CONTRIBUTION = optional(
                    "contribution",
                    DoubleType,
                    "What the indicator adds to the segment's csi; all indicators together make it up.")
            .in("points, 0 to 100");

    /** What a weight's source is where the questionnaire says the weight. */
    private static final String GIVEN = "given";

    private static final List<Field> FIGURES = List.of(
            RESPONDENTS,
            MISSING_SHARE,
            MEAN_SCORE,
            STANDARD_ERROR,
            LOW,
            HIGH,
            DEGREES_OF_FREEDOM,
            DESIGN_EFFECT,
            REASON,
            MEAN_ANSWER,
            MEAN_ANSWER_STANDARD_ERROR,
            MEAN_ANSWER_LOW,
            MEAN_ANSWER_HIGH,
            CONTRIBUTION);

    public static final Table TABLE = Table.named(
                    "indicator_satisfaction",
                    "Score of each indicator in each segment and closed survey wave, and what it adds to the index.")
            .oneRowPer(
                    "population, wave, segment value and indicator",
                    AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    ITEM)
            .with(ITEM_TEXT, ITEM_GROUP, WEIGHT, WEIGHT_SOURCE, WEIGHT_WAVES)
            .with(FIGURES.toArray(Field[]::new))
            .with(IS_SUPPRESSED)
            .expect(
                    "weight between 0 and 1",
                    "(weight_source = 'given') = (weight_waves is null)",
                    "respondents >= 0",
                    "missing_share between 0 and 1",
                    "mean_score between 0 and 100",
                    "standard_error >= 0",
                    "design_effect >= 0",
                    "mean_answer_low <= mean_answer and mean_answer <= mean_answer_high",
                    "low between 0 and mean_score and high between mean_score and 100",
                    "is_suppressed or mean_score is null or standard_error is not null or reason is not null",
                    "contribution between -1e-6 and 100",
                    "is_suppressed or respondents is not null");

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return Stream.concat(Stream.of(SatisfactionCell.TABLE), Indicators.tables(questionnaire).stream())
                .toList();
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Object[] indicators = questionnaire.items().stream()
                .filter(Indicators::isIndicator)
                .map(Questionnaire.Item::id)
                .toArray();
        Column isScore = SatisfactionCell.FIGURE
                .col()
                .equalTo(Figure.SCORE)
                .and(ITEM.col().isin(indicators));
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.col().equalTo(""));
        Dataset<Row> indices = cells.where(SatisfactionCell.FIGURE.col().equalTo(Figure.CSI))
                .where(SatisfactionCell.PSUS.col().gt(0))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        SatisfactionCell.WEIGHT.col().cast(DoubleType).as("index_weight"));
        Column answered = SatisfactionCell.WEIGHT.col().cast(DoubleType).divide(col("index_weight"));
        Column contribution = SatisfactionCell.PARTS
                .col()
                .cast(DoubleType)
                .divide(col("index_weight"))
                .divide(RespondentIndex.BILLION);
        List<Double> worst = questionnaire.items().stream()
                .map(item -> (item.isReversed() ? item.high() : item.low()).doubleValue())
                .toList();
        List<Double> step = questionnaire.items().stream()
                .map(item -> item.high().subtract(item.low()).doubleValue() / (item.isReversed() ? -100 : 100))
                .toList();
        var derived = IndicatorWeight.asked(questionnaire);
        Column mean = col("estimate." + Figures.MEAN);
        Column low = col("estimate." + Figures.LOW);
        Column high = col("estimate." + Figures.HIGH);
        return TABLE.conform(cells.where(isScore)
                .join(
                        indices,
                        scala.jdk.javaapi.CollectionConverters.asScala(List.of(
                                        Landing.POPULATION.name(),
                                        Landing.WAVE.name(),
                                        SEGMENT.name(),
                                        SEGMENT_VALUE.name()))
                                .toSeq(),
                        "inner")
                .withColumn("estimate", Figures.estimate())
                .withColumn("worst", said(worst, "worst"))
                .withColumn("step", said(step, "step"))
                .select(
                        lit(asOf).as(AS_OF.name()),
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        ITEM.col(),
                        said(
                                questionnaire.items().stream()
                                        .map(Questionnaire.Item::text)
                                        .toList(),
                                ITEM_TEXT),
                        said(
                                questionnaire.items().stream()
                                        .map(item -> item.group().orElse(null))
                                        .toList(),
                                ITEM_GROUP),
                        said(
                                Indicators.of(questionnaire, inputs).items().stream()
                                        .map(RespondentIndex.Item::lambda)
                                        .toList(),
                                WEIGHT),
                        lit(derived.map(weights -> weights.source().key()).orElse(GIVEN))
                                .as(WEIGHT_SOURCE.name()),
                        lit(derived.map(weights -> String.join(", ", weights.waves()))
                                        .orElse(null))
                                .cast(StringType)
                                .as(WEIGHT_WAVES.name()),
                        SatisfactionCell.CUSTOMERS.col().as(RESPONDENTS.name()),
                        lit(1).minus(answered).as(MISSING_SHARE.name()),
                        col("estimate." + Figures.MEAN).as(MEAN_SCORE.name()),
                        col("estimate." + Figures.STANDARD_ERROR).as(STANDARD_ERROR.name()),
                        col("estimate." + Figures.LOW).as(LOW.name()),
                        col("estimate." + Figures.HIGH).as(HIGH.name()),
                        col("estimate." + Figures.DEGREES_OF_FREEDOM).as(DEGREES_OF_FREEDOM.name()),
                        col("estimate." + Figures.DESIGN_EFFECT).as(DESIGN_EFFECT.name()),
                        col("estimate." + Figures.REASON).as(REASON.name()),
                        answer(mean).as(MEAN_ANSWER.name()),
                        col("estimate." + Figures.STANDARD_ERROR)
                                .multiply(abs(col("step")))
                                .as(MEAN_ANSWER_STANDARD_ERROR.name()),
                        least(answer(low), answer(high)).as(MEAN_ANSWER_LOW.name()),
                        greatest(answer(low), answer(high)).as(MEAN_ANSWER_HIGH.name()),
                        contribution.as(CONTRIBUTION.name()),
                        IS_SUPPRESSED.col()));
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(TABLE, audited, FIGURES);
    }

    /** A score on the item's own scale. */
    private static Column answer(Column score) {
        return col("worst").plus(score.multiply(col("step")));
    }

    private Column said(List<?> values, Field field) {
        return said(values, field.name()).cast(field.type()).as(field.name());
    }

    /** What the questionnaire says of the item in a row, given in the order of its items. */
    private Column said(List<?> values, String name) {
        Column said = lit(null);
        for (int i = 0; i < values.size(); i++) {
            said = when(ITEM.col().equalTo(questionnaire.items().get(i).id()), lit(values.get(i)))
                    .otherwise(said);
        }
        return said.as(name);
    }
}
