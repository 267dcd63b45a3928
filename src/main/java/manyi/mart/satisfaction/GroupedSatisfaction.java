package manyi.mart.satisfaction;

import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import manyi.config.Dimension;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Scale;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.source.Landing;
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
public record GroupedSatisfaction(LocalDate asOf) implements SurveyMart {

    public static final Field GROUPING = Field.text(
            "grouping",
            "The way items are grouped: 'group' for the indicator groups, else a grouping of the questionnaire.");
    public static final Field GROUP_NAME = Field.text("group_name", "The group.");
    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers who answered an item of the group; null where few of the segment did not.")
            .in("customers");
    private static final EstimateColumns SCORE = EstimateColumns.of(
                    "score",
                    "Weighted mean over the respondents of their weighted mean score over the items answered; items"
                            + " weigh as in the index, and alike where no item of the group is an indicator.")
            .in(Scale.POINTS)
            .prefixed("")
            .with(Part.REASON);
    private static final EstimateColumns GAP = EstimateColumns.of(
                    "gap_to_all",
                    "The segment's score less everybody's in the same wave; null in the row of everybody.")
            .in(Scale.differences("points"))
            .prefixed("gap")
            .with(
                    Part.STANDARD_ERROR,
                    "Linearised standard error of gap_to_all; the segment is part of everybody, which is accounted for.")
            .with(Part.LOW, "Lower limit of gap_to_all at 95 %.")
            .with(Part.HIGH, "Upper limit of gap_to_all at 95 %.")
            .from("gap");

    private static final SurveyTable PUBLISHED = SurveyTable.named(
                    "grouped_satisfaction",
                    "Score of each group of items in each segment and closed survey wave, and its gap to everybody.",
                    "population, wave, segment value, grouping and group",
                    GROUPING,
                    GROUP_NAME)
            .figures(RESPONDENTS)
            .figures(SCORE)
            .figures(GAP)
            .expect("respondents >= 0", "gap_to_all between -100 and 100");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public SurveyTable published() {
        return PUBLISHED;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.is(""))
                .where(SatisfactionCell.FIGURE.col().startsWith(Figure.GROUP))
                .withColumn("sums", Figures.sums())
                .withColumn("estimate", Figures.estimate());
        Dataset<Row> everybody = cells.where(SEGMENT.is(Dimension.ALL))
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
        Dataset<Row> compared = cells.join(
                        everybody,
                        Field.names(Landing.POPULATION, Landing.WAVE, SatisfactionCell.FIGURE, SatisfactionCell.ITEM),
                        "inner")
                .withColumn("gap", when(isCompared, Figures.gap(col("sums"), col("all_sums"))));
        return PUBLISHED.rows(
                compared,
                asOf,
                SatisfactionCell.FIGURE
                        .col()
                        .substr(lit(Figure.GROUP.length() + 1), length(SatisfactionCell.FIGURE.col()))
                        .as(GROUPING.name()),
                SatisfactionCell.ITEM.col().as(GROUP_NAME.name()),
                Figures.ofBase(SatisfactionCell.CUSTOMERS.col()).as(RESPONDENTS.name()));
    }
}
