package manyi.math.moment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Replicates of a stratified design: from each stratum of n groups n − 1 are drawn with replacement, and a group drawn m
 * times counts m·n/(n − 1) times. Strata with one group, whose spread cannot be told, are taken together as one; a
 * design of one group alone counts once in every replicate.
 *
 * @see "Rao, Wu (1988), JASA 83(401), with m = n − 1; Rao, Wu, Yue (1992), Survey Methodology 18(2)"
 */
public final class Replicates {

    private final long seed;
    private final int groups;
    private final int[][] strata;
    private final long[] streams;

    /**
     * The replicates of a design.
     *
     * @param seed what the draws depend on, with the strata's names and the replicate's number
     * @param stratumOfGroup the stratum's name of each group, the groups of a stratum side by side
     */
    public Replicates(long seed, List<String> stratumOfGroup) {
        this.seed = seed;
        groups = stratumOfGroup.size();
        List<int[]> found = new ArrayList<>();
        List<Long> names = new ArrayList<>();
        List<Integer> lone = new ArrayList<>();
        for (int from = 0; from < groups; ) {
            int to = from;
            while (to < groups && stratumOfGroup.get(to).equals(stratumOfGroup.get(from))) {
                to++;
            }
            if (to - from == 1) {
                lone.add(from);
            } else {
                found.add(IntStream.range(from, to).toArray());
                names.add(stream(stratumOfGroup.get(from)));
            }
            from = to;
        }
        if (lone.size() > 1 || (!lone.isEmpty() && found.isEmpty())) {
            found.add(lone.stream().mapToInt(Integer::intValue).toArray());
            names.add(stream("lone groups"));
        } else if (!lone.isEmpty()) {
            // one lone stratum joins the first of the others
            int[] first = found.get(0);
            int[] joined = Arrays.copyOf(first, first.length + 1);
            joined[first.length] = lone.get(0);
            found.set(0, joined);
        }
        strata = found.toArray(int[][]::new);
        streams = names.stream().mapToLong(Long::longValue).toArray();
    }

    /** How often each group counts in a replicate, numbered from 1. */
    public double[] factors(int replicate) {
        double[] factors = new double[groups];
        for (int stratum = 0; stratum < strata.length; stratum++) {
            int[] members = strata[stratum];
            int n = members.length;
            if (n == 1) {
                factors[members[0]] = 1;
                continue;
            }
            long state = mixed(mixed(seed ^ streams[stratum]) + replicate * GAMMA);
            double step = n / (n - 1.0);
            for (int draw = 1; draw < n; draw++) {
                state += GAMMA;
                factors[members[(int) StrictMath.multiplyHigh(mixed(state) >>> 1, 2L * n)]] += step;
            }
        }
        return factors;
    }

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** The output function of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mixed(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** FNV-1a over the UTF-16 units of a name. */
    private static long stream(String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }
}
