package manyi.math.clv;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Customers drawn from a model of purchases or of spend. The same seed draws the same customers. */
final class Simulation {

    private final SplittableRandom random;

    Simulation(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * A customer from his first purchase on.
     *
     * @param x repeat purchases up to T
     * @param tx age at the last of them
     * @param T age today
     * @param alive whether he is alive at T
     * @param later ages minus T of his purchases in (T, T + horizon]
     */
    record Customer(long x, double tx, double T, boolean alive, List<Double> later) {
        /** As the data would have it: the last purchase is known to the day, a seventh of the unit of time. */
        Cell daily() {
            return new Cell(x, StrictMath.min(T, StrictMath.ceil(tx * 7) / 7), T, 1);
        }
    }

    Customer customer(PurchaseModel model, double T, double horizon) {
        if (model instanceof FormModel m) {
            return customer(m.form().model(m.parameters()), T, horizon);
        }
        double rate;
        double death;
        double leaves;
        boolean atFirst = false;
        if (model instanceof ParetoNbd m) {
            rate = gamma(m.r()) / m.alpha();
            death = -StrictMath.log(uniform()) / (gamma(m.s()) / m.beta());
            leaves = 0;
        } else if (model instanceof BgNbd m) {
            rate = gamma(m.r()) / m.alpha();
            death = Double.POSITIVE_INFINITY;
            leaves = beta(m.a(), m.b());
        } else if (model instanceof Nbd m) {
            rate = gamma(m.r()) / m.alpha();
            death = Double.POSITIVE_INFINITY;
            leaves = 0;
        } else {
            var m = (MbgNbd) model;
            rate = gamma(m.r()) / m.alpha();
            death = Double.POSITIVE_INFINITY;
            leaves = beta(m.a(), m.b());
            atFirst = true;
        }
        long x = 0;
        double tx = 0;
        double age = 0;
        boolean gone = atFirst && uniform() < leaves;
        boolean alive = !gone && death > T;
        List<Double> later = new ArrayList<>();
        while (!gone) {
            age -= StrictMath.log(uniform()) / rate;
            if (age > death || age > T + horizon) {
                break;
            }
            gone = uniform() < leaves;
            if (age <= T) {
                x++;
                tx = age;
                alive = !gone && death > T;
            } else {
                later.add(age - T);
            }
        }
        return new Customer(x, tx, T, alive, later);
    }

    /** What the values of one customer's purchases are drawn around. */
    double nu(GammaGamma model) {
        return gamma(model.q()) / model.gamma();
    }

    /** The mean value of x purchases of a customer. */
    double meanSpend(GammaGamma model, double nu, long x) {
        return gamma(model.p() * x) / nu / x;
    }

    double uniform() {
        return 1 - random.nextDouble();
    }

    double beta(double a, double b) {
        double left = gamma(a);
        return left / (left + gamma(b));
    }

    /** Marsaglia, Tsang (2000), A simple method for generating gamma variables, ACM Trans. on Mathematical Software 26(3). */
    double gamma(double shape) {
        if (shape < 1) {
            return gamma(shape + 1) * StrictMath.pow(uniform(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double z = random.nextGaussian();
            double v = 1 + c * z;
            v = v * v * v;
            if (v > 0 && StrictMath.log(uniform()) < z * z / 2 + d - d * v + d * StrictMath.log(v)) {
                return d * v;
            }
        }
    }
}
