package manyi.mart.loyalty;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.mart.Suppression;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Marks the cells of one period that are to be hidden, in a column behind the others.
 *
 * @param bases the columns that count distinct customers behind the figures, the one that orders cells by size first
 */
record CellMarks(int minimumCustomers, List<String> bases) implements FlatMapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;

    CellMarks {
        bases = List.copyOf(bases);
    }

    @Override
    public Iterator<Row> call(String period, Iterator<Row> rows) {
        List<Row> sorted = new ArrayList<>();
        rows.forEachRemaining(sorted::add);
        sorted.sort(Comparator.comparing(CellMarks::segment).thenComparing(CellMarks::value));
        List<Suppression.Cell> cells = sorted.stream()
                .map(row -> Suppression.Cell.of(
                        segment(row),
                        value(row),
                        bases.stream().map(base -> row.<Long>getAs(base)).toList()))
                .toList();
        BitSet hidden = new Suppression(minimumCustomers).hidden(cells, new BitSet());
        return IntStream.range(0, sorted.size())
                .mapToObj(place -> marked(sorted.get(place), hidden.get(place)))
                .iterator();
    }

    private static Row marked(Row row, boolean isHidden) {
        return RowFactory.create(Stream.concat(IntStream.range(0, row.size()).mapToObj(row::get), Stream.of(isHidden))
                .toArray());
    }

    private static String segment(Row row) {
        return row.getAs(SegmentColumns.SEGMENT.name());
    }

    private static String value(Row row) {
        return row.getAs(SegmentColumns.SEGMENT_VALUE.name());
    }
}
