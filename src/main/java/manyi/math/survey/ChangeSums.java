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
    /** Variations with the raked weights of margin levels; null where there are none. */
    private Levels levels;

    /**
     * Variations with the levels of margins.
     *
     * @param earlier of the earlier wave's figures and weights
     * @param later of the later wave's
     * @param forward of earlier figures and weights with later weights
     * @param backward of later figures with earlier weights
     */
    private record Levels(LevelSums earlier, LevelSums later, LevelSums forward, LevelSums backward) {
        static Levels of(int figures, int levels) {
            return new Levels(
                    new LevelSums(figures, levels),
                    new LevelSums(figures, levels),
                    LevelSums.ofProducts(figures, levels),
                    LevelSums.ofProducts(figures, levels));
        }

        void add(Levels other) {
            earlier.add(other.earlier);
            later.add(other.later);
            forward.add(other.forward);
            backward.add(other.backward);
        }
    }

    /** The domain and everybody in one wave of a stratum. */
    private record InWave(DomainSums domain, DomainSums all) {
        BigInteger of(int figure, int kind) {
            return domain.of(figure, kind);
        }

        BigInteger product(int figure, int kind, int level) {
            return domain.levels() == null ? BigInteger.ZERO : domain.levels().product(figure, kind, level);
        }

        BigInteger square(int row, int level) {
            return all.levels() == null ? BigInteger.ZERO : all.levels().square(row, level);
        }

        BigInteger total(int level) {
            return all.levelTotal(level);
        }
    }

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
        add(earlier, later, pair, earlier, later, psus);
    }

    /**
     * Adds a stratum of a domain whose weights may be raked.
     *
     * @param earlier the domain's sums in the earlier wave; of no unit where it has no member there
     * @param later those in the later wave
     * @param everybodyEarlier everybody's sums; the same object where the domain is everybody
     * @param everybodyLater those in the later wave, likewise
     * @param psus the stratum's PSUs in either wave
     */
    public void add(
            DomainSums earlier,
            DomainSums later,
            PairSums pair,
            DomainSums everybodyEarlier,
            DomainSums everybodyLater,
            long psus) {
        Stratum stratum = new Stratum(psus, 0);
        for (int figure = 0; figure < figures; figure++) {
            long members = earlier.count(figure, FigureCounts.PSUS)
                    + later.count(figure, FigureCounts.PSUS)
                    - pair.both(figure);
            if (members > 0 && pair.compares(figure)) {
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
        LevelSums known = everybodyEarlier.levels() == null ? everybodyLater.levels() : everybodyEarlier.levels();
        if (known != null) {
            if (levels == null) {
                levels = Levels.of(figures, known.levels());
            }
            addLevels(new InWave(earlier, everybodyEarlier), new InWave(later, everybodyLater), pair, stratum);
        }
    }

    private void addLevels(InWave earlier, InWave later, PairSums pair, Stratum stratum) {
        int count = levels.earlier.levels();
        for (int figure = 0; figure < figures; figure++) {
            if (!pair.compares(figure)) {
                continue;
            }
            if (earlier.domain.levels() != null) {
                levels.earlier.addBases(figure, earlier.domain.levels());
            }
            if (later.domain.levels() != null) {
                levels.later.addBases(figure, later.domain.levels());
            }
            for (int kind = LevelSums.A; kind <= LevelSums.B; kind++) {
                BigInteger before = earlier.of(figure, kind);
                BigInteger now = later.of(figure, kind);
                for (int at = 0; at < count; at++) {
                    BigInteger t1 = earlier.total(at);
                    BigInteger t2 = later.total(at);
                    levels.earlier.addProduct(
                            figure, kind, at, plain(stratum, earlier.product(figure, kind, at), before, t1));
                    levels.later.addProduct(figure, kind, at, plain(stratum, later.product(figure, kind, at), now, t2));
                    levels.forward.addProduct(
                            figure, kind, at, plain(stratum, pair.forward(figure, kind, at), before, t2));
                    levels.backward.addProduct(
                            figure, kind, at, plain(stratum, pair.backward(figure, kind, at), now, t1));
                }
            }
        }
        // those who lie outside the domain have weights in the levels too, so that these are everybody's
        if (earlier.domain == earlier.all && later.domain == later.all) {
            for (int row = 0; row < count; row++) {
                for (int at = 0; at < count; at++) {
                    levels.earlier.addSquare(
                            row, at, plain(stratum, earlier.square(row, at), earlier.total(row), earlier.total(at)));
                    levels.later.addSquare(
                            row, at, plain(stratum, later.square(row, at), later.total(row), later.total(at)));
                    levels.forward.addSquare(
                            row, at, plain(stratum, pair.ofLevels(row, at), earlier.total(row), later.total(at)));
                }
            }
        }
    }

    private static BigInteger plain(Stratum stratum, BigInteger products, BigInteger x, BigInteger y) {
        return stratum.variation(products, x, y, BigInteger.ZERO);
    }

    /**
     * The same sums with every variation taken of what is left where the margins are held, as in
     * {@link DesignSums#residual}.
     *
     * @param everybody the sums of all respondents of both waves
     * @param earlier the regression on the margins of the earlier wave; null where it is not raked
     * @param later that of the later wave; null likewise
     */
    public ChangeSums residual(ChangeSums everybody, MarginRegression earlier, MarginRegression later) {
        ChangeSums residual = new ChangeSums(figures);
        System.arraycopy(counts, 0, residual.counts, 0, counts.length);
        Levels all = everybody.levels;
        for (int figure = 0; figure < figures; figure++) {
            if (count(figure, Count.PSUS) > 0) {
                MarginResidual[] before = DesignSums.residuals(levels.earlier, figure, earlier);
                MarginResidual[] now = DesignSums.residuals(levels.later, figure, later);
                for (Sum sum : Sum.values()) {
                    BigInteger value = switch (sum) {
                        case EARLIER_AA -> inOneWave(figure, sum, before[0], before[0], levels.earlier, all.earlier);
                        case EARLIER_AB -> inOneWave(figure, sum, before[0], before[1], levels.earlier, all.earlier);
                        case EARLIER_BB -> inOneWave(figure, sum, before[1], before[1], levels.earlier, all.earlier);
                        case LATER_AA -> inOneWave(figure, sum, now[0], now[0], levels.later, all.later);
                        case LATER_AB -> inOneWave(figure, sum, now[0], now[1], levels.later, all.later);
                        case LATER_BB -> inOneWave(figure, sum, now[1], now[1], levels.later, all.later);
                        case XAA -> betweenWaves(figure, sum, before[0], now[0], all);
                        case XAB -> betweenWaves(figure, sum, before[0], now[1], all);
                        case XBA -> betweenWaves(figure, sum, before[1], now[0], all);
                        case XBB -> betweenWaves(figure, sum, before[1], now[1], all);
                    };
                    Exact.add(residual.sums, figure * WIDTH + sum.place * 2, value);
                }
            }
        }
        return residual;
    }

    private BigInteger inOneWave(
            int figure, Sum sum, MarginResidual one, MarginResidual two, LevelSums own, LevelSums everybody) {
        return one.variation(
                sum(figure, sum),
                two,
                level -> own.product(figure, two.kind(), level),
                level -> own.product(figure, one.kind(), level),
                everybody::square);
    }

    private BigInteger betweenWaves(int figure, Sum sum, MarginResidual before, MarginResidual now, Levels everybody) {
        return before.variation(
                sum(figure, sum),
                now,
                level -> levels.backward.product(figure, now.kind(), level),
                level -> levels.forward.product(figure, before.kind(), level),
                everybody.forward::square);
    }

    /** Adds the sums over other strata. */
    public void add(ChangeSums other) {
        for (int at = 0; at < counts.length; at++) {
            counts[at] += other.counts[at];
        }
        Exact.addAll(sums, other.sums);
        if (other.levels != null) {
            if (levels == null) {
                levels = Levels.of(figures, other.levels.earlier.levels());
            }
            levels.add(other.levels);
        }
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
        return levels == null
                ? Packed.of(counts, sums, null)
                : Packed.of(
                        counts,
                        sums,
                        LevelSums.data(levels.earlier),
                        LevelSums.data(levels.later),
                        LevelSums.data(levels.forward),
                        LevelSums.data(levels.backward));
    }

    /** The sums whose {@link #data} these are. */
    public static ChangeSums of(int figures, long[] data) {
        Packed packed = new Packed(data);
        ChangeSums read = new ChangeSums(figures);
        packed.into(read.counts);
        packed.into(read.sums);
        LevelSums earlier = LevelSums.of(figures, packed);
        if (earlier != null) {
            read.levels = new Levels(
                    earlier,
                    LevelSums.of(figures, packed),
                    LevelSums.of(figures, packed),
                    LevelSums.of(figures, packed));
        }
        return read;
    }

    private void add(int figure, Sum sum, Stratum stratum, BigInteger products, BigInteger x, BigInteger y) {
        Exact.add(sums, figure * WIDTH + sum.place * 2, stratum.variation(products, x, y, BigInteger.ZERO));
    }
}
