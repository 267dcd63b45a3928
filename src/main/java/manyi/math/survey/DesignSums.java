package manyi.math.survey;

import java.math.BigInteger;
import java.util.BitSet;

/**
 * Exact sums of several figures over all strata of a domain: what {@link WeightedMean} needs. Each stratum's share of the
 * variance's sums is rounded once to the unit of its products, so strata may come in any order.
 *
 * <p>The sums of variation are V_AA = Σ_h (1−f_h)·n_h/(n_h−1)·Σ_i (A_hi − Ā_h)² and, likewise, V_AB and V_BB; where the
 * design has a second stage, Σ_h f_h Σ_i (1−f_hi)·n_hi/(n_hi−1)·Σ_j (A_hij − Ā_hi)² is added. The variance of any linear
 * combination z = (A − r·B)/Σw·x is a quadratic form in them.
 *
 * <p>A figure over some of the answers alone, taken at random, is a second phase of sampling that f_h does not know.
 * Its variation is summed as if PSUs were drawn with replacement, n_h/(n_h−1)·Σ_i (A_hi − Ā_h)² without finite
 * corrections and second stage. Where n_h of N_h PSUs are drawn at random and whatever is left of each comes about
 * without regard to the others, that has the expectation Σ_h N_h²/n_h·(S_h² + V̄_h), S_h² being the variance between the
 * totals of PSUs and V̄_h the mean variance within; the truth is Σ_h (N_h²/n_h − N_h)·S_h² + N_h²/n_h·V̄_h, so it is too
 * large by Σ_h N_h·S_h², which is never negative.
 *
 * @see "Durbin (1953), Some results in sampling theory when the units are selected with unequal probabilities, JRSS B
 *     15(2); Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, ch. 4 and 9"
 */
public final class DesignSums {

    /** What is counted. */
    public enum Count {
        /** PSUs with a member of the domain. */
        PSUS(0),
        /** Distinct customers. */
        CUSTOMERS(1),
        /** Answers. */
        RESPONSES(2),
        /** The least y, in billionths; meaningless where nobody answered. */
        LOWEST(3),
        /** The greatest y. */
        HIGHEST(4),
        /** Strata with a member of the domain. */
        STRATA(5),
        /** Strata among them with a single PSU in the design. */
        SINGLE_STRATA(6),
        /** Strata among them of whose PSUs, or of the members of these, not all answered as far as the design says. */
        INCOMPLETE_STRATA(7);

        private final int place;

        Count(int place) {
            this.place = place;
        }
    }

    /** What is summed exactly. */
    public enum Sum {
        /** Σw·y, in units of 10⁻¹⁸. */
        TOTAL(0),
        /** Σw·x, in units of 10⁻⁹. */
        WEIGHT(1),
        /** Σw·(y − 50x)², in units of 10⁻¹⁸. */
        SQUARES(2),
        /** Σw·part, in units of 10⁻¹⁸. */
        PARTS(3),
        /** Σ over customers of (Σw·x)², in units of 10⁻¹⁸. */
        KISH(4),
        /** The same over PSUs. */
        BB(5),
        /** V_AA, in units of 10⁻¹². */
        VAA(6),
        /** V_AB, in units of 10⁻¹⁵. */
        VAB(7),
        /** V_BB, in units of 10⁻¹⁸. */
        VBB(8),
        /** Covariation of the domain's A with everybody's A. */
        XAA(9),
        /** Of the domain's A with everybody's B. */
        XAB(10),
        /** Of the domain's B with everybody's A. */
        XBA(11),
        /** Of the domain's B with everybody's B. */
        XBB(12);

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
    /** The figures that are taken as of a sample with replacement. */
    private final BitSet withReplacement;
    /** Variations with the raked weights of margin levels; null where there are none. */
    private LevelSums levels;
    /** Everybody's variations of two levels for the figures with replacement; null where there are none. */
    private LevelSums replacedLevels;

