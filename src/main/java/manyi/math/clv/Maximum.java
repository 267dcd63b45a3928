package manyi.math.clv;

import java.util.Arrays;
import java.util.List;

/**
 * The search for the maximum of a log-likelihood per customer: BFGS with an analytic gradient, then Newton's method with
 * the observed information, which is wanted anyway for the errors.
 *
 * @see "Nocedal, Wright (2006), Numerical Optimization, algorithm 6.1"
 */
final class Maximum {

    /** A parameter beyond e^±12 (times by their mean, money by its mean) has run away. */
    private static final double LIMIT = 12;

    private static final double CONVERGED = 1e-6;
    private static final double PRECISE = 1e-11;
    private static final int STEPS = 400;

    /** Where the search ended. */
    final double[] theta;
    /** The height there, per customer. */
    final double value;
    /** The largest component of the gradient there, per customer. */
    final double slope;
    /** The negative Hessian there, per customer; null where the search failed before it. */
    final double[][] information;

    private final int iterations;
    /** Why this is no maximum; empty where it is. */
    private final String reason;

    private Maximum(double[] theta, double value, double slope, double[][] information, int iterations, String reason) {
        this.theta = theta;
        this.value = value;
        this.slope = slope;
        this.information = information;
        this.iterations = iterations;
        this.reason = reason;
    }

    boolean converged() {
        return reason.isEmpty();
    }

    /** Searches from each start in turn until one leads to a maximum; else the highest failure is the answer. */
    static Maximum find(Surface surface, double customers, List<String> names, List<double[]> starts) {
        Maximum best = null;
        for (double[] start : starts) {
            Maximum found = from(surface, customers, names, start, null);
            if (found.converged()) {
                return found;
            }
            if (best == null || found.value > best.value) {
                best = found;
            }
        }
        return best;
    }

    /** @param information the negative Hessian near the start, per customer, where it is known; else null */
    static Maximum from(Surface surface, double customers, List<String> names, double[] start, double[][] information) {
        var search = new Search(surface, customers, names, start);
        return search.run(information);
    }

    private static final class Search {

        private final Surface surface;
        private final double customers;
        private final List<String> names;
        private final int k;
        private double[] theta;
        private double[] gradient;
        private double value;
        private int iterations;

        Search(Surface surface, double customers, List<String> names, double[] start) {
            this.surface = surface;
            this.customers = customers;
            this.names = names;
            k = surface.dimension();
            theta = start.clone();
            gradient = new double[k];
            value = at(theta, gradient);
        }

        Maximum run(double[][] known) {
            double[][] information = known;
            // where Newton's method finds the climb unfinished it goes on, with the Hessian it has learnt: a ridge is
            // long
            for (int round = 0; round < 4; round++) {
                climb(information == null ? null : inverse(information), CONVERGED / StrictMath.pow(20, 1 + 2 * round));
                String away = runaway();
                if (!away.isEmpty()) {
                    return new Maximum(theta, value, slope(gradient), null, iterations, away);
                }
                if (slope(gradient) > CONVERGED) {
                    return new Maximum(
                            theta,
                            value,
                            slope(gradient),
                            null,
                            iterations,
                            "the search stalled on a slope of " + slope(gradient));
                }
                information = information();
                double[][] inverse = inverse(information);
                if (inverse == null) {
                    return new Maximum(
                            theta, value, slope(gradient), null, iterations, "the likelihood is flat: no maximum");
                }
                if (polish(inverse)) {
                    return new Maximum(theta, value, slope(gradient), information, iterations, "");
                }
            }
            return new Maximum(theta, value, slope(gradient), null, iterations, "the likelihood is flat: no maximum");
        }

        private void climb(double[][] known, double level) {
            double[][] metric = known;
            while (slope(gradient) > level && iterations < STEPS && runaway().isEmpty()) {
                if (metric == null) {
                    metric = identity();
                }
                double[] direction = times(metric, gradient);
                double rise = dot(direction, gradient);
                if (!(rise > 0)) {
                    metric = identity();
                    direction = gradient.clone();
                    rise = dot(direction, gradient);
                }
                double step = StrictMath.min(1, 1.5 / slope(direction));
                double[] next = new double[k];
                double[] nextGradient = new double[k];
                double reached = Double.NEGATIVE_INFINITY;
                int trial = 0;
                for (; trial < 40; trial++) {
                    for (int i = 0; i < k; i++) {
                        next[i] = theta[i] + step * direction[i];
                    }
                    reached = at(next, nextGradient);
                    if (reached >= value + 1e-4 * step * rise) {
                        break;
                    }
                    step *= reached > Double.NEGATIVE_INFINITY
                            ? StrictMath.min(
                                    0.5, StrictMath.max(0.1, rise * step / (2 * (value + rise * step - reached))))
                            : 0.2;
                }
                if (trial == 40) {
                    return;
                }
                double[] moved = new double[k];
                double[] bent = new double[k];
                for (int i = 0; i < k; i++) {
                    moved[i] = next[i] - theta[i];
                    bent[i] = gradient[i] - nextGradient[i];
                }
                if (iterations == 0 && known == null && dot(moved, bent) > 0) {
                    double size = dot(moved, bent) / dot(bent, bent);
                    for (int i = 0; i < k; i++) {
                        metric[i][i] = size;
                    }
                }
                update(metric, moved, bent);
                theta = next;
                gradient = nextGradient;
                value = reached;
                iterations++;
            }
        }

