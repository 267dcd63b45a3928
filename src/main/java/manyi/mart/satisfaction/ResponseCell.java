package manyi.mart.satisfaction;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyi.config.Dimension;
import manyi.config.Disposition;
import manyi.config.Job;
import manyi.conformed.CarelessResponding;
import manyi.conformed.ScoredResponse;
import manyi.mart.survey.CarelessRespondingRules;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.Respondents;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The cases of closed waves condensed to counts per cell of wave and segment value, for {@link ResponseQuality}.
 *
 * @param asOf the last day that exists
 * @param dimensions the segment dimensions in the order of {@link SurveyResponse#SEGMENTS}
 */
public record ResponseCell(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions)
        implements Derivation {

    static final Field ASKED =
            Field.whole("asked_customers", "Customers who were asked.").in("customers");
    static final Field ANSWERING =
            Field.whole("answering_customers", "Customers who answered.").in("customers");
    static final Field WEIGHT = required(
                    "counted_weight", createDecimalType(38, 0), "The sum of weights of the responses that count.")
            .in("billionths");
    static final Field TIMED = Field.whole("timed_responses", "Responses in time whose duration is known.")
            .in(ResponseQuality.RESPONSES);
    static final Field ASKED_ITEMS =
            Field.whole("asked_items", "Items asked in responses in time.").in("items");
    static final Field INCOMPLETE = Field.whole(
                    "incomplete_responses", "Responses in time that left an item open that they were asked.")
            .in(ResponseQuality.RESPONSES);
    static final Field MISSING_ITEMS =
            Field.whole("missing_items", "Of these, items without an answer.").in("items");

    public static final Table TABLE = Table.named("response_cell", "Cases of closed waves by segment value.")
            .on(Visibility.INTERNAL)
            .oneRowPer("population, wave and segment value", Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE)
            .with(ASKED, ANSWERING, WEIGHT)
            .with(
                    ResponseQuality.INVITATIONS,
                    ResponseQuality.COMPLETES,
                    ResponseQuality.PARTIALS,
                    ResponseQuality.LATE_RESPONSES,
                    ResponseQuality.REFUSALS,
                    ResponseQuality.NON_CONTACTS,
                    ResponseQuality.OTHER_NONRESPONSES,
                    ResponseQuality.UNKNOWN_ELIGIBILITY,
                    ResponseQuality.NOT_ELIGIBLE,
                    ResponseQuality.TESTS,
                    ResponseQuality.STRAIGHT_LINED,
                    ResponseQuality.SPED,
                    TIMED,
                    ResponseQuality.MOSTLY_MISSING,
                    ASKED_ITEMS,
                    MISSING_ITEMS,
                    INCOMPLETE,
                    ResponseQuality.COUNTED)
            .partitionedBy(Landing.WAVE)
            .expect("answering_customers <= asked_customers", "missing_items <= asked_items");

    public ResponseCell {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(RakingFactor.with(satisfaction, ScoredResponse.TABLE));
    }

    /** What a case adds to the counts. */
    private Map<String, Column> counts() {
        CarelessRespondingRules carefulness = new CarelessRespondingRules(satisfaction.quality());
        Column isLate = coalesce(col("reason").equalTo(Respondents.RECEIVED_LATE), lit(false));
        Column isInTime = CarelessResponding.isAnswered().and(not(isLate));
        Column asked = when(isInTime, coalesce(CarelessResponding.ASKED_ITEMS.col(), lit(0)));
        Column answered = when(isInTime, coalesce(CarelessResponding.ANSWERED_ITEMS.col(), lit(0)));
        Map<String, Column> counts = new LinkedHashMap<>();
        counts.put(ResponseQuality.INVITATIONS.name(), one(not(CarelessRespondingRules.is(Disposition.TEST))));
        counts.put(
                ResponseQuality.COMPLETES.name(),
                one(CarelessRespondingRules.is(Disposition.COMPLETE).and(isInTime)));
        counts.put(
                ResponseQuality.PARTIALS.name(),
                one(CarelessRespondingRules.is(Disposition.PARTIAL).and(isInTime)));
        counts.put(ResponseQuality.LATE_RESPONSES.name(), one(isLate));
        counts.put(ResponseQuality.REFUSALS.name(), one(CarelessRespondingRules.is(Disposition.REFUSAL)));
        counts.put(ResponseQuality.NON_CONTACTS.name(), one(CarelessRespondingRules.is(Disposition.NON_CONTACT)));
        counts.put(
                ResponseQuality.OTHER_NONRESPONSES.name(),
                one(CarelessRespondingRules.is(Disposition.OTHER_NONRESPONSE)));
        counts.put(
                ResponseQuality.UNKNOWN_ELIGIBILITY.name(),
                one(CarelessRespondingRules.is(Disposition.UNKNOWN_ELIGIBILITY)));
        counts.put(ResponseQuality.NOT_ELIGIBLE.name(), one(CarelessRespondingRules.is(Disposition.NOT_ELIGIBLE)));
        counts.put(ResponseQuality.TESTS.name(), one(CarelessRespondingRules.is(Disposition.TEST)));
        counts.put(ResponseQuality.STRAIGHT_LINED.name(), one(isInTime.and(carefulness.isStraightLine())));
        counts.put(ResponseQuality.SPED.name(), one(isInTime.and(carefulness.isSped())));
        counts.put(TIMED.name(), one(isInTime.and(Landing.DURATION_SECONDS.col().isNotNull())));
        counts.put(ResponseQuality.MOSTLY_MISSING.name(), one(isInTime.and(carefulness.isMostlyMissing())));
        counts.put(ASKED_ITEMS.name(), coalesce(asked, lit(0)).cast(LongType));
        counts.put(MISSING_ITEMS.name(), coalesce(asked.minus(answered), lit(0)).cast(LongType));
        counts.put(INCOMPLETE.name(), one(isInTime.and(coalesce(asked.gt(answered), lit(false)))));
        counts.put(ResponseQuality.COUNTED.name(), one(col("reason").isNull()));
        return counts;
    }

    /** One shuffle brings the cases of each customer together; what leaves a partition is a row per cell. */
    @Override
    public Dataset<Row> from(Inputs inputs) {
        Map<String, Column> counts = counts();
        Column exists = col("reason")
                .isNull()
                .or(not(col("reason").isin(Respondents.WAVE_IS_OPEN, Respondents.ANSWERED_LATER)));
        Column weight = when(col("reason").isNull(), Landing.WEIGHT.col()).otherwise(lit(BigDecimal.ZERO));
        Column[] chosen = ResponseCells.CASE.stream().map(name -> col(name)).toArray(Column[]::new);
        Dataset<Row> cases = RakingFactor.applied(inputs.read(ScoredResponse.TABLE), inputs, satisfaction, dimensions)
                .withColumn("reason", Respondents.reasonLeftOut(asOf, satisfaction))
                .where(exists)
                .withColumn("unit", Respondents.unit())
                .withColumn("counts", array(counts.values().toArray(Column[]::new)))
                .withColumn("is_case", not(CarelessRespondingRules.is(Disposition.TEST)))
                .withColumn("is_answered", CarelessResponding.isAnswered())
                .withColumn("weight", weight)
                .select(chosen)
                // a number in front of the names makes the sort several times cheaper
                .withColumn("hash", xxhash64(Landing.POPULATION.col(), Landing.WAVE.col(), col("unit")))
                .repartition(col("hash"))
                .sortWithinPartitions(col("hash"), Landing.POPULATION.col(), Landing.WAVE.col(), col("unit"));
        List<String> names = dimensions.stream().map(Dimension::name).toList();
        Dataset<Row> parts =
                cases.mapPartitions(new ResponseCells(names, counts.size()), Encoders.row(ResponseCells.SCHEMA));
        List<Column> columns = new ArrayList<>(List.of(ASKED.col(), ANSWERING.col(), WEIGHT.col()));
        int place = 0;
        for (String name : counts.keySet()) {
            columns.add(col("counts").getItem(place++).as(name));
        }
        columns.addAll(0, List.of(Landing.POPULATION.col(), Landing.WAVE.col(), SEGMENT.col(), SEGMENT_VALUE.col()));
        return ResponseQuality.summed(parts.select(columns.toArray(Column[]::new)), false);
    }

    private static Column one(Column condition) {
        return when(condition, 1L).otherwise(0L);
    }
}
