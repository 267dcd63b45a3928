package manyi.mart.satisfaction;

import static manyi.mart.satisfaction.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.satisfaction.SatisfactionCell.SEGMENT;
import static manyi.mart.satisfaction.SatisfactionCell.SEGMENT_VALUE;
import static manyi.mart.satisfaction.SegmentSatisfaction.AS_OF;
import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.math.survey.Change;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What each measure of a segment changed by since the wave before. Both waves are one design, so customers who answered in
 * both count for what they tell of the change.
 *
 * @param asOf the last day that exists
 */
public record SatisfactionTrend(LocalDate asOf) implements Derivation {

    public static final Field PREVIOUS_WAVE =
            required("previous_wave", StringType, "The last wave before with answers of the population.");
    public static final Field MEASURE = required("measure", StringType, "The column of segment_satisfaction.");
    public static final Field VALUE = optional("value", DoubleType, "The measure in the wave, in its own unit.");
    public static final Field PREVIOUS_VALUE =
            optional("previous_value", DoubleType, "The measure in the wave before.");
    public static final Field CHANGE = optional("change", DoubleType, "value less previous_value.");
    public static final Field STANDARD_ERROR = optional(
            "standard_error",
            DoubleType,
            "Linearised standard error of change, both waves stacked as one design without a finite correction; null"
                    + " without a degree of freedom.");
    public static final Field LOW = optional("low", DoubleType, "Lower limit of change at 95 % by Student's t.");
    public static final Field HIGH = optional("high", DoubleType, "Upper limit of change at 95 % by Student's t.");
    public static final Field DEGREES_OF_FREEDOM = optional(
            "degrees_of_freedom",
            LongType,
            "Sampling units with an answer in either wave less their strata; below 1 there is no interval.");
    public static final Field P_VALUE = optional(
                    "p_value", DoubleType, "How likely so great a change, either way, is where nothing changed.")
            .in("probability");
    public static final Field ADJUSTED_P_VALUE = optional(
                    "adjusted_p_value",
                    DoubleType,
                    "p_value adjusted (Benjamini and Hochberg) over the published values of the segment, for the measure"
                            + " and the pair of waves.")
            .in("probability");
    public static final Field VERDICT = optional(
            "verdict",
            StringType,
            "rose or fell where adjusted_p_value is at most 0.05, else no clear change; null without an interval.");

    private static final List<Field> FIGURES = List.of(
            VALUE,
            PREVIOUS_VALUE,
            CHANGE,
            STANDARD_ERROR,
            LOW,
            HIGH,
            DEGREES_OF_FREEDOM,
            P_VALUE,
            ADJUSTED_P_VALUE,
            VERDICT);

    public static final Table TABLE = Table.named(
                    "satisfaction_trend",
                    "Change of each measure since the wave before, in each segment and closed survey wave.")
            .oneRowPer(
                    "population, wave, segment value and measure, where the segment value has both waves",
                    AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    PREVIOUS_WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    MEASURE)
            .with(FIGURES.toArray(Field[]::new))
            .with(IS_SUPPRESSED)
            .expect(
                    "previous_wave < wave",
                    "abs(value - previous_value - change) < 1e-9",
                    "standard_error >= 0",
                    "low <= change and change <= high",
                    "p_value between 0 and 1",
                    "adjusted_p_value between p_value - 1e-12 and 1",
                    "verdict in ('rose', 'fell', 'no clear change')",
                    "not is_suppressed or value is null");

