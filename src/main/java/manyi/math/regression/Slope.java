package manyi.math.regression;

/** How the columns of a design move with one variable. */
@FunctionalInterface
public interface Slope {

    /**
     * The derivative of the covariates by the variable.
     *
     * @param x the covariates of a cell
     * @return one number by covariate, 0 where it does not depend on the variable
     */
    double[] at(double[] x);

    /** The variable is a covariate of its own. */
    static Slope ofColumn(int column) {
        return x -> {
            double[] slope = new double[x.length];
            slope[column] = 1;
            return slope;
        };
    }
}
