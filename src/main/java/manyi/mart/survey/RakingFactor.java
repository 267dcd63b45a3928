package manyi.mart.survey;

import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Weighting;
import manyi.conformed.SurveyResponse;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the survey weights of a wave are multiplied by, so that the margins hold, and the step that does it. */
public final class RakingFactor {

    /** The weight before raking, beside {@link Landing#WEIGHT}, which is the raked one then. */
    public static final String BASE_WEIGHT_OF_RESPONSE = "base_weight_of_response";

    public static final Field LEVELS = required(
            "levels", createArrayType(StringType), "The value in each margin, in the order of the job document.");
    public static final Field EACH_BASE_WEIGHT = required(
            "each_base_weight",
            createDecimalType(18, 9),
            "The weight before raking of each response of the cell where weights are trimmed; else 0, for any.");
    public static final Field RESPONSES = Field.whole("responses", "Responses that count.");
    public static final Field BASE_WEIGHTS =
            required("base_weights", createDecimalType(38, 9), "Sum of their weights before raking.");
    public static final Field FACTOR = Field.number("factor", "What these weights are multiplied by.");
    public static final Field POPULATION_COUNTS = required(
            "population_counts", createArrayType(DoubleType), "The population of each of the levels, in their order.");
    public static final Field ROUNDS = required("rounds", IntegerType, "Iterations of the raking of the wave.");
    public static final Field MARGIN_ERROR =
            Field.number("margin_error", "The greatest relative error of a level of the wave that is left.");
    public static final Field TRIMMED =
            Field.whole("trimmed_responses", "Responses of the wave whose weight lies at a bound.");
    public static final Field DESIGN_EFFECT =
            Field.number("weighting_design_effect", "Kish's design effect of the unequal raked weights of the wave.");

    public static final Table TABLE = Table.named(
                    "raking_factor", "What survey weights are multiplied by, so that the margins of a wave hold.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "population, wave, combination of levels and, where weights are trimmed, base weight",
                    Landing.POPULATION,
                    Landing.WAVE,
                    LEVELS,
                    EACH_BASE_WEIGHT)
            .with(RESPONSES, BASE_WEIGHTS, FACTOR, POPULATION_COUNTS, ROUNDS, MARGIN_ERROR, TRIMMED, DESIGN_EFFECT)
            .partitionedBy(Landing.WAVE)
            .expect("responses > 0", "base_weights > 0", "factor > 0");

    private static final BigDecimal LEAST_WEIGHT = new BigDecimal("0.000000001");

    private RakingFactor() {}

    /** These inputs, and the factors where the job rakes weights. */
    public static List<Table> with(Job.Satisfaction satisfaction, Table... inputs) {
        List<Table> all = new ArrayList<>(Arrays.asList(inputs));
        satisfaction.weighting().ifPresent(weighting -> all.add(TABLE));
        return all;
    }

    /** The places of the margins' dimensions among the segments of a response. */
    public static List<Integer> places(Weighting weighting, List<Dimension> dimensions) {
        List<String> names = dimensions.stream().map(Dimension::name).toList();
        return weighting.margins().stream()
                .map(margin -> names.indexOf(margin.segment()))
                .toList();
    }

    /** The levels of a response. */
    public static Column levels(Weighting weighting, List<Dimension> dimensions) {
        return array(places(weighting, dimensions).stream()
                .map(place -> SurveyResponse.SEGMENTS.col().getItem(place))
                .toArray(Column[]::new));
    }

    /** What responses of a cell share beside their levels. */
    public static Column eachBaseWeight(Weighting weighting) {
        return (weighting.trim().isPresent() ? Landing.WEIGHT.col() : lit(BigDecimal.ZERO))
                .cast(EACH_BASE_WEIGHT.type());
    }

    /**
     * The responses that count with their raked weights, each rounded once to its nine decimals, and their base weights
     * beside; as they are, with no base weight, where the job rakes none.
     */
    public static Dataset<Row> applied(
            Dataset<Row> responses, Inputs inputs, Job.Satisfaction satisfaction, List<Dimension> dimensions) {
        if (satisfaction.weighting().isEmpty()) {
            return responses.withColumn(BASE_WEIGHT_OF_RESPONSE, lit(null).cast(Landing.WEIGHT.type()));
        }
        Weighting weighting = satisfaction.weighting().get();
        String[] key = Field.names(Landing.POPULATION, Landing.WAVE, LEVELS, EACH_BASE_WEIGHT);
        Dataset<Row> factors = inputs.read(TABLE)
                .select(Stream.concat(Arrays.stream(key), Stream.of(FACTOR.name()))
                        .map(name -> col(name))
                        .toArray(Column[]::new));
        Column product = Landing.WEIGHT.col().cast(DoubleType).multiply(FACTOR.col());
        Column raked =
                greatest(product.cast(Landing.WEIGHT.type()), lit(LEAST_WEIGHT).cast(Landing.WEIGHT.type()));
        return responses
                .withColumn(LEVELS.name(), levels(weighting, dimensions))
                .withColumn(EACH_BASE_WEIGHT.name(), eachBaseWeight(weighting))
                .join(factors, key, "left_outer")
                .withColumn(BASE_WEIGHT_OF_RESPONSE, Landing.WEIGHT.col())
                .withColumn(
                        Landing.WEIGHT.name(),
                        when(FACTOR.col().isNull(), Landing.WEIGHT.col()).otherwise(raked))
                .drop(LEVELS.name(), EACH_BASE_WEIGHT.name(), FACTOR.name());
    }
}
