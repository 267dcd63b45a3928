package manyi.mart.survey;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Reads cells together that agree in their first columns. They lie side by side in one partition, and are as many as a
 * dimension has values or a scale has steps.
 *
 * @param keys how many columns they agree in
 */
public record SortedGroups(int keys, Reading reading) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    /** What becomes of rows that agree. */
    @FunctionalInterface
    public interface Reading extends Serializable {
        /** The rows made from these, at least one. */
        List<Row> of(List<Row> rows);
    }

    /**
     * The rows made from those that agree.
     *
     * @param order the column that says in which order they are read
     */
    public static Dataset<Row> read(Dataset<Row> rows, int keys, String order, StructType schema, Reading reading) {
        Column[] key =
                Arrays.stream(rows.columns()).limit(keys).map(functions::col).toArray(Column[]::new);
        Column[] ordered = Stream.concat(Arrays.stream(key), Stream.of(functions.col(order)))
                .toArray(Column[]::new);
        return rows.repartition(key)
                .sortWithinPartitions(ordered)
                .mapPartitions(new SortedGroups(keys, reading), Encoders.row(schema));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private Row next = rows.hasNext() ? rows.next() : null;
            private Iterator<Row> made = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!made.hasNext() && next != null) {
                    List<Row> together = new ArrayList<>();
                    do {
                        together.add(next);
                        next = rows.hasNext() ? rows.next() : null;
                    } while (next != null && agree(together.get(0), next));
                    made = reading.of(together).iterator();
                }
                return made.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return made.next();
            }
        };
    }

    private boolean agree(Row one, Row other) {
        for (int i = 0; i < keys; i++) {
            if (!Objects.equals(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }
}
