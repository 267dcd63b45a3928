package manyi.math.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import manyi.math.Chunks;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;

/**
 * The maximum of a penalised log-likelihood by Newton's method with step halving, on standardised covariates. A quadratic
 * is maximised in each step: where coefficients may not be negative, by active sets (Lawson, Hanson).
 *
 * @see "McCullagh, Nelder (1989), Generalized Linear Models, 2.5; Lawson, Hanson (1974), Solving Least Squares Problems,
 *     ch. 23"
 */
final class Search {

    /** The slope of the log-likelihood per weight, in units of the variance of the response without covariates. */
    private static final double CONVERGED = 1e-10;

    private static final double NEARLY_CONVERGED = 1e-6;
    private static final double ROUNDING = 1e-13;
    private static final int STEPS = 100;
    private static final int HALVINGS = 40;

    /** Where the part of a covariate that does not follow from those before it has less than this of its variance. */
    private static final double COLLINEAR = 1e-9;

    /** A last step that still moves a cell's linear predictor so far goes on for ever. */
    private static final double ENDLESS = 0.1;

    private final Family family;
    private final Design design;
    private final int size;
    private final double ridge;
    private final boolean[] nonNegative;

    /** The intercept at the means of the covariates, and the coefficients per standard deviation. */
    double[] theta;

    /** The log-likelihood there, without penalty and constants. */
    double logLikelihood;
    /** The information there, without penalty. */
    double[][] information;

    int iterations;
    /** The largest slope there, scaled. */
    double gradient;

    private double[] slopes;
    /** Coefficients that are not held at 0. */
    private boolean[] free;

    /**
     * Searches over the intercept and the first covariates.
     *
     * @param covariates how many
     * @param nonNegative by covariate
     */
    Search(Family family, Design design, int covariates, double ridge, boolean[] nonNegative) {
        this.family = family;
        this.design = design;
        this.size = covariates + 1;
        this.ridge = ridge;
        this.nonNegative = new boolean[size];
        System.arraycopy(nonNegative, 0, this.nonNegative, 1, covariates);
        maximise();
    }

