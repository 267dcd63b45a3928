package manyi.math.pls;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyi.math.pls.Refusal.Reason;

/** One estimation of a path model; symbols as in Tenenhaus et al. (2005), matrices from cause (row) to effect (column). */
final class Estimation {

    private static final double STOP = 1e-7;
    private static final int MOST_ROUNDS = 300;
    /** What sums may be beyond their bound by rounding alone. */
    private static final double ROUNDING = 1e-12;

    final Structure structure;
    final ItemStatistics statistics;
    final Composites composites;
    final int rounds;

    /** Correlations of items with composites, never corrected. */
    private final double[][] cross;

    private final double[] w;
    private final double[][] R;
    private final double[] loadings;
    private final double[] rhoA;
    private final double[][] beta;
    private final double[][] total;
    private final double[] rSquared;
    /** Diagonals of the inverse correlations of the causes of each construct. */
    private final double[][] inflation;

    /** What a replicate leaves behind. */
    static final class Composites {
        /** Outer weights by which each composite has variance 1 over standardised items. */
        final double[] w;
        /** The same for raw answers: in an own estimation w over the item's deviation, else as given. */
        final double[] raw;
        /** Of each composite by raw weights, from the middle of the scales. */
        final double[] mean;
        /** Of each composite by raw weights. */
        final double[] deviation;

        private Composites(double[] w, double[] raw, double[] mean, double[] deviation) {
            this.w = w;
            this.raw = raw;
            this.mean = mean;
            this.deviation = deviation;
        }
    }

