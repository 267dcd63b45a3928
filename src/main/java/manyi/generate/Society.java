package manyi.generate;

import static manyi.generate.Draw.Stream.AGE;
import static manyi.generate.Draw.Stream.CHANNEL;
import static manyi.generate.Draw.Stream.JOINED;
import static manyi.generate.Draw.Stream.LOST;
import static manyi.generate.Draw.Stream.MOOD;
import static manyi.generate.Draw.Stream.REGION;
import static manyi.generate.Draw.Stream.SHUFFLE;
import static manyi.generate.Draw.Stream.TEMPER;
import static manyi.generate.Draw.Stream.TIER;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import org.apache.commons.math3.distribution.GammaDistribution;

/**
 * The customers: who they are, when they come and go, how satisfied they are and how much they buy. Everything is a
 * function of the seed and the customer's number; nothing is kept.
 *
 * <p>Buying rates follow a gamma distribution over customers. The satisfaction of a wave moves the buying rate and the
 * hazard of leaving in the <em>following</em> quarter; these are the planted effects.
 */
final class Society implements Serializable {
    private static final long serialVersionUID = 1L;

    static final List<String> REGIONS = List.of("East", "North", "South", "West", "Islands");
    static final List<String> TIERS = List.of("Standard", "Silver", "Gold");
    static final List<String> CHANNELS = List.of("store", "online", "app");
    static final List<String> AGE_BANDS = List.of("18-29", "30-44", "45-59", "60+");

    /** The region of customers whose region nobody wrote down. */
    static final int NO_REGION = REGIONS.size();

    /** Shape of the gamma distribution of buying rates over customers. */
    static final double RATE_SHAPE = 0.7;
    /** Logarithm of the ratio of buying rates per point of satisfaction in the wave before. */
    static final double PURCHASE_EFFECT = 0.30;
    /** Logarithm of the ratio of hazards of leaving per point of satisfaction in the wave before. */
    static final double CHURN_EFFECT = -0.60;
    /** Probability of leaving within a quarter at satisfaction 0. */
    static final double QUARTERLY_CHURN = 0.05;
    /** Standard deviation of satisfaction between customers of a segment. */
    static final double CUSTOMER_SPREAD = 0.70;
    /** Standard deviation of one customer's satisfaction from wave to wave. */
    static final double WAVE_SPREAD = 0.45;
    /** Points of satisfaction that each wave adds for everybody. */
    static final double TREND = 0.03;
    /** Satisfaction is rounded to parts of this size. */
    static final int PARTS = 16;
    /** Satisfaction is cut at plus and minus this many points. */
    static final int LIMIT = 3;

    /** Share of customers who were there before the first day. */
    static final double OLD_SHARE = 0.60;

    private static final double[] REGION_BOUNDS = {0.31, 0.57, 0.78, 0.95, 0.99};
    private static final double[] REGION_EFFECTS = {0.25, 0.05, 0.00, -0.35, -0.10, 0.00};
    private static final double[] TIER_EFFECTS = {-0.08, 0.12, 0.35};
    private static final int OLD_DAYS = 3 * 365;
    /** New customers come up to this part of the period. */
    static final double NEW_UNTIL = 0.85;

    private static final int QUANTILES = 4096;
    private static final double[] SIZE_BIASED = sizeBiasedPositions();

    private final Draw draw;
    private final long customers;
    private final int days;
    private final Waves waves;
    private final long multiplier;
    private final long inverse;
    private final double[] churn = new double[2 * LIMIT * PARTS + 1];
    private final double[] appetite = new double[2 * LIMIT * PARTS + 1];

    Society(Draw draw, long customers, int days, Waves waves) {
        this.draw = draw;
        this.customers = customers;
        this.days = days;
        this.waves = waves;
        multiplier = coprime(customers, draw.uniform(SHUFFLE, 0, 0));
        inverse = BigInteger.valueOf(multiplier)
                .modInverse(BigInteger.valueOf(customers))
                .longValueExact();
        for (int i = 0; i < churn.length; i++) {
            double satisfaction = (i - LIMIT * PARTS) / (double) PARTS;
            double hazard = -StrictMath.log(1 - QUARTERLY_CHURN) * StrictMath.exp(CHURN_EFFECT * satisfaction);
            churn[i] = 1 - StrictMath.exp(-hazard);
            appetite[i] = StrictMath.exp(PURCHASE_EFFECT * (satisfaction - LIMIT));
        }
    }

    long size() {
        return customers;
    }

    Waves waves() {
        return waves;
    }

    /** A way through all customers, each met once; every round goes another way. */
    Walk walk(long round) {
        return new Walk(
                coprime(customers, draw.uniform(SHUFFLE, 1, round)),
                Math.floorMod(draw.bits(SHUFFLE, 2, round), customers),
                customers);
    }

    /** A way through all customers in a shuffled order. */
    record Walk(long stride, long offset, long customers) {
        /** The customer met at this step, from 0 to the number of customers less one. */
        long at(long step) {
            return (step * stride + offset) % customers;
        }
    }