    /** The sums of this many figures over no stratum yet. */
    public DesignSums(int figures) {
        this(figures, new BitSet());
    }

    /**
     * The sums of this many figures over no stratum yet.
     *
     * @param withReplacement the figures whose variation is that of PSUs drawn with replacement
     */
    public DesignSums(int figures, BitSet withReplacement) {
        this.figures = figures;
        this.withReplacement = (BitSet) withReplacement.clone();
        counts = new long[figures * COUNTS];
        for (int figure = 0; figure < figures; figure++) {
            counts[place(figure, Count.LOWEST)] = Long.MAX_VALUE;
            counts[place(figure, Count.HIGHEST)] = Long.MIN_VALUE;
        }
        sums = new long[figures * WIDTH];
    }

    /**
     * Adds a stratum.
     *
     * @param domain the domain's sums in the stratum
     * @param all those of everybody
     */
    public void add(DomainSums domain, DomainSums all, Stratum stratum) {
        for (int figure = 0; figure < figures; figure++) {
            counts[place(figure, Count.CUSTOMERS)] += domain.count(figure, FigureCounts.CUSTOMERS);
            if (domain.count(figure, FigureCounts.PSUS) > 0) {
                addCounts(figure, domain, stratum);
                if (!domain.sums(figure)) {
                    continue;
                }
                domain.addTo(sums, place(figure, Sum.TOTAL), figure, DomainSums.TOTAL);
                domain.addTo(sums, place(figure, Sum.WEIGHT), figure, DomainSums.WEIGHT);
                domain.addTo(sums, place(figure, Sum.SQUARES), figure, DomainSums.SQUARES);
                domain.addTo(sums, place(figure, Sum.PARTS), figure, DomainSums.PARTS);
                domain.addTo(sums, place(figure, Sum.KISH), figure, DomainSums.KISH);
                domain.addTo(sums, place(figure, Sum.BB), figure, DomainSums.BB);
                addVariation(figure, domain, all, of(figure, stratum));
            }
        }
        if (domain.levels() != null) {
            addLevels(domain, all, stratum);
        }
    }

    private void addLevels(DomainSums domain, DomainSums all, Stratum stratum) {
        LevelSums members = domain.levels();
        if (levels == null) {
            levels = new LevelSums(figures, members.levels());
        }
        for (int figure = 0; figure < figures; figure++) {
            if (domain.count(figure, FigureCounts.PSUS) > 0 && domain.sums(figure)) {
                levels.addBases(figure, members);
                for (int level = 0; level < members.levels(); level++) {
                    for (int kind = LevelSums.A; kind <= LevelSums.B; kind++) {
                        levels.addProduct(
                                figure,
                                kind,
                                level,
                                of(figure, stratum)
                                        .variation(
                                                members.product(figure, kind, level),
                                                domain.of(figure, kind),
                                                all.levelTotal(level),
                                                domain.secondWithLevel(figure, kind, level)));
                    }
                }
            }
        }
        // those who lie outside the domain have weights in the levels too, so that these are everybody's
        if (domain == all) {
            addSquares(levels, domain, stratum);
            if (!withReplacement.isEmpty()) {
                if (replacedLevels == null) {
                    replacedLevels = LevelSums.ofProducts(0, members.levels());
                }
                addSquares(replacedLevels, domain, stratum.withReplacement());
            }
        }
    }

    private static void addSquares(LevelSums to, DomainSums everybody, Stratum stratum) {
        LevelSums members = everybody.levels();
        for (int row = 0; row < members.levels(); row++) {
            for (int level = 0; level < members.levels(); level++) {
                to.addSquare(
                        row,
                        level,
                        stratum.variation(
                                members.square(row, level),
                                members.total(row),
                                members.total(level),
                                everybody.secondOfLevels(row, level)));
            }
        }
    }

    private Stratum of(int figure, Stratum stratum) {
        return withReplacement.get(figure) ? stratum.withReplacement() : stratum;
    }

