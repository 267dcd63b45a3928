package manyi.conformed;

import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The answers to a survey, one row per response, with the segments that held on the day of the answer. It knows no as_of:
 * what a run may see is decided where figures are made.
 *
 * @param questionnaire whose items the answers are of
 * @param attributes where the attributes behind the segment dimensions come from
 */
public record SurveyResponse(Questionnaire questionnaire, Attributes attributes) implements Derivation {

    private static final String CUSTOMER_ATTRIBUTES = "customer_attributes";
    private static final String PURCHASE_ATTRIBUTES = "purchase_attributes";
    /** The day whose attributes hold for a response. */
    private static final String HELD_ON = "held_on";

    public static final Field RESPONSE_KEY = Field.text(
            "response_key",
            "The response in the source's words where its source declares a key, else its source, file and place.");
    public static final Field QUESTIONNAIRE =
            Field.text("questionnaire", "The digest of the questionnaire that was answered.");
    public static final Field SEGMENTS = required(
            "segments",
            createArrayType(StringType),
            "The value of each segment dimension on the day of the answer, in the job's order.");

    public static final Table TABLE = Table.named("survey_response", "Survey responses with the segments of their day.")
            .on(Visibility.INTERNAL)
            .oneRowPer("response of a population in a wave", Landing.POPULATION, Landing.WAVE, RESPONSE_KEY)
            .with(CarelessResponding.FIELDS)
            .with(Landing.CUSTOMER_ID, Landing.ANSWERED_ON, Landing.RECEIVED_ON)
            .with(Landing.WEIGHT, Landing.STRATUM, Landing.PSU, Landing.STRATUM_SIZE, Landing.PSU_SIZE)
            .with(QUESTIONNAIRE, Landing.ANSWERS, SEGMENTS)
            .expect(
                    "weight > 0",
                    "coalesce(disposition, 'complete') not in ('complete', 'partial') or answered_items <= asked_items",
                    "duration_seconds >= 0")
            .partitionedBy(Landing.WAVE)
            .version(2);

    private static final List<Field> CARRIED = List.of(
            Landing.DISPOSITION,
            Landing.DURATION_SECONDS,
            Landing.CUSTOMER_ID,
            Landing.ANSWERED_ON,
            Landing.RECEIVED_ON,
            Landing.WEIGHT,
            Landing.STRATUM,
            Landing.PSU,
            Landing.STRATUM_SIZE,
            Landing.PSU_SIZE,
            Landing.ATTRIBUTES);

    @Override
    public Lineage lineage() {
        List<Table> inputs = new ArrayList<>(List.of(Landing.SURVEY));
        if (isNamed(attributes.fromCustomers())) {
            inputs.add(CustomerAttribute.TABLE);
        }
        if (isNamed(attributes.fromPurchases())) {
            inputs.add(PurchaseAttribute.TABLE);
        }
        return TABLE.from(inputs);
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> landed = CurrentVersions.of(inputs.read(Landing.SURVEY));
        // of a row per answer only the file knows: a case without answers has no item either
        Dataset<Row> responses = whole(landed.where(Landing.ANSWERS.col().isNotNull()))
                .unionByName(gathered(landed.where(Landing.ANSWERS.col().isNull())))
                .withColumn(HELD_ON, heldOn());
        responses = new CarelessResponding(questionnaire).measured(responses, inputs.read(Landing.SURVEY));
        if (isNamed(attributes.fromCustomers())) {
            responses = withAttributes(
                    responses, inputs.read(CustomerAttribute.TABLE), Landing.VALID_FROM, CUSTOMER_ATTRIBUTES);
        }
        if (isNamed(attributes.fromPurchases())) {
            responses = withAttributes(
                    responses, inputs.read(PurchaseAttribute.TABLE), Landing.PURCHASED_ON, PURCHASE_ATTRIBUTES);
        }
        return responses
                .withColumn(QUESTIONNAIRE.name(), lit(questionnaire.digest()))
                .withColumn(SEGMENTS.name(), segments());
    }

    private static Column place() {
        return concat(Landing.SOURCE.col(), lit("/"), Landing.FILE.col(), lit("#"), Landing.PLACE.col());
    }

    /** Responses that lie in one row. Without a declared key a repeated identifier is no duplicate, and the place tells. */
    private static Dataset<Row> whole(Dataset<Row> rows) {
        Column key = when(Landing.ROW_KEY.col().isNotNull(), Landing.RESPONSE_ID.col());
        return rows.select(selected(
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                coalesce(key, place()).as(RESPONSE_KEY.name()),
                Landing.ANSWERS.col()));
    }

