package manyi.mart.satisfaction;

import static manyi.mart.satisfaction.SegmentSatisfaction.AS_OF;
import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import manyi.config.Dimension;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How each group of items is scored in each segment and wave, and how far each segment lies from everybody.
 *
 * @param asOf the last day that exists
 */
public record GroupedSatisfaction(LocalDate asOf) implements Derivation {

    public static final Field GROUPING = required(
            "grouping",
            StringType,
            "The way items are grouped: 'group' for the indicator groups, else a grouping of the questionnaire.");
    public static final Field GROUP_NAME = required("group_name", StringType, "The group.");
    public static final Field RESPONDENTS = optional(
                    "respondents", LongType, "Distinct customers who answered an item of the group.")
            .in("customers");
    public static final Field SCORE = optional(
                    "score",
                    DoubleType,
                    "Weighted mean over the respondents of their weighted mean score over the items answered; items"
                            + " weigh as in the index, and alike where no item of the group is an indicator.")
            .in("points, 0 to 100");
    public static final Field STANDARD_ERROR = optional(
                    "standard_error",
                    DoubleType,
                    "Linearised standard error of score under the sampling design; null where reason says why.")
            .in("points");
    public static final Field LOW = optional("low", DoubleType, "Lower limit of score at 95 % by Student's t.")
            .in("points");
    public static final Field HIGH = optional("high", DoubleType, "Upper limit of score at 95 % by Student's t.")
            .in("points");
    public static final Field GAP_TO_ALL = optional(
                    "gap_to_all",
                    DoubleType,
                    "The segment's score less everybody's in the same wave; null in the row of everybody.")
            .in("points");
    public static final Field GAP_STANDARD_ERROR = optional(
                    "gap_standard_error",
                    DoubleType,
                    "Linearised standard error of gap_to_all; the segment is part of everybody, and this counts.")
            .in("points");
    public static final Field GAP_LOW = optional("gap_low", DoubleType, "Lower limit of gap_to_all at 95 %.")
            .in("points");
    public static final Field GAP_HIGH = optional("gap_high", DoubleType, "Upper limit of gap_to_all at 95 %.")
            .in("points");

    public static final Field REASON = optional(
            "reason",
            StringType,
            "Why score, or gap_to_all, has neither error nor limits; null where all that are there have, or nobody"
                    + " answered.");

    private static final List<Field> FIGURES = List.of(
            RESPONDENTS, SCORE, STANDARD_ERROR, LOW, HIGH, GAP_TO_ALL, GAP_STANDARD_ERROR, GAP_LOW, GAP_HIGH, REASON);

    public static final Table TABLE = Table.named(
                    "grouped_satisfaction",
                    "Score of each group of items in each segment and closed survey wave, and its gap to everybody.")
            .oneRowPer(
                    "population, wave, segment value, grouping and group",
                    AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    GROUPING,
                    GROUP_NAME)
            .with(FIGURES.toArray(Field[]::new))
            .with(IS_SUPPRESSED)
            .expect(
                    "respondents >= 0",
                    "score between 0 and 100",
                    "standard_error >= 0",
                    "low between 0 and score and high between score and 100",
                    "gap_to_all between -100 and 100",
                    "gap_low between -100 and gap_to_all and gap_high between gap_to_all and 100",
                    "is_suppressed or score is null or standard_error is not null or reason is not null",
                    "is_suppressed or respondents is not null");

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
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.col().equalTo(""))
                .where(SatisfactionCell.FIGURE.col().startsWith(Figure.GROUP))
                .withColumn("sums", Figures.sums())
                .withColumn("estimate", Figures.estimate());
        Dataset<Row> everybody = cells.where(SEGMENT.col().equalTo(Dimension.ALL))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SatisfactionCell.FIGURE.col(),
                        SatisfactionCell.ITEM.col(),
                        col("sums").as("all_sums"));
        Column isCompared = SEGMENT.col()
                .notEqual(Dimension.ALL)
                .and(not(IS_SUPPRESSED.col()))
                .and(not(col("all_sums." + IS_SUPPRESSED.name())));
        return TABLE.conform(cells.join(
                        everybody,
                        new String[] {
                            Landing.POPULATION.name(),
                            Landing.WAVE.name(),
                            SatisfactionCell.FIGURE.name(),
                            SatisfactionCell.ITEM.name()
                        },
                        "inner")
                .withColumn("gap", when(isCompared, Figures.gap(col("sums"), col("all_sums"))))
                .select(
                        lit(asOf).as(AS_OF.name()),
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        SatisfactionCell.FIGURE
                                .col()
                                .substr(lit(Figure.GROUP.length() + 1), length(SatisfactionCell.FIGURE.col()))
                                .as(GROUPING.name()),
                        SatisfactionCell.ITEM.col().as(GROUP_NAME.name()),
                        SatisfactionCell.CUSTOMERS.col().as(RESPONDENTS.name()),
                        Figures.part("estimate", Figures.MEAN).as(SCORE.name()),
                        Figures.part("estimate", Figures.STANDARD_ERROR).as(STANDARD_ERROR.name()),
                        Figures.part("estimate", Figures.LOW).as(LOW.name()),
                        Figures.part("estimate", Figures.HIGH).as(HIGH.name()),
                        Figures.part("gap", Figures.MEAN).as(GAP_TO_ALL.name()),
                        Figures.part("gap", Figures.STANDARD_ERROR).as(GAP_STANDARD_ERROR.name()),
                        Figures.part("gap", Figures.LOW).as(GAP_LOW.name()),
                        Figures.part("gap", Figures.HIGH).as(GAP_HIGH.name()),
                        coalesce(Figures.part("estimate", Figures.REASON), Figures.part("gap", Figures.REASON))
                                .as(REASON.name()),
                        IS_SUPPRESSED.col()));
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(TABLE, audited, FIGURES);
    }
}
