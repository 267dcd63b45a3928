package manyi.mart.survey;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import manyi.config.Dimension;
import manyi.conformed.SurveyResponse;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Which segment values keep their name in a population and wave: the most frequent ones by number of responses, ties
 * broken by the value.
 *
 * @param kept the values of the dimensions that have too many, by population, wave and place of the dimension
 * @param values how many values of all dimensions together a wave has, by population and wave
 */
public record FrequentValues(Map<String, Set<String>> kept, Map<String, Long> values) implements Serializable {

    private static final long serialVersionUID = 1L;

    public FrequentValues {
        // copies of a kind that can be sent to tasks
        kept = Map.copyOf(kept);
        values = Map.copyOf(values);
    }

    /** Counts the values of responses; never more are collected than a dimension may keep. */
    public static FrequentValues of(Dataset<Row> responses, int dimensions) {
        Map<String, Set<String>> kept = new HashMap<>();
        Map<String, Long> values = new HashMap<>();
        if (dimensions == 0) {
            return new FrequentValues(kept, values);
        }
        Column[] dimension = {Landing.POPULATION.col(), Landing.WAVE.col(), col("dimension")};
        Column rank = row_number()
                .over(Window.partitionBy(dimension).orderBy(desc("responses"), SegmentColumns.SEGMENT_VALUE.col()));
        Column found = count(lit(1)).over(Window.partitionBy(dimension));
        Dataset<Row> ranked = responses
                .groupBy(Field.columns(Landing.POPULATION, Landing.WAVE, SurveyResponse.SEGMENTS))
                .agg(count(lit(1)).as("responses"))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        col("responses"),
                        posexplode(SurveyResponse.SEGMENTS.col())
                                .as(new String[] {"dimension", SegmentColumns.SEGMENT_VALUE.name()}))
                .groupBy(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        col("dimension"),
                        SegmentColumns.SEGMENT_VALUE.col())
                .agg(sum(col("responses")).as("responses"))
                .withColumn("rank", rank)
                .withColumn("found", found)
                .where(col("rank").leq(SegmentColumns.MOST_VALUES))
                // one row tells the number of values; all are listed only where some are left out
                .where(col("rank").equalTo(1).or(col("found").gt(SegmentColumns.MOST_VALUES)))
                .select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        col("dimension"),
                        SegmentColumns.SEGMENT_VALUE.col(),
                        col("rank"),
                        least(col("found"), lit((long) SegmentColumns.MOST_VALUES + 1))
                                .as("named"),
                        col("found").gt(SegmentColumns.MOST_VALUES).as("is_cut"));
        for (Row row : ranked.collectAsList()) {
            if (row.getInt(4) == 1) {
                values.merge(wave(row.getString(0), row.getString(1)), row.getLong(5), Long::sum);
            }
            if (row.getBoolean(6)) {
                kept.computeIfAbsent(key(row.getString(0), row.getString(1), row.getInt(2)), any -> new HashSet<>())
                        .add(row.getString(3));
            }
        }
        kept.replaceAll((key, names) -> Set.copyOf(names));
        return new FrequentValues(kept, values);
    }

    private static String wave(String population, String wave) {
        return population + "\n" + wave;
    }

    private static String key(String population, String wave, int dimension) {
        return wave(population, wave) + "\n" + dimension;
    }

    /** A value, or {@link Dimension#OTHER} where it is too rare to keep its name. */
    public String named(String population, String wave, int dimension, String value) {
        if (kept.isEmpty()) {
            return value;
        }
        Set<String> names = kept.get(key(population, wave, dimension));
        return names == null || names.contains(value) ? value : Dimension.OTHER;
    }

    /** How many cells a population and wave has, everybody's among them. */
    public long cells(String population, String wave) {
        return 1 + values.getOrDefault(wave(population, wave), 0L);
    }
}
