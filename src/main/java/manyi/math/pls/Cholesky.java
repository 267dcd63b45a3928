package manyi.math.pls;

/** L·L' of a symmetric matrix with ones on its diagonal. */
final class Cholesky {

    /** A pivot is the share of a variable's variance that those before it leave: below this there is none. */
    static final double NOTHING = 1e-10;

    private final double[][] lower;

    private Cholesky(double[][] lower) {
        this.lower = lower;
    }

    /**
     * Takes a matrix apart.
     *
     * @param size of its leading part
     * @param ridge added to the diagonal
     * @return null where a pivot is not above the least one
     */
    static Cholesky of(double[][] a, int size, double ridge, double least) {
        double[][] lower = new double[size][];
        for (int i = 0; i < size; i++) {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double rest = a[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= lower[i][k] * lower[j][k];
                }
                if (i > j) {
                    lower[i][j] = rest / lower[j][j];
                } else if (rest + ridge > least) {
                    lower[i][i] = StrictMath.sqrt(rest + ridge);
                } else {
                    return null;
                }
            }
        }
        return new Cholesky(lower);
    }

    static Cholesky of(double[][] a) {
        return of(a, a.length, 0, NOTHING);
    }

    double[] solve(double[] right) {
        int size = lower.length;
        double[] x = right.clone();
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= lower[i][k] * x[k];
            }
            x[i] /= lower[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                x[i] -= lower[k][i] * x[k];
            }
            x[i] /= lower[i][i];
        }
        return x;
    }

    /** The diagonal of the inverse. */
    double[] inverseDiagonal() {
        int size = lower.length;
        double[] diagonal = new double[size];
        for (int i = 0; i < size; i++) {
            double[] unit = new double[size];
            unit[i] = 1;
            diagonal[i] = solve(unit)[i];
        }
        return diagonal;
    }
}
