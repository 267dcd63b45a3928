package manyi.mart.satisfaction;

import static manyi.mart.satisfaction.SatisfactionCell.CSI_FIGURE;
import static manyi.mart.satisfaction.SatisfactionCell.CSM_FIGURE;
import static manyi.mart.satisfaction.SatisfactionCell.NPS_FIGURE;
import static manyi.mart.satisfaction.SatisfactionCell.RESPONDENT_FIGURE;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Marks the hidden cells of each population and wave; their rows lie side by side. A cell is hidden whole where one of
 * its segment's figures must be; an indicator of a published cell is hidden where its own answers are too few, and then
 * with a second one, since the contributions add up to the index.
 */
record CellMasks(int minimumRespondents) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final List<String> BASES = List.of(RESPONDENT_FIGURE, CSI_FIGURE, CSM_FIGURE, NPS_FIGURE);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private Row next = rows.hasNext() ? rows.next() : null;
            private Iterator<Row> marked = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                if (!marked.hasNext() && next != null) {
                    List<Row> wave = new ArrayList<>();
                    String population = next.getString(0);
                    String name = next.getString(1);
                    while (next != null
                            && next.getString(0).equals(population)
                            && next.getString(1).equals(name)) {
                        wave.add(next);
                        next = rows.hasNext() ? rows.next() : null;
                    }
                    marked = marked(wave).iterator();
                }
                return marked.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return marked.next();
            }
        };
    }

    /** The figures of one cell: distinct customers by figure, and by indicator. */
    private record Counts(String segment, String value, Map<String, Long> figures, Map<String, Long> items) {}

    private List<Row> marked(List<Row> rows) {
        Map<List<String>, Integer> places = new LinkedHashMap<>();
        List<Counts> counts = new ArrayList<>();
        for (Row row : rows) {
            int place = places.computeIfAbsent(List.of(row.getString(2), row.getString(3)), cell -> {
                counts.add(new Counts(cell.get(0), cell.get(1), new TreeMap<>(), new TreeMap<>()));
                return counts.size() - 1;
            });
            Counts cell = counts.get(place);
            if (row.getString(5).isEmpty()) {
                cell.figures().put(row.getString(4), row.getLong(6));
            } else {
                cell.items().put(row.getString(5), row.getLong(6));
            }
        }
        Suppression suppression = new Suppression(minimumRespondents);
        List<Suppression.Cell> cells = counts.stream()
                .map(cell -> Suppression.Cell.of(
                        cell.segment(),
                        cell.value(),
                        BASES.stream().map(cell.figures()::get).toList()))
                .toList();
        BitSet hidden = suppression.hidden(cells, new BitSet());
        Map<String, BitSet> hiddenItems = hiddenItems(suppression, counts, cells, hidden);
        long designUnits = counts.stream()
                .mapToLong(cell -> cell.figures().get(RESPONDENT_FIGURE))
                .max()
                .orElse(0);
        List<Row> marked = new ArrayList<>();
        for (Row row : rows) {
            int place = places.get(List.of(row.getString(2), row.getString(3)));
            boolean isHidden = row.getString(5).isEmpty()
                    ? hidden.get(place)
                    : hiddenItems.get(row.getString(5)).get(place);
            Object[] values = new Object[row.size() + 2];
            for (int i = 0; i < row.size(); i++) {
                values[i] = row.get(i);
            }
            values[row.size()] = designUnits;
            values[row.size() + 1] = isHidden;
            marked.add(RowFactory.create(values));
        }
        return marked;
    }

    private static Map<String, BitSet> hiddenItems(
            Suppression suppression, List<Counts> counts, List<Suppression.Cell> cells, BitSet hidden) {
        Map<String, BitSet> hiddenItems = new TreeMap<>();
        Map<String, List<Suppression.Cell>> cellsOfItem = new TreeMap<>();
        for (String item : counts.get(0).items().keySet()) {
            List<Suppression.Cell> answered = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                answered.add(cells.get(i).on(List.of(counts.get(i).items().get(item))));
            }
            cellsOfItem.put(item, answered);
            hiddenItems.put(item, suppression.hidden(answered, hidden));
        }
        boolean isChanged = true;
        while (isChanged) {
            isChanged = false;
            for (int i = 0; i < cells.size(); i++) {
                if (!hidden.get(i) && hideAnother(suppression, counts.get(i).items(), hiddenItems, i)) {
                    isChanged = true;
                }
            }
            if (isChanged) {
                hiddenItems.replaceAll((item, places) -> suppression.hidden(cellsOfItem.get(item), places));
            }
        }
        return hiddenItems;
    }

    /** The index less the published contributions is what the hidden indicators add: it must rest on enough, and on two. */
    private static boolean hideAnother(
            Suppression suppression, Map<String, Long> answers, Map<String, BitSet> hiddenItems, int cell) {
        List<Long> bases = answers.keySet().stream()
                .filter(item -> hiddenItems.get(item).get(cell))
                .map(answers::get)
                .toList();
        long greatest = bases.stream().mapToLong(base -> base).max().orElse(0);
        if (bases.isEmpty() || (bases.size() > 1 && greatest >= suppression.minimum())) {
            return false;
        }
        var smallest = answers.keySet().stream()
                .filter(item -> answers.get(item) > 0 && !hiddenItems.get(item).get(cell))
                .min(Comparator.<String, Long>comparing(answers::get).thenComparing(item -> item));
        smallest.ifPresent(item -> hiddenItems.get(item).set(cell));
        return smallest.isPresent();
    }
}
