package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * The order of customers by a whole number, without sorting them: customers are counted per distinct value, values are
 * gathered in classes, classes are few enough to be added up one after the other, and values only within their class.
 */
final class Ranks {

    /** Significant bits of the classes: at most 64 lengths × 128 leading parts × 2 signs. */
    private static final int COARSE_BITS = 8;

    private static final int SCORES = 5;

    private Ranks() {}

    /**
     * The class of a whole number: numbers that agree in sign, length and this many leading bits share one, and classes
     * are ordered as their numbers are. Below {@code 2^bits} every number has its own; above, a class is at most
     * {@code 2^(1-bits)} of its numbers wide.
     *
     * @param column the name of a column of longs
     */
    static Column magnitude(String column, int bits) {
        return expr(String.format(
                Locale.ROOT,
                "cast(if(%1$s < 0, -1, 1) as bigint) * (length(bin(abs(%1$s))) * %3$dL"
                        + " + shiftright(abs(%1$s), greatest(length(bin(abs(%1$s))) - %2$d, 0)))",
                column,
                bits,
                1L << bits));
    }

    /**
     * The least values of the scores 2 to 5, in one row of columns {@code name_2} to {@code name_5}: a customer's score
     * is 1 + floor(5 · customers with a smaller value / customers), so that equals have equal scores and a score may be
     * empty. Where no value reaches a score, its cut is null.
     */
    static Dataset<Row> quintiles(Dataset<Row> customers, Column value, String name) {
        Dataset<Row> cells = customers
                .groupBy(value.cast("long").as("value"))
                .agg(functions.count(lit(1)).as("customers"))
                .withColumn("magnitude", magnitude("value", COARSE_BITS));
        var belowClass = Window.orderBy(col("magnitude")).rowsBetween(Window.unboundedPreceding(), -1);
        Dataset<Row> classes = cells.groupBy(col("magnitude"))
                .agg(sum(col("customers")).as("class_customers"))
                .withColumn("below_class", coalesce(sum(col("class_customers")).over(belowClass), lit(0L)))
                .withColumn("all_customers", sum(col("class_customers")).over(Window.partitionBy()));
        var belowValue =
                Window.partitionBy(col("magnitude")).orderBy(col("value")).rowsBetween(Window.unboundedPreceding(), -1);
        Column below = col("below_class").plus(coalesce(sum(col("customers")).over(belowValue), lit(0L)));
        Dataset<Row> scored = cells.join(functions.broadcast(classes), "magnitude")
                .withColumn("below", below)
                .withColumn("score", expr("1 + (5 * below) div all_customers"));
        List<Column> cuts = IntStream.rangeClosed(2, SCORES)
                .mapToObj(score ->
                        min(when(col("score").geq(score), col("value"))).as(cut(name, score)))
                .toList();
        return scored.agg(cuts.get(0), cuts.subList(1, cuts.size()).toArray(Column[]::new));
    }

    /** The score of a value by its cuts. */
    static Column score(Column value, String name) {
        Column score = lit(1);
        for (int i = 2; i <= SCORES; i++) {
            score = score.plus(when(value.geq(col(cut(name, i))), 1).otherwise(0));
        }
        return score;
    }

    /** The column that holds the least value of a score. */
    static String cut(String name, int score) {
        return name + "_" + score;
    }
}
