package manyi.mart.satisfaction;

import static manyi.mart.satisfaction.SegmentSatisfaction.AS_OF;
import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.List;
import manyi.config.DeliveredValue;
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
 * What customers get (total customer value), what they give for it (total customer cost), and what remains: customer
 * delivered value, in each segment and wave.
 *
 * @param asOf the last day that exists
 * @see "Kotler (1994), Marketing Management, 8th ed., ch. 2"
 */
public record CustomerDeliveredValue(LocalDate asOf, DeliveredValue asked) implements Derivation {

    public static final Field MEASURE = required(
            "measure",
            StringType,
            "value, cost: points of one kind or in total; delivered value: total value less total cost; value over cost:"
                    + " their ratio; value for price: total value over the cost 'money'.");
    public static final Field KIND =
            required("kind", StringType, "The kind of value or cost in the questionnaire; 'total' for all of them.");
    public static final Field RESPONDENTS = optional(
                    "respondents", LongType, "Distinct customers who answered what the measure takes.")
            .in("customers");
    public static final Field AMOUNT = optional(
                    "amount",
                    DoubleType,
                    "The measure: a weighted mean over the respondents; the ratios are ratios of means.")
            .in("points, 0 to 100 (delivered value: -100 to 100); ratios without a unit");
    public static final Field STANDARD_ERROR = optional(
            "standard_error",
            DoubleType,
            "Linearised standard error of amount under the sampling design; null where reason says why.");
    public static final Field LOW = optional("low", DoubleType, "Lower limit of amount at 95 % by Student's t.");
    public static final Field HIGH = optional("high", DoubleType, "Upper limit of amount at 95 % by Student's t.");
    public static final Field REASON =
            optional("reason", StringType, "Why amount has neither error nor limits; null where it has.");
    public static final Field VERDICT = optional(
            "verdict",
            StringType,
            "Of the ratios alone: very satisfied above the configured band around 1, dissatisfied below it, else basically"
                    + " satisfied; by amount, not by its limits.");

    private static final List<Field> FIGURES = List.of(RESPONDENTS, AMOUNT, STANDARD_ERROR, LOW, HIGH, REASON, VERDICT);

    public static final Table TABLE = Table.named(
                    "delivered_value",
                    "Customer delivered value: what customers get and what they give, in each segment and closed survey"
                            + " wave.")
            .oneRowPer(
                    "population, wave, segment value, measure and kind",
                    AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    MEASURE,
                    KIND)
            .with(FIGURES.toArray(Field[]::new))
            .with(IS_SUPPRESSED)
            .expect(
                    "respondents >= 1",
                    "measure not in ('value', 'cost') or amount between 0 and 100",
                    "measure <> 'delivered value' or amount between -100 and 100",
                    "measure not in ('value over cost', 'value for price') or amount >= 0",
                    "standard_error >= 0",
                    "low <= amount and amount <= high",
                    "measure = 'delivered value' or low >= 0",
                    "measure not in ('value', 'cost', 'delivered value') or low >= -100 and high <= 100",
                    "is_suppressed or standard_error is not null or reason is not null",
                    "verdict in ('very satisfied', 'basically satisfied', 'dissatisfied')",
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
        Column amount = Figures.part("estimate", Figures.MEAN);
        Column isRatio = SatisfactionCell.FIGURE.col().isin(Figure.VALUE_OVER_COST, Figure.VALUE_FOR_PRICE);
        return TABLE.conform(inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.col().equalTo(""))
                .where(SatisfactionCell.FIGURE
                        .col()
                        .isin(
                                Figure.VALUE,
                                Figure.COST,
                                Figure.DELIVERED_VALUE,
                                Figure.VALUE_OVER_COST,
                                Figure.VALUE_FOR_PRICE)
                        .and(SatisfactionCell.PSUS.col().gt(0)))
                .withColumn("estimate", Figures.estimate())
                .select(
                        lit(asOf).as(AS_OF.name()),
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        SatisfactionCell.FIGURE.col().as(MEASURE.name()),
                        SatisfactionCell.ITEM.col().as(KIND.name()),
                        SatisfactionCell.CUSTOMERS.col().as(RESPONDENTS.name()),
                        amount.as(AMOUNT.name()),
                        Figures.part("estimate", Figures.STANDARD_ERROR).as(STANDARD_ERROR.name()),
                        Figures.part("estimate", Figures.LOW).as(LOW.name()),
                        Figures.part("estimate", Figures.HIGH).as(HIGH.name()),
                        Figures.part("estimate", Figures.REASON).as(REASON.name()),
                        when(
                                        isRatio,
                                        when(amount.gt(1 + asked.band()), "very satisfied")
                                                .when(amount.lt(1 - asked.band()), "dissatisfied")
                                                .otherwise("basically satisfied"))
                                .as(VERDICT.name()),
                        IS_SUPPRESSED.col()));
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(TABLE, audited, FIGURES);
    }
}
