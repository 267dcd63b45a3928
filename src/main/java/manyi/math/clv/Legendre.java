package manyi.math.clv;

import java.util.Arrays;

/** Nodes and weights of Gauss–Legendre quadrature on [0, 1]. */
final class Legendre {

    static final Legendre SIX = new Legendre(6);
    static final Legendre SIXTEEN = new Legendre(16);

    final int size;
    private final double[] nodes;
    private final double[] weights;
    private final double[] barycentric;

    private Legendre(int size) {
        this.size = size;
        nodes = new double[size];
        weights = new double[size];
        barycentric = new double[size];
        for (int i = 0; i < size; i++) {
            double z = StrictMath.cos(StrictMath.PI * (size - i - 0.25) / (size + 0.5));
            double slope = 0;
            // Newton's method; from this start it is quadratic, ten steps are plenty
            for (int step = 0; step < 10; step++) {
                double before = 0;
                double value = 1;
                for (int degree = 1; degree <= size; degree++) {
                    double next = ((2 * degree - 1) * z * value - (degree - 1) * before) / degree;
                    before = value;
                    value = next;
                }
                slope = size * (z * value - before) / (z * z - 1);
                z -= value / slope;
            }
            nodes[i] = (1 + z) / 2;
            weights[i] = 1 / ((1 - z * z) * slope * slope);
            barycentric[i] = (i % 2 == 0 ? 1 : -1) * StrictMath.sqrt((1 - z * z) * weights[i]);
        }
    }

    double node(int i) {
        return nodes[i];
    }

    double weight(int i) {
        return weights[i];
    }

    /**
     * The polynomials through values at the nodes.
     *
     * @param values by node, as many at each as there are polynomials
     * @param at within [0, 1]
     * @see "Berrut, Trefethen (2004), Barycentric Lagrange interpolation, SIAM Review 46(3), eq. 4.2 and section 6"
     */
    void interpolate(double[][] values, double at, double[] into) {
        Arrays.fill(into, 0);
        double below = 0;
        for (int i = 0; i < size; i++) {
            double distance = at - nodes[i];
            if (distance == 0) {
                System.arraycopy(values[i], 0, into, 0, into.length);
                return;
            }
            double share = barycentric[i] / distance;
            for (int j = 0; j < into.length; j++) {
                into[j] += share * values[i][j];
            }
            below += share;
        }
        for (int j = 0; j < into.length; j++) {
            into[j] /= below;
        }
    }
}
