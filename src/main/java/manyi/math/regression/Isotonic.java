package manyi.math.regression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The closest curve that never falls (weighted least squares), by pooling neighbours that do. Between steps it is linear,
 * beyond the first and the last it is flat.
 *
 * @param steps in rising order
 * @see "Ayer et al. (1955), Annals of Mathematical Statistics 26(4); Zadrozny, Elkan (2002), KDD, for calibration"
 */
public record Isotonic(List<Step> steps) {

    /**
     * Rows at a value.
     *
     * @param weight of the rows, or their count
     * @param sum of their responses, weighted likewise
     */
    public record Point(double x, double weight, double sum) {

        public Point {
            if (!Double.isFinite(x) || !(weight > 0 && weight < Double.POSITIVE_INFINITY) || !Double.isFinite(sum)) {
                throw new IllegalArgumentException("at " + x + ": weight " + weight + ", sum " + sum);
            }
        }
    }

    /** Neighbouring values with one mean. */
    public record Step(double from, double to, double weight, double mean) {}

    public Isotonic {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new RefusedRegression("There are no rows.");
        }
    }

    public static Isotonic of(Collection<Point> points) {
        List<Point> sorted = points.stream()
                .sorted(Comparator.comparingDouble(Point::x)
                        .thenComparingDouble(Point::weight)
                        .thenComparingDouble(Point::sum))
                .toList();
        // a stack of blocks: bounds, weights and sums
        int size = sorted.size();
        double[] from = new double[size];
        double[] to = new double[size];
        double[] weight = new double[size];
        double[] sum = new double[size];
        int last = -1;
        for (int i = 0; i < size; ) {
            double x = sorted.get(i).x();
            last++;
            from[last] = x;
            to[last] = x;
            weight[last] = 0;
            sum[last] = 0;
            for (; i < size && sorted.get(i).x() == x; i++) {
                weight[last] += sorted.get(i).weight();
                sum[last] += sorted.get(i).sum();
            }
            for (; last > 0 && sum[last - 1] / weight[last - 1] >= sum[last] / weight[last]; last--) {
                to[last - 1] = to[last];
                weight[last - 1] += weight[last];
                sum[last - 1] += sum[last];
            }
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            steps.add(new Step(from[i], to[i], weight[i], sum[i] / weight[i]));
        }
        return new Isotonic(steps);
    }

    public double at(double x) {
        int low = 0;
        int high = steps.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (steps.get(middle).from() <= x) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Step step = steps.get(low);
        if (x <= step.to() || low == steps.size() - 1) {
            return step.mean();
        }
        Step next = steps.get(low + 1);
        return step.mean() + (next.mean() - step.mean()) * ((x - step.to()) / (next.from() - step.to()));
    }
}
