package manyi.math.pls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manyi.math.moment.Moments;

/**
 * The moments of one set of rows in each replicate of a bootstrap. They are the product of two matrices, factors
 * (replicates × groups) and sums (groups × distinct sums): the upper triangle of the products, and of the sums over
 * those who answered both items only such as are not the same in all groups. Where no answer is missing, that leaves a
 * quarter.
 */
public final class Replicates {

    /** Groups whose sums stay near the processor while all replicates take them up. */
    private static final int NEAR = 64;

    final Structure structure;
    final Draws draws;
    private final int degreesOfFreedom;
    private final Layout layout;
    private final double[][] sums;

    private Replicates(Structure structure, Draws draws, int degreesOfFreedom, Layout layout, double[][] sums) {
        this.structure = structure;
        this.draws = draws;
        this.degreesOfFreedom = degreesOfFreedom;
        this.layout = layout;
        this.sums = sums;
    }

    /**
     * Replicates of one set: the whole base, or a segment.
     *
     * @param groups for each group of the draws, in their order, the moments of its rows in this set;
     *     {@link Moments#none} where there is none
     */
    public static Replicates of(PathModel model, List<Moments> groups, Draws draws) {
        if (groups.size() != draws.groups()) {
            throw new IllegalArgumentException(
                    "moments of " + groups.size() + " groups for draws of " + draws.groups());
        }
        var structure = new Structure(model);
        List<Moments> used = groups.stream()
                .map(group -> ItemStatistics.inUse(structure, group))
                .toList();
        var layout = new Layout(structure.items, used);
        double[][] sums = new double[draws.replicates()][layout.columns.size()];
        for (int from = 0; from < used.size(); from += NEAR) {
            add(used, layout, draws, from, StrictMath.min(used.size(), from + NEAR), sums);
        }
        return new Replicates(structure, draws, degreesOfFreedom(groups, draws), layout, sums);
    }

    /** Groups with a row in the set, less their strata. */
    public int degreesOfFreedom() {
        return degreesOfFreedom;
    }

    /** The moments of one replicate, of the structure's items. */
    Moments moments(int replicate) {
        return layout.moments(sums[replicate]);
    }

    private static void add(List<Moments> groups, Layout layout, Draws draws, int from, int until, double[][] sums) {
        double[][] rows = new double[until - from][];
        for (int group = from; group < until; group++) {
            rows[group - from] = groups.get(group).rows() > 0 ? layout.row(groups.get(group)) : null;
        }
        double[][] drawn = new double[until - from][];
        double[] factors = new double[until - from];
        for (int replicate = 0; replicate < sums.length; replicate++) {
            int count = 0;
            for (int group = from; group < until; group++) {
                double factor = draws.factor(replicate, group);
                if (factor != 0 && rows[group - from] != null) {
                    drawn[count] = rows[group - from];
                    factors[count++] = factor;
                }
            }
            int at = 0;
            for (; at + 4 <= count; at += 4) {
                addFour(sums[replicate], drawn, factors, at);
            }
            for (; at < count; at++) {
                addOne(sums[replicate], drawn[at], factors[at]);
            }
        }
    }

    /** Four at once, so that a sum is fetched and put back once for four groups. */
    private static void addFour(double[] sum, double[][] rows, double[] factors, int at) {
        double[] a = rows[at];
        double[] b = rows[at + 1];
        double[] c = rows[at + 2];
        double[] d = rows[at + 3];
        double f = factors[at];
        double g = factors[at + 1];
        double h = factors[at + 2];
        double i = factors[at + 3];
        for (int column = 0; column < sum.length; column++) {
            sum[column] += f * a[column] + g * b[column] + (h * c[column] + i * d[column]);
        }
    }

    private static void addOne(double[] sum, double[] row, double factor) {
        for (int column = 0; column < sum.length; column++) {
            sum[column] += factor * row[column];
        }
    }

