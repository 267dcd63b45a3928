package manyi.math.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import manyi.math.Chunks;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * A fitted generalised linear model.
 *
 * @param names of the coefficients, {@code intercept} first
 * @param coefficients by the covariates as given
 * @param means of the covariates, weighted
 * @param model the covariance of {@link Errors#MODEL}: B·I·B, I the information and B its inverse with the penalty
 * @param robust of {@link Errors#ROBUST}: B·M·B, M the sum of the rows' squared scores
 * @param clustered of {@link Errors#CLUSTERED}: M from the scores summed by cluster. Coefficients that are held at 0 have
 *     no error in any of them
 * @param logLikelihood Σw·log f, without what does not depend on the coefficients (−ln y! of a count)
 * @param nullLogLikelihood of the intercept (and the offsets) alone
 * @param degreesOfFreedom the number of coefficients; with a penalty their effective number, the trace of B·I
 * @param clusters independent units: clusters, and rows without one
 * @param cells distinct ones
 * @param eventsPerCoefficient rows of the rarer answer, or with a response above 0, by covariate
 * @param gradient the largest scaled slope where the search ended
 */
public record Regression(
        Family family,
        List<String> names,
        List<Double> coefficients,
        List<Double> means,
        Covariance model,
        Covariance robust,
        Covariance clustered,
        double logLikelihood,
        double nullLogLikelihood,
        double degreesOfFreedom,
        long rows,
        long clusters,
        int cells,
        double eventsPerCoefficient,
        int iterations,
        double gradient) {

    /** Fewer events per coefficient give estimates that are too large (Peduzzi et al. 1996). */
    public static final int LEAST_EVENTS = 10;

    public Regression {
        names = List.copyOf(names);
        coefficients = List.copyOf(coefficients);
        means = List.copyOf(means);
    }

    /** A test that some coefficients are all 0; p is the probability of a statistic at least as large. */
    public record Test(double statistic, int degreesOfFreedom, double p) {}

    /** The fit of greatest likelihood. */
    public static Regression of(Family family, Design design) {
        return of(family, design, 0, Set.of());
    }

    /**
     * The fit of greatest penalised likelihood, Σw·log f − ridge/2·Σ(β·s)² over the covariates, s their standard
     * deviations (weighted, divided by n): the penalty is on standardised covariates and never on the intercept.
     *
     * @param ridge 0 for none
     * @param nonNegative covariates whose coefficients may not be negative, by column
     * @throws RefusedRegression where the data cannot give the coefficients; the message is the reason
     */
    public static Regression of(Family family, Design design, double ridge, Set<Integer> nonNegative) {
        if (!(ridge >= 0 && ridge < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a ridge penalty of " + ridge);
        }
        double eventsPerCoefficient = requireEvents(family, design);
        boolean[] bounded = new boolean[design.columns];
        nonNegative.forEach(column -> bounded[column] = true);
        var search = new Search(family, design, design.columns, ridge, bounded);
        double nullLogLikelihood = new Search(family, design, 0, 0, bounded).logLikelihood;

        double[][] inverse = search.inverse();
        RealMatrix bread = new Array2DRowRealMatrix(inverse, false);
        RealMatrix information = new Array2DRowRealMatrix(search.information, false);
        RealMatrix scale = scale(design);
        RealMatrix outer = scale.multiply(bread);
        List<String> names = new ArrayList<>(design.names);
        names.add(0, "intercept");
        return new Regression(
                family,
                names,
                Arrays.stream(search.coefficients()).boxed().toList(),
                Arrays.stream(design.means).boxed().toList(),
                sandwich(outer, information),
                sandwich(outer, scores(family, design, search.theta, false)),
                sandwich(outer, scores(family, design, search.theta, true)),
                search.logLikelihood,
                nullLogLikelihood,
                bread.multiply(information).getTrace(),
                design.rows,
                design.clusters,
                design.cells,
                eventsPerCoefficient,
                search.iterations,
                search.gradient);
    }

    private static double requireEvents(Family family, Design design) {
        long events = design.events;
        if (family == Family.LOGISTIC) {
            if (events == 0 || events == design.rows) {
                throw new RefusedRegression(
                        "All " + design.rows + " rows have the same answer, so nothing can be said of what moves it.");
            }
            events = StrictMath.min(events, design.rows - events);
        } else if (events == 0) {
            throw new RefusedRegression(
                    "All " + design.rows + " rows have a response of 0, so nothing can be said of what moves it.");
        }
        double each = (double) events / StrictMath.max(1, design.columns);
        if (each < LEAST_EVENTS) {
            throw new RefusedRegression(String.format(
                    Locale.ROOT,
                    "%d events for %d coefficients, fewer than %d each. Leave covariates out or wait for more rows.",
                    events,
                    design.columns,
                    LEAST_EVENTS));
        }
        return each;
    }

    /** From standardised coefficients to those by the covariates as given. */
    private static RealMatrix scale(Design design) {
        double[][] scale = new double[design.columns + 1][design.columns + 1];
        scale[0][0] = 1;
        for (int j = 1; j <= design.columns; j++) {
            scale[j][j] = 1 / design.deviations[j - 1];
            scale[0][j] = -design.means[j - 1] / design.deviations[j - 1];
        }
        return new Array2DRowRealMatrix(scale, false);
    }

    private static Covariance sandwich(RealMatrix outer, RealMatrix meat) {
        RealMatrix product = outer.multiply(meat).multiply(outer.transpose());
        return Covariance.of(
                product.add(product.transpose()).scalarMultiply(0.5).getData());
    }

    /** Σss′ over rows, or over clusters: in a cell s is z·w(y − μ), so a cell without clusters has zz′·Σw²(y − μ)². */
    private static RealMatrix scores(Family family, Design design, double[] theta, boolean byCluster) {
        int size = theta.length;
        double[] sums = Chunks.sum(design.starts.length - 1, size * size, (from, to, into) -> {
            double[] z = new double[size];
            double[] score = new double[size];
            for (int group = from; group < to; group++) {
                boolean together = byCluster && design.clustered[group];
                Arrays.fill(score, 0);
                for (int i = design.starts[group]; i < design.starts[group + 1]; i++) {
                    design.standardise(i, z);
                    double eta = design.offset[i];
                    for (int j = 0; j < size; j++) {
                        eta += theta[j] * z[j];
                    }
                    double mean = family.mean(eta);
                    Sums cell = design.sums[i];
                    if (together) {
                        for (int j = 0; j < size; j++) {
                            score[j] += (cell.wy() - mean * cell.w()) * z[j];
                        }
                    } else {
                        addSquare(z, cell.wwyy() - 2 * mean * cell.wwy() + mean * mean * cell.ww(), into);
                    }
                }
                if (together) {
                    addSquare(score, 1, into);
                }
            }
        });
        RealMatrix meat = new Array2DRowRealMatrix(size, size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                meat.setEntry(i, j, sums[i * size + j]);
            }
        }
        return meat;
    }

    private static void addSquare(double[] score, double factor, double[] into) {
        for (int i = 0; i < score.length; i++) {
            double part = factor * score[i];
            for (int j = 0; j < score.length; j++) {
                into[i * score.length + j] += part * score[j];
            }
        }
    }

    public Covariance covariance(Errors errors) {
        return switch (errors) {
            case MODEL -> model;
            case ROBUST -> robust;
            case CLUSTERED -> clustered;
        };
    }

    /** The standard error of a coefficient, the intercept being 0. */
    public double standardError(int coefficient, Errors errors) {
        return StrictMath.sqrt(covariance(errors).at(coefficient, coefficient));
    }

    /** 2·degrees of freedom − 2·log-likelihood: the smaller the better, among fits to the same rows. */
    public double aic() {
        return 2 * degreesOfFreedom - 2 * logLikelihood;
    }

    /** As {@link #aic}, each degree of freedom costing ln(rows) instead of 2. */
    public double bic() {
        return StrictMath.log((double) rows) * degreesOfFreedom - 2 * logLikelihood;
    }

    /** The linear predictor of these covariates. */
    public double predictor(double... x) {
        double eta = coefficients.get(0);
        for (int j = 0; j < x.length; j++) {
            eta += coefficients.get(j + 1) * x[j];
        }
        return eta;
    }

    /** The expected response of these covariates, without offset. */
    public double mean(double... x) {
        return family.mean(predictor(x));
    }

    /**
     * Wald's test that the coefficients of these covariates are all 0; of the columns of a spline but the first, the test
     * of curvature.
     *
     * @param first column
     * @param count of columns
     */
    public Test test(int first, int count, Errors errors) {
        double[][] some = new double[count][count];
        double[] beta = new double[count];
        for (int i = 0; i < count; i++) {
            beta[i] = coefficients.get(first + 1 + i);
            for (int j = 0; j < count; j++) {
                some[i][j] = covariance(errors).at(first + 1 + i, first + 1 + j);
            }
        }
        RealVector vector = new ArrayRealVector(beta, false);
        double statistic;
        try {
            var covariance = new CholeskyDecomposition(new Array2DRowRealMatrix(some, false), 1e-9, 0);
            statistic = vector.dotProduct(covariance.getSolver().solve(vector));
        } catch (NonPositiveDefiniteMatrixException e) {
            throw new RefusedRegression("The coefficients cannot be tested: too few clusters, or one is held at 0.");
        }
        return new Test(statistic, count, 1 - new ChiSquaredDistribution(null, count).cumulativeProbability(statistic));
    }
}
