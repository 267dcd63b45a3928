package manyi.mart.path;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import manyi.config.Dimension;
import manyi.mart.survey.FrequentValues;
import manyi.math.moment.MomentSums;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Condenses responses to the moments of cells and groups. The responses of a group of sampling units lie side by side;
 * its cells leave when it ends, so that memory holds the cells of one group.
 *
 * @param dimensions the names of the dimensions, in the order of the segment values
 */
record MomentRows(List<MomentItem> items, List<String> dimensions, FrequentValues frequent)
        implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;
    static final int POPULATION = 0;
    static final int WAVE = 1;
    static final int STRATUM = 2;
    static final int GROUP = 3;
    static final int SEGMENTS = 4;
    static final int WEIGHT = 5;
    static final int ANSWERS = 6;

    MomentRows {
        items = List.copyOf(items);
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> responses) {
        return new Groups(responses);
    }

    private record Group(String population, String wave, String stratum, int number) {
        static Group of(Row response) {
            return new Group(
                    response.getString(POPULATION),
                    response.getString(WAVE),
                    response.getString(STRATUM),
                    response.getInt(GROUP));
        }
    }

    private final class Groups implements Iterator<Row> {
        private final Iterator<Row> responses;
        private final Deque<Row> ready = new ArrayDeque<>();
        private final MomentSums.Answers answers = new MomentSums.Answers(items.size());
        private final long[] values = new long[items.size()];
        private Row next;

        Groups(Iterator<Row> responses) {
            this.responses = responses;
            advance();
        }

        private void advance() {
            next = responses.hasNext() ? responses.next() : null;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && next != null) {
                readGroup();
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.removeFirst();
        }

        private void readGroup() {
            Group group = Group.of(next);
            List<Map<String, MomentSums>> cells = new ArrayList<>();
            dimensions.forEach(name -> cells.add(new HashMap<>()));
            MomentSums all = new MomentSums(items.size());
            while (next != null && Group.of(next).equals(group)) {
                if (isTaken(next)) {
                    if (dimensions.isEmpty()) {
                        all.add(answers);
                    }
                    List<String> segments = next.getList(SEGMENTS);
                    for (int i = 0; i < dimensions.size(); i++) {
                        String value = frequent.named(group.population(), group.wave(), i, segments.get(i));
                        cells.get(i)
                                .computeIfAbsent(value, any -> new MomentSums(items.size()))
                                .add(answers);
                    }
                }
                advance();
            }
            if (!dimensions.isEmpty()) {
                // every response has one value of each dimension
                cells.get(0).values().forEach(all::add);
            }
            if (all.rows() > 0) {
                emit(group, Dimension.ALL, Dimension.ALL, all);
            }
            for (int i = 0; i < dimensions.size(); i++) {
                String dimension = dimensions.get(i);
                cells.get(i).forEach((value, sums) -> emit(group, dimension, value, sums));
            }
        }

        /** Whether the response answers any item; its answers are made ready then. */
        private boolean isTaken(Row response) {
            List<Double> given = response.getList(ANSWERS);
            boolean isAny = false;
            for (int i = 0; i < values.length; i++) {
                int place = items.get(i).place();
                Double answer = place < given.size() ? given.get(place) : null;
                values[i] = answer == null ? MomentSums.MISSING : items.get(i).value(answer);
                isAny |= values[i] != MomentSums.MISSING;
            }
            if (isAny) {
                answers.set(response.getDecimal(WEIGHT).movePointRight(9).longValueExact(), values);
            }
            return isAny;
        }

        private void emit(Group group, String segment, String value, MomentSums sums) {
            ready.add(RowFactory.create(
                    group.population(),
                    group.wave(),
                    segment,
                    value,
                    group.stratum(),
                    group.number(),
                    bytes(sums.packed(MomentItem.UNITS))));
        }
    }

    /** The bytes of a row. */
    static byte[] bytes(double[] packed) {
        ByteBuffer buffer = ByteBuffer.allocate(packed.length * Double.BYTES);
        buffer.asDoubleBuffer().put(packed);
        return buffer.array();
    }

    /** The sums behind the bytes of a row. */
    static double[] packed(byte[] bytes) {
        double[] packed = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(packed);
        return packed;
    }
}