    private static int degreesOfFreedom(List<Moments> groups, Draws draws) {
        int first = 0;
        int degrees = 0;
        for (Draws.Stratum stratum : draws.strata()) {
            int with = 0;
            for (int group = first; group < first + stratum.groups(); group++) {
                with += groups.get(group).rows() > 0 ? 1 : 0;
            }
            degrees += StrictMath.max(0, with - 1);
            first += stratum.groups();
        }
        return degrees;
    }

    /** Which sum of the moments stands in which column; sums that are the same in all groups share one. */
    private static final class Layout {

        private enum Kind {
            ROWS,
            WEIGHT,
            PAIRS,
            SUM,
            PRODUCT
        }

        private record Column(Kind kind, int i, int j) {
            double of(Moments moments) {
                return switch (kind) {
                    case ROWS -> moments.rows();
                    case WEIGHT -> moments.weight();
                    case PAIRS -> moments.pairs(i, j);
                    case SUM -> moments.sum(i, j);
                    case PRODUCT -> moments.product(i, j);
                };
            }
        }

        private final int items;
        private final List<Column> columns = new ArrayList<>();
        private final Map<Column, Integer> places = new HashMap<>();
        private final int[] pairs;
        private final int[] sums;
        private final int[] products;

        Layout(int items, List<Moments> groups) {
            this.items = items;
            pairs = new int[items * items];
            sums = new int[items * items];
            products = new int[items * items];
            place(new Column(Kind.ROWS, 0, 0));
            var weight = new Column(Kind.WEIGHT, 0, 0);
            boolean[] whole = new boolean[items];
            for (int i = 0; i < items; i++) {
                whole[i] = same(groups, weight, new Column(Kind.PAIRS, i, i));
                pairs[i * items + i] = place(whole[i] ? weight : new Column(Kind.PAIRS, i, i));
                sums[i * items + i] = place(new Column(Kind.SUM, i, i));
            }
            for (int i = 0; i < items; i++) {
                for (int j = 0; j < items; j++) {
                    int at = i * items + j;
                    products[at] = place(new Column(Kind.PRODUCT, StrictMath.min(i, j), StrictMath.max(i, j)));
                    if (i != j) {
                        sums[at] = place(whole[j] ? new Column(Kind.SUM, i, i) : distinct(groups, Kind.SUM, i, j));
                        if (whole[i] || whole[j]) {
                            pairs[at] = pairs[whole[i] ? j * items + j : i * items + i];
                        } else {
                            pairs[at] = place(distinct(groups, Kind.PAIRS, StrictMath.min(i, j), StrictMath.max(i, j)));
                        }
                    }
                }
            }
            place(weight);
        }

        /** The column of i and j, or that of i alone where all who answered i answered j also. */
        private static Column distinct(List<Moments> groups, Kind kind, int i, int j) {
            boolean covered = same(groups, new Column(Kind.PAIRS, i, i), new Column(Kind.PAIRS, i, j));
            return new Column(kind, i, covered ? i : j);
        }

        private static boolean same(List<Moments> groups, Column one, Column other) {
            for (Moments group : groups) {
                if (one.of(group) != other.of(group)) {
                    return false;
                }
            }
            return true;
        }

        private int place(Column column) {
            Integer place = places.putIfAbsent(column, columns.size());
            if (place == null) {
                columns.add(column);
                return columns.size() - 1;
            }
            return place;
        }

        double[] row(Moments moments) {
            return columns.stream().mapToDouble(column -> column.of(moments)).toArray();
        }

        Moments moments(double[] row) {
            return new Moments(
                    items,
                    row[places.get(new Column(Kind.ROWS, 0, 0))],
                    row[places.get(new Column(Kind.WEIGHT, 0, 0))],
                    spread(row, pairs),
                    spread(row, sums),
                    spread(row, products));
        }

        private static double[] spread(double[] row, int[] at) {
            double[] spread = new double[at.length];
            for (int place = 0; place < at.length; place++) {
                spread[place] = row[at[place]];
            }
            return spread;
        }
    }
}
