package manyi.math.regression;

/** The distribution of the response, with its canonical link; η is the linear predictor. */
public enum Family {

    /** Yes or no, logit link. */
    LOGISTIC {
        @Override
        public double mean(double eta) {
            return 1 / (1 + StrictMath.exp(-eta));
        }

        @Override
        double slope(double mean) {
            return mean * (1 - mean);
        }

        @Override
        double bend(double mean) {
            return mean * (1 - mean) * (1 - 2 * mean);
        }

        @Override
        double cumulant(double eta) {
            return StrictMath.max(eta, 0) + StrictMath.log1p(StrictMath.exp(-StrictMath.abs(eta)));
        }

        @Override
        double link(double mean) {
            return StrictMath.log(mean / (1 - mean));
        }
    },

    /**
     * A count or an amount of 0 or above, log link. For an amount this is a pseudo-likelihood: the coefficients are
     * consistent where the mean is right, whatever the distribution, and only robust errors are.
     *
     * @see "Gourieroux, Monfort, Trognon (1984), Econometrica 52(3); Santos Silva, Tenreyro (2006), The Log of Gravity,
     *     Review of Economics and Statistics 88(4)"
     */
    POISSON {
        @Override
        public double mean(double eta) {
            return StrictMath.exp(eta);
        }

        @Override
        double slope(double mean) {
            return mean;
        }

        @Override
        double bend(double mean) {
            return mean;
        }

        @Override
        double cumulant(double eta) {
            return StrictMath.exp(eta);
        }

        @Override
        double link(double mean) {
            return StrictMath.log(mean);
        }
    };

    /** The mean of the response at η. */
    public abstract double mean(double eta);

    /** The first derivative of the mean by η, from the mean: the variance. */
    abstract double slope(double mean);

    /** The second derivative of the mean by η, from the mean. */
    abstract double bend(double mean);

    /** b(η), whose derivative is the mean; the log-likelihood of a row is yη − b(η) and a constant. */
    abstract double cumulant(double eta);

    /** η of a mean. */
    abstract double link(double mean);
}
