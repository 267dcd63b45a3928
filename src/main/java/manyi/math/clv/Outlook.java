package manyi.math.clv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Forecasts for many customers by one model: what depends on x and T alone is made once for all who share them, and a
 * customer is left with his probability of being alive.
 *
 * <p>Gradients are with respect to the log-parameters: analytic for the probability of being alive, by central
 * differences (step 2⁻¹⁰, so to about six digits) for the rest. The error of a sum over customers comes from the sum of
 * their gradients. Not safe for use by several threads at once.
 */
public final class Outlook {

    private static final double STEP = 0x1p-10;

    private final PurchaseModel model;
    private final double horizon;
    private final double delta;
    private final PurchaseModel.Futures futures;
    private final List<PurchaseModel.Futures> above = new ArrayList<>();
    private final List<PurchaseModel.Futures> below = new ArrayList<>();
    private final Map<Long, Map<Double, Figures>> known = new HashMap<>();

    /**
     * A view over a horizon.
     *
     * @param horizon H, finite, in the model's unit of time
     * @param delta δ, the continuous discount rate per unit of time; where it is 0 there is no residual (NaN)
     */
    public <M extends PurchaseModel & Parametric<M>> Outlook(M model, double horizon, double delta) {
        Future.requireTime(horizon);
        Future.requireStretch(delta, 0, horizon);
        this.model = model;
        this.horizon = horizon;
        this.delta = delta;
        futures = model.futures();
        for (int i = 0; i < model.parameters().size(); i++) {
            above.add(model.moved(i, STEP).futures());
            below.add(model.moved(i, -STEP).futures());
        }
    }

    /** The same view, whichever the model. */
    public static Outlook of(PurchaseModel model, double horizon, double delta) {
        if (model instanceof BgNbd bgNbd) {
            return new Outlook(bgNbd, horizon, delta);
        }
        if (model instanceof MbgNbd mbgNbd) {
            return new Outlook(mbgNbd, horizon, delta);
        }
        if (model instanceof Nbd nbd) {
            return new Outlook(nbd, horizon, delta);
        }
        return new Outlook((ParetoNbd) model, horizon, delta);
    }

    /** The forecast for a customer with this history. */
    public Forecast of(long x, double tx, double T) {
        return new Forecast(model.alive(x, tx, T), figures(x, T));
    }

    private Figures figures(long x, double T) {
        return known.computeIfAbsent(x, any -> new HashMap<>()).computeIfAbsent(T, any -> new Figures(x, T));
    }

    private double[] values(Future future) {
        return new double[] {
            future.expectedPurchases(horizon),
            future.factorialMoment(horizon),
            future.discountedPurchases(delta, 0, horizon),
            delta > 0 ? future.discountedPurchases(delta, horizon, Double.POSITIVE_INFINITY) : Double.NaN
        };
    }

    /** What is to come from a customer who is alive: the figures and, by parameter, their slopes. */
    private final class Figures {

        private final double[] values;
        private final List<double[]> slopes = new ArrayList<>();

        Figures(long x, double T) {
            values = values(futures.of(x, T));
            for (int i = 0; i < above.size(); i++) {
                double[] high = values(above.get(i).of(x, T));
                double[] low = values(below.get(i).of(x, T));
                double[] slope = new double[values.length];
                for (int j = 0; j < slope.length; j++) {
                    slope[j] = (high[j] - low[j]) / (2 * STEP);
                }
                slopes.add(slope);
            }
        }
    }

    /** What is to come from one customer. */
    public static final class Forecast {

        private static final int EXPECTED = 0;
        private static final int FACTORIAL = 1;
        private static final int DISCOUNTED = 2;
        private static final int RESIDUAL = 3;

        private final Alive alive;
        private final Figures figures;

        private Forecast(Alive alive, Figures figures) {
            this.alive = alive;
            this.figures = figures;
        }

        public double probabilityAlive() {
            return alive.probability();
        }

        /** Expected purchase days within the horizon. */
        public double expected() {
            return value(EXPECTED);
        }

        /** Their variance, the parameters taken as known. */
        public double variance() {
            double expected = expected();
            return value(FACTORIAL) + expected * (1 - expected);
        }

        /** Expected purchase days within the horizon, discounted to today. */
        public double discounted() {
            return value(DISCOUNTED);
        }

        /** Expected purchase days after the horizon, discounted to today; NaN without discount. */
        public double residual() {
            return value(RESIDUAL);
        }

        /** The gradient of {@link #expected}. */
        public double[] expectedGradient() {
            return gradient(EXPECTED);
        }

        /** The gradient of {@link #discounted}. */
        public double[] discountedGradient() {
            return gradient(DISCOUNTED);
        }

        /** The gradient of {@link #residual}. */
        public double[] residualGradient() {
            return gradient(RESIDUAL);
        }

        private double value(int figure) {
            return alive.probability() * figures.values[figure];
        }

        private double[] gradient(int figure) {
            double[] gradient = new double[figures.slopes.size()];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = alive.slope(i) * figures.values[figure]
                        + alive.probability() * figures.slopes.get(i)[figure];
            }
            return gradient;
        }
    }
}
