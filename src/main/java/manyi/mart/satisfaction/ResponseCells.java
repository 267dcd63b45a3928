package manyi.mart.satisfaction;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyi.config.Dimension;
import manyi.mart.survey.GroupReader;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Condenses the cases of a partition to counts per cell. The cases of a customer lie side by side, so that customers are
 * counted once in every cell they stand in.
 *
 * @param dimensions the names of the dimensions, in the order of the segment values
 * @param counts how many counts a case comes with
 */
record ResponseCells(List<String> dimensions, int counts) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final int CELLS_IN_MEMORY = 4096;

    /** The columns of a case that are read, in this order. */
    static final List<String> CASE =
            List.of("population", "wave", "unit", "segments", "is_case", "is_answered", "weight", "counts");

    /** A partial cell. */
    static final StructType SCHEMA = new StructType()
            .add("population", DataTypes.StringType)
            .add("wave", DataTypes.StringType)
            .add("segment", DataTypes.StringType)
            .add("segment_value", DataTypes.StringType)
            .add("asked_customers", DataTypes.LongType)
            .add("answering_customers", DataTypes.LongType)
            .add("counted_weight", DataTypes.createDecimalType(38, 0))
            .add("counts", DataTypes.createArrayType(DataTypes.LongType, false));

    ResponseCells {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> cases) {
        return new Cells(cases);
    }

    private record Wave(String population, String wave) {}

    private record Together(Wave wave, List<String> values) {}

    /** A cell by the place of its dimension and its value; the place −1 is everybody. */
    private record Cell(Wave wave, int dimension, String value) {}

    /** What is counted in a cell. Weights are billionths and may outgrow a long. */
    private final class Tally {
        private final long[] sums = new long[counts];
        private long asked;
        private long answering;
        private BigInteger weight = BigInteger.ZERO;

        /** Adds cases of one customer. */
        void add(List<Row> cases) {
            boolean isAsked = false;
            boolean isAnswering = false;
            for (Row one : cases) {
                isAsked |= one.getBoolean(4);
                isAnswering |= one.getBoolean(5);
                weight = weight.add(one.getDecimal(6).movePointRight(9).toBigIntegerExact());
                List<Long> more = one.getList(7);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += more.get(i);
                }
            }
            asked += isAsked ? 1 : 0;
            answering += isAnswering ? 1 : 0;
        }

        /** Adds cases of other customers. */
        void add(Tally other) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += other.sums[i];
            }
            asked += other.asked;
            answering += other.answering;
            weight = weight.add(other.weight);
        }
    }

    private final class Cells extends GroupReader {
        private final Map<Together, Tally> together = new HashMap<>();
        private final Map<Cell, Tally> cells = new HashMap<>();

        Cells(Iterator<Row> cases) {
            super(cases);
        }

        @Override
        protected void readGroup() {
            Wave wave = new Wave(peek().getString(0), peek().getString(1));
            String name = peek().getString(2);
            List<Row> given = takeWhile(one -> one.getString(2).equals(name)
                    && one.getString(1).equals(wave.wave())
                    && one.getString(0).equals(wave.population()));
            List<List<String>> segments = given.stream()
                    .map(one -> List.copyOf(one.<String>getList(3)))
                    .toList();
            List<String> values = segments.get(0);
            if (segments.stream().allMatch(values::equals)) {
                together.computeIfAbsent(new Together(wave, values), any -> new Tally())
                        .add(given);
            } else {
                cell(new Cell(wave, -1, Dimension.ALL)).add(given);
                for (int i = 0; i < dimensions.size(); i++) {
                    addByValue(wave, i, given, segments);
                }
            }
            if (together.size() > CELLS_IN_MEMORY) {
                spread();
            }
            if (cells.size() > CELLS_IN_MEMORY) {
                finish();
            }
        }

        private void addByValue(Wave wave, int dimension, List<Row> given, List<List<String>> segments) {
            Set<String> values = new HashSet<>();
            segments.forEach(each -> values.add(each.get(dimension)));
            for (String value : values) {
                List<Row> there = new ArrayList<>();
                for (int i = 0; i < given.size(); i++) {
                    if (segments.get(i).get(dimension).equals(value)) {
                        there.add(given.get(i));
                    }
                }
                cell(new Cell(wave, dimension, value)).add(there);
            }
        }

        private Tally cell(Cell cell) {
            return cells.computeIfAbsent(cell, any -> new Tally());
        }

        private void spread() {
            together.forEach((shared, tally) -> {
                cell(new Cell(shared.wave(), -1, Dimension.ALL)).add(tally);
                for (int i = 0; i < dimensions.size(); i++) {
                    cell(new Cell(shared.wave(), i, shared.values().get(i))).add(tally);
                }
            });
            together.clear();
        }

        @Override
        protected void finish() {
            spread();
            cells.forEach((cell, tally) -> give(RowFactory.create(
                    cell.wave().population(),
                    cell.wave().wave(),
                    cell.dimension() < 0 ? Dimension.ALL : dimensions.get(cell.dimension()),
                    cell.value(),
                    tally.asked,
                    tally.answering,
                    new BigDecimal(tally.weight),
                    tally.sums)));
            cells.clear();
        }
    }
}
