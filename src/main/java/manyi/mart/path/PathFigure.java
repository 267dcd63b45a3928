package manyi.mart.path;

import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import manyi.config.Dimension;
import manyi.config.Job;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.SatisfactionCell;
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
 * Every figure of path model and drivers in every cell, one row per figure: the published tables are made from this one.
 * A cell of which any item of model or drivers is hidden, or who answered any of them, is not fitted at all.
 */
public record PathFigure(Job.Satisfaction satisfaction) implements Derivation {

    /** Tasks of the fits; each fits the whole wave for itself, since its segments are measured by it. */
    private static final int TASKS = 8;

    public static final Field MEASURE = Field.text("measure", "What the figure says.");
    public static final Field OF = Field.text("of_end", "What it is of; empty for the whole model.");
    public static final Field ON = Field.text("on_end", "Its other end; empty where it has none.");
    public static final Field VALUE = Field.optionalNumber("value", "The figure; null where there is none.");
    public static final Field STANDARD_ERROR =
            Field.optionalNumber("standard_error", "Standard deviation over the replicates.");
    public static final Field LOW =
            Field.optionalNumber("low", "Value minus t standard errors, at 95 %; for correlations on Fisher's scale.");
    public static final Field HIGH = Field.optionalNumber("high", "Value plus t standard errors, likewise.");
    public static final Field PERCENTILE_LOW =
            Field.optionalNumber("percentile_low", "2.5 % of the replicates lie below.");
    public static final Field PERCENTILE_HIGH =
            Field.optionalNumber("percentile_high", "2.5 % of the replicates lie above.");
    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers who answered any item of model or drivers; null where suppressed, and where few of the"
                            + " segment answered none.")
            .in("customers");
    public static final Field REPLICATES = optional(
            "replicates", IntegerType, "Replicates drawn by the bootstrap of sampling units; null where suppressed.");
    public static final Field FAILED_REPLICATES = optional(
            "failed_replicates", IntegerType, "Replicates that gave no figure; errors and limits rest on the others.");
    public static final Field WORD = Field.optionalText("word", "What the figure says in words.");
    public static final Field IS_SUPPRESSED =
            Field.flag("is_suppressed", "Whether figures are suppressed since they rest on too few customers.");
    public static final Field REASON = Field.optionalText(
            "reason", "Why a figure, or its error, is missing; null where none is missing, or all are suppressed.");

    public static final Table TABLE = Table.named(
                    "path_figure", "Every figure of path model and drivers in every segment value.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "population, wave, segment value and figure",
                    Landing.POPULATION,
                    Landing.WAVE,
                    SegmentColumns.SEGMENT,
                    SegmentColumns.SEGMENT_VALUE,
                    MEASURE,
                    OF,
                    ON)
            .with(VALUE, STANDARD_ERROR, LOW, HIGH, PERCENTILE_LOW, PERCENTILE_HIGH)
            .with(RESPONDENTS, REPLICATES, FAILED_REPLICATES, WORD, IS_SUPPRESSED, REASON)
            .partitionedBy(Landing.WAVE)
            .expect(
                    "standard_error >= 0",
                    "low <= value and value <= high",
                    "percentile_low <= percentile_high",
                    "failed_replicates between 0 and replicates",
                    "not is_suppressed or (value is null and respondents is null and reason is null)");

    /** The column that holds this part of every figure. */
    static Field of(Part part) {
        return TABLE.fields().stream()
                .filter(field -> field.name().equals(part.column()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(MomentCell.TABLE, SatisfactionCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        String[] cell =
                Field.names(Landing.POPULATION, Landing.WAVE, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE);
        Dataset<Row> masks = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.FIGURE
                        .is(SatisfactionCell.MODEL_FIGURE)
                        .and(SatisfactionCell.PREVIOUS_WAVE.is("")))
                .select(
                        col(cell[0]),
                        col(cell[1]),
                        col(cell[2]),
                        col(cell[3]),
                        SatisfactionCell.CUSTOMERS.col().as(RESPONDENTS.name()),
                        SatisfactionCell.IS_SUPPRESSED.col().as("is_hidden"),
                        SatisfactionCell.IS_BASE_SUPPRESSED.col().as("is_base_hidden"));
        Column isAll = SegmentColumns.SEGMENT.is(Dimension.ALL);
        Column own = pmod(xxhash64(col(cell[0]), col(cell[1]), col(cell[2]), col(cell[3])), lit((long) TASKS))
                .cast(IntegerType);
        Column tasks = when(isAll, sequence(lit(0), lit(TASKS - 1))).otherwise(array(own));
        Dataset<Row> ordered = inputs.read(MomentCell.TABLE)
                .join(broadcast(masks), cell, "left")
                .withColumn("task", explode(tasks))
                .select(
                        col(cell[0]),
                        col(cell[1]),
                        col(cell[2]),
                        col(cell[3]),
                        MomentCell.STRATUM.col(),
                        MomentCell.PSU_GROUP.col(),
                        coalesce(RESPONDENTS.col(), lit(0L)).as(RESPONDENTS.name()),
                        MomentCell.MOMENTS.col(),
                        // a cell that is not among those suppressed has nothing that says it may be shown
                        coalesce(col("is_hidden"), lit(true)).as("is_hidden"),
                        col("task").equalTo(own).as("is_own"),
                        col("task"),
                        coalesce(col("is_base_hidden"), lit(true)).as("is_base_hidden"),
                        isAll.as("is_all"))
                // by hash, some partitions would have several tasks and others none
                .repartitionById(TASKS, col("task"))
                .sortWithinPartitions(
                        col("task"),
                        col(cell[0]),
                        col(cell[1]),
                        col("is_all").desc(),
                        col(cell[2]),
                        col(cell[3]),
                        MomentCell.STRATUM.col(),
                        MomentCell.PSU_GROUP.col());
        return TABLE.conform(
                ordered.mapPartitions(new CellFits(FitPlan.of(satisfaction)), Encoders.row(TABLE.schema())));
    }
}
