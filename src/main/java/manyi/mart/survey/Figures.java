package manyi.mart.survey;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import manyi.math.survey.Estimate;
import manyi.math.survey.Proportion;
import manyi.math.survey.WeightedMean;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.StructType;

/** From the sums of a cell to its figures, and from the figures to what readers may see of them. */
public final class Figures {

    public static final String MEAN = "mean";
    public static final String STANDARD_ERROR = "standard_error";
    public static final String LOW = "low";
    public static final String HIGH = "high";
    public static final String DEGREES_OF_FREEDOM = "degrees_of_freedom";
    public static final String EFFECTIVE = "effective";
    public static final String DESIGN_EFFECT = "design_effect";
    /** Why there is no interval; null where there is one. */
    public static final String REASON = "reason";

    public static final String P_VALUE = "p_value";

    public static final String ONE_UNIT = "a single sampling unit";
    public static final String ONE_UNIT_IN_EACH_STRATUM = "a single sampling unit in each stratum";
    public static final String NO_VARIANCE = "no variance between sampling units";
    private static final String BEFORE = " in the wave before";

    private static final StructType ESTIMATE = new StructType()
            .add(MEAN, DoubleType)
            .add(STANDARD_ERROR, DoubleType)
            .add(LOW, DoubleType)
            .add(HIGH, DoubleType)
            .add(DEGREES_OF_FREEDOM, LongType)
            .add(EFFECTIVE, DoubleType)
            .add(DESIGN_EFFECT, DoubleType)
            .add(REASON, StringType);
    private static final StructType DIFFERENCE = new StructType()
            .add(MEAN, DoubleType)
            .add(STANDARD_ERROR, DoubleType)
            .add(LOW, DoubleType)
            .add(HIGH, DoubleType)
            .add(DEGREES_OF_FREEDOM, LongType)
            .add(P_VALUE, DoubleType)
            .add(REASON, StringType);

    /** What a figure can be, in its points or as a ratio; shares are sums of 0 and 100. */
    private record Bounds(double least, double greatest) {
        static Bounds of(Row cell) {
            String figure = cell.getAs(SatisfactionCell.FIGURE.name());
            return switch (figure) {
                case Figure.CSM -> new Bounds(Scale.GRADE.least(), Scale.GRADE.greatest());
                case Figure.NPS, Figure.DELIVERED_VALUE ->
                    new Bounds(Scale.NET_POINTS.least(), Scale.NET_POINTS.greatest());
                case Figure.EXPECTATION,
                        Figure.EXPECTED,
                        Figure.PERCEIVED,
                        Figure.VALUE_OVER_COST,
                        Figure.VALUE_FOR_PRICE -> new Bounds(0, Double.POSITIVE_INFINITY);
                default ->
                    figure.startsWith(Figure.BEFORE_AND_AFTER)
                            ? new Bounds(0, Double.POSITIVE_INFINITY)
                            : new Bounds(Scale.POINTS.least(), Scale.POINTS.greatest());
            };
        }

        double width() {
            return greatest - least;
        }
    }

    private Figures() {}