    /**
     * The same sums with every variation taken of what is left where the margins are held: y − R·x gives way to its
     * residual from a regression on the margins with the base weights.
     *
     * @param everybody the sums of all respondents of the wave
     * @param regression on the margins of the wave
     * @see "Deville, Särndal (1992), JASA 87(418), eq. 3.4; Deville, Särndal, Sautory (1993), JASA 88(423), eq. 17"
     */
    public DesignSums residual(DesignSums everybody, MarginRegression regression) {
        DesignSums residual = new DesignSums(figures, withReplacement);
        System.arraycopy(counts, 0, residual.counts, 0, counts.length);
        System.arraycopy(sums, 0, residual.sums, 0, sums.length);
        for (int figure = 0; figure < figures; figure++) {
            if (count(figure, Count.PSUS) > 0) {
                MarginResidual[] own = residuals(levels, figure, regression);
                MarginResidual[] all = residuals(everybody.levels, figure, regression);
                residual.put(figure, Sum.VAA, varied(figure, Sum.VAA, own[0], own[0], this, everybody));
                residual.put(figure, Sum.VAB, varied(figure, Sum.VAB, own[0], own[1], this, everybody));
                residual.put(figure, Sum.VBB, varied(figure, Sum.VBB, own[1], own[1], this, everybody));
                residual.put(figure, Sum.XAA, varied(figure, Sum.XAA, own[0], all[0], everybody, everybody));
                residual.put(figure, Sum.XAB, varied(figure, Sum.XAB, own[0], all[1], everybody, everybody));
                residual.put(figure, Sum.XBA, varied(figure, Sum.XBA, own[1], all[0], everybody, everybody));
                residual.put(figure, Sum.XBB, varied(figure, Sum.XBB, own[1], all[1], everybody, everybody));
            }
        }
        return residual;
    }

    static MarginResidual[] residuals(LevelSums sums, int figure, MarginRegression regression) {
        return new MarginResidual[] {
            MarginResidual.of(sums, figure, LevelSums.A, regression),
            MarginResidual.of(sums, figure, LevelSums.B, regression)
        };
    }

    private BigInteger varied(
            int figure, Sum sum, MarginResidual one, MarginResidual two, DesignSums other, DesignSums everybody) {
        return one.variation(
                sum(figure, sum),
                two,
                level -> other.levels.product(figure, two.kind(), level),
                level -> levels.product(figure, one.kind(), level),
                (withReplacement.get(figure) ? everybody.replacedLevels : everybody.levels)::square);
    }

    private void put(int figure, Sum sum, BigInteger value) {
        int at = place(figure, sum);
        sums[at] = 0;
        sums[at + 1] = 0;
        Exact.add(sums, at, value);
    }

    /** Adds customers that were counted apart from their answers. */
    public void addCustomers(DomainSums counted) {
        for (int figure = 0; figure < figures; figure++) {
            counts[place(figure, Count.CUSTOMERS)] += counted.count(figure, FigureCounts.CUSTOMERS);
        }
    }

    /** Adds the sums over other strata. */
    public void add(DesignSums other) {
        for (int figure = 0; figure < figures; figure++) {
            for (Count count : Count.values()) {
                int at = place(figure, count);
                counts[at] = switch (count) {
                    case LOWEST -> StrictMath.min(counts[at], other.counts[at]);
                    case HIGHEST -> StrictMath.max(counts[at], other.counts[at]);
                    default -> counts[at] + other.counts[at];
                };
            }
        }
        Exact.addAll(sums, other.sums);
        levels = LevelSums.joined(levels, other.levels);
        replacedLevels = LevelSums.joined(replacedLevels, other.replacedLevels);
    }

    /** One of the figure's counts. */
    public long count(int figure, Count count) {
        return counts[place(figure, count)];
    }

    /** One of the figure's sums. */
    public BigInteger sum(int figure, Sum sum) {
        return Exact.at(sums, place(figure, sum));
    }

