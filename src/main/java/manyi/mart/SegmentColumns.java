package manyi.mart;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/** What all segment marts share: the two columns in long form, and the step from condensed cells to them. */
public final class SegmentColumns {

    /** Values of one dimension beyond this many most frequent ones are gathered under {@link Dimension#OTHER}. */
    public static final int MOST_VALUES = 1000;

    public static final Field AS_OF = Field.day("as_of", "The reporting date: later data are not in the row.");
    public static final Field SEGMENT = Field.text("segment", "The segment dimension; 'all' for the row of everybody.");
    public static final Field SEGMENT_VALUE =
            Field.text("segment_value", "The value in the dimension; 'all' likewise.");

    private SegmentColumns() {}

    /** The column {@code as_of}. */
    public static Column asOf(java.time.LocalDate day) {
        return lit(day).cast(DataTypes.DateType).as(AS_OF.name());
    }

    /**
     * Each cell once for every dimension and once for all, as columns {@code segment} and {@code segment_value} in place
     * of the array {@code segments}. Cells, never rows, are multiplied here.
     */
    public static Dataset<Row> inLongForm(Dataset<Row> cells, List<Dimension> dimensions) {
        List<Column> pairs = new ArrayList<>();
        pairs.add(pair(Dimension.ALL, lit(Dimension.ALL)));
        for (int i = 0; i < dimensions.size(); i++) {
            pairs.add(pair(dimensions.get(i).name(), col("segments").getItem(i)));
        }
        Column[] others = Arrays.stream(cells.columns())
                .filter(name -> !name.equals("segments"))
                .map(name -> col(name))
                .toArray(Column[]::new);
        Column[] kept = Stream.concat(
                        Arrays.stream(others),
                        Stream.of(explode(array(pairs.toArray(Column[]::new))).as("pair")))
                .toArray(Column[]::new);
        return cells.select(kept)
                .withColumn(SEGMENT.name(), col("pair.segment"))
                .withColumn(SEGMENT_VALUE.name(), col("pair.segment_value"))
                .drop("pair");
    }

    /**
     * Gathers rare values of each dimension. Cells are few, so ranking them costs nothing; ties are broken by the value.
     *
     * @param weight the column that says how frequent a value is
     */
    public static Dataset<Row> gathered(Dataset<Row> cells, String weight) {
        var byFrequency = Window.partitionBy(SEGMENT.col()).orderBy(desc("frequency"), SEGMENT_VALUE.col());
        Dataset<Row> rare = cells.groupBy(SEGMENT.col(), SEGMENT_VALUE.col())
                .agg(sum(col(weight)).as("frequency"))
                .withColumn("rank", row_number().over(byFrequency))
                .where(col("rank").gt(MOST_VALUES))
                .select(SEGMENT.col(), SEGMENT_VALUE.col(), lit(true).as("is_rare"));
        return cells.join(
                        org.apache.spark.sql.functions.broadcast(rare),
                        Field.names(SEGMENT, SEGMENT_VALUE),
                        "left_outer")
                .withColumn(
                        SEGMENT_VALUE.name(),
                        when(coalesce(col("is_rare"), lit(false)), Dimension.OTHER)
                                .otherwise(SEGMENT_VALUE.col()))
                .drop("is_rare");
    }

    private static Column pair(String dimension, Column value) {
        return struct(lit(dimension).as("segment"), value.as("segment_value"));
    }
}
