package manyi.math.clv;

/**
 * What one customer is worth: expected discounted purchases times expected spend times margin. The two models are
 * independent, so gradients by the parameters of each are separate.
 *
 * @param spend expected value of a purchase, money
 * @param value within the horizon
 * @param residual after it; NaN without discount
 * @param variance of the realised value within the horizon, the parameters taken as known: each purchase is discounted by
 *     the mean discount of all; infinite where spend has no variance
 * @param purchaseSlopes of the value by the log-parameters of the model of purchases
 * @param spendSlopes of the value by those of the model of spend
 */
public record Valuation(
        double spend, double value, double residual, double variance, Slopes purchaseSlopes, Slopes spendSlopes) {

    /** A gradient with respect to log-parameters. */
    public static final class Slopes {

        private final double[] slopes;

        private Slopes(double[] gradient, double factor) {
            slopes = gradient.clone();
            for (int i = 0; i < slopes.length; i++) {
                slopes[i] *= factor;
            }
        }

        public double at(int parameter) {
            return slopes[parameter];
        }

        /** The variance that the parameters' uncertainty gives to the figure (delta method). */
        public double variance(Covariance covariance) {
            return covariance.variance(slopes);
        }
    }

    /**
     * The worth of a customer.
     *
     * @param x repeat purchases
     * @param mean their mean value, positive; any number where x is 0
     * @param margin share of spend
     */
    public static Valuation of(Outlook.Forecast forecast, GammaGamma spending, long x, double mean, double margin) {
        double spend = spending.expectedSpend(x, mean);
        double discounted = forecast.discounted();
        double expected = forecast.expected();
        double variance = 0;
        if (expected > 0) {
            double worth = margin * discounted / expected;
            variance = worth * worth * spending.varianceOfTotal(x, mean, expected, forecast.variance());
        }
        return new Valuation(
                spend,
                margin * spend * discounted,
                margin * spend * forecast.residual(),
                variance,
                new Slopes(forecast.discountedGradient(), margin * spend),
                new Slopes(spending.expectedSpendGradient(x, mean), margin * discounted));
    }
}
