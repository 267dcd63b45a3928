package manyi.math.clv;

import java.util.Collection;

/**
 * A model of how often customers buy and when they leave unseen (non-contractual). Symbols and times as in
 * {@link Cell}; a day counts once.
 */
public sealed interface PurchaseModel permits FormModel, GeometricModel, Nbd, ParetoNbd {

    /** Log-likelihood of one customer's history. */
    double logLikelihood(long x, double tx, double T);

    /**
     * Log-likelihood of all customers, taken by all processors and the same on any number of them.
     *
     * @throws RefusedFit where there are too few histories for any fit
     */
    double logLikelihood(Collection<Cell> cells);

    /** The gradient of one customer's with respect to the logarithms of the parameters, analytic, in the order of the record. */
    double[] logLikelihoodGradient(long x, double tx, double T);

    /** Probability that a customer with this history is still alive. */
    double probabilityAlive(long x, double tx, double T);

    /** {@link #probabilityAlive} with its gradient. */
    Alive alive(long x, double tx, double T);

    /** What is to come from a customer who is alive, having made x repeat purchases by age T. */
    Future future(long x, double T);

    /** As {@link #future}, for many customers: what those of equal x, or of equal T, share is made once. */
    Futures futures();

    /** Expected repeat purchase days of a new customer up to age t. */
    default double expectedPurchases(double t) {
        return expectedPurchases(0, 0, 0, t);
    }

    /** Expected purchase days in (T, T + t] of a customer with this history. */
    default double expectedPurchases(long x, double tx, double T, double t) {
        return probabilityAlive(x, tx, T) * future(x, T).expectedPurchases(t);
    }

    /**
     * Variance of the purchase days in (T, T + t] of a customer with this history: the customer's own chance, and our not
     * knowing his rates or whether he is alive. The parameters are taken as known.
     */
    default double variancePurchases(long x, double tx, double T, double t) {
        double alive = probabilityAlive(x, tx, T);
        Future future = future(x, T);
        double expected = alive * future.expectedPurchases(t);
        return alive * future.factorialMoment(t) + expected * (1 - expected);
    }

    /**
     * Expected purchase days between two times from today, discounted to today, of a customer with this history.
     *
     * @param delta δ, the continuous discount rate per unit of time; 0 is allowed where {@code to} is finite
     * @param from 0 for a lifetime value, the horizon H for its residual
     * @param to H, or infinity
     */
    default double discountedPurchases(long x, double tx, double T, double delta, double from, double to) {
        return probabilityAlive(x, tx, T) * future(x, T).discountedPurchases(delta, from, to);
    }

    /** Futures by x and T; several threads may ask at once. */
    interface Futures {
        Future of(long x, double T);
    }
}
