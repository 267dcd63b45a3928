package manyi.math.regression;

import java.util.List;

/**
 * A natural (restricted) cubic spline: cubic between knots, linear beyond the first and the last. The first covariate is
 * the value itself, the others bend the curve: {@link Regression#test} of them is the test of curvature.
 *
 * @param knots at least three, in rising order
 * @see "Stone, Koo (1985), Additive Splines in Statistics; Harrell (2015), Regression Modeling Strategies, 2.4.5 (the
 *     same basis)"
 */
public record NaturalSpline(List<Double> knots) implements Spline {

    public NaturalSpline {
        knots = Spline.requireKnots(knots, 3);
    }

    @Override
    public int columns() {
        return knots.size() - 1;
    }

    @Override
    public double[] basis(double value) {
        double range = range();
        return terms(value, value, 3, range * range);
    }

    @Override
    public double[] slope(double value) {
        double range = range();
        return terms(value, 1, 2, range * range / 3);
    }

    @Override
    public double value(double[] basis) {
        return basis[0];
    }

    private double range() {
        return knots.get(columns()) - knots.get(0);
    }

    private double[] terms(double value, double first, int degree, double unit) {
        double last = knots.get(columns());
        double before = knots.get(columns() - 1);
        double[] terms = new double[columns()];
        terms[0] = first;
        for (int j = 0; j < columns() - 1; j++) {
            double knot = knots.get(j);
            terms[j + 1] = (power(value - knot, degree)
                            - power(value - before, degree) * (last - knot) / (last - before)
                            + power(value - last, degree) * (before - knot) / (last - before))
                    / unit;
        }
        return terms;
    }

    private static double power(double base, int degree) {
        return base <= 0 ? 0 : degree == 2 ? base * base : base * base * base;
    }
}
