package manyi.math.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * How much each driver counts for an outcome: R² of the regression of the outcome on all drivers, divided among them.
 *
 * @param rSquared of all drivers together
 * @param drivers in the order given
 */
public record Drivers(double rSquared, List<Driver> drivers) {

    /** LMG looks at every subset of drivers, so beyond this many it is not computed. */
    public static final int MOST_FOR_LMG = 12;

    /** A variance below this share of the greatest is rounding. */
    private static final double NO_VARIANCE = 1e-12;

    /** Drivers whose correlations have an eigenvalue below this say the same thing. */
    private static final double COLLINEAR = 1e-9;

    /**
     * One driver.
     *
     * @param correlation r with the outcome
     * @param standardised its coefficient in the regression on all drivers, all variables having variance 1
     * @param vif variance inflation, 1/(1 − R² of this driver on the others); 1 where it is uncorrelated with them
     * @param relativeWeight its part of R², 0 or above, after Johnson; the parts sum to R²
     * @param lmg its part of R², the mean of what it adds over all orders in which drivers can be entered; the parts sum
     *     to R²; NaN where there are more than {@value #MOST_FOR_LMG} drivers
     * @see "Johnson (2000), A Heuristic Method for Estimating the Relative Weight of Predictor Variables in Multiple
     *     Regression, Multivariate Behavioral Research 35(1); Lindeman, Merenda, Gold (1980), Introduction to Bivariate
     *     and Multivariate Analysis, p. 119; Grömping (2007), The American Statistician 61(2)"
     */
    public record Driver(
            String name, double correlation, double standardised, double vif, double relativeWeight, double lmg) {}

    public Drivers {
        drivers = List.copyOf(drivers);
    }

    /**
     * The drivers of an outcome.
     *
     * @param names of the drivers
     * @param covariance of the drivers in the order of their names, the outcome last; symmetric
     * @throws RefusedDrivers where a variable has no variance, drivers are collinear, or the covariances are those of no
     *     set of answers; the message names the variables
     */
    public static Drivers of(List<String> names, double[][] covariance) {
        int size = names.size();
        if (size == 0 || covariance.length != size + 1) {
            throw new IllegalArgumentException(
                    size + " drivers and an outcome with covariances of " + covariance.length + " variables");
        }
        double[][] correlation = correlation(names, covariance);
        double[] r = new double[size];
        double[][] among = new double[size][size];
        for (int i = 0; i < size; i++) {
            r[i] = correlation[i][size];
            System.arraycopy(correlation[i], 0, among[i], 0, size);
        }
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(among, false));
        requireIndependent(names, eigen);

