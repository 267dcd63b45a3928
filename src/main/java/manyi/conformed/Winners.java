package manyi.conformed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyi.source.Landing;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Of landed rows with one key the latest: by {@code updated_at} where mapped, then by file and place. */
public final class Winners {

    private Winners() {}

    /** The rows that stand; rows without a key all do. */
    public static Dataset<Row> of(Dataset<Row> landed) {
        List<Column> order = new ArrayList<>(
                List.of(Landing.UPDATED_AT.col(), Landing.FILE.col(), Landing.PLACE.col(), Landing.SOURCE.col()));
        List<String> first =
                List.of(Landing.UPDATED_AT.name(), Landing.FILE.name(), Landing.PLACE.name(), Landing.SOURCE.name());
        Arrays.stream(landed.columns())
                .filter(name -> !first.contains(name) && !name.equals(Landing.ROW_KEY.name()))
                .forEach(name -> order.add(col(name)));
        Dataset<Row> standing = landed.where(Landing.ROW_KEY.col().isNotNull())
                .groupBy(Landing.ROW_KEY.col())
                .agg(max(struct(order.toArray(Column[]::new))).as("latest"))
                .select(Landing.ROW_KEY.col(), col("latest.*"));
        return landed.where(Landing.ROW_KEY.col().isNull()).unionByName(standing);
    }
}
