package manyi.math.pls;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How often each group of respondents stands in each replicate of a bootstrap: from a stratum of n groups, n − 1 are
 * drawn with replacement, and a group drawn m times has the factor m·n/(n − 1), so that replicates are unbiased and vary
 * as samples of the design do. The draws of a stratum are a function of the seed, its name, its number of groups and the
 * replicate alone: they are the same for every segment, in whatever order strata are listed.
 *
 * <p>A stratum of one group has the factor 1 in all replicates: it cannot show how samples vary.
 *
 * @see "Rao, Wu (1988), Journal of the American Statistical Association 83; Rao, Wu, Yue (1992), Survey Methodology
 *     18(2)"
 */
public final class Draws {

    /**
     * Groups (primary sampling units) that were sampled together.
     *
     * @param name unlike that of every other stratum
     * @param groups how many, at least 1
     */
    public record Stratum(String name, int groups) {
        public Stratum {
            if (groups < 1) {
                throw new IllegalArgumentException("stratum " + name + " has " + groups + " groups");
            }
        }
    }

    private final List<Stratum> strata;
    private final double[][] factors;

    private Draws(List<Stratum> strata, double[][] factors) {
        this.strata = strata;
        this.factors = factors;
    }

    /** Draws as Rao and Wu do. */
    public static Draws raoWu(long seed, int replicates, List<Stratum> strata) {
        if (replicates < 2) {
            throw new IllegalArgumentException("a bootstrap of " + replicates + " replicates");
        }
        Set<String> names = new HashSet<>();
        for (Stratum stratum : strata) {
            if (!names.add(stratum.name())) {
                throw new IllegalArgumentException("two strata of the name " + stratum.name());
            }
        }
        int groups = strata.stream().mapToInt(Stratum::groups).sum();
        double[][] factors = new double[replicates][groups];
        int first = 0;
        for (Stratum stratum : strata) {
            long stream = mixed(mixed(seed) ^ hash(stratum.name()));
            for (int replicate = 0; replicate < replicates; replicate++) {
                draw(factors[replicate], first, stratum.groups(), mixed(stream + GOLDEN * (replicate + 1L)));
            }
            first += stratum.groups();
        }
        return new Draws(List.copyOf(strata), factors);
    }

    public int replicates() {
        return factors.length;
    }

    /** Groups of all strata; stratum by stratum in the order given. */
    public int groups() {
        return factors[0].length;
    }

    /** In the order in which their groups stand. */
    public List<Stratum> strata() {
        return strata;
    }

    /** The factor of a group in a replicate. */
    public double factor(int replicate, int group) {
        return factors[replicate][group];
    }

    private static void draw(double[] factors, int first, int groups, long seed) {
        if (groups == 1) {
            factors[first] = 1;
            return;
        }
        double each = groups / (groups - 1.0);
        long state = seed;
        for (int draw = 1; draw < groups; draw++) {
            state += GOLDEN;
            factors[first + (int) Long.remainderUnsigned(mixed(state), groups)] += each;
        }
    }

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** The mixing of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** FNV-1a of the name in UTF-8. */
    private static long hash(String name) {
        long hash = 0xCBF29CE484222325L;
        for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (one & 0xFF)) * 0x100000001B3L;
        }
        return hash;
    }
}