        /** @return whether Newton's method settles where the information was taken; else the climb was not over */
        private boolean polish(double[][] inverse) {
            for (int step = 0; step < 10; step++) {
                double[] direction = times(inverse, gradient);
                if (slope(direction) > 1e-3) {
                    return false;
                }
                double[] next = new double[k];
                double[] nextGradient = new double[k];
                for (int i = 0; i < k; i++) {
                    next[i] = theta[i] + direction[i];
                }
                double reached = at(next, nextGradient);
                if (!(slope(nextGradient) < slope(gradient))) {
                    return true;
                }
                theta = next;
                gradient = nextGradient;
                value = reached;
                iterations++;
                if (slope(gradient) < PRECISE) {
                    return true;
                }
            }
            return true;
        }

        private double at(double[] point, double[] slopes) {
            double height = surface.at(point, slopes) / customers;
            boolean finite = height > Double.NEGATIVE_INFINITY && height < Double.POSITIVE_INFINITY;
            for (int i = 0; i < k; i++) {
                slopes[i] /= customers;
                finite &= StrictMath.abs(slopes[i]) < Double.POSITIVE_INFINITY;
            }
            return finite ? height : Double.NEGATIVE_INFINITY;
        }

        /** By central differences of the analytic gradient: good to about eight digits. */
        private double[][] information() {
            double step = 2e-4;
            double[][] information = new double[k][k];
            for (int i = 0; i < k; i++) {
                double[] point = theta.clone();
                double[] above = new double[k];
                double[] below = new double[k];
                point[i] = theta[i] + step;
                at(point, above);
                point[i] = theta[i] - step;
                at(point, below);
                for (int j = 0; j < k; j++) {
                    information[i][j] = (below[j] - above[j]) / (2 * step);
                }
            }
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < i; j++) {
                    double mean = (information[i][j] + information[j][i]) / 2;
                    information[i][j] = mean;
                    information[j][i] = mean;
                }
            }
            return information;
        }

        private String runaway() {
            for (int i = 0; i < k; i++) {
                if (StrictMath.abs(theta[i]) > LIMIT) {
                    return names.get(i) + (theta[i] > 0 ? " runs to infinity" : " runs to zero");
                }
            }
            return "";
        }

        private double[][] identity() {
            double[][] identity = new double[k][k];
            for (int i = 0; i < k; i++) {
                identity[i][i] = 1;
            }
            return identity;
        }

        private void update(double[][] metric, double[] moved, double[] bent) {
            double along = dot(moved, bent);
            if (!(along > 1e-14 * StrictMath.sqrt(dot(moved, moved) * dot(bent, bent)))) {
                return;
            }
            double[] turned = times(metric, bent);
            double factor = (1 + dot(bent, turned) / along) / along;
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < k; j++) {
                    metric[i][j] +=
                            factor * moved[i] * moved[j] - (turned[i] * moved[j] + moved[i] * turned[j]) / along;
                }
            }
        }
    }

    /**
     * The inverse of a symmetric matrix by Cholesky's decomposition.
     *
     * @return null where it is not positive definite, to working accuracy
     */
    static double[][] inverse(double[][] matrix) {
        int k = matrix.length;
        double[][] root = new double[k][k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = matrix[i][j];
                for (int m = 0; m < j; m++) {
                    rest -= root[i][m] * root[j][m];
                }
                if (i == j) {
                    if (!(rest > 1e-10 * matrix[i][i])) {
                        return null;
                    }
                    root[i][i] = StrictMath.sqrt(rest);
                } else {
                    root[i][j] = rest / root[j][j];
                }
            }
        }
        double[][] inverse = new double[k][k];
        for (int column = 0; column < k; column++) {
            double[] solution = new double[k];
            for (int i = 0; i < k; i++) {
                double rest = i == column ? 1 : 0;
                for (int m = 0; m < i; m++) {
                    rest -= root[i][m] * solution[m];
                }
                solution[i] = rest / root[i][i];
            }
            for (int i = k - 1; i >= 0; i--) {
                double rest = solution[i];
                for (int m = i + 1; m < k; m++) {
                    rest -= root[m][i] * solution[m];
                }
                solution[i] = rest / root[i][i];
            }
            for (int i = 0; i < k; i++) {
                inverse[i][column] = solution[i];
            }
        }
        return inverse;
    }

    private static double slope(double[] gradient) {
        return Arrays.stream(gradient).map(StrictMath::abs).max().orElse(0);
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] product = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            product[i] = dot(matrix[i], vector);
        }
        return product;
    }

    /** The fit at this maximum, its parameters back in the data's units. */
    <M extends Parametric<M>> Fit<M> fit(M model, double logLikelihood, long customers, int cells, String besides) {
        int k = theta.length;
        Covariance covariance = Covariance.unknown(k);
        if (information != null) {
            double[][] inverse = inverse(information);
            covariance = new Covariance(
                    k,
                    Arrays.stream(inverse)
                            .flatMapToDouble(Arrays::stream)
                            .map(value -> value / customers)
                            .boxed()
                            .toList());
        }
        String why = reason.isEmpty() ? besides : reason;
        return new Fit<>(model, covariance, logLikelihood, customers, cells, why.isEmpty(), why, slope, iterations);
    }
}
