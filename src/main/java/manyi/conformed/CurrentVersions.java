package manyi.conformed;

import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import manyi.config.SourceKind;
import manyi.source.Landing;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Which rows of a landing table count: of rows with one key the greatest, of rows without a key every one. */
public final class CurrentVersions {

    private CurrentVersions() {}

    /**
     * The rows that count, with the columns they came with. Of rows with one key, over all files and entries of the kind,
     * the one last updated wins; where that is not known or the same, the one of the last file and place. Where a row is
     * an answer to one item, the item is part of every key.
     */
    public static Dataset<Row> of(Dataset<Row> landed) {
        Dataset<Row> withoutKey = landed.where(Landing.ROW_KEY.col().isNull());
        List<Column> key = new ArrayList<>(List.of(Landing.ROW_KEY.col()));
        if (Arrays.asList(landed.columns()).contains(Landing.ITEM.name())) {
            key.add(Landing.ITEM.col());
        }
        return withoutKey.unionByName(latest(landed.where(Landing.ROW_KEY.col().isNotNull()), key));
    }

    /**
     * Of the rows that count the latest for each value of what they are about, where a later row takes the place of an
     * earlier one: a customer's spending in a period, a product's margin from a day on.
     *
     * @param kind what the rows are, and by what their kind tells them apart
     */
    public static Dataset<Row> of(SourceKind kind, Dataset<Row> landed) {
        Dataset<Row> rows = of(landed);
        return kind.identity().isEmpty()
                ? rows
                : latest(rows, kind.identity().stream().map(functions::expr).toList());
    }

    private static Dataset<Row> latest(Dataset<Row> rows, List<Column> key) {
        // a null sorts before all values; the columns after the place only make equals equal in every order of rows
        Set<String> order = new LinkedHashSet<>(
                List.of(Landing.UPDATED_AT.name(), Landing.FILE.name(), Landing.PLACE.name(), Landing.SOURCE.name()));
        order.addAll(Arrays.asList(rows.columns()));
        Column[] ordered = order.stream().map(functions::col).toArray(Column[]::new);
        return rows.groupBy(key.toArray(Column[]::new))
                .agg(max(struct(ordered)).as("current"))
                .select("current.*")
                .select(Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new));
    }
}
