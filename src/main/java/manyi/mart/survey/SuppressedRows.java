package manyi.mart.survey;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.table.Field;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Marks the cells, a row each, that are to be hidden of every group of cells: each mask becomes a column behind the others.
 *
 * @param minimum the least number behind a published figure
 */
public record SuppressedRows(int minimum, List<Mask> masks) {

    /**
     * What is hidden for one reason.
     *
     * @param name of the column it becomes
     * @param bases the columns with the numbers behind the figures, the one that orders cells by size first
     * @param already the column, which may be an earlier mask, of what is hidden for another reason; empty for none
     */
    public record Mask(String name, List<String> bases, String already) implements Serializable {
        private static final long serialVersionUID = 1L;

        public Mask {
            bases = List.copyOf(bases);
        }
    }

    public SuppressedRows {
        masks = List.copyOf(masks);
    }

    /** The cells with their masks; those with equal values of the group's columns add up to each other. */
    public Dataset<Row> marked(Dataset<Row> cells, Field... group) {
        StructType schema = cells.schema();
        for (Mask mask : masks) {
            schema = schema.add(mask.name(), DataTypes.BooleanType, false);
        }
        List<String> names = Stream.of(group).map(Field::name).toList();
        Marking marking = new Marking(minimum, masks);
        return cells.groupByKey(
                        (MapFunction<Row, String>) row -> names.stream()
                                .map(name -> String.valueOf(row.<Object>getAs(name)))
                                .reduce("", (one, other) -> one + "\n" + other),
                        Encoders.STRING())
                .flatMapGroups(marking, Encoders.row(schema));
    }

    private record Marking(int minimum, List<Mask> masks) implements FlatMapGroupsFunction<String, Row, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Row> call(String group, Iterator<Row> rows) {
            List<Row> sorted = new ArrayList<>();
            rows.forEachRemaining(sorted::add);
            sorted.sort(Comparator.comparing(Marking::segment).thenComparing(Marking::value));
            List<String> names = new ArrayList<>();
            List<BitSet> hidden = new ArrayList<>();
            for (Mask mask : masks) {
                BitSet already = new BitSet();
                if (names.contains(mask.already())) {
                    already = hidden.get(names.indexOf(mask.already()));
                } else if (!mask.already().isEmpty()) {
                    for (int i = 0; i < sorted.size(); i++) {
                        already.set(i, sorted.get(i).<Boolean>getAs(mask.already()));
                    }
                }
                List<Suppression.Cell> cells = sorted.stream()
                        .map(row -> Suppression.Cell.of(
                                segment(row),
                                value(row),
                                mask.bases().stream()
                                        .map(base -> row.<Long>getAs(base))
                                        .toList()))
                        .toList();
                names.add(mask.name());
                hidden.add(new Suppression(minimum).hidden(cells, already));
            }
            return IntStream.range(0, sorted.size())
                    .mapToObj(place -> RowFactory.create(Stream.concat(
                                    IntStream.range(0, sorted.get(place).size()).mapToObj(sorted.get(place)::get),
                                    hidden.stream().map(mask -> mask.get(place)))
                            .toArray()))
                    .iterator();
        }

        private static String segment(Row row) {
            return row.getAs(SegmentColumns.SEGMENT.name());
        }

        private static String value(Row row) {
            return row.getAs(SegmentColumns.SEGMENT_VALUE.name());
        }
    }
}
