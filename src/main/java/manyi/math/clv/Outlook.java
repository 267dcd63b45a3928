package manyi.math.clv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forecasts for many customers by one model: what depends on x and T alone is made once for all who share them, and a
 * customer is left with his probability of being alive.
 *
 * <p>Gradients are with respect to the log-parameters, analytic. The error of a sum over customers comes from the sum of
 * their gradients. Several threads may ask at once.
 */
public final class Outlook {

    private final PurchaseModel model;
    private final double horizon;
    private final double delta;
    private final PurchaseModel.Futures futures;
    private final Map<Long, Map<Double, Prospect>> known = new ConcurrentHashMap<>();

    /**
     * A view over a horizon.
     *
     * @param horizon H, finite, in the model's unit of time
     * @param delta δ, the continuous discount rate per unit of time; where it is 0 there is no residual (NaN)
     */
    public Outlook(PurchaseModel model, double horizon, double delta) {
        Future.requireTime(horizon);
        Future.requireStretch(delta, 0, horizon);
        this.model = model;
        this.horizon = horizon;
        this.delta = delta;
        futures = model.futures();
    }

    /** The forecast for a customer with this history. */
    public Forecast of(long x, double tx, double T) {
        return new Forecast(model.alive(x, tx, T), prospect(x, T));
    }

    private Prospect prospect(long x, double T) {
        return known.computeIfAbsent(x, any -> new ConcurrentHashMap<>())
                .computeIfAbsent(T, any -> futures.of(x, T).prospect(horizon, delta));
    }

    /** What is to come from one customer. */
    public static final class Forecast {

        private final Alive alive;
        private final Prospect prospect;

        private Forecast(Alive alive, Prospect prospect) {
            this.alive = alive;
            this.prospect = prospect;
        }

        public double probabilityAlive() {
            return alive.probability();
        }

        /** Expected purchase days within the horizon. */
        public double expected() {
            return value(prospect.expected);
        }

        /** Their variance, the parameters taken as known. */
        public double variance() {
            double expected = expected();
            return alive.probability() * prospect.factorial + expected * (1 - expected);
        }

        /** Expected purchase days within the horizon, discounted to today. */
        public double discounted() {
            return value(prospect.discounted);
        }

        /** Expected purchase days after the horizon, discounted to today; NaN without discount. */
        public double residual() {
            return value(prospect.residual);
        }

        /** The gradient of {@link #expected}. */
        public double[] expectedGradient() {
            return gradient(prospect.expected);
        }

        /** The gradient of {@link #discounted}. */
        public double[] discountedGradient() {
            return gradient(prospect.discounted);
        }

        /** The gradient of {@link #residual}. */
        public double[] residualGradient() {
            return gradient(prospect.residual);
        }

        private double value(Prospect.Figure figure) {
            return alive.probability() * figure.value();
        }

        private double[] gradient(Prospect.Figure figure) {
            double[] gradient = new double[figure.parameters()];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = alive.slope(i) * figure.value() + alive.probability() * figure.slope(i);
            }
            return gradient;
        }
    }
}
