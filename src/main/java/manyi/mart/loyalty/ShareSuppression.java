package manyi.mart.loyalty;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.Suppression;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Marks the cells of one period that are to be hidden, in a column behind the others. */
record ShareSuppression(int minimumCustomers) implements FlatMapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(String period, Iterator<Row> rows) {
        List<Row> sorted = new ArrayList<>();
        rows.forEachRemaining(sorted::add);
        sorted.sort(Comparator.comparing(ShareSuppression::segment).thenComparing(ShareSuppression::value));
        List<Suppression.Cell> cells = sorted.stream()
                .map(row -> Suppression.Cell.of(
                        segment(row), value(row), List.of(row.<Long>getAs(CustomerShare.CUSTOMERS.name()))))
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