    /** The customer whom a purchase meets: customers who buy twice as much are met twice as often. */
    long buyer(double uniform) {
        double place = uniform * QUANTILES;
        int below = (int) place;
        double position = SIZE_BIASED[below] + (place - below) * (SIZE_BIASED[below + 1] - SIZE_BIASED[below]);
        long rank = Math.min(customers - 1, (long) (position * customers));
        return rank * multiplier % customers;
    }

    /** Where the customer stands in the order of buying rates, from 0 (least) to 1. */
    double position(long customer) {
        return (customer * inverse % customers + 0.5) / customers;
    }

    int region(long customer) {
        double uniform = draw.uniform(REGION, customer, 0);
        int region = 0;
        while (region < REGION_BOUNDS.length && uniform >= REGION_BOUNDS[region]) {
            region++;
        }
        return region;
    }

    /** Tiers go with buying, not strictly. */
    int tier(long customer) {
        double standing = 0.8 * position(customer) + 0.2 * draw.uniform(TIER, customer, 0);
        return standing < 0.66 ? 0 : standing < 0.86 ? 1 : 2;
    }

    int channel(long customer) {
        double uniform = draw.uniform(CHANNEL, customer, 0);
        return uniform < 0.5 ? 0 : uniform < 0.8 ? 1 : 2;
    }

    int ageBand(long customer) {
        double uniform = draw.uniform(AGE, customer, 0);
        return uniform < 0.22 ? 0 : uniform < 0.53 ? 1 : uniform < 0.80 ? 2 : 3;
    }

    /** The day the customer came, counted from the first day of the period; negative for old customers. */
    int joined(long customer) {
        double uniform = draw.uniform(JOINED, customer, 0);
        return uniform < OLD_SHARE
                ? -1 - (int) (uniform / OLD_SHARE * OLD_DAYS)
                : (int) ((uniform - OLD_SHARE) / (1 - OLD_SHARE) * NEW_UNTIL * days);
    }

    /** The customer's last day; {@link Integer#MAX_VALUE} for those who outlast the period. */
    int last(long customer) {
        int joined = joined(customer);
        double temper = temper(customer);
        for (int wave = joined < 0 ? 0 : waves.of(joined); wave < waves.count(); wave++) {
            double probability = churn[level(customer, wave - 1, temper)];
            double uniform = draw.uniform(LOST, customer, wave);
            if (uniform < probability) {
                int length = waves.end(wave) - waves.start(wave);
                return Math.max(joined, waves.start(wave) + (int) (uniform / probability * length));
            }
        }
        return Integer.MAX_VALUE;
    }

    boolean isThere(long customer, int day) {
        return joined(customer) <= day && last(customer) >= day;
    }

    /**
     * Satisfaction in a wave; wave -1 lies before the period.
     *
     * @return points of about one standard deviation, rounded to sixteenths
     */
    double satisfaction(long customer, int wave) {
        return (level(customer, wave, temper(customer)) - LIMIT * PARTS) / (double) PARTS;
    }

    /** Satisfaction in a wave as a whole number of sixteenths. */
    int sixteenths(long customer, int wave) {
        return level(customer, wave, temper(customer)) - LIMIT * PARTS;
    }

    /** How much satisfaction lets the customer buy on this day, relative to the most satisfied one. */
    double appetite(long customer, int day) {
        return appetite[level(customer, waves.of(day) - 1, temper(customer))];
    }

    /** The region's name; {@code unknown} where nobody wrote it down. */
    static String regionName(int region) {
        return region == NO_REGION ? "unknown" : REGIONS.get(region);
    }

    static double regionEffect(int region) {
        return REGION_EFFECTS[region];
    }

    static double tierEffect(int tier) {
        return TIER_EFFECTS[tier];
    }

    private double temper(long customer) {
        return REGION_EFFECTS[region(customer)]
                + TIER_EFFECTS[tier(customer)]
                + CUSTOMER_SPREAD * draw.normal(TEMPER, customer, 0);
    }

    private int level(long customer, int wave, double temper) {
        double satisfaction = temper + TREND * wave + WAVE_SPREAD * draw.normal(MOOD, customer, wave);
        double bounded = Math.max(-LIMIT, Math.min(LIMIT, satisfaction));
        return (int) StrictMath.floor(bounded * PARTS + 0.5) + LIMIT * PARTS;
    }

    private static long coprime(long customers, double uniform) {
        long candidate = Math.max(1, (long) ((0.3 + 0.4 * uniform) * customers));
        while (!BigInteger.valueOf(candidate).gcd(BigInteger.valueOf(customers)).equals(BigInteger.ONE)) {
            candidate++;
        }
        return candidate;
    }

    /**
     * Positions of buyers. Where rates are gamma distributed with shape r, the rate of the customer behind a random
     * purchase is gamma distributed with shape r + 1.
     */
    private static double[] sizeBiasedPositions() {
        GammaDistribution rates = new GammaDistribution(null, RATE_SHAPE, 1);
        GammaDistribution buyers = new GammaDistribution(null, RATE_SHAPE + 1, 1);
        double[] positions = new double[QUANTILES + 1];
        for (int i = 1; i < QUANTILES; i++) {
            positions[i] = rates.cumulativeProbability(buyers.inverseCumulativeProbability(i / (double) QUANTILES));
        }
        positions[QUANTILES] = 1;
        return positions;
    }
}
