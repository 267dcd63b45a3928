package manyi.math.clv;

/** The probability that a customer is still alive, and its gradient with respect to the log-parameters. */
public final class Alive {

    private final double probability;
    private final double[] gradient;

    private Alive(double probability, double[] gradient) {
        this.probability = probability;
        this.gradient = gradient;
    }

    /** @param logOdds the gradient of ln of P(gone) / P(alive) */
    static Alive of(double probability, double[] logOdds) {
        double[] gradient = new double[logOdds.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = -probability * (1 - probability) * logOdds[i];
        }
        return new Alive(probability, gradient);
    }

    /** The same by the parameters of a form of the model. */
    Alive by(FormModel model) {
        return new Alive(probability, model.slopes(gradient));
    }

    public double probability() {
        return probability;
    }

    /** The slope by the logarithm of the so-manieth parameter. */
    public double slope(int parameter) {
        return gradient[parameter];
    }
}
