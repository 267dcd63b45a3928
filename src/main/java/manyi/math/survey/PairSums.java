package manyi.math.survey;

import java.math.BigInteger;
import java.util.BitSet;

/**
 * What two waves have in common in a domain and stratum: products of each figure's A and B in the earlier wave with
 * those in the later one, over the PSUs that answered in both.
 */
public final class PairSums {

    private final BitSet compared;
    private final long[] both;
    private final long[] cross;
    /** Earlier A and B with later weights in the levels of margins, and earlier weights with later ones. */
    private LevelSums forward;
    /** Later A and B with earlier weights. */
    private LevelSums backward;

    /** The sums of this many figures over no unit yet. */
    public PairSums(int figures) {
        this(figures, all(figures));
    }

    /**
     * The sums of this many figures over no unit yet.
     *
     * @param compared the figures that are compared between waves; of the others nothing is summed
     */
    public PairSums(int figures, BitSet compared) {
        this.compared = compared;
        both = new long[figures];
        cross = new long[figures * DomainSums.CROSS_WIDTH];
    }

    /** Adds a PSU by its answers in the two waves. */
    public void add(Answers earlier, Answers later) {
        for (int figure = 0; figure < both.length; figure++) {
            if (earlier.b[figure] > 0 && later.b[figure] > 0 && compared.get(figure)) {
                both[figure]++;
                int at = figure * DomainSums.CROSS_WIDTH;
                Exact.addProduct(cross, at, earlier.a[figure], later.a[figure]);
                Exact.addProduct(cross, at + 2, earlier.a[figure], later.b[figure]);
                Exact.addProduct(cross, at + 4, earlier.b[figure], later.a[figure]);
                Exact.addProduct(cross, at + 6, earlier.b[figure], later.b[figure]);
            }
        }
    }

    /**
     * Adds what ties the answers of a PSU in one wave to the raked margins of the other.
     *
     * @param earlier its members in the domain in the earlier wave; null where it has none
     * @param later those in the later wave; null likewise
     */
    public void addLevels(Answers earlier, Answers earlierWhole, Answers later, Answers laterWhole) {
        if (earlierWhole.levels() == 0) {
            return;
        }
        if (forward == null) {
            forward = LevelSums.ofProducts(both.length, earlierWhole.levels());
            backward = LevelSums.ofProducts(both.length, earlierWhole.levels());
        }
        if (earlier != null) {
            forward.add(earlier, earlierWhole, laterWhole);
        }
        if (later != null) {
            backward.add(later, laterWhole, earlierWhole);
        }
    }

    /** Adds the sums over other units of the stratum. */
    public void add(PairSums other) {
        for (int figure = 0; figure < both.length; figure++) {
            both[figure] += other.both[figure];
        }
        Exact.addAll(cross, other.cross);
        forward = LevelSums.joined(forward, other.forward);
        backward = LevelSums.joined(backward, other.backward);
    }

    /** Everything as whole numbers, for {@link #of}. */
    public long[] data() {
        return Packed.of(both, cross, LevelSums.data(forward), LevelSums.data(backward));
    }

    /** The sums whose {@link #data} these are. */
    public static PairSums of(int figures, long[] data) {
        Packed packed = new Packed(data);
        PairSums read = new PairSums(figures);
        packed.into(read.both);
        packed.into(read.cross);
        read.forward = LevelSums.of(figures, packed);
        read.backward = LevelSums.of(figures, packed);
        return read;
    }

    /** Earlier A or B with a later level's weight. */
    BigInteger forward(int figure, int kind, int level) {
        return forward == null ? BigInteger.ZERO : forward.product(figure, kind, level);
    }

    /** Later A or B with an earlier level's weight. */
    BigInteger backward(int figure, int kind, int level) {
        return backward == null ? BigInteger.ZERO : backward.product(figure, kind, level);
    }

    /** An earlier level's weight with a later level's. */
    BigInteger ofLevels(int earlier, int later) {
        return forward == null ? BigInteger.ZERO : forward.square(earlier, later);
    }

    /** Whether the figure is compared between waves. */
    boolean compares(int figure) {
        return compared.get(figure);
    }

    private static BitSet all(int figures) {
        BitSet all = new BitSet(figures);
        all.set(0, figures);
        return all;
    }

    long both(int figure) {
        return both[figure];
    }

    BigInteger cross(int figure, int which) {
        return Exact.at(cross, figure * DomainSums.CROSS_WIDTH + which);
    }
}