    /** The sums of a row of {@link SatisfactionCell}. */
    public static Column sums() {
        return struct(SatisfactionCell.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
    }

    /** The estimate behind a row of {@link SatisfactionCell} in its points; null where nobody answered. */
    public static Column estimate() {
        return estimate(List.of());
    }

    /** The same for the rows of measures, shares from 0 to 1. */
    public static Column estimate(List<SegmentMeasure> measures) {
        Set<String> shares = shares(measures);
        UDF1<Row, Row> estimated = cell -> isAbsent(cell) ? null : estimate(cell, unit(cell, shares));
        return udf(estimated, ESTIMATE).apply(sums());
    }

    private static Set<String> shares(List<SegmentMeasure> measures) {
        return measures.stream()
                .filter(measure -> measure.columns().scale().isShare())
                .map(SegmentMeasure::name)
                .collect(Collectors.toSet());
    }

    /** What a cell's figure lies above everybody's; null where either is not there. */
    public static Column gap(Column cell, Column all) {
        UDF2<Row, Row, Row> compared = (one, other) -> {
            if (isAbsent(one) || isAbsent(other)) {
                return null;
            }
            WeightedMean mean = mean(one);
            WeightedMean whole = mean(other);
            long degreesOfFreedom = mean.degreesOfFreedom();
            // a segment that is everybody differs from everybody by nothing, which needs no variance to be known
            Estimate gap = mean.hasError() && mean.equals(whole)
                    ? new Estimate(0, 0, degreesOfFreedom, 0, 0)
                    : mean.less(whole, cross(one, false), degreesOfFreedom);
            return difference(one, gap, 1, reason(mean), reason(whole));
        };
        return udf(compared, DIFFERENCE).apply(cell, all);
    }

    /**
     * What a cell's figure lies above that of the wave before; null where either is not there, without an error where
     * either has none, which stacked would add nothing to the variance and seem to be sure.
     *
     * @param measures that the rows are of
     * @param both the row that compares the two waves
     */
    public static Column change(List<SegmentMeasure> measures, Column later, Column earlier, Column both) {
        Set<String> shares = shares(measures);
        UDF3<Row, Row, Row, Row> compared = (now, before, change) -> {
            if (isAbsent(now) || isAbsent(before) || change == null) {
                return null;
            }
            WeightedMean one = stacked(now, change, SatisfactionCell.VAA, SatisfactionCell.VAB, SatisfactionCell.VBB);
            WeightedMean other = stacked(
                    before,
                    change,
                    SatisfactionCell.EARLIER_VAA,
                    SatisfactionCell.EARLIER_VAB,
                    SatisfactionCell.EARLIER_VBB);
            String reason = reason(mean(now));
            String reasonBefore = reason(mean(before));
            long degreesOfFreedom = one.degreesOfFreedom() >= 1 && other.degreesOfFreedom() >= 1
                    ? change.<Long>getAs(SatisfactionCell.PSUS.name())
                            - change.<Long>getAs(SatisfactionCell.STRATA.name())
                    : 0;
            Estimate changed = one.less(other, cross(change, true), degreesOfFreedom);
            boolean isKnown = reason == null && reasonBefore == null;
            return difference(
                    now,
                    isKnown ? changed : changed.withoutError(),
                    unit(now, shares),
                    reason,
                    reasonBefore == null ? null : reasonBefore + BEFORE);
        };
        return udf(compared, DIFFERENCE).apply(later, earlier, both);
    }

    /** What is known of the number who answered: null where few respondents of the cell did not. */
    public static Column ofBase(Column column) {
        return when(SatisfactionCell.IS_BASE_SUPPRESSED.is(lit(false)), column);
    }

    /** The estimate without a part that tells the number who answered, where that is hidden. */
    public static Column ofBase(Column estimate, String part) {
        return estimate.withField(part, ofBase(estimate.getField(part)));
    }

    /** A part of an estimate or difference. */
    public static Column part(String of, String part) {
        return col(of + "." + part);
    }

    /** The rows with the given columns emptied where they are suppressed. */
    public static Dataset<Row> suppressed(Table table, Dataset<Row> rows, List<Field> figures) {
        Column[] columns = table.fields().stream()
                .map(field -> figures.contains(field)
                        ? when(SatisfactionCell.IS_SUPPRESSED.is(lit(false)), field.col())
                                .as(field.name())
                        : field.col())
                .toArray(Column[]::new);
        return table.conform(rows.select(columns));
    }

    private static Row estimate(Row cell, double unit) {
        WeightedMean mean = mean(cell);
        Bounds bounds = Bounds.of(cell);
        Estimate estimate = mean.estimate().within(bounds.least(), bounds.greatest());
        double low = estimate.low() / unit;
        double high = estimate.high() / unit;
        String reason = reason(mean);
        if (unit != 1) {
            // a sampling unit counts as one answer where the answers' own variance says nothing
            Estimate share = new Proportion(
                            StrictMath.min(1, StrictMath.max(0, estimate.mean() / unit)),
                            mean.hasError() ? estimate.standardError() / unit : 0,
                            estimate.degreesOfFreedom(),
                            mean.psus(),
                            mean.effectiveNumber(exact(cell, SatisfactionCell.BB)))
                    .estimate();
            low = StrictMath.min(share.low(), share.mean());
            high = StrictMath.max(share.high(), share.mean());
            reason = mean.degreesOfFreedom() >= 1 ? null : reason;
        }
        return RowFactory.create(
                estimate.mean() / unit,
                known(estimate.standardError() / unit),
                known(low),
                known(high),
                estimate.degreesOfFreedom(),
                mean.effectiveNumber(exact(cell, SatisfactionCell.KISH)),
                known(mean.designEffect(
                        cell.<Long>getAs(SatisfactionCell.RESPONSES.name()),
                        exact(cell, SatisfactionCell.SQUARES),
                        cell.<Boolean>getAs(SatisfactionCell.IS_FINITE.name()))),
                reason);
    }

    /** Why a mean has neither error nor interval; null where it has. */
    public static String reason(WeightedMean mean) {
        if (mean.degreesOfFreedom() >= 1) {
            return mean.hasError() ? null : NO_VARIANCE;
        }
        return mean.psus() == 1 ? ONE_UNIT : ONE_UNIT_IN_EACH_STRATUM;
    }

    /**
     * A difference of two means.
     *
     * @param one why the first has no error; null where it has
     * @param other why the second has none
     */
    private static Row difference(Row cell, Estimate difference, double unit, String one, String other) {
        double width = Bounds.of(cell).width();
        Estimate bounded = difference.within(-width, width);
        String reason = one != null ? one : other != null ? other : NO_VARIANCE;
        return RowFactory.create(
                bounded.mean() / unit,
                known(bounded.standardError() / unit),
                known(bounded.low() / unit),
                known(bounded.high() / unit),
                bounded.degreesOfFreedom(),
                known(bounded.pValue()),
                Double.isNaN(bounded.standardError()) ? reason : null);
    }

    /** The points of one unit of the row's figure: shares are sums of 0 and 100. */
    private static double unit(Row cell, Set<String> shares) {
        return shares.contains(cell.<String>getAs(SatisfactionCell.FIGURE.name())) ? 100 : 1;
    }

    private static boolean isAbsent(Row cell) {
        return cell == null || cell.<Long>getAs(SatisfactionCell.PSUS.name()) == 0;
    }

    /** The ratio behind a row of {@link SatisfactionCell} that somebody answered. */
    public static WeightedMean mean(Row cell) {
        return stacked(cell, cell, SatisfactionCell.VAA, SatisfactionCell.VAB, SatisfactionCell.VBB);
    }

    private static WeightedMean stacked(Row cell, Row variation, Field vaa, Field vab, Field vbb) {
        return new WeightedMean(
                cell.<Long>getAs(SatisfactionCell.PSUS.name()),
                cell.<Long>getAs(SatisfactionCell.STRATA.name()),
                exact(cell, SatisfactionCell.TOTAL),
                exact(cell, SatisfactionCell.WEIGHT),
                exact(variation, vaa),
                exact(variation, vab),
                exact(variation, vbb),
                cell.<Long>getAs(SatisfactionCell.LOWEST.name())
                        .equals(cell.<Long>getAs(SatisfactionCell.HIGHEST.name())),
                cell == variation && cell.<Boolean>getAs(SatisfactionCell.IS_COMPLETE.name()));
    }

    /** Products of the first mean with the second; rows that compare two waves hold them the other way round. */
    private static WeightedMean.Cross cross(Row row, boolean isTurned) {
        return new WeightedMean.Cross(
                exact(row, SatisfactionCell.XAA),
                exact(row, isTurned ? SatisfactionCell.XBA : SatisfactionCell.XAB),
                exact(row, isTurned ? SatisfactionCell.XAB : SatisfactionCell.XBA),
                exact(row, SatisfactionCell.XBB));
    }

    public static BigInteger exact(Row row, Field field) {
        return row.getDecimal(row.fieldIndex(field.name())).toBigIntegerExact();
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
