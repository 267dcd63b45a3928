package manyi.mart.survey;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.math.survey.MarginRegression;
import manyi.source.Landing;
import org.apache.spark.sql.Row;

/**
 * The levels of the margins that weights are raked to: their columns in sums and in the regression of each wave.
 *
 * @param places of the margins' dimensions among the segments of a response
 * @param columns of the values of each margin
 * @param normal X'WX by population and wave, W the base weights; waves that are not raked have none
 */
public record Margins(
        List<Integer> places, List<Map<String, Integer>> columns, Map<String, List<List<BigDecimal>>> normal)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int[] NONE = {};

    /** The margins of no wave. */
    static final Margins ABSENT = new Margins(List.of(), List.of(), Map.of());

    public Margins {
        places = List.copyOf(places);
        columns = List.copyOf(columns);
        normal = Map.copyOf(normal);
    }

    /** Reads the levels and base weights from the cells that were raked. */
    static Margins of(List<Integer> places, List<Row> factors) {
        List<Map<String, Integer>> columns = new ArrayList<>();
        places.forEach(place -> columns.add(new TreeMap<>()));
        for (Row row : factors) {
            List<String> levels = levels(row);
            for (int margin = 0; margin < columns.size(); margin++) {
                columns.get(margin).put(levels.get(margin), 0);
            }
        }
        int[] next = {0};
        columns.forEach(levels -> levels.replaceAll((level, any) -> next[0]++));
        Map<String, BigDecimal[][]> sums = new HashMap<>();
        for (Row row : factors) {
            BigDecimal[][] normal = sums.computeIfAbsent(
                    key(row.getAs(Landing.POPULATION.name()), row.getAs(Landing.WAVE.name())),
                    any -> new BigDecimal[next[0]][next[0]]);
            BigDecimal weight = row.getAs(RakingFactor.BASE_WEIGHTS.name());
            int[] own = columns(columns, levels(row));
            for (int one : own) {
                for (int other : own) {
                    BigDecimal sum = normal[one][other];
                    normal[one][other] = sum == null ? weight : sum.add(weight);
                }
            }
        }
        Map<String, List<List<BigDecimal>>> normal = new HashMap<>();
        sums.forEach((wave, matrix) -> {
            List<List<BigDecimal>> rows = new ArrayList<>();
            for (BigDecimal[] row : matrix) {
                List<BigDecimal> known = new ArrayList<>();
                for (BigDecimal sum : row) {
                    known.add(sum == null ? BigDecimal.ZERO : sum);
                }
                rows.add(List.copyOf(known));
            }
            normal.put(wave, List.copyOf(rows));
        });
        return new Margins(places, columns.stream().map(Map::copyOf).toList(), normal);
    }

    /** How many columns there are. */
    int levels() {
        return columns.stream().mapToInt(Map::size).sum();
    }

    /** The columns of a response, one of each margin; none in a wave that is not raked. */
    int[] columns(String population, String wave, List<String> segments) {
        if (!normal.containsKey(key(population, wave))) {
            return NONE;
        }
        return columns(columns, places.stream().map(segments::get).toList());
    }

    /** The regression on the margins of a wave; null where it is not raked. */
    MarginRegression regression(String population, String wave) {
        List<List<BigDecimal>> rows = normal.get(key(population, wave));
        if (rows == null) {
            return null;
        }
        return MarginRegression.of(rows.stream()
                .map(row -> row.stream().mapToDouble(BigDecimal::doubleValue).toArray())
                .toArray(double[][]::new));
    }

    private static int[] columns(List<Map<String, Integer>> columns, List<String> levels) {
        int[] own = new int[levels.size()];
        for (int margin = 0; margin < own.length; margin++) {
            own[margin] = columns.get(margin).get(levels.get(margin));
        }
        return own;
    }

    private static List<String> levels(Row row) {
        return row.getList(row.fieldIndex(RakingFactor.LEVELS.name()));
    }

    private static String key(String population, String wave) {
        return population + "\n" + wave;
    }
}
