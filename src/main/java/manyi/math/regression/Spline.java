package manyi.math.regression;

import java.util.List;

/** A curve in one variable, linear in its coefficients. */
public interface Spline {

    /** How many covariates the variable becomes. */
    int columns();

    /** The covariates at a value. */
    double[] basis(double value);

    /** Their derivatives by the value. */
    double[] slope(double value);

    /** The value from its covariates; where a spline is flat beyond its knots, the nearest value between them. */
    double value(double[] basis);

    /**
     * How the columns of a design move with the variable.
     *
     * @param first the column where those of the spline begin
     */
    default Slope slopeFrom(int first) {
        return x -> {
            double[] basis = new double[columns()];
            System.arraycopy(x, first, basis, 0, basis.length);
            double[] slope = new double[x.length];
            System.arraycopy(slope(value(basis)), 0, slope, first, basis.length);
            return slope;
        };
    }

    /** Knots in rising order. */
    static List<Double> requireKnots(List<Double> knots, int least) {
        if (knots.size() < least) {
            throw new IllegalArgumentException(knots.size() + " knots: at least " + least + " are needed");
        }
        for (int i = 0; i < knots.size(); i++) {
            if (!Double.isFinite(knots.get(i)) || (i > 0 && !(knots.get(i) > knots.get(i - 1)))) {
                throw new IllegalArgumentException("knots " + knots + " are not in rising order");
            }
        }
        return List.copyOf(knots);
    }
}
