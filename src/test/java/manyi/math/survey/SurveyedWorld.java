package manyi.math.survey;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;
import manyi.math.pls.PathFit;
import manyi.math.pls.PathModel;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * An endless population of customers in clusters in strata, and two waves of a survey of it. Clusters are small or large
 * and the large ones sampled too often, and so are heavy users in every cluster; both differ in satisfaction, and the
 * weights put it right. Image makes quality, and both make satisfaction; each shows in three answers on a scale from 0 to
 * 10. Clusters have effects of their own on all three. Half of a stratum's clusters answer in both waves, and half of
 * their customers are the same; in the second wave everybody's image is a little better.
 *
 * @param shares how many of the customers belong to each stratum, by any unit
 * @param clusters sampled in each stratum and wave
 * @param effect how far the strata's images lie apart, in standard deviations from the first to the last
 */
record SurveyedWorld(List<Double> shares, int clusters, double effect) {

    static final int CONSTRUCTS = 3;
    static final int ITEMS = 9;

    private static final int HIGHEST = 10;
    /** Share of a factor's variance that the cluster makes. */
    private static final double CLUSTERED = 0.1;

    private static final double LOADING = 0.8;
    private static final double SCALE = 2;
    private static final double CENTRE = 5.5;
    private static final int[] SIZES = {6, 12};
    private static final double LARGE = 0.4;
    private static final double LARGE_SAMPLED = 0.5;
    private static final double HEAVY = 0.25;
    private static final double HEAVY_SAMPLED = 0.4;
    /** Correlation of a customer's own part in two waves. */
    private static final double LASTING = 0.7;

    private static final double RISE = 0.1;
    private static final double[][] CORRELATIONS = {{1, .6, .5}, {.6, 1, .62}, {.5, .62, 1}};
    private static final double[] RESIDUALS = {1, .64, .59};
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    SurveyedWorld {
        shares = List.copyOf(shares);
    }

    /** A customer's answers with his weight. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Response(double weight, boolean isHeavy, int[] answers) {
        double index() {
            return IntStream.of(answers).sum() * 10.0 / ITEMS;
        }
    }

    /**
     * A sampling unit.
     *
     * @param name the same in both waves
     */
    record Cluster(int stratum, int name, List<Response> responses) {}

    /** The clusters of two waves; those in both have the same name. */
    record Survey(List<Cluster> earlier, List<Cluster> later) {}

    // ---- samples

    Survey draw(long seed) {
        // the whole state is seeded: from seeds that lie close together the generator begins alike
        RandomGenerator random =
                new Well19937c(new SplittableRandom(seed).ints(624).toArray());
        List<Cluster> earlier = new ArrayList<>();
        List<Cluster> later = new ArrayList<>();
        int lasting = clusters / 2;
        for (int stratum = 0; stratum < shares.size(); stratum++) {
            for (int name = 0; name < 2 * clusters - lasting; name++) {
                boolean isLarge = random.nextDouble() < LARGE_SAMPLED;
                double[] effects = normals(random);
                List<Response> before = new ArrayList<>();
                List<Response> now = new ArrayList<>();
                for (int customer = 0; customer < SIZES[isLarge ? 1 : 0]; customer++) {
                    boolean isHeavy = random.nextDouble() < HEAVY_SAMPLED;
                    double[] own = normals(random);
                    before.add(response(random, stratum, isLarge, isHeavy, effects, own, 0));
                    if (customer % 2 == 0) {
                        double[] fresh = normals(random);
                        for (int i = 0; i < CONSTRUCTS; i++) {
                            own[i] = LASTING * own[i] + StrictMath.sqrt(1 - LASTING * LASTING) * fresh[i];
                        }
                    } else {
                        isHeavy = random.nextDouble() < HEAVY_SAMPLED;
                        own = normals(random);
                    }
                    now.add(response(random, stratum, isLarge, isHeavy, effects, own, 1));
                }
                if (name < clusters) {
                    earlier.add(new Cluster(stratum, name, before));
                }
                if (name >= clusters - lasting) {
                    later.add(new Cluster(stratum, name, now));
                }
            }
        }
        return new Survey(earlier, later);
    }

    private Response response(
            RandomGenerator random,
            int stratum,
            boolean isLarge,
            boolean isHeavy,
            double[] cluster,
            double[] own,
            int wave) {
        double[] part = new double[CONSTRUCTS];
        for (int i = 0; i < CONSTRUCTS; i++) {
            part[i] = StrictMath.sqrt(RESIDUALS[i])
                    * (StrictMath.sqrt(CLUSTERED) * cluster[i] + StrictMath.sqrt(1 - CLUSTERED) * own[i]);
        }
        double[] factors = new double[CONSTRUCTS];
        factors[0] = image(stratum, isLarge, isHeavy, wave) + part[0];
        factors[1] = .6 * factors[0] + part[1];
        factors[2] = .2 * factors[0] + .5 * factors[1] + part[2];
        int[] answers = new int[ITEMS];
        for (int item = 0; item < ITEMS; item++) {
            double shown = LOADING * factors[item / CONSTRUCTS]
                    + StrictMath.sqrt(1 - LOADING * LOADING) * random.nextGaussian();
            answers[item] = (int) StrictMath.max(0, StrictMath.min(HIGHEST, StrictMath.rint(CENTRE + SCALE * shown)));
        }
        double weight = shares.get(stratum)
                * (isLarge ? LARGE / LARGE_SAMPLED : (1 - LARGE) / (1 - LARGE_SAMPLED))
                * (isHeavy ? HEAVY / HEAVY_SAMPLED : (1 - HEAVY) / (1 - HEAVY_SAMPLED));
        return new Response(weight, isHeavy, answers);
    }

