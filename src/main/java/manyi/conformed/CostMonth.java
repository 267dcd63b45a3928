package manyi.conformed;

import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.SourceKind;
import manyi.source.Landing;
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
 * Costs of winning and keeping customers by month and by the segments that they name. A year's cost is spread evenly
 * over its months, ten-thousandths that are left over one by one from January on; a month's cost counts whole from its
 * first day.
 *
 * @param attributes that the costs sources map, in alphabetical order
 */
public record CostMonth(LocalDate asOf, List<Dimension> dimensions, List<String> attributes) implements Derivation {

    /** The segment value of costs that name none. */
    public static final String NOT_ATTRIBUTED = "not attributed";

    public static final Field COST = Purchase.held("cost", "The cost of the month.");
    public static final Field SEGMENTS = Field.required(
            "segments",
            DataTypes.createArrayType(DataTypes.StringType),
            "The value in each configured dimension, in the job's order; null in dimensions that no costs source knows.");

    public static final Table TABLE = Table.named("cost_month", "Costs by month, purpose and segments.")
            .on(Visibility.INTERNAL)
            .oneRowPer("month, purpose and combination of segments", Landing.MONTH, Landing.PURPOSE, SEGMENTS)
            .with(COST);

    public CostMonth {
        dimensions = List.copyOf(dimensions);
        attributes = List.copyOf(attributes);
    }

    /** The derivation of a job. */
    public static CostMonth of(Job job, LocalDate asOf) {
        return new CostMonth(asOf, job.segments(), job.attributes(SourceKind.COSTS));
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(Landing.COST);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column isYear = Landing.PERIOD_UNIT.is("year");
        Column first = trunc(Landing.PERIOD_FROM.col(), "month");
        Column last = when(isYear, add_months(first, 11)).otherwise(first);
        Column share = when(
                        isYear,
                        expr("amount_held div 12 + if(pmod(month(month) - 1, 12) < abs(amount_held % 12),"
                                + " cast(sign(amount_held) as bigint), 0L)"))
                .otherwise(col("amount_held"))
                .cast(DataTypes.LongType);
        List<Column> segments = new ArrayList<>();
        for (Dimension dimension : dimensions) {
            segments.add(value(dimension));
        }
        return CurrentVersions.of(inputs.read(Landing.COST))
                .where(Landing.PERIOD_FROM.col().leq(lit(asOf)))
                .withColumn("amount_held", Purchase.held(Landing.AMOUNT))
                .withColumn(Landing.MONTH.name(), explode(sequence(first, last, expr("interval 1 month"))))
                .where(Landing.MONTH.col().leq(lit(asOf)))
                .withColumn(COST.name(), share)
                .withColumn(
                        SEGMENTS.name(), array(segments.toArray(Column[]::new)).cast(SEGMENTS.type()))
                .groupBy(Field.columns(Landing.MONTH, Landing.PURPOSE, SEGMENTS))
                .agg(COST.sum());
    }

    private Column value(Dimension dimension) {
        if (!attributes.containsAll(dimension.attributes())) {
            return lit(null).cast(DataTypes.StringType);
        }
        Column[] parts = dimension.attributes().stream()
                .map(attribute -> Attributes.plain(Landing.ATTRIBUTES.col().getItem(attributes.indexOf(attribute))))
                .toArray(Column[]::new);
        Column isWhole = lit(true);
        for (Column part : parts) {
            isWhole = isWhole.and(part.isNotNull());
        }
        return coalesce(when(isWhole, concat_ws(Dimension.CROSS, parts)), lit(NOT_ATTRIBUTED));
    }
}
