package manyi.math.survey;

import java.math.BigInteger;

/**
 * What two waves have in common in a domain and stratum: products of each figure's A and B in the earlier wave with
 * those in the later one, over the PSUs that answered in both.
 */
public final class PairSums {

    private final long[] both;
    private final long[] cross;

    /** The sums of this many figures over no unit yet. */
    public PairSums(int figures) {
        both = new long[figures];
        cross = new long[figures * DomainSums.CROSS_WIDTH];
    }

    /** Adds a PSU by its answers in the two waves. */
    public void add(DomainSums.Answers earlier, DomainSums.Answers later) {
        for (int figure = 0; figure < both.length; figure++) {
            if (earlier.b[figure] > 0 && later.b[figure] > 0) {
                both[figure]++;
                int at = figure * DomainSums.CROSS_WIDTH;
                Exact.addProduct(cross, at, earlier.a[figure], later.a[figure]);
                Exact.addProduct(cross, at + 2, earlier.a[figure], later.b[figure]);
                Exact.addProduct(cross, at + 4, earlier.b[figure], later.a[figure]);
                Exact.addProduct(cross, at + 6, earlier.b[figure], later.b[figure]);
            }
        }
    }

    /** Adds the sums over other units of the stratum. */
    public void add(PairSums other) {
        for (int figure = 0; figure < both.length; figure++) {
            both[figure] += other.both[figure];
        }
        Exact.addAll(cross, other.cross);
    }

    /** Everything as whole numbers, for {@link #of}. */
    public long[] data() {
        return Packed.of(both, cross);
    }

    /** The sums whose {@link #data} these are. */
    public static PairSums of(int figures, long[] data) {
        Packed packed = new Packed(data);
        PairSums read = new PairSums(figures);
        packed.into(read.both);
        packed.into(read.cross);
        return read;
    }

    long both(int figure) {
        return both[figure];
    }

    BigInteger cross(int figure, int which) {
        return Exact.at(cross, figure * DomainSums.CROSS_WIDTH + which);
    }
}
