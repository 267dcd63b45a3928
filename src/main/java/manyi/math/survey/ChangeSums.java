package manyi.math.survey;

import java.math.BigInteger;

/**
 * Exact sums of several figures over all strata of a domain in two waves stacked as one design: n_h counts the PSUs of
 * either wave. A change is a statement about what brought the answers about, not about the customers of one day, so no
 * finite correction is made.
 *
 * @see "Deming (1953), On the distinction between enumerative and analytic surveys, JASA 48; Cochran (1977), Sampling
 *     Techniques, sec. 2.14"
 */
public final class ChangeSums {

    /** What is counted. */
    public enum Count {
        /** PSUs with a member of the domain in either wave. */
        PSUS(0),
        /** Their strata. */
        STRATA(1),
        /** Strata among them with a single PSU in both waves together. */
        SINGLE_STRATA(2);

        private final int place;

        Count(int place) {
            this.place = place;
        }
    }

    /** Sums of variation as in {@link DesignSums}: of the earlier wave, of the later one, and between the two. */
    public enum Sum {
        EARLIER_AA(0),
        EARLIER_AB(1),
        EARLIER_BB(2),
        LATER_AA(3),
        LATER_AB(4),
        LATER_BB(5),
        /** Earlier A with later A. */
        XAA(6),
        /** Earlier A with later B. */
        XAB(7),
        /** Earlier B with later A. */
        XBA(8),
        /** Earlier B with later B. */
        XBB(9);

        private final int place;

        Sum(int place) {
            this.place = place;
        }
    }

    private static final int COUNTS = Count.values().length;
    private static final int WIDTH = Sum.values().length * 2;

    private final int figures;
    private final long[] counts;
    private final long[] sums;

    /** The sums of this many figures over no stratum yet. */
    public ChangeSums(int figures) {
        this.figures = figures;
        counts = new long[figures * COUNTS];
        sums = new long[figures * WIDTH];
    }

    /**
     * Adds a stratum.
     *
     * @param earlier the domain's sums in the earlier wave; of no unit where it has no member there
     * @param later those in the later wave
     * @param psus the stratum's PSUs in either wave
     */
    public void add(DomainSums earlier, DomainSums later, PairSums pair, long psus) {
        Stratum stratum = new Stratum(psus, 0);
        for (int figure = 0; figure < figures; figure++) {
            long members =
                    earlier.count(figure, DomainSums.PSUS) + later.count(figure, DomainSums.PSUS) - pair.both(figure);
            if (members > 0) {
                counts[figure * COUNTS + Count.PSUS.place] += members;
                counts[figure * COUNTS + Count.STRATA.place]++;
                counts[figure * COUNTS + Count.SINGLE_STRATA.place] += stratum.isSingle() ? 1 : 0;
                BigInteger a1 = earlier.sum(figure, DomainSums.A);
                BigInteger b1 = earlier.sum(figure, DomainSums.WEIGHT);
                BigInteger a2 = later.sum(figure, DomainSums.A);
                BigInteger b2 = later.sum(figure, DomainSums.WEIGHT);
                add(figure, Sum.EARLIER_AA, stratum, earlier.sum(figure, DomainSums.AA), a1, a1);
                add(figure, Sum.EARLIER_AB, stratum, earlier.sum(figure, DomainSums.AB), a1, b1);
                add(figure, Sum.EARLIER_BB, stratum, earlier.sum(figure, DomainSums.BB), b1, b1);
                add(figure, Sum.LATER_AA, stratum, later.sum(figure, DomainSums.AA), a2, a2);
                add(figure, Sum.LATER_AB, stratum, later.sum(figure, DomainSums.AB), a2, b2);
                add(figure, Sum.LATER_BB, stratum, later.sum(figure, DomainSums.BB), b2, b2);
                add(figure, Sum.XAA, stratum, pair.cross(figure, 0), a1, a2);
                add(figure, Sum.XAB, stratum, pair.cross(figure, 2), a1, b2);
                add(figure, Sum.XBA, stratum, pair.cross(figure, 4), b1, a2);
                add(figure, Sum.XBB, stratum, pair.cross(figure, 6), b1, b2);
            }
        }
    }

    /** Adds the sums over other strata. */
    public void add(ChangeSums other) {
        for (int at = 0; at < counts.length; at++) {
            counts[at] += other.counts[at];
        }
        Exact.addAll(sums, other.sums);
    }

    /** One of the figure's counts. */
    public long count(int figure, Count count) {
        return counts[figure * COUNTS + count.place];
    }

    /** One of the figure's sums. */
    public BigInteger sum(int figure, Sum sum) {
        return Exact.at(sums, figure * WIDTH + sum.place * 2);
    }

    /** Everything as whole numbers, for {@link #of}. */
    public long[] data() {
        return Packed.of(counts, sums);
    }

    /** The sums whose {@link #data} these are. */
    public static ChangeSums of(int figures, long[] data) {
        Packed packed = new Packed(data);
        ChangeSums read = new ChangeSums(figures);
        packed.into(read.counts);
        packed.into(read.sums);
        return read;
    }

    private void add(int figure, Sum sum, Stratum stratum, BigInteger products, BigInteger x, BigInteger y) {
        Exact.add(sums, figure * WIDTH + sum.place * 2, stratum.variation(products, x, y, BigInteger.ZERO));
    }
}
