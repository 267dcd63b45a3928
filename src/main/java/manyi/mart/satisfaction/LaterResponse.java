package manyi.mart.satisfaction;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.conformed.Indicators;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.conformed.WaveResponse;
import manyi.mart.survey.Respondents;
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

/**
 * The responses of released waves that have arrived, changed or gone since. Published figures stay as they were released;
 * these rows say what a revision would bring.
 *
 * @param asOf the last day that exists
 */
public record LaterResponse(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions)
        implements Derivation {

    public static final String ARRIVED = "arrived after the wave was released";
    public static final String CHANGED = "changed after the wave was released";
    public static final String GONE = "gone since the wave was released";

    public static final Field CHANGE = Field.text("change", "What happened to the response.");

    public static final Table TABLE = Table.named(
                    "later_response", "Responses of released waves that have arrived, changed or gone since.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "response of a population in a wave", Landing.POPULATION, Landing.WAVE, SurveyResponse.RESPONSE_KEY)
            .with(Landing.CUSTOMER_ID, CHANGE);

    /** What decides a figure, item values and segments aside. */
    private static final List<Field> COMPARED = List.of(
            Landing.CUSTOMER_ID,
            Landing.DISPOSITION,
            Landing.WEIGHT,
            Landing.STRATUM,
            Landing.PSU,
            Landing.STRATUM_SIZE,
            Landing.PSU_SIZE);

    public LaterResponse {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(Stream.concat(
                        Stream.of(SurveyResponse.TABLE, WaveResponse.TABLE),
                        Indicators.tables(satisfaction.questionnaire()).stream())
                .toList());
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    @Override
    public String definition() {
        return Respondents.definition(asOf, satisfaction) + dimensions;
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> today = new WaveResponse(satisfaction.questionnaire(), dimensions).from(inputs);
        Dataset<Row> now = ScoredResponse.scored(today, inputs, satisfaction)
                .where(Landing.WAVE
                        .col()
                        .isin(Respondents.closedWaves(asOf, satisfaction).toArray()))
                .withColumn("reason", Respondents.reasonLeftOut(asOf, satisfaction));
        Dataset<Row> released = inputs.read(WaveResponse.TABLE);
        List<Field> key = TABLE.key();
        Column isSame = key.stream()
                .map(field -> field.of("now").equalTo(field.of("released")))
                .reduce(Column::and)
                .orElseThrow();
        Column change = when(
                        key.get(0).of("released").isNull(),
                        when(
                                col("now.reason").isNull().or(col("now.reason").equalTo(Respondents.RECEIVED_LATE)),
                                ARRIVED))
                .when(key.get(0).of("now").isNull(), GONE)
                .when(col("now.reason").isNull().and(differs()), CHANGED);
        return now.as("now")
                .join(released.as("released"), isSame, "full_outer")
                .withColumn(CHANGE.name(), change)
                .where(CHANGE.col().isNotNull())
                .select(Stream.concat(
                                Stream.concat(key.stream(), Stream.of(Landing.CUSTOMER_ID))
                                        .map(LaterResponse::either),
                                Stream.of(CHANGE.col()))
                        .toArray(Column[]::new));
    }

    private static Column either(Field field) {
        return when(Landing.WAVE.of("now").isNotNull(), field.of("now"))
                .otherwise(field.of("released"))
                .as(field.name());
    }

    /** Whether the values differ; lists of items or dimensions that are others than then cannot be compared. */
    private static Column differs() {
        return hash("now")
                .notEqual(hash("released"))
                .or(differs(Landing.ANSWERS, WaveResponse.ITEMS))
                .or(differs(SurveyResponse.SEGMENTS, WaveResponse.DIMENSIONS));
    }

    private static Column differs(Field values, Field names) {
        return names.of("now")
                .equalTo(names.of("released"))
                .and(values.of("now")
                        .cast("string")
                        .notEqual(values.of("released").cast("string")));
    }

    private static Column hash(String alias) {
        return xxhash64(Stream.concat(
                        COMPARED.stream().map(field -> field.of(alias)),
                        // a null is skipped by the hash, so its position is hashed beside it
                        COMPARED.stream().map(field -> field.of(alias).isNull()))
                .toArray(Column[]::new));
    }
}
