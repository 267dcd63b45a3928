package manyi.math.survey;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * P-values adjusted for how many questions were asked at once: of the findings whose adjusted p-value is at most q, no
 * more than a share q is expected to be false.
 *
 * @see "Benjamini, Hochberg (1995), Controlling the False Discovery Rate, JRSS B 57(1); adjusted values by Yekutieli,
 *     Benjamini (1999), Journal of Statistical Planning and Inference 82, definition 2.4"
 */
public final class FalseDiscovery {

    private FalseDiscovery() {}

    /**
     * The adjusted p-values, in the order given: of the i-th smallest of m the least p_j·m/j over j ≥ i, at most 1.
     *
     * @param p p-values; NaN is no test: it stays NaN and does not count in m
     */
    public static double[] adjusted(double[] p) {
        for (double value : p) {
            if (value < 0 || value > 1) {
                throw new IllegalArgumentException("a p-value of " + value);
            }
        }
        int[] falling = IntStream.range(0, p.length)
                .filter(i -> !Double.isNaN(p[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        Arrays.fill(adjusted, Double.NaN);
        double least = 1;
        for (int place = 0; place < falling.length; place++) {
            int rank = falling.length - place;
            least = StrictMath.min(least, p[falling[place]] * falling.length / rank);
            adjusted[falling[place]] = least;
        }
        return adjusted;
    }
}
