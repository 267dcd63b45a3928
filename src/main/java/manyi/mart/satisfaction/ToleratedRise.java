package manyi.mart.satisfaction;

import static manyi.mart.SegmentColumns.AS_OF;
import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.lit;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Scale;
import manyi.mart.survey.SortedGroups;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.math.survey.Estimate;
import manyi.math.survey.PriceTolerance;
import manyi.math.survey.WeightedMean;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The rise of prices at which half of the respondents of a segment would leave, from the item that asks each for the rise
 * that would make them go.
 *
 * @param asOf the last day that exists
 */
public record ToleratedRise(LocalDate asOf) implements SurveyMart {

    /** The points of a share of 1, in the units of {@link SatisfactionCell#TOTAL} for one of its weights. */
    private static final BigInteger WHOLE = BigInteger.TEN.pow(11);

    private static final double POINTS = 100;

    static final String STAY = "fewer than half would leave at the greatest rise asked";
    static final String NO_UPPER_LIMIT = "the upper limit lies beyond the greatest rise asked";

    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers who answered the item for the price tolerance; null, as are the degrees of"
                            + " freedom, where few of the segment did not.")
            .in("customers");
    private static final EstimateColumns RISE = EstimateColumns.of(
                    "tolerated_rise",
                    "The rise at which half of the respondents, by weight, would leave; between the rises answered the share"
                            + " that leaves grows in a straight line, from 0 at no rise.")
            .in(Scale.differences("the item's own scale"))
            .prefixed("")
            .with(Part.STANDARD_ERROR, "Width of the interval over twice Student's t; null without an interval.")
            .with(
                    Part.LOW,
                    "Lower limit of tolerated_rise at 95 %: the rise at which the lower limit of the "
                            + "share that leaves is reached (Woodruff), its error by the sampling design.")
            .with(Part.HIGH, "Upper limit of tolerated_rise at 95 %, likewise.")
            .with(
                    Part.DEGREES_OF_FREEDOM,
                    "Sampling units with an answer to the item less their strata; below 1 there is no interval.");
    public static final Field REASON = Field.optionalText("reason", "Why a figure is missing; null where none is.");

    private static final SurveyTable PUBLISHED = SurveyTable.named(
                    "price_tolerance",
                    "The rise of prices that half of each segment would bear, in each closed survey wave.",
                    "population, wave and segment value with an answer")
            .figures(RESPONDENTS)
            .figures(RISE.fields().toArray(Field[]::new))
            .figures(REASON)
            .expect(
                    "respondents >= 1",
                    "tolerated_rise >= 0",
                    "standard_error >= 0",
                    "low <= tolerated_rise + 1e-9 and tolerated_rise <= high + 1e-9",
                    "reason is not null or high is not null or is_suppressed");

    public static final Table TABLE = PUBLISHED.table();

    private static final int KEYS = TABLE.schema().fieldIndex(SEGMENT_VALUE.name()) + 1;

    @Override
    public SurveyTable published() {
        return PUBLISHED;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> steps = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.is(""))
                .where(SatisfactionCell.FIGURE.col().startsWith(Figure.LEAVING))
                .where(SatisfactionCell.PSUS.col().gt(0))
                .select(
                        lit(asOf).as(AS_OF.name()),
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        SatisfactionCell.FIGURE.col(),
                        Figures.sums().as("sums"));
        return TABLE.conform(SortedGroups.read(
                steps, KEYS, SatisfactionCell.FIGURE.name(), TABLE.schema(), ToleratedRise::tolerated));
    }

    /**
     * A step of the scale.
     *
     * @param total Σw·100 over those who would leave, in units of 10⁻¹⁸
     * @param error of the share that would leave, 0 to 1; 0 where sampling units do not vary in it, NaN where the design
     *     says nothing of it
     */
    private record Step(double rise, BigInteger total, double error) {
        static Step of(Row row) {
            Row cell = row.getAs("sums");
            WeightedMean share = Figures.mean(cell);
            return new Step(
                    Double.parseDouble(
                            row.<String>getAs(SatisfactionCell.FIGURE.name()).substring(Figure.LEAVING.length())),
                    share.total(),
                    share.degreesOfFreedom() < 1 ? Double.NaN : StrictMath.sqrt(share.variance()) / POINTS);
        }
    }

    /** A segment value from the steps of the scale. */
    private static List<Row> tolerated(List<Row> rows) {
        Row cell = rows.get(0).getAs("sums");
        WeightedMean answered = Figures.mean(cell);
        List<Step> steps = rows.stream()
                .map(Step::of)
                .sorted(Comparator.comparingDouble(Step::rise))
                .toList();
        List<Step> named = new ArrayList<>();
        List<PriceTolerance.Answer> answers = new ArrayList<>();
        BigInteger below = BigInteger.ZERO;
        for (Step step : steps) {
            if (step.total().compareTo(below) > 0) {
                named.add(step);
                answers.add(answer(step.rise(), step.total().subtract(below)));
                below = step.total();
            }
        }
        BigInteger staying = answered.weight().multiply(WHOLE).subtract(below);
        if (staying.signum() > 0) {
            answers.add(answer(Double.POSITIVE_INFINITY, staying));
        }
        PriceTolerance tolerance = new PriceTolerance(answers);
        double error = errorAt(tolerance.tolerated(), named);
        Estimate estimate = tolerance.estimate(
                error > 0 || answered.isComplete() ? error : Double.NaN, answered.degreesOfFreedom());
        Map<Field, Object> values = new HashMap<>();
        for (Field key : List.of(AS_OF, Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE)) {
            values.put(key, rows.get(0).getAs(key.name()));
        }
        boolean isBaseHidden = cell.<Boolean>getAs(SatisfactionCell.IS_BASE_SUPPRESSED.name());
        values.put(RESPONDENTS, isBaseHidden ? null : cell.<Long>getAs(SatisfactionCell.CUSTOMERS.name()));
        values.put(RISE.value(), known(estimate.mean()));
        values.put(RISE.field(Part.STANDARD_ERROR), known(estimate.standardError()));
        values.put(RISE.field(Part.LOW), known(estimate.low()));
        values.put(RISE.field(Part.HIGH), known(estimate.high()));
        values.put(RISE.field(Part.DEGREES_OF_FREEDOM), isBaseHidden ? null : estimate.degreesOfFreedom());
        values.put(REASON, reason(estimate, answered));
        values.put(IS_SUPPRESSED, cell.<Boolean>getAs(IS_SUPPRESSED.name()));
        return List.of(
                RowFactory.create(TABLE.fields().stream().map(values::get).toArray()));
    }

    /** All who name a rise, as one respondent: the error comes from the design, not from their number. */
    private static PriceTolerance.Answer answer(double rise, BigInteger total) {
        double weight = total.doubleValue();
        return new PriceTolerance.Answer(rise, 1, weight, weight * weight);
    }

    /**
     * The error of the share that leaves at a rise, in a straight line between the errors at the rises named around it, 0
     * at no rise. The share is the same line between theirs, so its true error is not greater.
     */
    private static double errorAt(double rise, List<Step> named) {
        double below = 0;
        double error = 0;
        for (Step step : named) {
            if (step.rise() >= rise) {
                double part = step.rise() == below ? 1 : (rise - below) / (step.rise() - below);
                return (1 - part) * error + part * step.error();
            }
            below = step.rise();
            error = step.error();
        }
        return Double.NaN;
    }

    private static String reason(Estimate estimate, WeightedMean answered) {
        if (Double.isInfinite(estimate.mean())) {
            return STAY;
        }
        if (Double.isInfinite(estimate.high())) {
            return NO_UPPER_LIMIT;
        }
        if (Double.isNaN(estimate.high())) {
            return answered.degreesOfFreedom() < 1 ? Figures.reason(answered) : Figures.NO_VARIANCE;
        }
        return null;
    }

    private static Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