    private void maximise() {
        double[] start = new double[size];
        double[] totals = Chunks.sum(design.cells, 2, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                into[0] += design.sums[i].wy();
                into[1] += design.sums[i].w() * (family == Family.POISSON ? StrictMath.exp(design.offset[i]) : 1);
            }
        });
        start[0] = family.link(totals[0] / totals[1]);
        moveTo(start, evaluate(start));
        double unit = information[0][0];
        if (ridge == 0) {
            requireIndependent();
        }
        for (iterations = 0; iterations < STEPS; iterations++) {
            double[] target = quadraticMaximum(unit);
            gradient = scaledSlope(unit);
            if (gradient < CONVERGED) {
                requireEnd(target);
                return;
            }
            if (!stepTowards(target)) {
                if (gradient < NEARLY_CONVERGED) {
                    requireEnd(target);
                    return;
                }
                break;
            }
        }
        throw new RefusedRegression(String.format(
                Locale.ROOT,
                "The fit did not converge in %d steps: the slope of the log-likelihood is %.1e of its unit. Look for"
                        + " covariates with extreme values, or set a ridge penalty.",
                iterations,
                gradient));
    }

    /** The log-likelihood, its slopes, and the lower triangle of the information. */
    private double[] evaluate(double[] at) {
        return Chunks.sum(design.cells, 1 + size + size * (size + 1) / 2, (from, to, into) -> {
            double[] z = new double[size];
            for (int i = from; i < to; i++) {
                design.standardise(i, z);
                double eta = design.offset[i];
                for (int j = 0; j < size; j++) {
                    eta += at[j] * z[j];
                }
                Sums sums = design.sums[i];
                double mean = family.mean(eta);
                double residual = sums.wy() - sums.w() * mean;
                double variance = sums.w() * family.slope(mean);
                into[0] += sums.wy() * eta - sums.w() * family.cumulant(eta);
                int next = 1 + size;
                for (int j = 0; j < size; j++) {
                    into[1 + j] += residual * z[j];
                    double part = variance * z[j];
                    for (int k = 0; k <= j; k++) {
                        into[next + k] += part * z[k];
                    }
                    next += j + 1;
                }
            }
        });
    }

    private double penalised(double[] at, double value) {
        double squares = 0;
        for (int j = 1; j < size; j++) {
            squares += at[j] * at[j];
        }
        return value - ridge / 2 * squares;
    }

    private void moveTo(double[] at, double[] evaluated) {
        theta = at;
        logLikelihood = evaluated[0];
        slopes = Arrays.copyOfRange(evaluated, 1, 1 + size);
        information = new double[size][size];
        int next = 1 + size;
        for (int j = 0; j < size; j++) {
            slopes[j] -= j == 0 ? 0 : ridge * at[j];
            for (int k = 0; k <= j; k++) {
                information[j][k] = evaluated[next];
                information[k][j] = evaluated[next++];
            }
        }
    }

    /** Half the way again and again until the objective does not fall by more than rounding. */
    private boolean stepTowards(double[] target) {
        double before = penalised(theta, logLikelihood);
        double[] at = target;
        for (int halving = 0; halving < HALVINGS; halving++) {
            double[] evaluated = evaluate(at);
            if (penalised(at, evaluated[0]) >= before - ROUNDING * StrictMath.abs(before)
                    && !Arrays.equals(at, theta)) {
                moveTo(at, evaluated);
                return true;
            }
            double[] nearer = new double[size];
            for (int j = 0; j < size; j++) {
                nearer[j] = (theta[j] + at[j]) / 2;
            }
            at = nearer;
        }
        return false;
    }

    private double scaledSlope(double unit) {
        double largest = 0;
        for (int j = 0; j < size; j++) {
            if (!isHeld(j) || slopes[j] > 0) {
                largest = StrictMath.max(largest, StrictMath.abs(slopes[j]) / unit);
            }
        }
        return largest;
    }

    private boolean isHeld(int j) {
        return nonNegative[j] && theta[j] == 0;
    }

    /** The maximum of the quadratic that has the slopes and the curvature of the objective here; sets what is free. */
    private double[] quadraticMaximum(double unit) {
        double[][] curvature = penalisedInformation();
        double[] linear = new Array2DRowRealMatrix(curvature, false).operate(theta);
        free = new boolean[size];
        for (int j = 0; j < size; j++) {
            linear[j] += slopes[j];
            free[j] = !isHeld(j);
        }
        double[] at = theta.clone();
        for (int round = 0; round < 10 * size; round++) {
            double[] best = solve(curvature, linear);
            double way = 1;
            for (int j = 0; j < size; j++) {
                if (nonNegative[j] && free[j] && best[j] < 0) {
                    way = StrictMath.min(way, at[j] / (at[j] - best[j]));
                }
            }
            boolean bound = false;
            for (int j = 0; j < size; j++) {
                at[j] += way * (best[j] - at[j]);
                if (nonNegative[j] && free[j] && best[j] < 0 && at[j] <= 1e-12) {
                    at[j] = 0;
                    free[j] = false;
                    bound = true;
                }
            }
            if (!bound) {
                double[] rest = new Array2DRowRealMatrix(curvature, false).operate(at);
                int steepest = -1;
                double most = CONVERGED * unit;
                for (int j = 0; j < size; j++) {
                    if (!free[j] && linear[j] - rest[j] > most) {
                        steepest = j;
                        most = linear[j] - rest[j];
                    }
                }
                if (steepest < 0) {
                    return at;
                }
                free[steepest] = true;
            }
        }
        return at;
    }

    private double[][] penalisedInformation() {
        double[][] matrix = new double[size][];
        for (int j = 0; j < size; j++) {
            matrix[j] = information[j].clone();
            matrix[j][j] += j == 0 ? 0 : ridge;
        }
        return matrix;
    }

    private double[] solve(double[][] matrix, double[] right) {
        int[] indices = freeIndices();
        double[] some = new double[indices.length];
        for (int a = 0; a < indices.length; a++) {
            some[a] = right[indices[a]];
        }
        double[] solved =
                solver(matrix, indices).solve(new ArrayRealVector(some, false)).toArray();
        double[] all = new double[size];
        for (int a = 0; a < indices.length; a++) {
            all[indices[a]] = solved[a];
        }
        return all;
    }

    /** By the covariates as given. */
    double[] coefficients() {
        double[] coefficients = theta.clone();
        for (int j = 1; j < size; j++) {
            coefficients[j] /= design.deviations[j - 1];
            coefficients[0] -= coefficients[j] * design.means[j - 1];
        }
        return coefficients;
    }

    /** The inverse of the penalised information among what is free, 0 elsewhere. */
    double[][] inverse() {
        for (int j = 0; j < size; j++) {
            free[j] = !isHeld(j);
        }
        int[] indices = freeIndices();
        double[][] some = solver(penalisedInformation(), indices).getInverse().getData();
        double[][] all = new double[size][size];
        for (int a = 0; a < indices.length; a++) {
            for (int b = 0; b < indices.length; b++) {
                all[indices[a]][indices[b]] = some[a][b];
            }
        }
        return all;
    }

    private DecompositionSolver solver(double[][] matrix, int[] indices) {
        double[][] some = new double[indices.length][indices.length];
        for (int a = 0; a < indices.length; a++) {
            for (int b = 0; b < indices.length; b++) {
                some[a][b] = matrix[indices[a]][indices[b]];
            }
        }
        try {
            return new CholeskyDecomposition(new Array2DRowRealMatrix(some, false), 1e-9, 0).getSolver();
        } catch (NonPositiveDefiniteMatrixException e) {
            throw separated(List.of("A combination of covariates"));
        }
    }

    private int[] freeIndices() {
        int[] indices = new int[size];
        int count = 0;
        for (int j = 0; j < size; j++) {
            if (free[j]) {
                indices[count++] = j;
            }
        }
        return Arrays.copyOf(indices, count);
    }

    /** Refuses a covariate that follows from those before it: its pivot is the part of its variance that does not. */
    private void requireIndependent() {
        double[][] lower = new double[size][size];
        for (int j = 0; j < size; j++) {
            for (int k = 0; k <= j; k++) {
                double rest = information[j][k] / StrictMath.sqrt(information[j][j] * information[k][k]);
                for (int m = 0; m < k; m++) {
                    rest -= lower[j][m] * lower[k][m];
                }
                if (k < j) {
                    lower[j][k] = rest / lower[k][k];
                } else if (rest > COLLINEAR) {
                    lower[j][j] = StrictMath.sqrt(rest);
                } else {
                    throw new RefusedRegression(design.names.get(j - 1) + " follows from "
                            + String.join(", ", sources(lower, j))
                            + ", so their effects cannot be told apart. Leave one"
                            + " out.");
                }
            }
        }
    }

    /** What covariate j follows from, by back substitution in the triangle of those before it. */
    private List<String> sources(double[][] lower, int j) {
        double[] part = lower[j].clone();
        List<String> names = new ArrayList<>();
        for (int k = j - 1; k >= 0; k--) {
            part[k] /= lower[k][k];
            for (int m = 0; m < k; m++) {
                part[m] -= part[k] * lower[k][m];
            }
            if (k > 0 && StrictMath.abs(part[k]) > 1e-4) {
                names.add(0, design.names.get(k - 1));
            }
        }
        return names;
    }

    /**
     * Where the responses are separated the log-likelihood has no maximum: its slope vanishes, but every step moves the
     * predictor of the separated cells by about 1.
     *
     * @see "Albert, Anderson (1984), On the Existence of Maximum Likelihood Estimates in Logistic Regression Models,
     *     Biometrika 71(1); Santos Silva, Tenreyro (2010), Economics Letters 107(2), for counts"
     */
    private void requireEnd(double[] target) {
        double[] step = new double[size];
        double longest = 0;
        for (int j = 0; j < size; j++) {
            step[j] = target[j] - theta[j];
            longest = j == 0 ? 0 : StrictMath.max(longest, StrictMath.abs(step[j]));
        }
        double[] z = new double[size];
        for (int i = 0; i < design.cells; i++) {
            design.standardise(i, z);
            double move = 0;
            for (int j = 0; j < size; j++) {
                move += step[j] * z[j];
            }
            if (StrictMath.abs(move) > ENDLESS) {
                List<String> names = new ArrayList<>();
                for (int j = 1; j < size; j++) {
                    if (StrictMath.abs(step[j]) > ENDLESS * longest) {
                        names.add(design.names.get(j - 1));
                    }
                }
                throw separated(names);
            }
        }
    }

    private RefusedRegression separated(List<String> names) {
        return new RefusedRegression(String.join(", ", names)
                + (family == Family.LOGISTIC
                        ? ": some values go with one answer alone (separation)"
                        : ": some values go with a response of 0 alone (separation)")
                + ", so there is no finite coefficient. Set a ridge penalty, merge values or leave it out.");
    }
}
