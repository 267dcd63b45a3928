package manyi.mart.satisfaction;

import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Questionnaire;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.Indicators;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Scale;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.math.survey.RespondentIndex;
import manyi.source.Landing;
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
public record IndicatorSatisfaction(LocalDate asOf, Questionnaire questionnaire) implements SurveyMart {

    public static final Field ITEM = Field.text("item", "The indicator, as the questionnaire names it.");
    public static final Field ITEM_TEXT = Field.text("item_text", "The indicator's question.");
    public static final Field ITEM_GROUP =
            Field.optionalText("item_group", "The indicator's group; null where the questionnaire has no groups.");
    public static final Field WEIGHT =
            Field.share("weight", "The indicator's share of the whole index: weight of its group times its own.");
    public static final Field WEIGHT_SOURCE = Field.text(
            "weight_source",
            "given: by the questionnaire; path, drivers: derived from that model and kept fixed over all waves and "
                    + "segments. All intervals treat the weights as known.");
    public static final Field WEIGHT_WAVES = Field.optionalText(
            "weight_waves", "The waves whose answers a derived weight comes from; null where it is given.");
    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers who answered the indicator; null, as is what follows from it, where fewer than"
                            + " minimum_respondents of the segment did not.")
            .in("customers");
    public static final Field MISSING_SHARE = Field.optionalShare(
            "missing_share", "Weighted share of the respondents who did not answer it; null where these are few.");
    private static final EstimateColumns MEAN_SCORE = EstimateColumns.of(
                    "mean_score", "Weighted mean score; null where nobody answered.")
            .in(Scale.POINTS)
            .prefixed("")
            .with(
                    Part.DEGREES_OF_FREEDOM,
                    "Sampling units with an answer less their strata; below 1 no interval. Null as respondents.")
            .with(Part.DESIGN_EFFECT)
            .with(Part.REASON);
    private static final EstimateColumns MEAN_ANSWER = EstimateColumns.of(
                    "mean_answer", "Weighted mean answer on the item's own scale and in its own direction.")
            .in(Scale.differences("the item's own scale"))
            .from("answer");
    public static final Field CONTRIBUTION = Field.optionalNumber(
                    "contribution",
                    "What the indicator adds to the segment's csi; the contributions of all indicators sum to it. Null where few of those"
                            + " who answered it left another indicator out.")
            .in("points, 0 to 100");

    /** What a weight's source is where the questionnaire says the weight. */
    private static final String GIVEN = "given";

    private static final SurveyTable PUBLISHED = SurveyTable.named(
                    "indicator_satisfaction",
                    "Score of each indicator in each segment and closed survey wave, and what it adds to the index.",
                    "population, wave, segment value and indicator",
                    ITEM)
            .with(ITEM_TEXT, ITEM_GROUP, WEIGHT, WEIGHT_SOURCE, WEIGHT_WAVES)
            .figures(RESPONDENTS, MISSING_SHARE)
            .figures(MEAN_SCORE)
            .figures(MEAN_ANSWER)
            .figures(CONTRIBUTION)
            .expect(
                    "weight between 0 and 1",
                    "(weight_source = 'given') = (weight_waves is null)",
                    "respondents >= 0",
                    "missing_share between 0 and 1",
                    "contribution between -1e-6 and 100",
                    "is_suppressed or mean_score is null or standard_error is not null or reason is not null");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public SurveyTable published() {
        return PUBLISHED;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Object[] indicators = questionnaire.items().stream()
                .filter(Indicators::isIndicator)
                .map(Questionnaire.Item::id)
                .toArray();
        Column isScore = SatisfactionCell.FIGURE.is(Figure.SCORE).and(ITEM.col().isin(indicators));
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE).where(SatisfactionCell.PREVIOUS_WAVE.is(""));
        Dataset<Row> indices = cells.where(SatisfactionCell.FIGURE.is(Figure.CSI))
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
        Column low = answer(Figures.LOW);
        Column high = answer(Figures.HIGH);
        Dataset<Row> scored = cells.where(isScore)
                .join(
                        indices,
                        scala.jdk.javaapi.CollectionConverters.asScala(List.of(
                                        Landing.POPULATION.name(),
                                        Landing.WAVE.name(),
                                        SEGMENT.name(),
                                        SEGMENT_VALUE.name()))
                                .toSeq(),
                        "inner")
                .withColumn("estimate", Figures.ofBase(Figures.estimate(), Figures.DEGREES_OF_FREEDOM))
                .withColumn("worst", said(worst, "worst"))
                .withColumn("step", said(step, "step"))
                .withColumn(
                        MEAN_ANSWER.source(),
                        struct(
                                answer(Figures.MEAN).as(Figures.MEAN),
                                Figures.part(MEAN_SCORE.source(), Figures.STANDARD_ERROR)
                                        .multiply(abs(col("step")))
                                        .as(Figures.STANDARD_ERROR),
                                least(low, high).as(Figures.LOW),
                                greatest(low, high).as(Figures.HIGH)));
        return PUBLISHED.rows(
                scored,
                asOf,
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
                SatisfactionCell.INDEX_SHARE.col().as(WEIGHT.name()),
                lit(derived.map(weights -> weights.source().key()).orElse(GIVEN))
                        .as(WEIGHT_SOURCE.name()),
                lit(derived.map(weights -> String.join(", ", weights.waves())).orElse(null))
                        .cast(StringType)
                        .as(WEIGHT_WAVES.name()),
                Figures.ofBase(SatisfactionCell.CUSTOMERS.col()).as(RESPONDENTS.name()),
                Figures.ofBase(lit(1).minus(answered)).as(MISSING_SHARE.name()),
                when(not(SatisfactionCell.IS_CONTRIBUTION_SUPPRESSED.col()), contribution)
                        .as(CONTRIBUTION.name()));
    }

    /** A part of the estimated score on the item's own scale. */
    private static Column answer(String part) {
        return col("worst").plus(Figures.part(MEAN_SCORE.source(), part).multiply(col("step")));
    }

    private Column said(List<?> values, Field field) {
        return said(values, field.name()).cast(field.type()).as(field.name());
    }

    /** What the questionnaire says of the item in a row, given in the order of its items. */
    private Column said(List<?> values, String name) {
        Column said = lit(null);
        for (int i = 0; i < values.size(); i++) {
            said = when(ITEM.is(questionnaire.items().get(i).id()), lit(values.get(i)))
                    .otherwise(said);
        }
        return said.as(name);
    }
}