    /** Figure → the column of {@link SegmentSatisfaction} that shows it. */
    private static final Map<String, Field> MEASURES = new TreeMap<>(Map.of(
            Figure.CSI, SegmentSatisfaction.CSI,
            Figure.CSM, SegmentSatisfaction.CSM,
            Figure.NPS, SegmentSatisfaction.NPS,
            Figure.CSAT, SegmentSatisfaction.CSAT,
            Figure.EFFORT, SegmentSatisfaction.CES,
            Figure.INTENTION, SegmentSatisfaction.INTENTION_SHARE,
            Figure.DISSATISFIED, SegmentSatisfaction.DISSATISFIED_SHARE,
            Figure.SATISFIED, SegmentSatisfaction.SATISFIED_SHARE,
            Figure.VERY_SATISFIED, SegmentSatisfaction.VERY_SATISFIED_SHARE));

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(SatisfactionCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column measure = lit(null).cast(StringType);
        for (var figure : MEASURES.entrySet()) {
            measure = when(
                            SatisfactionCell.FIGURE.col().equalTo(figure.getKey()),
                            figure.getValue().name())
                    .otherwise(measure);
        }
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE)
                .withColumn(MEASURE.name(), measure)
                .where(MEASURE.col().isNotNull())
                .withColumn("sums", Figures.sums());
        Dataset<Row> waves = cells.where(SatisfactionCell.PREVIOUS_WAVE.col().equalTo(""))
                .where(SatisfactionCell.PSUS.col().gt(0))
                .withColumn("estimate", Figures.estimate());
        String[] key = {
            Landing.POPULATION.name(), Landing.WAVE.name(), SEGMENT.name(), SEGMENT_VALUE.name(), MEASURE.name()
        };
        String[] earlierKey = {
            Landing.POPULATION.name(), PREVIOUS_WAVE.name(), SEGMENT.name(), SEGMENT_VALUE.name(), MEASURE.name()
        };
        Dataset<Row> later = waves.select(
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                SEGMENT.col(),
                SEGMENT_VALUE.col(),
                MEASURE.col(),
                col("sums").as("now"),
                col("estimate.mean").as(VALUE.name()));
        Dataset<Row> earlier = waves.select(
                Landing.POPULATION.col(),
                Landing.WAVE.col().as(PREVIOUS_WAVE.name()),
                SEGMENT.col(),
                SEGMENT_VALUE.col(),
                MEASURE.col(),
                col("sums").as("before"),
                col("estimate.mean").as(PREVIOUS_VALUE.name()));
        Column isHidden = col("now." + IS_SUPPRESSED.name()).or(col("before." + IS_SUPPRESSED.name()));
        Dataset<Row> changes = cells.where(SatisfactionCell.PREVIOUS_WAVE.col().notEqual(""))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SatisfactionCell.PREVIOUS_WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        MEASURE.col(),
                        col("sums").as("both"))
                .join(later, key, "inner")
                .join(earlier, earlierKey, "inner")
                .withColumn(IS_SUPPRESSED.name(), isHidden)
                .withColumn(
                        "changed",
                        when(not(IS_SUPPRESSED.col()), Figures.change(col("now"), col("before"), col("both"))))
                .withColumn(P_VALUE.name(), Figures.part("changed", Figures.P_VALUE))
                .withColumn("scaled", scaled())
                .withColumn(
                        ADJUSTED_P_VALUE.name(),
                        least(lit(1.0), min(col("scaled")).over(andGreater())));
        Column verdict = when(ADJUSTED_P_VALUE.col().gt(Change.LEVEL), Change.Verdict.NO_CLEAR_CHANGE.words())
                .when(Figures.part("changed", Figures.MEAN).gt(0), Change.Verdict.ROSE.words())
                .when(Figures.part("changed", Figures.MEAN).lt(0), Change.Verdict.FELL.words())
                .otherwise(Change.Verdict.NO_CLEAR_CHANGE.words());
        return TABLE.conform(changes.select(
                lit(asOf).as(AS_OF.name()),
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                PREVIOUS_WAVE.col(),
                SEGMENT.col(),
                SEGMENT_VALUE.col(),
                MEASURE.col(),
                when(not(IS_SUPPRESSED.col()), VALUE.col()).as(VALUE.name()),
                when(not(IS_SUPPRESSED.col()), PREVIOUS_VALUE.col()).as(PREVIOUS_VALUE.name()),
                Figures.part("changed", Figures.MEAN).as(CHANGE.name()),
                Figures.part("changed", Figures.STANDARD_ERROR).as(STANDARD_ERROR.name()),
                Figures.part("changed", Figures.LOW).as(LOW.name()),
                Figures.part("changed", Figures.HIGH).as(HIGH.name()),
                Figures.part("changed", Figures.DEGREES_OF_FREEDOM).as(DEGREES_OF_FREEDOM.name()),
                P_VALUE.col(),
                ADJUSTED_P_VALUE.col(),
                when(P_VALUE.col().isNotNull(), verdict).as(VERDICT.name()),
                IS_SUPPRESSED.col()));
    }

    /**
     * p·m/rank in the family; the least of it over this and all greater p-values is the adjusted one.
     *
     * @see "Benjamini, Hochberg (1995), Controlling the false discovery rate, JRSS B 57(1)"
     */
    private static Column scaled() {
        Column rank = row_number().over(family().orderBy(P_VALUE.col(), SEGMENT_VALUE.col()));
        return P_VALUE.col().multiply(count(P_VALUE.col()).over(family())).divide(rank);
    }

    private static WindowSpec andGreater() {
        return family().orderBy(P_VALUE.col(), SEGMENT_VALUE.col())
                .rowsBetween(Window.currentRow(), Window.unboundedFollowing());
    }

    private static WindowSpec family() {
        return Window.partitionBy(
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                PREVIOUS_WAVE.col(),
                SEGMENT.col(),
                MEASURE.col(),
                P_VALUE.col().isNull());
    }

    @Override
    public Dataset<Row> masked(Dataset<Row> audited) {
        return Figures.masked(TABLE, audited, FIGURES);
    }
}
