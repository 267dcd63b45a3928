package manyi.run;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.posexplode;

import java.util.List;
import java.util.Locale;
import manyi.config.Dimension;
import manyi.conformed.Customer;
import manyi.source.Landing;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Says which dimensions have more values than keep a name: an identifier that was taken for a segment, most often.
 *
 * @param most how many values of a dimension keep their names
 */
record LumpedValues(List<Dimension> dimensions, int most) {

    /** A sentence for each such dimension of the customers with a purchase. */
    List<String> ofCustomers(Dataset<Row> cells) {
        return told(cells.where(Customer.COHORT_ON.col().isNotNull()), lit(""), "has %,d values among customers");
    }

    /** The same for answers, which are gathered wave by wave: the greatest number of values counts. */
    List<String> ofAnswers(Dataset<Row> responses) {
        return told(
                responses,
                array(Landing.POPULATION.col(), Landing.WAVE.col()),
                "has up to %,d values among the answers of a wave");
    }

    private List<String> told(Dataset<Row> rows, Column apart, String what) {
        return rows
                .select(apart.as("apart"), Customer.SEGMENTS.col())
                .distinct()
                .select(col("apart"), posexplode(Customer.SEGMENTS.col()).as(new String[] {"place", "value"}))
                .distinct()
                .groupBy("apart", "place")
                .agg(count(lit(1)).as("values"))
                .groupBy("place")
                .agg(max("values").as("values"))
                .where(col("values").gt(most))
                .orderBy("place")
                .collectAsList()
                .stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "segments: %s " + what
                                + "; the %,d most frequent keep their names, the other %,d are lumped into" + " '%s'",
                        dimensions.get(row.getInt(0)).name(),
                        row.getLong(1),
                        most,
                        row.getLong(1) - most,
                        Dimension.OTHER))
                .toList();
    }
}
