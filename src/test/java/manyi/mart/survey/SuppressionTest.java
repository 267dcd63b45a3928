package manyi.mart.survey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import manyi.config.Dimension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuppressionTest {

    private static final Suppression SUPPRESSION = new Suppression(10);

    @Test
    void hidesNothingWhereAllCellsAreLarge() {
        assertThat(hidden("all/all 100", "region/East 60", "region/West 40")).isEmpty();
    }

    @Test
    void hidesTheSmallestOtherCellBesideASmallOne() {
        assertThat(hidden("all/all 100", "region/East 60", "region/West 31", "region/North 9"))
                .containsExactly("region/West", "region/North");
    }

    @Test
    void hidesACellThatLeavesTooFewInTheTotal() {
        // two are hidden, but 5 customers are what remains of 100 without the 95
        assertThat(hidden("all/all 100", "region/East 95", "region/West 3", "region/North 2"))
                .containsExactly("region/East", "region/West", "region/North");
    }

    @Test
    void hidesTheTotalThatHasOneSmallPartOnly() {
        assertThat(hidden(
                        "all/all 60",
                        "country/A 5",
                        "country/B 25",
                        "country/C 30",
                        "country × channel/A × web 5",
                        "country × channel/B × web 25",
                        "country × channel/C × web 30"))
                .containsExactly("country/A", "country/B", "country × channel/A × web", "country × channel/B × web");
    }

    @Test
    void closesTheCrossedCellsAlongBothTotals() {
        assertThat(hidden(
                        "all/all 200",
                        "country/A 80",
                        "country/B 120",
                        "channel/web 90",
                        "channel/shop 110",
                        "country × channel/A × web 5",
                        "country × channel/A × shop 75",
                        "country × channel/B × web 85",
                        "country × channel/B × shop 35"))
                .containsExactly(
                        "country × channel/A × web",
                        "country × channel/A × shop",
                        "country × channel/B × web",
                        "country × channel/B × shop");
    }

    @Test
    void takesRareValuesUnderOneNameIntoTheTotal() {
        assertThat(hidden("all/all 100", "a × b/x × y 92", "a × b/other 8"))
                .containsExactly("a × b/x × y", "a × b/other");
    }

    @Test
    void hidesMoreWhereSeveralLinesTogetherGiveACellAway() {
        // every line hides at least ten customers in two cells, yet rows A and B less columns 1 and 2 leave B × 3 alone
        List<String> drawn = new ArrayList<>(List.of("all/all 569"));
        String[] rows = {"A 112", "B 117", "C 112", "D 112"};
        String[] columns = {"1 112", "2 112", "3 117", "4 112"};
        for (int i = 0; i < 4; i++) {
            drawn.add("country/" + rows[i]);
            drawn.add("channel/" + columns[i]);
        }
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                int count = i == 1 && j == 2 ? 5 : i / 2 == j / 2 ? 6 : 50;
                drawn.add("country × channel/" + "ABCD".charAt(i) + " × " + (j + 1) + " " + count);
            }
        }

        assertThat(hidden(drawn.toArray(String[]::new))).hasSizeGreaterThan(9).contains("country × channel/B × 3");
    }

    /**
     * An attacker who adds and subtracts all published cells, knowing every attribute's values: the cells are sums over
     * the finest classes of customers, and a hidden one is found where it is a linear combination of published ones.
     */
    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                29, 30
            })
    void leavesNoSmallCellToAnAttackerWhoSolvesForIt(int seed) {
        var random = new Random(seed);
        List<List<String>> all = List.of(
                List.of(),
                List.of("a"),
                List.of("b"),
                List.of("a", "b"),
                List.of("b", "c"),
                List.of("c", "a"),
                List.of("a", "b", "c"));
        List<List<String>> dimensions = new ArrayList<>(List.of(List.of()));
        all.stream().skip(1).filter(any -> random.nextInt(4) > 0).forEach(dimensions::add);
        boolean isWide = seed > 10;
        int[] sizes = isWide
                ? new int[] {6, 6, 1}
                : new int[] {2 + random.nextInt(3), 2 + random.nextInt(3), 2 + random.nextInt(2)};
        int classes = sizes[0] * sizes[1] * sizes[2];
        long[] customers = new long[classes];
        for (int i = 0; i < classes; i++) {
            int small = isWide ? 6 + random.nextInt(3) : 1 + random.nextInt(12);
            customers[i] = random.nextInt(4) == 0 ? small : 5 + random.nextInt(80);
        }
        Map<String, BitSet> members = new TreeMap<>();
        List<Suppression.Cell> cells = new ArrayList<>();
        List<BitSet> masks = new ArrayList<>();
        for (List<String> dimension : dimensions) {
            members.clear();
            for (int i = 0; i < classes; i++) {
                var value = Map.of(
                        "a", "a" + i % sizes[0],
                        "b", "b" + i / sizes[0] % sizes[1],
                        "c", "c" + i / sizes[0] / sizes[1]);
                String name = dimension.isEmpty()
                        ? Dimension.ALL
                        : String.join(
                                Dimension.CROSS,
                                dimension.stream().map(value::get).toList());
                members.computeIfAbsent(name, any -> new BitSet()).set(i);
            }
            members.forEach((name, mask) -> {
                String segment = dimension.isEmpty() ? Dimension.ALL : String.join(Dimension.CROSS, dimension);
                long count = mask.stream().mapToLong(i -> customers[i]).sum();
                cells.add(Suppression.Cell.of(segment, name, List.of(count)));
                masks.add(mask);
            });
        }

        BitSet hidden = SUPPRESSION.hidden(cells, new BitSet());

        List<double[]> published = IntStream.range(0, cells.size())
                .filter(i -> !hidden.get(i))
                .mapToObj(i -> vector(masks.get(i), classes))
                .toList();
        int rank = rank(published);
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).bases().get(0) < 10) {
                assertThat(hidden.get(i)).isTrue();
                List<double[]> more = new ArrayList<>(published);
                more.add(vector(masks.get(i), classes));
                assertThat(rank(more))
                        .as("cell %s of seed %d", cells.get(i), seed)
                        .isEqualTo(rank + 1);
            }
        }
    }

    private static List<String> hidden(String... drawn) {
        List<Suppression.Cell> cells = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String cell : drawn) {
            String name = cell.substring(0, cell.lastIndexOf(' '));
            names.add(name);
            cells.add(Suppression.Cell.of(
                    name.substring(0, name.indexOf('/')),
                    name.substring(name.indexOf('/') + 1),
                    List.of(Long.valueOf(cell.substring(cell.lastIndexOf(' ') + 1)))));
        }
        return SUPPRESSION.hidden(cells, new BitSet()).stream()
                .mapToObj(names::get)
                .toList();
    }

    private static double[] vector(BitSet mask, int classes) {
        return IntStream.range(0, classes).mapToDouble(i -> mask.get(i) ? 1 : 0).toArray();
    }

    private static int rank(List<double[]> rows) {
        Map<Integer, double[]> pivots = new HashMap<>();
        for (double[] given : rows) {
            double[] row = given.clone();
            for (int column = 0; column < row.length; column++) {
                if (Math.abs(row[column]) > 1e-9) {
                    double[] pivot = pivots.get(column);
                    if (pivot == null) {
                        pivots.put(column, row);
                        break;
                    }
                    double times = row[column] / pivot[column];
                    for (int j = column; j < row.length; j++) {
                        row[j] -= times * pivot[j];
                    }
                    row[column] = 0;
                }
            }
        }
        return pivots.size();
    }
}