    private double image(int stratum, boolean isLarge, boolean isHeavy, int wave) {
        double place = shares.size() == 1 ? 0 : stratum / (shares.size() - 1.0) - 0.5;
        return effect * place + (isLarge ? -.3 : .2) + (isHeavy ? .3 : -.1) + RISE * wave;
    }

    private static double[] normals(RandomGenerator random) {
        return new double[] {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
    }

    // ---- the truth

    /** Customers who differ by chance alone, and their share of the population. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kind(double share, boolean isHeavy, double[] means) {}

    private List<Kind> kinds(int wave) {
        List<Kind> kinds = new ArrayList<>();
        double total = 0;
        for (int stratum = 0; stratum < shares.size(); stratum++) {
            for (boolean isLarge : new boolean[] {false, true}) {
                for (boolean isHeavy : new boolean[] {false, true}) {
                    double share = shares.get(stratum)
                            * (isLarge ? LARGE * SIZES[1] : (1 - LARGE) * SIZES[0])
                            * (isHeavy ? HEAVY : 1 - HEAVY);
                    double image = image(stratum, isLarge, isHeavy, wave);
                    double[] means = new double[CONSTRUCTS];
                    for (int i = 0; i < CONSTRUCTS; i++) {
                        means[i] = CENTRE + SCALE * LOADING * image * CORRELATIONS[0][i];
                    }
                    total += share;
                    kinds.add(new Kind(share, isHeavy, means));
                }
            }
        }
        double all = total;
        return kinds.stream()
                .map(one -> new Kind(one.share() / all, one.isHeavy(), one.means()))
                .toList();
    }

    /** The satisfaction index of everybody, or of the heavy users. */
    double index(int wave, boolean isOfHeavy) {
        double sum = 0;
        double share = 0;
        for (Kind one : kinds(wave)) {
            if (one.isHeavy() || !isOfHeavy) {
                share += one.share();
                for (double mean : one.means()) {
                    sum += one.share() * expected(mean, SCALE) * 10 / CONSTRUCTS;
                }
            }
        }
        return sum / share;
    }

    /** The model fitted on the first wave's moments of the whole population: what all samples estimate. */
    PathFit fit(PathModel model) {
        double[] pairs = new double[ITEMS * ITEMS];
        double[] sums = new double[ITEMS * ITEMS];
        double[] products = new double[ITEMS * ITEMS];
        double origin = HIGHEST / 2.0;
        for (Kind one : kinds(0)) {
            double[] means = new double[CONSTRUCTS];
            for (int i = 0; i < CONSTRUCTS; i++) {
                means[i] = expected(one.means()[i], SCALE);
            }
            double[][] crossed = new double[CONSTRUCTS][CONSTRUCTS];
            for (int a = 0; a < CONSTRUCTS; a++) {
                for (int b = 0; b < CONSTRUCTS; b++) {
                    crossed[a][b] = product(one.means()[a], one.means()[b], LOADING * LOADING * CORRELATIONS[a][b]);
                }
            }
            for (int i = 0; i < ITEMS; i++) {
                for (int j = 0; j < ITEMS; j++) {
                    int at = i * ITEMS + j;
                    int a = i / CONSTRUCTS;
                    int b = j / CONSTRUCTS;
                    double product = i == j ? product(one.means()[a], one.means()[a], 1) : crossed[a][b];
                    pairs[at] += one.share();
                    sums[at] += one.share() * (means[a] - origin);
                    products[at] += one.share() * (product - origin * (means[a] + means[b]) + origin * origin);
                }
            }
        }
        return (PathFit) model.fit(new Moments(ITEMS, 1e12, 1, pairs, sums, products));
    }

    /** The mean answer where what is behind it is normal. */
    private static double expected(double mean, double deviation) {
        double sum = 0;
        for (int answer = 1; answer <= HIGHEST; answer++) {
            sum += NORMAL.cumulativeProbability((mean - answer + 0.5) / deviation);
        }
        return sum;
    }

    /** The mean product of two answers. */
    private static double product(double one, double other, double correlation) {
        var quadrature = new GaussIntegratorFactory();
        double sum = 0;
        for (int answer = 1; answer <= HIGHEST; answer++) {
            double from = (answer - 0.5 - one) / SCALE;
            double until = answer == HIGHEST ? StrictMath.max(9, from + 1) : (answer + 0.5 - one) / SCALE;
            if (correlation == 1) {
                double chance = NORMAL.cumulativeProbability(until) - NORMAL.cumulativeProbability(from);
                sum += (double) answer * answer * chance;
            } else {
                double rest = SCALE * StrictMath.sqrt(1 - correlation * correlation);
                GaussIntegrator integrator = quadrature.legendre(20, from, until);
                sum += answer
                        * integrator.integrate(
                                t -> NORMAL.density(t) * expected(other + correlation * SCALE * t, rest));
            }
        }
        return sum;
    }
}
