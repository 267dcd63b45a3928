package manyi.mart.survey;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * A table of a survey whose figures are rounded where they are published, so that no exact algebra of them tells an
 * answer: to one decimal of a point or a customer, to three of a share, ratio or coefficient, and where a figure is on an
 * item's own scale to a thousandth of the scale at the finest. What follows from figures (limits, verdicts, changes)
 * follows from all of their digits and is rounded on its own; audits see all digits.
 *
 * @param ofAnswers decimals of figures on an item's own scale
 */
public record RoundedFigures(Derivation of, int ofAnswers) implements Derivation {

    private static final int OF_POINTS = 1;
    private static final int OF_SHARES = 3;
    private static final String MEASURE = "measure";
    /** Units of which one decimal is published. */
    private static final List<String> POINTS = List.of("points", "percentage points", "customers", "persons");
    /** Units of an item's own scale. */
    private static final List<String> ANSWERS = List.of("the item's own scale", "answers of a scale");
    /** The measures whose figures are shares or ratios, in tables with a row per measure. */
    private static final Object[] SHARES = Stream.concat(
                    SegmentMeasure.ALL.stream()
                            .map(SegmentMeasure::columns)
                            .filter(columns -> columns.scale().isShare())
                            .map(EstimateColumns::name),
                    Stream.of(Figure.VALUE_OVER_COST, Figure.VALUE_FOR_PRICE))
            .toArray();
    /** Figures that the job document gives. */
    private static final Set<String> GIVEN = Set.of("target", "population_count");

    /** The derivation as the job publishes it: rounded, or as it is. */
    public static Derivation of(Derivation derivation, Job.Satisfaction satisfaction) {
        return satisfaction.decimals() == Job.Decimals.FULL
                        || derivation.table().visibility() != Visibility.PUBLISHED
                ? derivation
                : new RoundedFigures(derivation, decimals(satisfaction.questionnaire()));
    }

    /** A thousandth of the widest scale has at least so many. */
    private static int decimals(Questionnaire questionnaire) {
        double widest = questionnaire.items().stream()
                .mapToDouble(item -> item.high().subtract(item.low()).doubleValue())
                .max()
                .orElse(1);
        return StrictMath.max(
                0, StrictMath.min(OF_SHARES, OF_SHARES - (int) StrictMath.ceil(StrictMath.log10(widest))));
    }

    @Override
    public Lineage lineage() {
        return of.table().from(of.inputs());
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return of.from(inputs);
    }

    @Override
    public String definition() {
        return of.getClass().getName() + " " + of.definition() + " " + ofAnswers;
    }

    @Override
    public boolean isUncut() {
        return of.isUncut();
    }

    @Override
    public boolean isKeyedByPlan() {
        return of.isKeyedByPlan();
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        Table table = table();
        return table.conform(of.suppressed(audited)
                .select(table.fields().stream().map(this::rounded).toArray(Column[]::new)));
    }

    private Column rounded(Field field) {
        if (!field.type().equals(DataTypes.DoubleType) || GIVEN.contains(field.name())) {
            return field.col();
        }
        boolean isByMeasure =
                table().fields().stream().anyMatch(one -> one.name().equals(MEASURE))
                        && (field.unit().isEmpty() || field.unit().contains("ratios"));
        Column inPoints = isByMeasure ? not(col(MEASURE).isin(SHARES)) : lit(isIn(field, POINTS));
        Column others = round(field.col(), isIn(field, ANSWERS) ? ofAnswers : OF_SHARES);
        return when(inPoints, round(field.col(), OF_POINTS)).otherwise(others).as(field.name());
    }

    private static boolean isIn(Field field, List<String> units) {
        return units.stream().anyMatch(field.unit()::startsWith);
    }
}
