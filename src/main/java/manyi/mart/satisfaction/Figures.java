package manyi.mart.satisfaction;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import java.math.BigDecimal;
import java.util.List;
import manyi.math.survey.Estimate;
import manyi.math.survey.WeightedMean;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF9;
import org.apache.spark.sql.types.StructType;

/** From the sums of a cell to its figures, and from the figures to what readers may see of them. */
final class Figures {

    static final String MEAN = "mean";
    static final String STANDARD_ERROR = "standard_error";
    static final String LOW = "low";
    static final String HIGH = "high";
    static final String EFFECTIVE = "effective";

    private static final StructType ESTIMATE = new StructType()
            .add(MEAN, DoubleType)
            .add(STANDARD_ERROR, DoubleType)
            .add(LOW, DoubleType)
            .add(HIGH, DoubleType)
            .add(EFFECTIVE, DoubleType);

    private Figures() {}

    /** The estimate behind a row of {@link SatisfactionCell}; null where nobody answered. */
    static Column estimate() {
        UDF9<Long, BigDecimal, BigDecimal, BigDecimal, BigDecimal, BigDecimal, Long, Long, Long, Row> estimated =
                (psus, total, weight, aa, ab, bb, lowest, highest, designPsus) -> {
                    if (psus == 0) {
                        return null;
                    }
                    WeightedMean mean = new WeightedMean(
                            psus,
                            total.toBigIntegerExact(),
                            weight.toBigIntegerExact(),
                            aa.toBigIntegerExact(),
                            ab.toBigIntegerExact(),
                            bb.toBigIntegerExact(),
                            lowest,
                            highest);
                    Estimate estimate = mean.estimate(designPsus);
                    return RowFactory.create(
                            estimate.mean(),
                            known(estimate.standardError()),
                            known(estimate.low()),
                            known(estimate.high()),
                            mean.effectiveRespondents());
                };
        return udf(estimated, ESTIMATE)
                .apply(
                        SatisfactionCell.PSUS.col(),
                        SatisfactionCell.TOTAL.col(),
                        SatisfactionCell.WEIGHT.col(),
                        SatisfactionCell.AA.col(),
                        SatisfactionCell.AB.col(),
                        SatisfactionCell.BB.col(),
                        SatisfactionCell.LOWEST.col(),
                        SatisfactionCell.HIGHEST.col(),
                        SatisfactionCell.DESIGN_PSUS.col());
    }

    /** The rows with the given columns emptied where they are suppressed. */
    static Dataset<Row> masked(Table table, Dataset<Row> rows, List<Field> figures) {
        Column[] columns = table.fields().stream()
                .map(field -> figures.contains(field)
                        ? when(SatisfactionCell.IS_SUPPRESSED.col().equalTo(lit(false)), field.col())
                                .as(field.name())
                        : field.col())
                .toArray(Column[]::new);
        return table.conform(rows.select(columns));
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
