package manyi.mart.satisfaction;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manyi.config.Weighting;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.Figures;
import manyi.mart.survey.RakingFactor;
import manyi.mart.survey.SatisfactionCell;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * How far survey weights were from the margins before raking, and how near they are after it.
 *
 * @param asOf the last day that exists
 * @param minimumRespondents fewer responses at a bound of the weights are not told
 */
public record SurveyWeighting(LocalDate asOf, Weighting weighting, int minimumRespondents) implements Derivation {

    private static final String PERSONS = "persons";

    public static final Field POPULATION_COUNT = Field.number(
                    "population_count", "People of the population with this value, as the margin says.")
            .in(PERSONS);
    public static final Field COUNTED = Field.optionalWhole(
                    "counted_responses", "Responses with this value on which the figures rest.")
            .in("responses");
    public static final Field WEIGHT_BEFORE = Field.optionalNumber(
                    "weight_before", "Sum of their weights before raking.")
            .in(PERSONS);
    public static final Field WEIGHT_AFTER = Field.optionalNumber(
                    "weight_after", "Sum of their raked weights; each weight is rounded to nine decimals afterwards.")
            .in(PERSONS);
    public static final Field ERROR = Field.optionalNumber(
                    "margin_error", "weight_after over population_count, less 1; what trimming leaves.")
            .in("share");
    public static final Field GREATEST_ERROR = Field.optionalNumber(
                    "greatest_margin_error", "The greatest absolute margin_error of the wave.")
            .in("share");
    public static final Field ROUNDS =
            optional("rounds", IntegerType, "Iterations of the raking of the wave, each over every margin once.");
    public static final Field DESIGN_EFFECT = Field.optionalNumber(
            "weighting_design_effect",
            "What unequal raked weights cost the wave (Kish): responses times the sum of squared weights over the"
                    + " squared sum; 1 where all weigh the same.");
    public static final Field IS_TRIMMED = Field.flag("is_trimmed", "Whether raked weights have bounds.");
    public static final Field TRIMMED = Field.optionalWhole(
                    "trimmed_responses",
                    "Responses of the wave whose raked weight lies at a bound; null where there are some, but "
                            + "fewer than minimum_respondents.")
            .in("responses");

    private static final List<Field> FIGURES =
            List.of(COUNTED, WEIGHT_BEFORE, WEIGHT_AFTER, ERROR, GREATEST_ERROR, ROUNDS, DESIGN_EFFECT, TRIMMED);

    public static final Table TABLE = Table.named(
                    "survey_weighting",
                    "The margins that survey weights are raked to, and the weights before and after, of each closed"
                            + " survey wave.")
            .oneRowPer(
                    "population, wave and value of a margin",
                    SegmentColumns.AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE)
            .with(POPULATION_COUNT)
            .with(COUNTED, WEIGHT_BEFORE, WEIGHT_AFTER, ERROR, GREATEST_ERROR, ROUNDS, DESIGN_EFFECT)
            .with(IS_TRIMMED)
            .with(TRIMMED)
            .with(SatisfactionCell.IS_SUPPRESSED)
            .expect(
                    "population_count > 0",
                    "counted_responses >= 1",
                    "weight_before > 0",
                    "weight_after > 0",
                    "abs(margin_error) <= greatest_margin_error + 1e-9",
                    "is_trimmed or greatest_margin_error <= 1e-9",
                    "weighting_design_effect >= 1 - 1e-9",
                    "trimmed_responses = 0 or is_trimmed",
                    "is_suppressed or counted_responses is not null");

    @Override
    public Lineage lineage() {
        return TABLE.from(RakingFactor.TABLE, SatisfactionCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> levels =
                inputs.create(TABLE, levels(inputs.read(RakingFactor.TABLE).collectAsList()));
        Dataset<Row> masks =
                SatisfactionCell.masks(inputs).withColumnRenamed(SatisfactionCell.IS_SUPPRESSED.name(), "is_hidden");
        String[] key = Field.names(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE);
        // a value that was gathered with other rare ones has no mask of its own, and is hidden
        return TABLE.conform(levels.join(broadcast(masks), key, "left_outer")
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(SatisfactionCell.IS_SUPPRESSED.name(), coalesce(col("is_hidden"), lit(true))));
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(TABLE, audited, FIGURES);
    }

    /** What is added up over the cells of a level; exact, so that no order matters. */
    private static final class Level {
        private final Row any;
        private final int margin;
        private long responses;
        private BigDecimal before = BigDecimal.ZERO;
        private BigDecimal after = BigDecimal.ZERO;

        Level(Row any, int margin) {
            this.any = any;
            this.margin = margin;
        }

        void add(Row cell) {
            BigDecimal weights = cell.getAs(RakingFactor.BASE_WEIGHTS.name());
            responses += cell.<Long>getAs(RakingFactor.RESPONSES.name());
            before = before.add(weights);
            after = after.add(weights.multiply(BigDecimal.valueOf(cell.<Double>getAs(RakingFactor.FACTOR.name()))));
        }
    }

    private record Place(String wave, int margin, String value) {}

    private List<Row> levels(List<Row> cells) {
        Map<Place, Level> levels = new HashMap<>();
        for (Row cell : cells) {
            List<String> values = cell.getList(cell.fieldIndex(RakingFactor.LEVELS.name()));
            for (int margin = 0; margin < values.size(); margin++) {
                int place = margin;
                levels.computeIfAbsent(
                                new Place(cell.getAs(Landing.WAVE.name()), margin, values.get(margin)),
                                any -> new Level(cell, place))
                        .add(cell);
            }
        }
        List<Row> rows = new ArrayList<>();
        levels.forEach((place, level) -> rows.add(row(place, level)));
        return rows;
    }

    private Row row(Place place, Level level) {
        List<Double> counts = level.any.getList(level.any.fieldIndex(RakingFactor.POPULATION_COUNTS.name()));
        double population = counts.get(level.margin);
        long trimmed = level.any.getAs(RakingFactor.TRIMMED.name());
        double after = level.after.doubleValue();
        return RowFactory.create(
                null,
                weighting.population(),
                place.wave(),
                weighting.margins().get(place.margin()).segment(),
                place.value(),
                population,
                level.responses,
                level.before.doubleValue(),
                after,
                after / population - 1,
                level.any.getAs(RakingFactor.MARGIN_ERROR.name()),
                level.any.getAs(RakingFactor.ROUNDS.name()),
                level.any.getAs(RakingFactor.DESIGN_EFFECT.name()),
                weighting.trim().isPresent(),
                trimmed > 0 && trimmed < minimumRespondents ? null : trimmed,
                false);
    }
}
