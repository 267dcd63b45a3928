package manyi.math.regression;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.special.Beta;

/**
 * An offer to customers who may leave, and what contacting those with the highest scores earns. The share γ of leavers who
 * accept it and stay is Beta(alpha, beta).
 *
 * @param lifetimeValue CLV of a customer who stays, in money, above 0
 * @param offer d, its cost where accepted; all who would have stayed accept it
 * @param contact f, the cost of contacting a customer
 * @param alpha above 0; 6 in the paper
 * @param beta above 0; 14 in the paper
 * @see "Verbraken, Verbeke, Baesens (2013), A Novel Profit Maximizing Metric for Measuring Classification Performance of
 *     Customer Churn Prediction Models, IEEE Transactions on Knowledge and Data Engineering 25(5)"
 */
public record RetentionOffer(double lifetimeValue, double offer, double contact, double alpha, double beta) {

    public RetentionOffer {
        if (!(lifetimeValue > 0 && offer >= 0 && contact >= 0 && alpha > 0 && beta > 0)
                || !(offer < lifetimeValue)
                || !(lifetimeValue + contact + alpha + beta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("an offer of " + offer + " by contacts of " + contact
                    + " for a lifetime value of " + lifetimeValue + ", accepted as Beta(" + alpha + ", " + beta + ")");
        }
    }

    /**
     * Expected maximum profit.
     *
     * @param perCustomer in money, by customer scored; 0 where it is best to contact nobody
     * @param fraction of customers to contact, expected over γ
     */
    public record Profit(double perCustomer, double fraction) {}

    /**
     * The profit where the best share of customers is contacted for each γ: γ decides between the corners of the convex
     * hull of the ROC curve.
     */
    public Profit best(Scores scores) {
        double delta = offer / lifetimeValue;
        double phi = contact / lifetimeValue;
        List<double[]> hull = hull(scores);
        double perCustomer = 0;
        double fraction = 0;
        double from = 0;
        for (int i = 0; i < hull.size() && from < 1; i++) {
            double leavers = hull.get(i)[0];
            double stayers = hull.get(i)[1];
            double to = 1;
            if (i + 1 < hull.size()) {
                double more = hull.get(i + 1)[0] - leavers;
                double wrong = hull.get(i + 1)[1] - stayers;
                // the γ from which on the next corner earns more; infinite or NaN where it holds no more leavers
                double gamma = (wrong * (delta + phi) + more * phi) / (more * (1 - delta));
                to = gamma < 1 ? StrictMath.max(from, gamma) : 1;
            }
            double probability = share(to, alpha) - share(from, alpha);
            double accepted = alpha / (alpha + beta) * (share(to, alpha + 1) - share(from, alpha + 1));
            perCustomer += lifetimeValue
                    * ((1 - delta) * leavers * accepted - (phi * leavers + (delta + phi) * stayers) * probability);
            fraction += (leavers + stayers) * probability;
            from = to;
        }
        return new Profit(perCustomer, fraction);
    }

    private double share(double gamma, double a) {
        return Beta.regularizedBeta(gamma, a, beta);
    }

    /** The corners, from nobody to all: leavers and stayers contacted, as shares of all customers. */
    private static List<double[]> hull(Scores scores) {
        List<double[]> hull = new ArrayList<>();
        hull.add(new double[2]);
        double positives = 0;
        double negatives = 0;
        for (int i = scores.cells.size() - 1; i >= 0; i--) {
            positives += scores.cells.get(i).positives();
            negatives += scores.cells.get(i).negatives();
            double[] next = {positives, negatives};
            while (hull.size() > 1 && !isAbove(hull.get(hull.size() - 2), hull.get(hull.size() - 1), next)) {
                hull.remove(hull.size() - 1);
            }
            hull.add(next);
        }
        double rows = (double) scores.rows();
        hull.forEach(corner -> {
            corner[0] /= rows;
            corner[1] /= rows;
        });
        return hull;
    }

    /** Whether the middle corner lies above the line of its neighbours. */
    private static boolean isAbove(double[] a, double[] b, double[] c) {
        return (b[0] - a[0]) * (c[1] - b[1]) > (c[0] - b[0]) * (b[1] - a[1]);
    }
}