        double[][] inverse = power(eigen, -1);
        double[] standardised = times(inverse, r);
        double rSquared = product(standardised, r);
        if (rSquared > 1 + COLLINEAR) {
            throw new RefusedDrivers(
                    "The covariances are those of no set of answers: the drivers would explain more than all of the"
                            + " outcome. Too few respondents answered the items together.");
        }
        double[] relativeWeights = relativeWeights(eigen, r);
        double[] lmg = lmg(correlation);
        List<Driver> drivers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            drivers.add(new Driver(names.get(i), r[i], standardised[i], inverse[i][i], relativeWeights[i], lmg[i]));
        }
        return new Drivers(rSquared, drivers);
    }

    private static double[][] correlation(List<String> names, double[][] covariance) {
        int size = covariance.length;
        double greatest = 0;
        for (int i = 0; i < size; i++) {
            if (!Double.isFinite(covariance[i][i])) {
                throw new RefusedDrivers("Fewer than two respondents answered " + name(names, i) + ".");
            }
            greatest = StrictMath.max(greatest, covariance[i][i]);
        }
        double[] deviations = new double[size];
        for (int i = 0; i < size; i++) {
            String name = name(names, i);
            for (double value : covariance[i]) {
                if (!Double.isFinite(value)) {
                    throw new RefusedDrivers("Nobody answered " + name + " together with another of the variables.");
                }
            }
            if (!(covariance[i][i] > NO_VARIANCE * greatest)) {
                throw new RefusedDrivers("All answers to " + name + " are alike, so nothing can be said of it.");
            }
            deviations[i] = StrictMath.sqrt(covariance[i][i]);
        }
        double[][] correlation = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                correlation[i][j] = i == j ? 1 : covariance[i][j] / (deviations[i] * deviations[j]);
            }
        }
        return correlation;
    }

    private static String name(List<String> names, int variable) {
        return variable < names.size() ? names.get(variable) : "the outcome";
    }

    private static void requireIndependent(List<String> names, EigenDecomposition eigen) {
        double least = Arrays.stream(eigen.getRealEigenvalues()).min().orElseThrow();
        if (least < -COLLINEAR) {
            throw new RefusedDrivers(String.format(
                    Locale.ROOT,
                    "The covariances are those of no set of answers (their least eigenvalue is %.2g). Too few respondents"
                            + " answered the items together.",
                    least));
        }
        for (int k = 0; k < names.size(); k++) {
            if (eigen.getRealEigenvalue(k) < COLLINEAR) {
                List<String> alike = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    // a variable that plays a part in the combination that does not vary
                    if (StrictMath.abs(eigen.getEigenvector(k).getEntry(i)) > 1e-4) {
                        alike.add(names.get(i));
                    }
                }
                throw new RefusedDrivers("One of " + String.join(", ", alike)
                        + " follows from the others, so their importance cannot be told apart. Leave one out.");
            }
        }
    }

    /** ε_j = Σ_k λ_jk²·β_k², λ the square root of the drivers' correlations and β = λ⁻¹r (Johnson 2000). */
    private static double[] relativeWeights(EigenDecomposition eigen, double[] r) {
        double[][] lambda = power(eigen, 0.5);
        double[] beta = times(power(eigen, -0.5), r);
        double[] weights = new double[r.length];
        for (int j = 0; j < r.length; j++) {
            for (int k = 0; k < r.length; k++) {
                double part = lambda[j][k] * beta[k];
                weights[j] += part * part;
            }
        }
        return weights;
    }

    private static double[] lmg(double[][] correlation) {
        int size = correlation.length - 1;
        double[] lmg = new double[size];
        if (size > MOST_FOR_LMG) {
            Arrays.fill(lmg, Double.NaN);
            return lmg;
        }
        double[] explained = new double[1 << size];
        explain(correlation, 0, 0, explained);
        // share[n]: of all orders, those in which given n drivers come before the driver and the rest after it
        double[] share = new double[size];
        share[0] = 1.0 / size;
        for (int before = 1; before < size; before++) {
            share[before] = share[before - 1] * before / (size - before);
        }
        for (int j = 0; j < size; j++) {
            for (int subset = 0; subset < explained.length; subset++) {
                if ((subset & 1 << j) == 0) {
                    lmg[j] += share[Integer.bitCount(subset)] * (explained[subset | 1 << j] - explained[subset]);
                }
            }
        }
        return lmg;
    }

    /**
     * Fills in R² of every subset: driver after driver is left out or taken in, and what is taken in is swept out of the
     * covariances of all that follow.
     */
    private static void explain(double[][] rest, int driver, int subset, double[] explained) {
        int outcome = rest.length - 1;
        if (driver == outcome) {
            explained[subset] = 1 - rest[outcome][outcome];
            return;
        }
        explain(rest, driver + 1, subset, explained);
        double[][] swept = new double[rest.length][rest.length];
        for (int i = driver + 1; i <= outcome; i++) {
            for (int j = driver + 1; j <= outcome; j++) {
                swept[i][j] = rest[i][j] - rest[i][driver] * rest[driver][j] / rest[driver][driver];
            }
        }
        explain(swept, driver + 1, subset | 1 << driver, explained);
    }

    private static double[][] power(EigenDecomposition eigen, double exponent) {
        int size = eigen.getRealEigenvalues().length;
        double[][] power = new double[size][size];
        for (int k = 0; k < size; k++) {
            double value = StrictMath.pow(eigen.getRealEigenvalue(k), exponent);
            double[] direction = eigen.getEigenvector(k).toArray();
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    power[i][j] += value * direction[i] * direction[j];
                }
            }
        }
        return power;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] times = new double[vector.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = product(matrix[i], vector);
        }
        return times;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