    /** Responses that lie in a row per answer: the greatest row speaks for the response, the greatest of an item for it. */
    private Dataset<Row> gathered(Dataset<Row> rows) {
        Column[] order = Field.columns(Landing.UPDATED_AT, Landing.FILE, Landing.PLACE, Landing.SOURCE);
        Column[] carried = Stream.concat(Arrays.stream(order), CARRIED.stream().map(Field::col))
                .toArray(Column[]::new);
        Column[] answered = Stream.concat(Arrays.stream(order), Stream.of(Landing.ANSWER.col()))
                .toArray(Column[]::new);
        List<Column> answers = new ArrayList<>();
        for (Questionnaire.Item item : questionnaire.items()) {
            answers.add(max(when(Landing.ITEM.is(item.id()), struct(answered))).getField(Landing.ANSWER.name()));
        }
        Column all = array(answers.toArray(Column[]::new)).cast(Landing.ANSWERS.type());
        return rows.groupBy(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        coalesce(Landing.RESPONSE_ID.col(), place()).as(RESPONSE_KEY.name()))
                .agg(max(struct(carried)).as("carried"), all.as(Landing.ANSWERS.name()))
                .select(col("*"), col("carried.*"))
                .select(selected(
                        Landing.POPULATION.col(), Landing.WAVE.col(), RESPONSE_KEY.col(), Landing.ANSWERS.col()));
    }

    private static Column[] selected(Column... first) {
        return Stream.concat(Arrays.stream(first), CARRIED.stream().map(Field::col))
                .toArray(Column[]::new);
    }

    /** The attributes with the greatest day up to the answer's; a day or an answer without a date excludes nothing. */
    private static Dataset<Row> withAttributes(
            Dataset<Row> responses, Dataset<Row> attributes, Field day, String name) {
        Field customer = CustomerAttribute.CUSTOMER_ID;
        Dataset<Row> answerDays = responses
                .where(customer.col().isNotNull())
                .groupBy(customer.col(), col(HELD_ON))
                .agg(count(lit(1)).as("responses"));
        Column isValid = col("answered." + HELD_ON)
                .isNull()
                .or(day.of("known").isNull())
                .or(day.of("known").leq(col("answered." + HELD_ON)));
        Dataset<Row> valid = answerDays
                .as("answered")
                .join(
                        attributes.as("known"),
                        customer.of("answered").equalTo(customer.of("known")).and(isValid),
                        "inner")
                .groupBy(
                        customer.of("answered").as("valid_customer"),
                        col("answered." + HELD_ON).as("valid_on"))
                .agg(max(struct(day.of("known"), Landing.ATTRIBUTES.of("known")))
                        .getField(Landing.ATTRIBUTES.name())
                        .as(name));
        return responses
                .join(
                        valid,
                        customer.col()
                                .equalTo(col("valid_customer"))
                                .and(col(HELD_ON).eqNullSafe(col("valid_on"))),
                        "left")
                .drop("valid_customer", "valid_on");
    }

    /** The day of the answer; where it is not known, the last day of the wave, so that no later day can matter. */
    private Column heldOn() {
        Column day = Landing.ANSWERED_ON.col();
        for (var wave : questionnaire.waves()) {
            day = coalesce(day, when(Landing.WAVE.is(wave.name()), lit(wave.end())));
        }
        return day;
    }

    private Column segments() {
        Column[] values = attributes.dimensions().stream()
                .map(dimension -> concat_ws(
                        Dimension.CROSS,
                        dimension.attributes().stream().map(this::value).toArray(Column[]::new)))
                .toArray(Column[]::new);
        return array(values).cast(SEGMENTS.type());
    }

    private Column value(String attribute) {
        List<Column> values = new ArrayList<>();
        addPlace(values, Landing.ATTRIBUTES.name(), attributes.fromSurvey().indexOf(attribute));
        addPlace(values, CUSTOMER_ATTRIBUTES, attributes.fromCustomers().indexOf(attribute));
        addPlace(values, PURCHASE_ATTRIBUTES, attributes.fromPurchases().indexOf(attribute));
        values.add(lit(Dimension.UNKNOWN));
        Column value = coalesce(values.toArray(Column[]::new));
        return Attributes.plain(value);
    }

    private static void addPlace(List<Column> values, String array, int place) {
        if (place >= 0) {
            values.add(functions.nullif(get(col(array), lit(place)), lit("")));
        }
    }

    private boolean isNamed(List<String> names) {
        return attributes.dimensions().stream()
                .flatMap(dimension -> dimension.attributes().stream())
                .anyMatch(names::contains);
    }
}
