package manyi.mart.satisfaction;

import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import manyi.config.DeliveredValue;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Scale;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What customers get (total customer value), what they give for it (total customer cost), and what remains: customer
 * delivered value, in each segment and wave.
 *
 * @param asOf the last day that exists
 * @see "Kotler (1994), Marketing Management, 8th ed., ch. 2"
 */
public record CustomerDeliveredValue(LocalDate asOf, DeliveredValue asked) implements SurveyMart {

    public static final Field MEASURE = Field.text(
            "measure",
            "value, cost: points of one kind or in total; delivered value: total value less total cost; value over cost:"
                    + " their ratio; value for price: total value over the cost 'money'.");
    public static final Field KIND =
            Field.text("kind", "The kind of value or cost in the questionnaire; 'total' for all of them.");
    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers who answered the items of the measure; null where few of the segment did not.")
            .in("customers");
    private static final EstimateColumns AMOUNT = EstimateColumns.of(
                    "amount", "The measure: a weighted mean over the respondents; the ratios are ratios of means.")
            .in(Scale.unbounded("points, 0 to 100 (delivered value: -100 to 100); ratios without a unit", ""))
            .prefixed("")
            .with(Part.REASON);
    public static final Field VERDICT = Field.optionalText(
            "verdict",
            "For the ratios only: very satisfied above the configured band around 1, dissatisfied below it, else basically"
                    + " satisfied; by amount, not by its limits.");

    private static final SurveyTable PUBLISHED = SurveyTable.named(
                    "delivered_value",
                    "Customer delivered value: what customers get and what they give, in each segment and closed survey"
                            + " wave.",
                    "population, wave, segment value, measure and kind",
                    MEASURE,
                    KIND)
            .figures(RESPONDENTS)
            .figures(AMOUNT)
            .figures(VERDICT)
            .expect(
                    "respondents >= 1",
                    "measure not in ('value', 'cost') or amount between 0 and 100",
                    "measure <> 'delivered value' or amount between -100 and 100",
                    "measure not in ('value over cost', 'value for price') or amount >= 0",
                    "verdict in ('very satisfied', 'basically satisfied', 'dissatisfied')");

    public static final Table TABLE = PUBLISHED.table();

    @Override
    public SurveyTable published() {
        return PUBLISHED;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column amount = Figures.part(AMOUNT.source(), Figures.MEAN);
        Column isRatio = SatisfactionCell.FIGURE.col().isin(Figure.VALUE_OVER_COST, Figure.VALUE_FOR_PRICE);
        Dataset<Row> measured = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.is(""))
                .where(SatisfactionCell.FIGURE
                        .col()
                        .isin(
                                Figure.VALUE,
                                Figure.COST,
                                Figure.DELIVERED_VALUE,
                                Figure.VALUE_OVER_COST,
                                Figure.VALUE_FOR_PRICE)
                        .and(SatisfactionCell.PSUS.col().gt(0)))
                .withColumn(AMOUNT.source(), Figures.estimate());
        return PUBLISHED.rows(
                measured,
                asOf,
                SatisfactionCell.FIGURE.col().as(MEASURE.name()),
                SatisfactionCell.ITEM.col().as(KIND.name()),
                Figures.ofBase(SatisfactionCell.CUSTOMERS.col()).as(RESPONDENTS.name()),
                when(
                                isRatio,
                                when(amount.gt(1 + asked.band()), "very satisfied")
                                        .when(amount.lt(1 - asked.band()), "dissatisfied")
                                        .otherwise("basically satisfied"))
                        .as(VERDICT.name()));
    }
}
