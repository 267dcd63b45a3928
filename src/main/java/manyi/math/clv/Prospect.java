package manyi.math.clv;

import java.util.Arrays;

/**
 * What is to come from a customer who is known to be alive, over a horizon and after it, with the slopes of the figures
 * by the logarithms of the model's parameters, in the model's order.
 */
final class Prospect {

    /** Expected purchase days Y within the horizon. */
    final Figure expected;
    /** E[Y(Y − 1)]. */
    final double factorial;
    /** Expected purchase days within the horizon, discounted. */
    final Figure discounted;
    /** Those after the horizon; NaN without discount. */
    final Figure residual;

    Prospect(Figure expected, double factorial, Figure discounted, Figure residual) {
        this.expected = expected;
        this.factorial = factorial;
        this.discounted = discounted;
        this.residual = residual;
    }

    /** A figure and its slopes. */
    static final class Figure {

        private final double value;
        private final double[] slopes;

        Figure(double value, double... slopes) {
            this.value = value;
            this.slopes = slopes;
        }

        static Figure none(int parameters) {
            double[] slopes = new double[parameters];
            Arrays.fill(slopes, Double.NaN);
            return new Figure(Double.NaN, slopes);
        }

        /** The same by the parameters of a form of the model. */
        Figure by(FormModel model) {
            return new Figure(value, model.slopes(slopes));
        }

        double value() {
            return value;
        }

        double slope(int parameter) {
            return slopes[parameter];
        }

        int parameters() {
            return slopes.length;
        }
    }
}
