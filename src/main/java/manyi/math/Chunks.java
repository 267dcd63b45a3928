package manyi.math;

import java.util.stream.IntStream;

/**
 * Sums over many items, taken by all processors and yet the same to the last bit on any number of them: the chunks are
 * fixed and their sums are added in order.
 */
public final class Chunks {

    private static final int SIZE = 2048;

    private Chunks() {}

    /** Adds the items from (inclusive) to (exclusive) to the sums. */
    @FunctionalInterface
    public interface PartialAggregate {
        void add(int from, int to, double[] sums);
    }

    /** Sums of the given width over items 0 to items − 1, in chunks of {@value #SIZE} items. */
    public static double[] sum(int items, int width, PartialAggregate part) {
        return sum(items, SIZE, width, part);
    }

    public static double[] sum(int items, int size, int width, PartialAggregate part) {
        int chunks = (items + size - 1) / size;
        double[][] parts = IntStream.range(0, chunks)
                .parallel()
                .mapToObj(chunk -> {
                    double[] sums = new double[width];
                    part.add(chunk * size, StrictMath.min(items, (chunk + 1) * size), sums);
                    return sums;
                })
                .toArray(double[][]::new);
        double[] total = new double[width];
        double[] lost = new double[width];
        for (double[] sums : parts) {
            for (int i = 0; i < width; i++) {
                double corrected = sums[i] - lost[i];
                double next = total[i] + corrected;
                lost[i] = (next - total[i]) - corrected;
                total[i] = next;
            }
        }
        return total;
    }
}
