package manyi.conformed;

import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.math.survey.RespondentIndex;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The responses of released waves with the respondent's index: what the figures of a wave are made from.
 *
 * @param satisfaction the questionnaire and how its answers become an index
 * @param dimensions the job's segment dimensions
 */
public record ScoredResponse(Job.Satisfaction satisfaction, List<Dimension> dimensions) implements Derivation {

    private static final DataType POINTS = createDecimalType(18, 9);

    public static final Field CSI = optional(
                    "csi",
                    POINTS,
                    "The respondent's satisfaction index; null where too little of the indicators' weight was answered.")
            .in("points, 0 to 100");
    public static final Field ANSWERED_WEIGHT = optional(
                    "answered_weight",
                    POINTS,
                    "How much of the indicators' weight was answered; null where the questionnaire has no indicators.")
            .in("share, 0 to 1");

    public static final Table TABLE = Table.named(
                    "scored_response", "The responses of released waves with the respondent's index.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "response of a population in a wave", Landing.POPULATION, Landing.WAVE, SurveyResponse.RESPONSE_KEY)
            .with(Stream.concat(
                            SurveyResponse.TABLE.fields().stream()
                                    .filter(field -> !SurveyResponse.TABLE.key().contains(field)),
                            Stream.of(CSI, ANSWERED_WEIGHT))
                    .toArray(Field[]::new))
            .expect("csi between 0 and 100", "answered_weight between 0 and 1");

    public ScoredResponse {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(
                Stream.concat(Stream.of(WaveResponse.TABLE), Indicators.tables(satisfaction.questionnaire()).stream())
                        .toList());
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        WaveResponse released = new WaveResponse(satisfaction.questionnaire(), dimensions);
        return scored(released.inTodaysOrder(inputs.read(WaveResponse.TABLE)), inputs, satisfaction);
    }

    /** Responses with the index that the weights among the inputs give them; other columns stay. */
    public static Dataset<Row> scored(Dataset<Row> responses, Inputs inputs, Job.Satisfaction satisfaction) {
        return responses
                .withColumn("scored", index(inputs, satisfaction).apply(Landing.ANSWERS.col()))
                .withColumn(CSI.name(), col("scored.csi"))
                .withColumn(ANSWERED_WEIGHT.name(), col("scored.answered_weight"))
                .drop("scored");
    }

    private static UserDefinedFunction index(Inputs inputs, Job.Satisfaction satisfaction) {
        RespondentIndex index = Indicators.of(satisfaction.questionnaire(), inputs);
        long least = BigDecimal.valueOf(satisfaction.minimumAnsweredWeight())
                .movePointRight(9)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        boolean hasIndicators = index.hasIndicators();
        UDF1<scala.collection.Seq<BigDecimal>, Row> scored = given -> {
            if (!hasIndicators || given == null) {
                return RowFactory.create(null, null);
            }
            double[] answers = new double[given.length()];
            for (int i = 0; i < answers.length; i++) {
                BigDecimal answer = given.apply(i);
                answers[i] = answer == null ? Double.NaN : answer.doubleValue();
            }
            long answered = index.answeredWeight(answers);
            BigDecimal csi = answered > 0 && answered >= least ? BigDecimal.valueOf(index.index(answers), 9) : null;
            return RowFactory.create(csi, BigDecimal.valueOf(answered, 9));
        };
        return udf(scored, new StructType().add(CSI.name(), POINTS).add(ANSWERED_WEIGHT.name(), POINTS));
    }
}
