package manyi.conformed;

import static manyi.table.Field.optional;
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
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.math.survey.RespondentIndex;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The answers to a survey, one row per response, with the respondent's index and the segments that held on the day of
 * the answer. It knows no as_of: what a run may see is decided where figures are made.
 *
 * @param satisfaction the questionnaire and how its answers become an index
 * @param attributes where the attributes behind the segment dimensions come from
 */
public record SurveyResponse(Job.Satisfaction satisfaction, Attributes attributes) implements Derivation {

    private static final DataType POINTS = createDecimalType(18, 9);
    private static final String CUSTOMER_ATTRIBUTES = "customer_attributes";
    private static final String PURCHASE_ATTRIBUTES = "purchase_attributes";
    /** The day whose attributes hold for a response. */
    private static final String HELD_ON = "held_on";

    public static final Field RESPONSE_KEY = required(
            "response_key",
            StringType,
            "The response in the source's words where its source declares a key, else its source, file and place.");
    public static final Field QUESTIONNAIRE =
            required("questionnaire", StringType, "The digest of the questionnaire that was answered.");
    public static final Field SEGMENTS = required(
            "segments",
            createArrayType(StringType),
            "The value of each segment dimension on the day of the answer, in the job's order.");
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
                    "survey_response", "Survey responses with the respondent's index and segments.")
            .on(Visibility.STATE)
            .oneRowPer("response of a population in a wave", Landing.POPULATION, Landing.WAVE, RESPONSE_KEY)
            .with(CarelessResponding.FIELDS)
            .with(Landing.CUSTOMER_ID, Landing.ANSWERED_ON, Landing.RECEIVED_ON)
            .with(Landing.WEIGHT, Landing.STRATUM, Landing.PSU, Landing.STRATUM_SIZE, Landing.PSU_SIZE)
            .with(QUESTIONNAIRE, Landing.ANSWERS, SEGMENTS, CSI, ANSWERED_WEIGHT)
            .expect("weight > 0", "csi between 0 and 100", "answered_weight between 0 and 1")
            .expect(
                    "coalesce(disposition, 'complete') not in ('complete', 'partial') or answered_items <= asked_items",
                    "duration_seconds >= 0")
            .partitionedBy(Landing.WAVE);

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
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        List<Table> inputs = new ArrayList<>(List.of(Landing.SURVEY));
        if (isNamed(attributes.fromCustomers())) {
            inputs.add(CustomerAttribute.TABLE);
        }
        if (isNamed(attributes.fromPurchases())) {
            inputs.add(PurchaseAttribute.TABLE);
        }
        inputs.addAll(Indicators.tables(satisfaction.questionnaire()));
        return inputs;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> landed = CurrentVersions.winners(inputs.read(Landing.SURVEY));
        // of a row per answer only the file knows: a case without answers has no item either
        Dataset<Row> responses = whole(landed.where(Landing.ANSWERS.col().isNotNull()))
                .unionByName(gathered(landed.where(Landing.ANSWERS.col().isNull())))
                .withColumn(HELD_ON, heldOn());
        responses =
                new CarelessResponding(satisfaction.questionnaire()).measured(responses, inputs.read(Landing.SURVEY));
        if (isNamed(attributes.fromCustomers())) {
            responses = withAttributes(
                    responses, inputs.read(CustomerAttribute.TABLE), Landing.VALID_FROM, CUSTOMER_ATTRIBUTES);
        }
        if (isNamed(attributes.fromPurchases())) {
            responses = withAttributes(
                    responses, inputs.read(PurchaseAttribute.TABLE), Landing.PURCHASED_ON, PURCHASE_ATTRIBUTES);
        }
        return TABLE.conform(scored(
                responses
                        .withColumn(
                                QUESTIONNAIRE.name(),
                                lit(satisfaction.questionnaire().digest()))
                        .withColumn(SEGMENTS.name(), segments()),
                inputs));
    }

    /** Responses with the index that the weights among the inputs give them; other columns stay. */
    public Dataset<Row> scored(Dataset<Row> responses, Inputs inputs) {
        return responses
                .withColumn("scored", index(inputs).apply(Landing.ANSWERS.col()))
                .withColumn(CSI.name(), col("scored.csi"))
                .withColumn(ANSWERED_WEIGHT.name(), col("scored.answered_weight"))
                .drop("scored");
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
        Column[] order = {
            Landing.UPDATED_AT.col(), Landing.FILE.col(), Landing.PLACE.col(), Landing.SOURCE.col(),
        };
        Column[] carried = Stream.concat(Arrays.stream(order), CARRIED.stream().map(Field::col))
                .toArray(Column[]::new);
        Column[] answered = Stream.concat(Arrays.stream(order), Stream.of(Landing.ANSWER.col()))
                .toArray(Column[]::new);
        List<Column> answers = new ArrayList<>();
        for (Questionnaire.Item item : satisfaction.questionnaire().items()) {
            answers.add(max(when(Landing.ITEM.col().equalTo(item.id()), struct(answered)))
                    .getField(Landing.ANSWER.name()));
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
        for (var wave : satisfaction.questionnaire().waves()) {
            day = coalesce(day, when(Landing.WAVE.col().equalTo(wave.name()), lit(wave.end())));
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

    private UserDefinedFunction index(Inputs inputs) {
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
