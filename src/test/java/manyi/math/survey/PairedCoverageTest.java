package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Samples of a finite population, of which some stand aside at random: do the limits of a ratio hold the population's?
 * Taken as drawn with replacement they do; with the finite correction of the sample they do not.
 */
class PairedCoverageTest {

    private static final long BILLION = 1_000_000_000L;
    private static final int SAMPLES = 2000;
    private static final int STRATA = 5;
    private static final int UNITS = 40;

    /** A customer of the population: what was met, what had been expected, and whether the latter is known. */
    private record Customer(long met, long expected, boolean hasAnsweredBefore) {}

    /**
     * @param customers of each sampling unit
     * @param drawn sampling units of each stratum in the sample, of 40
     * @param asked customers of each unit in the sample
     * @param before percent of customers who had answered before
     * @param least percent of intervals with replacement that hold the truth, at least
     * @param most percent of those with the finite correction, at most
     */
    @ParameterizedTest
    @CsvSource({
        "1, 20, 1, 100, 97, 96",
        "1, 20, 1,  50, 95, 96",
        "1, 40, 1, 100, 97, 0",
        "6, 20, 3, 100, 95, 96",
        "6, 40, 6, 100, 97, 0"
    })
    void theLimitsOfPairsHold(int customers, int drawn, int asked, int before, int least, int most) {
        var random = new Random(customers * 1000L + drawn + before);
        List<List<List<Customer>>> population = population(random, customers, before / 100.0);
        double truth = truth(population);
        int held = 0;
        int corrected = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            DesignSums sums = sampled(random, population, drawn, asked);
            held += holds(sums, 0, truth) ? 1 : 0;
            corrected += holds(sums, 1, truth) ? 1 : 0;
        }
        // one standard deviation of 95 % among 2,000 samples is half a point
        assertThat(100.0 * held / SAMPLES).as("with replacement").isGreaterThanOrEqualTo(least);
        assertThat(100.0 * corrected / SAMPLES).as("with finite correction").isLessThanOrEqualTo(most);
    }

    private static boolean holds(DesignSums sums, int figure, double truth) {
        Estimate estimate = WeightedMean.of(sums, figure).estimate();
        return estimate.low() <= truth && truth <= estimate.high();
    }

    /** Stratum → unit → customers; strata and units differ in what is expected and met. */
    private static List<List<List<Customer>>> population(Random random, int customers, double before) {
        List<List<List<Customer>>> strata = new ArrayList<>();
        for (int h = 0; h < STRATA; h++) {
            List<List<Customer>> units = new ArrayList<>();
            for (int i = 0; i < UNITS; i++) {
                double effect = h / 2.0 + random.nextGaussian();
                List<Customer> members = new ArrayList<>();
                for (int j = 0; j < customers; j++) {
                    double expected = 6 + effect + 1.5 * random.nextGaussian();
                    double met = expected - 0.5 + random.nextGaussian() + effect / 4;
                    members.add(new Customer(onScale(met), onScale(expected), random.nextDouble() < before));
                }
                units.add(members);
            }
            strata.add(units);
        }
        return strata;
    }

    private static long onScale(double answer) {
        return Math.max(1, Math.min(11, Math.round(answer)));
    }

    private static double truth(List<List<List<Customer>>> population) {
        List<Customer> paired = population.stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .filter(Customer::hasAnsweredBefore)
                .toList();
        return (double) paired.stream().mapToLong(Customer::met).sum()
                / paired.stream().mapToLong(Customer::expected).sum();
    }

    /** Figure 0 is taken as of a sample with replacement, figure 1 with the finite corrections of both stages. */
    private static DesignSums sampled(Random random, List<List<List<Customer>>> population, int drawn, int asked) {
        var replaced = new BitSet();
        replaced.set(0);
        var sums = new DesignSums(2, replaced);
        for (List<List<Customer>> stratum : population) {
            var inStratum = new DomainSums(2);
            for (List<Customer> unit : shuffled(random, stratum).subList(0, drawn)) {
                var members = new SamplingUnit(2, 0);
                for (Customer customer : shuffled(random, unit).subList(0, asked)) {
                    var answers = new Answers(2);
                    boolean standsAside = random.nextInt(10) == 0;
                    if (customer.hasAnsweredBefore() && !standsAside) {
                        for (int figure = 0; figure < 2; figure++) {
                            answers.add(figure, BILLION, customer.met() * BILLION, customer.expected() * BILLION);
                        }
                    }
                    members.add(answers, true);
                }
                inStratum.add(members, new SecondStage(asked, unit.size()));
            }
            sums.add(inStratum, inStratum, new Stratum(drawn, UNITS));
        }
        return sums;
    }

    private static <T> List<T> shuffled(Random random, List<T> all) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
