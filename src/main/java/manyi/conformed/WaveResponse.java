package manyi.conformed;

import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.List;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The responses of each wave as they were when it was released, segments included. Whatever is published of a wave comes
 * from these, so that later answers, corrections and settings cannot move it.
 */
public record WaveResponse(Questionnaire questionnaire, List<Dimension> dimensions) implements Derivation {

    public static final Field ITEMS = required(
            "items", createArrayType(StringType), "The items of the questionnaire, in the order of the answers.");
    public static final Field DIMENSIONS = required(
            "dimensions", createArrayType(StringType), "The segment dimensions, in the order of the segments.");

    public static final Table TABLE = Table.named(
                    "wave_response", "The responses of each wave as they were when it was released.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "response of a population in a wave", Landing.POPULATION, Landing.WAVE, SurveyResponse.RESPONSE_KEY)
            .with(SurveyResponse.TABLE.fields().stream()
                    .filter(field -> !SurveyResponse.TABLE.key().contains(field))
                    .toArray(Field[]::new))
            .with(ITEMS, DIMENSIONS)
            .partitionedBy(Landing.WAVE);

    public WaveResponse {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(SurveyResponse.TABLE);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(SurveyResponse.TABLE)
                .withColumn(ITEMS.name(), names(items()))
                .withColumn(DIMENSIONS.name(), names(names()));
    }

    /**
     * Released responses with answers and segments in today's order, where questionnaire or segments have changed since. An
     * item that was not asked then is missing; a dimension that was none then has the empty value, which is no segment's.
     */
    public Dataset<Row> inTodaysOrder(Dataset<Row> released) {
        return released.withColumn(
                        Landing.ANSWERS.name(),
                        functions
                                .when(ITEMS.is(names(items())), Landing.ANSWERS.col())
                                .otherwise(ordered(Landing.ANSWERS, ITEMS, items(), lit(null))))
                .withColumn(
                        SurveyResponse.SEGMENTS.name(),
                        functions
                                .when(DIMENSIONS.is(names(names())), SurveyResponse.SEGMENTS.col())
                                .otherwise(ordered(SurveyResponse.SEGMENTS, DIMENSIONS, names(), lit(""))));
    }

    /** The values of an array whose names lie in another, in the order of other names. */
    private static Column ordered(Field values, Field names, List<String> order, Column missing) {
        Column[] ordered = order.stream()
                .map(name -> functions.coalesce(
                        functions.get(
                                values.col(),
                                functions
                                        .array_position(names.col(), name)
                                        .cast("int")
                                        .minus(1)),
                        missing))
                .toArray(Column[]::new);
        return functions.array(ordered).cast(values.type());
    }

    private List<String> items() {
        return questionnaire.items().stream().map(Questionnaire.Item::id).toList();
    }

    private List<String> names() {
        return dimensions.stream().map(Dimension::name).toList();
    }

    private static Column names(List<String> names) {
        return functions
                .array(names.stream().map(functions::lit).toArray(Column[]::new))
                .cast(createArrayType(StringType));
    }
}