    /** Everything as whole numbers, for {@link #of}. */
    public long[] data() {
        return Packed.of(counts, sums, LevelSums.data(levels), LevelSums.data(replacedLevels));
    }

    /** The sums whose {@link #data} these are, of the same figures with replacement. */
    public static DesignSums of(int figures, BitSet withReplacement, long[] data) {
        Packed packed = new Packed(data);
        DesignSums read = new DesignSums(figures, withReplacement);
        packed.into(read.counts);
        packed.into(read.sums);
        read.levels = LevelSums.of(figures, packed);
        read.replacedLevels = LevelSums.of(0, packed);
        return read;
    }

    private void addCounts(int figure, DomainSums domain, Stratum stratum) {
        counts[place(figure, Count.PSUS)] += domain.count(figure, FigureCounts.PSUS);
        counts[place(figure, Count.RESPONSES)] += domain.count(figure, FigureCounts.RESPONSES);
        int lowest = place(figure, Count.LOWEST);
        counts[lowest] = StrictMath.min(counts[lowest], domain.count(figure, FigureCounts.LOWEST));
        int highest = place(figure, Count.HIGHEST);
        counts[highest] = StrictMath.max(counts[highest], domain.count(figure, FigureCounts.HIGHEST));
        counts[place(figure, Count.STRATA)]++;
        counts[place(figure, Count.SINGLE_STRATA)] += stratum.isSingle() ? 1 : 0;
        counts[place(figure, Count.INCOMPLETE_STRATA)] += isComplete(figure, domain, stratum) ? 0 : 1;
    }

    private boolean isComplete(int figure, DomainSums domain, Stratum stratum) {
        return of(figure, stratum).isComplete() && !domain.hasSecondStage();
    }

    private void addVariation(int figure, DomainSums domain, DomainSums all, Stratum stratum) {
        BigInteger a = domain.sum(figure, DomainSums.A);
        BigInteger b = domain.sum(figure, DomainSums.WEIGHT);
        BigInteger aa = domain.sum(figure, DomainSums.AA);
        BigInteger ab = domain.sum(figure, DomainSums.AB);
        BigInteger bb = domain.sum(figure, DomainSums.BB);
        BigInteger secondAa = domain.second(figure, 0);
        BigInteger secondAb = domain.second(figure, 2);
        BigInteger secondBb = domain.second(figure, 4);
        add(figure, Sum.VAA, stratum.variation(aa, a, a, secondAa));
        add(figure, Sum.VAB, stratum.variation(ab, a, b, secondAb));
        add(figure, Sum.VBB, stratum.variation(bb, b, b, secondBb));
        if (!all.sums(figure)) {
            return;
        }
        BigInteger allA = all.sum(figure, DomainSums.A);
        BigInteger allB = all.sum(figure, DomainSums.WEIGHT);
        // everybody is the domain and what lies outside of it
        add(figure, Sum.XAA, crossed(domain, figure, 0, aa, a, allA, secondAa, stratum));
        add(figure, Sum.XAB, crossed(domain, figure, 2, ab, a, allB, secondAb, stratum));
        add(figure, Sum.XBA, crossed(domain, figure, 4, ab, b, allA, secondAb, stratum));
        add(figure, Sum.XBB, crossed(domain, figure, 6, bb, b, allB, secondBb, stratum));
    }

    private static BigInteger crossed(
            DomainSums domain,
            int figure,
            int cross,
            BigInteger products,
            BigInteger x,
            BigInteger y,
            BigInteger second,
            Stratum stratum) {
        return stratum.variation(
                products.add(domain.outside(figure, cross)), x, y, second.add(domain.secondOutside(figure, cross)));
    }

    private void add(int figure, Sum sum, BigInteger value) {
        Exact.add(sums, place(figure, sum), value);
    }

    private static int place(int figure, Count count) {
        return figure * COUNTS + count.place;
    }

    private static int place(int figure, Sum sum) {
        return figure * WIDTH + sum.place * 2;
    }
}
