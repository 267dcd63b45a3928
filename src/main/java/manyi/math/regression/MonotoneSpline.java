package manyi.math.regression;

import java.util.List;

/**
 * Quadratic I-splines: each rises from 0 to 1, so that a sum with coefficients of 0 or above never falls. The curve and
 * its slope are continuous between the first and the last knot; it is flat beyond them.
 *
 * @param knots at least two, in rising order
 * @see "Ramsay (1988), Monotone Regression Splines in Action, Statistical Science 3(4)"
 */
public record MonotoneSpline(List<Double> knots) implements Spline {

    private static final int DEGREE = 2;

    public MonotoneSpline {
        knots = Spline.requireKnots(knots, 2);
    }

    @Override
    public int columns() {
        return knots.size();
    }

    /** I_j sums the B-splines from the j-th on, of which the first (index 0) is left out. */
    @Override
    public double[] basis(double value) {
        double[] b = bSplines(value, DEGREE);
        double[] basis = new double[columns()];
        double sum = 0;
        for (int j = columns(); j >= 1; j--) {
            sum += b[j];
            basis[j - 1] = sum;
        }
        return basis;
    }

    @Override
    public double[] slope(double value) {
        double[] slope = new double[columns()];
        if (value >= knots.get(0) && value <= knots.get(columns() - 1)) {
            double[] b = bSplines(value, DEGREE - 1);
            for (int j = 1; j <= columns(); j++) {
                slope[j - 1] = DEGREE * b[j] / (knot(j + DEGREE) - knot(j));
            }
        }
        return slope;
    }

    /** By Marsden's identity: a value is the sum of the B-splines, each times the mean of its inner knots. */
    @Override
    public double value(double[] basis) {
        double value = knots.get(0);
        for (int j = 1; j <= columns(); j++) {
            value += basis[j - 1] * (knot(j + 2) - knot(j)) / DEGREE;
        }
        return value;
    }

    /** Knots with the outer ones three times. */
    private double knot(int index) {
        return knots.get(StrictMath.min(StrictMath.max(index - DEGREE, 0), knots.size() - 1));
    }

    /** B-splines of a degree over the same knots, by de Boor's recursion. */
    private double[] bSplines(double value, int degree) {
        double at = StrictMath.min(StrictMath.max(value, knots.get(0)), knots.get(columns() - 1));
        int intervals = knots.size() + 2 * DEGREE - 1;
        double[] b = new double[intervals];
        int within = DEGREE;
        while (within < knots.size() + DEGREE - 2 && at >= knot(within + 1)) {
            within++;
        }
        b[within] = 1;
        for (int d = 1; d <= degree; d++) {
            for (int j = 0; j < intervals - d; j++) {
                b[j] = part(at - knot(j), knot(j + d) - knot(j), b[j])
                        + part(knot(j + d + 1) - at, knot(j + d + 1) - knot(j + 1), b[j + 1]);
            }
        }
        return b;
    }

    private static double part(double distance, double span, double b) {
        return span > 0 ? distance / span * b : 0;
    }
}
