package manyi.mart.path;

import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.FrequentValues;
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
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;

/**
 * The moments of the items of model and drivers, for every segment value and group of sampling units: path model,
 * reliability and drivers with their errors are all made from this table. A sampling unit is the mapped one, else the
 * customer. Where a stratum has few units each is a group; where it has many, a hash gathers them.
 *
 * @param asOf the last day that exists
 * @param dimensions the segment dimensions in the order of {@link SurveyResponse#SEGMENTS}
 */
public record MomentCell(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions)
        implements Derivation {

    /** Groups of a population and wave, shared out evenly among its strata. */
    static final int MOST_GROUPS = 1024;
    /**
     * A wave with very many segment values has fewer groups, so that its rows stay near a quarter of a million. Fewer
     * groups than the two least numbers say would leave too few to draw from, so beyond 2,048 values, or with more than
     * 32 strata, rows are up to that many for each value.
     */
    private static final int MOST_ROWS = 262_144;

    private static final int LEAST_GROUPS = 128;
    private static final int LEAST_GROUPS_OF_STRATUM = 32;

    public static final Field STRATUM = Field.text("stratum", "The stratum of the sampling design; empty without one.");
    public static final Field PSU_GROUP =
            required("psu_group", IntegerType, "The group of sampling units within the stratum, from 0.");
    public static final Field MOMENTS = required(
            "moments",
            BinaryType,
            "Weighted sums of items and their products as doubles, rounded once after exact adding.");

    public static final Table TABLE = Table.named(
                    "moment_cell", "Moments of the items of model and drivers by segment and group of sampling units.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "population, wave, segment value, stratum and group",
                    Landing.POPULATION,
                    Landing.WAVE,
                    SegmentColumns.SEGMENT,
                    SegmentColumns.SEGMENT_VALUE,
                    STRATUM,
                    PSU_GROUP)
            .with(MOMENTS)
            .partitionedBy(Landing.WAVE)
            .expect("psu_group >= 0");

    private static final String UNIT = "unit";
    private static final StructType PLAN = new StructType()
            .add(Landing.POPULATION.name(), StringType)
            .add(Landing.WAVE.name(), StringType)
            .add(STRATUM.name(), StringType)
            .add("groups", IntegerType)
            .add("is_small", BooleanType);

    public MomentCell {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(RakingFactor.with(satisfaction, ScoredResponse.TABLE));
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> all = inputs.read(ScoredResponse.TABLE)
                .where(Respondents.reasonLeftOut(asOf, satisfaction).isNull());
        // by all responses, so that a value keeps its name here where it does in the cells that masks are taken from
        FrequentValues frequent = FrequentValues.of(all, dimensions.size());
        Dataset<Row> responses = all.where(Landing.ANSWERS.col().isNotNull())
                .withColumn(STRATUM.name(), coalesce(Landing.STRATUM.col(), lit("")))
                .withColumn(UNIT, Respondents.samplingUnit());
        List<Row> plan = plan(responses, frequent);
        Column[] place = Field.columns(Landing.POPULATION, Landing.WAVE, STRATUM, PSU_GROUP);
        Dataset<Row> ordered = grouped(RakingFactor.applied(responses, inputs, satisfaction, dimensions), plan)
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        STRATUM.col(),
                        PSU_GROUP.col(),
                        SurveyResponse.SEGMENTS.col(),
                        Landing.WEIGHT.col(),
                        Landing.ANSWERS.col().cast("array<double>").as(Landing.ANSWERS.name()))
                .withColumn("hash", xxhash64(place))
                .repartition(col("hash"))
                // a number in front of the names makes the sort several times cheaper
                .sortWithinPartitions(col("hash"), place[0], place[1], place[2], place[3]);
        MomentRows moments = new MomentRows(
                MomentItem.of(satisfaction.questionnaire()),
                dimensions.stream().map(Dimension::name).toList(),
                frequent);
        return TABLE.conform(ordered.mapPartitions(moments, Encoders.row(TABLE.schema())));
    }

    /** How many groups each stratum has, and whether its units are few enough for a group each. */
    private static List<Row> plan(Dataset<Row> responses, FrequentValues frequent) {
        List<Row> strata = responses
                .groupBy(Field.columns(Landing.POPULATION, Landing.WAVE, STRATUM))
                .agg(
                        count_distinct(Landing.PSU.col()).as("psus"),
                        sum(when(Landing.PSU.col().isNull(), 1L).otherwise(0L)).as("others"))
                .collectAsList();
        Map<String, Long> strataOfWave = new HashMap<>();
        strata.forEach(row -> strataOfWave.merge(row.getString(0) + "\n" + row.getString(1), 1L, Long::sum));
        List<Row> plan = new ArrayList<>();
        for (Row row : strata) {
            long most = StrictMath.max(
                    LEAST_GROUPS,
                    StrictMath.min(MOST_GROUPS, MOST_ROWS / frequent.cells(row.getString(0), row.getString(1))));
            long groups = StrictMath.max(
                    LEAST_GROUPS_OF_STRATUM, most / strataOfWave.get(row.getString(0) + "\n" + row.getString(1)));
            boolean isSmall = row.getLong(3) + row.getLong(4) <= groups;
            plan.add(RowFactory.create(row.getString(0), row.getString(1), row.getString(2), (int) groups, isSmall));
        }
        return plan;
    }

    private static Dataset<Row> grouped(Dataset<Row> responses, List<Row> plan) {
        String[] stratum = Field.names(Landing.POPULATION, Landing.WAVE, STRATUM);
        Dataset<Row> planned =
                responses.join(broadcast(responses.sparkSession().createDataFrame(plan, PLAN)), stratum, "inner");
        Column byHash = pmod(xxhash64(col(UNIT)), col("groups").cast(LongType)).cast(IntegerType);
        if (plan.stream().noneMatch(row -> row.getBoolean(4))) {
            return planned.withColumn(PSU_GROUP.name(), byHash);
        }
        Column[] columns = Field.columns(Landing.POPULATION, Landing.WAVE, STRATUM);
        Column[] unit = {columns[0], columns[1], columns[2], col(UNIT)};
        Dataset<Row> numbered = planned.where(col("is_small"))
                .groupBy(unit)
                .agg(count(lit(1)).as("of_unit"))
                .withColumn(
                        "number",
                        row_number()
                                .over(Window.partitionBy(columns).orderBy(col(UNIT)))
                                .minus(1))
                .drop("of_unit");
        return planned.join(numbered, new String[] {stratum[0], stratum[1], stratum[2], UNIT}, "left")
                .withColumn(PSU_GROUP.name(), coalesce(col("number"), byHash));
    }
}
