package manyi.mart.satisfaction;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.Suppression;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Marks the hidden cells of one population and wave: those that {@link SatisfactionCell} hides, those where fewer than
 * the minimum were asked or answered, and as many more as keep totals from giving these away.
 */
record ResponseSuppression(int minimumRespondents) implements FlatMapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(String wave, Iterator<Row> rows) {
        List<Row> sorted = new ArrayList<>();
        rows.forEachRemaining(sorted::add);
        sorted.sort(Comparator.<Row, String>comparing(row -> row.getAs("segment"))
                .thenComparing(row -> row.<String>getAs("segment_value")));
        BitSet already = new BitSet();
        List<Suppression.Cell> cells = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            Row row = sorted.get(i);
            already.set(i, row.<Boolean>getAs("is_hidden"));
            cells.add(Suppression.Cell.of(
                    row.getAs("segment"),
                    row.getAs("segment_value"),
                    List.of(row.getAs("asked_customers"), row.getAs("answering_customers"))));
        }
        BitSet hidden = new Suppression(minimumRespondents).hidden(cells, already);
        List<Row> marked = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            Row row = sorted.get(i);
            Object[] values = new Object[row.size() + 1];
            for (int j = 0; j < row.size(); j++) {
                values[j] = row.get(j);
            }
            values[row.size()] = hidden.get(i);
            marked.add(RowFactory.create(values));
        }
        return marked.iterator();
    }
}