    /**
     * Estimates with own weights.
     *
     * @param reference loadings with which those of each construct are to agree in sign; null where they are to sum
     *     above 0
     */
    static Estimation own(Structure structure, ItemStatistics statistics, double[] reference) throws RefusedException {
        for (int q = 0; q < structure.items; q++) {
            if (statistics.deviation[q] == 0) {
                throw new RefusedException(Reason.CONSTANT, ItemStatistics.constant(structure.itemName(q)));
            }
        }
        double[] w = new double[structure.items];
        int rounds = weigh(structure, statistics, w);
        double[][] cross = cross(structure, statistics, w);
        for (int j = 0; j < structure.constructs; j++) {
            double agreement = 0;
            for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                agreement += cross[q][j] * (reference == null ? 1 : reference[q]);
            }
            if (agreement < 0) {
                for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                    w[q] = -w[q];
                }
                for (double[] row : cross) {
                    row[j] = -row[j];
                }
            }
        }
        double[] raw = new double[structure.items];
        for (int q = 0; q < structure.items; q++) {
            raw[q] = w[q] / statistics.deviation[q];
        }
        double[] ones = new double[structure.constructs];
        Arrays.fill(ones, 1);
        return new Estimation(structure, statistics, w, raw, ones, cross, rounds);
    }

    /** Estimates with weights that are given for raw answers. */
    static Estimation held(Structure structure, ItemStatistics statistics, double[] raw) throws RefusedException {
        double[] w = new double[structure.items];
        double[] deviation = new double[structure.constructs];
        for (int j = 0; j < structure.constructs; j++) {
            double most = 0;
            for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                w[q] = raw[q] * statistics.deviation[q];
                most += StrictMath.abs(w[q]);
            }
            deviation[j] = scale(structure, statistics, w, j);
            if (!(deviation[j] > 1e-6 * most)) {
                throw new RefusedException(
                        Reason.CONSTANT, "Construct " + structure.name(j) + " is the same for everybody.");
            }
        }
        return new Estimation(structure, statistics, w, raw, deviation, cross(structure, statistics, w), 0);
    }

    private Estimation(
            Structure structure,
            ItemStatistics statistics,
            double[] w,
            double[] raw,
            double[] compositeDeviation,
            double[][] cross,
            int rounds)
            throws RefusedException {
        this.structure = structure;
        this.statistics = statistics;
        this.w = w;
        this.cross = cross;
        this.rounds = rounds;
        int constructs = structure.constructs;
        double[] compositeMean = new double[constructs];
        loadings = new double[structure.items];
        for (int q = 0; q < structure.items; q++) {
            int j = structure.owner[q];
            compositeMean[j] += raw[q] * statistics.mean[q];
            loadings[q] = cross[q][j];
        }
        composites = new Composites(w, raw, compositeMean, compositeDeviation);
        R = correlations(structure, w, cross);
        rhoA = new double[constructs];
        for (int j = 0; j < constructs; j++) {
            rhoA[j] = rhoA(j);
        }
        if (structure.model.consistent()) {
            correct();
        }
        beta = new double[constructs][constructs];
        total = new double[constructs][constructs];
        rSquared = new double[constructs];
        inflation = new double[constructs][];
        for (int j : structure.order) {
            regress(j);
        }
    }

    /** Rounds until the weights stand still; they are left in w. */
    private static int weigh(Structure structure, ItemStatistics statistics, double[] w) throws RefusedException {
        double[][] S = statistics.correlation;
        Cholesky[] blocks = new Cholesky[structure.constructs];
        Arrays.fill(w, 1);
        for (int j = 0; j < structure.constructs; j++) {
            scale(structure, statistics, w, j);
            if (structure.isFormed(j)) {
                blocks[j] = block(structure, S, j);
                if (blocks[j] == null) {
                    throw new RefusedException(
                            Reason.COLLINEAR_BLOCK,
                            "The items of " + structure.name(j)
                                    + " are collinear: in mode B one of them follows from the others.");
                }
            }
        }
        double[] before = new double[structure.items];
        double moved = Double.POSITIVE_INFINITY;
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            System.arraycopy(w, 0, before, 0, w.length);
            double[][] cross = cross(structure, statistics, w);
            double[][] inner = inner(structure, correlations(structure, w, cross));
            for (int j = 0; j < structure.constructs; j++) {
                int from = structure.start[j];
                double[] c = new double[structure.size(j)];
                for (int q = 0; q < c.length; q++) {
                    for (int k = 0; k < structure.constructs; k++) {
                        c[q] += cross[from + q][k] * inner[k][j];
                    }
                }
                if (blocks[j] != null) {
                    c = blocks[j].solve(c);
                }
                System.arraycopy(c, 0, w, from, c.length);
                if (!(scale(structure, statistics, w, j) > Cholesky.NOTHING)) {
                    throw new RefusedException(
                            Reason.NO_CORRELATION,
                            "The items of " + structure.name(j)
                                    + " have no correlation with the constructs beside it, so that nothing weighs"
                                    + " them.");
                }
            }
            moved = 0;
            for (int q = 0; q < w.length; q++) {
                moved += StrictMath.abs(w[q] - before[q]);
            }
            if (moved < STOP) {
                return round;
            }
        }
        throw new RefusedException(
                Reason.NO_CONVERGENCE,
                "The outer weights still move by " + moved + " after " + MOST_ROUNDS + " rounds.");
    }

    /** Inner weights, from each construct (row) in the estimate of another (column). */
    private static double[][] inner(Structure structure, double[][] R) throws RefusedException {
        double[][] inner = new double[structure.constructs][structure.constructs];
        for (int j = 0; j < structure.constructs; j++) {
            for (int[] neighbours : new int[][] {structure.causes[j], structure.effects[j]}) {
                for (int k : neighbours) {
                    inner[k][j] = switch (structure.model.scheme()) {
                        case CENTROID -> StrictMath.signum(R[k][j]);
                        case FACTORIAL, PATH -> R[k][j];
                    };
                }
            }
            int[] causes = structure.causes[j];
            if (structure.model.scheme() == PathModel.Scheme.PATH && causes.length > 0) {
                double[] b = regression(structure, R, j).solve(column(R, causes, j));
                for (int k = 0; k < causes.length; k++) {
                    inner[causes[k]][j] = b[k];
                }
            }
        }
        return inner;
    }

    /** S·W. */
    private static double[][] cross(Structure structure, ItemStatistics statistics, double[] w) {
        double[][] cross = new double[structure.items][structure.constructs];
        for (int q = 0; q < structure.items; q++) {
            double[] S = statistics.correlation[q];
            double[] row = cross[q];
            for (int j = 0; j < structure.constructs; j++) {
                double sum = 0;
                for (int r = structure.start[j]; r < structure.start[j + 1]; r++) {
                    sum += S[r] * w[r];
                }
                row[j] = sum;
            }
        }
        return cross;
    }

    /** R = W'·S·W. */
    private static double[][] correlations(Structure structure, double[] w, double[][] cross) {
        double[][] R = new double[structure.constructs][structure.constructs];
        for (int j = 0; j < structure.constructs; j++) {
            R[j][j] = 1;
            for (int k = 0; k < j; k++) {
                double sum = 0;
                for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                    sum += w[q] * cross[q][k];
                }
                R[j][k] = sum;
                R[k][j] = sum;
            }
        }
        return R;
    }

    /** Divides the weights of a block by the standard deviation of its composite, and returns that. */
    private static double scale(Structure structure, ItemStatistics statistics, double[] w, int j) {
        double variance = 0;
        for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
            for (int r = structure.start[j]; r < structure.start[j + 1]; r++) {
                variance += w[q] * w[r] * statistics.correlation[q][r];
            }
        }
        double deviation = variance > 0 ? StrictMath.sqrt(variance) : 0;
        for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
            w[q] /= deviation;
        }
        return deviation;
    }

    private static Cholesky block(Structure structure, double[][] S, int j) {
        int from = structure.start[j];
        double[][] block = new double[structure.size(j)][];
        for (int q = 0; q < block.length; q++) {
            block[q] = Arrays.copyOfRange(S[from + q], from, structure.start[j + 1]);
        }
        return Cholesky.of(block);
    }

    private static double[] column(double[][] R, int[] rows, int column) {
        double[] part = new double[rows.length];
        for (int k = 0; k < rows.length; k++) {
            part[k] = R[rows[k]][column];
        }
        return part;
    }

    private static Cholesky regression(Structure structure, double[][] R, int j) throws RefusedException {
        int[] causes = structure.causes[j];
        double[][] among = new double[causes.length][];
        for (int k = 0; k < causes.length; k++) {
            among[k] = column(R, causes, causes[k]);
        }
        Cholesky cholesky = Cholesky.of(among);
        if (cholesky == null) {
            throw new RefusedException(
                    Reason.SINGULAR_REGRESSION,
                    "The causes of " + structure.name(j) + " cannot be told apart, one follows from the others: "
                            + IntStream.of(causes).mapToObj(structure::name).collect(Collectors.joining(", "))
                            + ".");
        }
        return cholesky;
    }

    private void regress(int j) throws RefusedException {
        int[] causes = structure.causes[j];
        if (causes.length == 0) {
            return;
        }
        Cholesky cholesky = regression(structure, R, j);
        double[] r = column(R, causes, j);
        double[] b = cholesky.solve(r);
        inflation[j] = cholesky.inverseDiagonal();
        for (int k = 0; k < causes.length; k++) {
            int cause = causes[k];
            beta[cause][j] = b[k];
            rSquared[j] += b[k] * r[k];
            total[cause][j] += b[k];
            for (int from = 0; from < structure.constructs; from++) {
                total[from][j] += total[from][cause] * b[k];
            }
        }
        if (structure.model.consistent() && rSquared[j] > 1) {
            throw new RefusedException(
                    Reason.INADMISSIBLE,
                    "Corrected for unreliability, its causes explain " + structure.name(j) + " by " + rSquared[j]
                            + ", more than the whole: the constructs are not distinct, or their items too unreliable.");
        }
    }

    /** Dijkstra, Henseler (2015), eq. 3. */
    private double rhoA(int j) {
        if (!structure.isFactor(j)) {
            return 1;
        }
        double squares = 0;
        double fourths = 0;
        double above = 0;
        for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
            squares += w[q] * w[q];
            fourths += w[q] * w[q] * w[q] * w[q];
            for (int r = structure.start[j]; r < structure.start[j + 1]; r++) {
                if (r != q) {
                    above += w[q] * w[r] * statistics.correlation[q][r];
                }
            }
        }
        return squares * squares * above / (squares * squares - fourths);
    }

    /** PLSc: Dijkstra, Henseler (2015), eq. 4 and 5. */
    private void correct() throws RefusedException {
        for (int j = 0; j < structure.constructs; j++) {
            if (!(rhoA[j] > 0)) {
                throw new RefusedException(
                        Reason.INADMISSIBLE,
                        "The reliability of " + structure.name(j) + " is " + rhoA[j]
                                + ", not above 0, so that no correlation can be corrected by it.");
            }
            if (rhoA[j] > 1 + ROUNDING) {
                throw new RefusedException(
                        Reason.INADMISSIBLE,
                        "The reliability of " + structure.name(j) + " is " + rhoA[j]
                                + ", above 1: its items are too few or too unlike for it to be corrected.");
            }
            if (structure.isFactor(j)) {
                double squares = 0;
                for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                    squares += w[q] * w[q];
                }
                for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                    loadings[q] = w[q] * StrictMath.sqrt(rhoA[j]) / squares;
                }
            }
        }
        for (int j = 0; j < structure.constructs; j++) {
            for (int k = 0; k < structure.constructs; k++) {
                if (j != k) {
                    R[j][k] /= StrictMath.sqrt(rhoA[j] * rhoA[k]);
                    if (StrictMath.abs(R[j][k]) > 1 + ROUNDING) {
                        throw new RefusedException(
                                Reason.INADMISSIBLE,
                                "Corrected for unreliability, " + structure.name(j) + " and " + structure.name(k)
                                        + " correlate by " + R[j][k]
                                        + ", beyond 1: they are not distinct, or their items too unreliable.");
                    }
                }
            }
        }
    }

    /** Whether the correlations of the constructs are such as constructs can have; corrected ones need not be. */
    boolean isAdmissible() {
        return !structure.model.consistent() || Cholesky.of(R) != null;
    }

    /** Correlations of items with their constructs, never corrected: what signs are told by. */
    double[] compositeLoadings() {
        double[] own = new double[structure.items];
        for (int q = 0; q < own.length; q++) {
            own[q] = cross[q][structure.owner[q]];
        }
        return own;
    }

    /** Points of the index for a standard deviation of the composite. */
    private double indexDeviation(int j) {
        return 100 * composites.deviation[j] / width(j);
    }

    private double width(int j) {
        double width = 0;
        for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
            width += composites.raw[q] * structure.range[q];
        }
        return width;
    }

    /** The figures in the structure's order; indices are there whatever the signs of the weights. */
    double[] values(boolean whole) {
        double[] values = new double[structure.figures(whole).size()];
        int at = 0;
        for (int q = 0; q < structure.items; q++) {
            values[at++] = w[q];
        }
        for (int q = 0; q < structure.items; q++) {
            values[at++] = statistics.deviation[q] > 0 ? loadings[q] : Double.NaN;
        }
        for (int to = 0; to < structure.constructs; to++) {
            for (int from : structure.causes[to]) {
                values[at++] = beta[from][to];
            }
        }
        for (int j = 0; j < structure.constructs; j++) {
            if (structure.causes[j].length > 0) {
                values[at++] = rSquared[j];
            }
        }
        at = effects(values, at, false);
        for (int j = 0; j < structure.constructs; j++) {
            values[at++] = 50 + 100 * composites.mean[j] / width(j);
        }
        at = effects(values, at, true);
        for (int j = 0; j < structure.constructs; j++) {
            for (int k = j + 1; k < structure.constructs; k++) {
                values[at++] = R[j][k];
            }
        }
        double[][] absolute = absolute();
        at = reliabilities(values, at);
        for (int j = 0; j < structure.constructs; j++) {
            for (int k = j + 1; k < structure.constructs; k++) {
                values[at++] = statistics.hasConstant[j] || statistics.hasConstant[k]
                        ? Double.NaN
                        : absolute[j][k] / StrictMath.sqrt(absolute[j][j] * absolute[k][k]);
            }
        }
        for (int to = 0; to < structure.constructs; to++) {
            for (int k = 0; k < structure.causes[to].length; k++) {
                double b = beta[structure.causes[to][k]][to];
                values[at++] = b * b / inflation[to][k] / (1 - rSquared[to]);
            }
        }
        return whole ? beside(values, at) : values;
    }

    private int effects(double[] values, int start, boolean impact) {
        int at = start;
        for (int to = 0; to < structure.constructs; to++) {
            for (int from = 0; from < structure.constructs; from++) {
                if (structure.leads[from][to]) {
                    values[at++] =
                            impact ? 5 * total[from][to] * indexDeviation(to) / indexDeviation(from) : total[from][to];
                }
            }
        }
        return at;
    }

    private int reliabilities(double[] values, int start) {
        int constructs = structure.constructs;
        for (int j = 0; j < constructs; j++) {
            int k = structure.size(j);
            double off = 0;
            double sum = 0;
            double squares = 0;
            for (int q = structure.start[j]; q < structure.start[j + 1]; q++) {
                sum += loadings[q];
                squares += loadings[q] * loadings[q];
                for (int r = structure.start[j]; r < q; r++) {
                    off += 2 * statistics.correlation[q][r];
                }
            }
            boolean without = statistics.hasConstant[j] || (k > 1 && structure.isFormed(j));
            values[start + j] = without ? Double.NaN : k == 1 ? 1 : k * off / ((k - 1) * (k + off));
            values[start + constructs + j] = without ? Double.NaN : rhoA[j];
            values[start + 2 * constructs + j] = without ? Double.NaN : sum * sum / (sum * sum + k - squares);
            values[start + 3 * constructs + j] = statistics.hasConstant[j] ? Double.NaN : squares / k;
        }
        return start + 4 * constructs;
    }

    /** Mean absolute correlations between blocks, and within each; 1 within a single item. */
    private double[][] absolute() {
        double[][] mean = new double[structure.constructs][structure.constructs];
        for (int q = 0; q < structure.items; q++) {
            for (int r = q + 1; r < structure.items; r++) {
                mean[structure.owner[q]][structure.owner[r]] += StrictMath.abs(statistics.correlation[q][r]);
            }
        }
        for (int j = 0; j < structure.constructs; j++) {
            int size = structure.size(j);
            mean[j][j] = size == 1 ? 1 : mean[j][j] / (0.5 * size * (size - 1));
            for (int k = j + 1; k < structure.constructs; k++) {
                mean[j][k] /= size * structure.size(k);
            }
        }
        return mean;
    }

    private double[] beside(double[] values, int start) {
        int at = start;
        for (int q = 0; q < structure.items; q++) {
            for (int j = 0; j < structure.constructs; j++) {
                if (j != structure.owner[q]) {
                    values[at++] = statistics.deviation[q] > 0 ? cross[q][j] : Double.NaN;
                }
            }
        }
        for (int to = 0; to < structure.constructs; to++) {
            for (int k = 0; k < structure.causes[to].length; k++) {
                values[at++] = inflation[to][k];
            }
        }
        for (int j = 0; j < structure.constructs; j++) {
            Cholesky block = block(structure, statistics.correlation, j);
            double[] factors = block == null ? null : block.inverseDiagonal();
            for (int q = 0; q < structure.size(j); q++) {
                values[at++] = statistics.hasConstant[j]
                        ? Double.NaN
                        : factors == null ? Double.POSITIVE_INFINITY : factors[q];
            }
        }
        double[][] implied = implied();
        values[at++] = residual(R, structure.model.consistent());
        values[at++] = residual(implied, structure.model.consistent());
        values[at++] = residual(R, true);
        values[at] = residual(implied, true);
        return values;
    }

    /** Correlations of constructs as the paths imply them; those without causes correlate as they do. */
    private double[][] implied() {
        double[][] implied = new double[structure.constructs][];
        for (int j = 0; j < structure.constructs; j++) {
            implied[j] = R[j].clone();
        }
        for (int place = 0; place < structure.constructs; place++) {
            int j = structure.order[place];
            if (structure.causes[j].length > 0) {
                for (int earlier = 0; earlier < place; earlier++) {
                    int k = structure.order[earlier];
                    double sum = 0;
                    for (int cause : structure.causes[j]) {
                        sum += beta[cause][j] * (cause == k ? 1 : implied[cause][k]);
                    }
                    implied[j][k] = sum;
                    implied[k][j] = sum;
                }
            }
        }
        return implied;
    }

    private double residual(double[][] among, boolean factors) {
        double sum = 0;
        for (int q = 0; q < structure.items; q++) {
            if (statistics.deviation[q] == 0) {
                return Double.NaN;
            }
            for (int r = 0; r < q; r++) {
                int j = structure.owner[q];
                int k = structure.owner[r];
                if (j != k || (factors && structure.isFactor(j))) {
                    double residual =
                            statistics.correlation[q][r] - loadings[q] * loadings[r] * (j == k ? 1 : among[j][k]);
                    sum += residual * residual;
                }
            }
        }
        return StrictMath.sqrt(sum / (0.5 * structure.items * (structure.items + 1)));
    }
}
