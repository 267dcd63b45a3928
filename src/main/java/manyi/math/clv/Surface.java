package manyi.math.clv;

/** A log-likelihood over the logarithms of parameters. */
interface Surface {

    int dimension();

    /**
     * The height at a point.
     *
     * @param theta the logarithms of the parameters
     * @param gradient takes the gradient
     */
    double at(double[] theta, double[] gradient);
}
