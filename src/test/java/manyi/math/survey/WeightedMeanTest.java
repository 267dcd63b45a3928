package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedMeanTest {

    private static final long BILLION = 1_000_000_000L;

    @Test
    void weighsEachAnswerByTheCustomersItStandsFor() {
        var mean = mean(sums(answers(new double[] {3, 80}, new double[] {1, 40})), 2);
        var estimate = mean.estimate();

        // z = ±7.5, V = 2·2·7.5²/... = 2/1·(56.25 + 56.25) = 225; t of one degree of freedom 12.7062047
        assertThat(estimate.mean()).isEqualTo(70);
        assertThat(estimate.standardError()).isCloseTo(15, within(1e-12));
        assertThat(estimate.high()).isCloseTo(70 + 15 * 12.7062047362, within(1e-6));
        assertThat(estimate.low()).isCloseTo(70 - 15 * 12.7062047362, within(1e-6));
        assertThat(mean.effectiveNumber(java.math.BigInteger.TEN.pow(19))).isCloseTo(1.6, within(1e-12));
    }

    @Test
    void isTheTextbooksErrorOfTheMeanWhereAllWeighTheSame() {
        var estimate = mean(
                        sums(answers(
                                new double[] {1, 10},
                                new double[] {1, 20},
                                new double[] {1, 40},
                                new double[] {1, 50},
                                new double[] {1, 90})),
                        5)
                .estimate();

        // s² of 10, 20, 40, 50, 90 is 970
        assertThat(estimate.mean()).isEqualTo(42);
        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(970.0 / 5), within(1e-9));
        assertThat(estimate.degreesOfFreedom()).isEqualTo(4);
    }

    @Test
    void clustersTheAnswersOfOneCustomer() {
        var one = new Answers(1);
        one.add(0, BILLION, 20 * BILLION);
        one.add(0, BILLION, 40 * BILLION);
        var sums = new DomainSums(1);
        sums.add(one, true);
        sums.add(answers(new double[] {1, 60}).get(0), true);

        // mean 40; z = (60 − 80)/3 and (60 − 40)/3; V = 2·2·(20/3)²
        var estimate = mean(sums, 2).estimate();
        assertThat(estimate.mean()).isEqualTo(40);
        assertThat(estimate.standardError()).isCloseTo(2 * 20.0 / 3, within(1e-6));
        assertThat(estimate.degreesOfFreedom()).isEqualTo(1);
    }

    @Test
    void countsTheUnitsOutsideTheDomain() {
        var sums = sums(answers(new double[] {1, 0}, new double[] {1, 100}));
        double inside = mean(sums, 2).estimate().standardError();
        double within = mean(sums, 101).estimate().standardError();

        assertThat(within).isCloseTo(inside * Math.sqrt(101.0 / 100 / 2), within(1e-9));
    }

    @Test
    void hasNoErrorWhereAllAnswersAreAlike() {
        var mean = mean(
                sums(answers(
                        new double[] {1.234567891, 33.333333333},
                        new double[] {0.987654321, 33.333333333},
                        new double[] {7.1, 33.333333333})),
                3);

        assertThat(mean.variance()).isZero();
        assertThat(mean.hasError()).isFalse();
        assertThat(mean.estimate().mean()).isCloseTo(33.333333333, within(1e-12));
        assertThat(mean.estimate().standardError()).isNaN();
        assertThat(mean.estimate().low()).isNaN();
        assertThat(mean.estimate().degreesOfFreedom()).isEqualTo(2);
    }

    /** Units whose answers differ, each in the same way; their sums are rounded, so that variance is not quite zero. */
    @Test
    void hasNoErrorWhereUnitsAreAlike() {
        var sums = new DomainSums(1);
        for (int weight : new int[] {1, 2, 5}) {
            var unit = new Answers(1);
            for (double score : new double[] {10, 33.333333333, 66.666666667}) {
                unit.add(0, weight * BILLION / 7, Math.round(score * BILLION));
            }
            sums.add(unit, true);
        }

        var mean = mean(sums, 3);
        assertThat(mean.hasError()).isFalse();
        assertThat(mean.estimate().standardError()).isNaN();
    }

    @Test
    void hasAnErrorOfZeroWhereAllUnitsOfThePopulationAnswered() {
        var sums = sums(answers(new double[] {1, 10}, new double[] {1, 20}));
        var census = new DesignSums(1);
        census.add(sums, sums, new Stratum(2, 2));
        var sample = new DesignSums(1);
        sample.add(sums, sums, new Stratum(2, 3));

        assertThat(WeightedMean.of(census, 0).estimate()).isEqualTo(new Estimate(15, 0, 1, 15, 15));
        assertThat(WeightedMean.of(sample, 0).estimate().standardError()).isPositive();
    }

    @Test
    void givesNoIntervalForASingleCustomer() {
        var estimate = mean(sums(answers(new double[] {1, 80})), 50).estimate();

        assertThat(estimate.mean()).isEqualTo(80);
        assertThat(estimate.standardError()).isNaN();
        assertThat(estimate.low()).isNaN();
        assertThat(estimate.high()).isNaN();
    }

    @Test
    void staysExactWhateverTheOrderAndTheWeights() {
        var random = new Random(7);
        List<double[]> answers = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            answers.add(new double[] {Math.exp(random.nextGaussian() * 5), random.nextInt(101)});
        }
        var first = mean(sums(answers(answers.toArray(double[][]::new))), 5000);
        Collections.shuffle(answers, random);
        var sums = new DomainSums(1);
        for (int from = 0; from < 5000; from += 1250) {
            var part = new DomainSums(1);
            answers(answers.subList(from, from + 1250).toArray(double[][]::new))
                    .forEach(customer -> part.add(customer, true));
            sums.add(DomainSums.of(1, part.data()));
        }

        assertThat(mean(sums, 5000)).isEqualTo(first);
    }

    @Test
    void refusesAMeanOverNobody() {
        assertThatThrownBy(() -> mean(new DomainSums(1), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 units");
    }

    @Test
    void takesTheMeanOffInEveryStratum() {
        var north = sums(answers(new double[] {1, 10}, new double[] {1, 20}));
        var south = sums(answers(new double[] {1, 70}, new double[] {1, 90}));
        var design = new DesignSums(1);
        design.add(north, north, new Stratum(2, 0));
        design.add(south, south, new Stratum(2, 4));
        var estimate = WeightedMean.of(design, 0).estimate();

        // z are deviations over 4: in each stratum 2·2·(half of the difference/4)², the second halved by 1 − 2/4
        assertThat(estimate.mean()).isEqualTo(47.5);
        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(4 * 1.25 * 1.25 + 0.5 * 4 * 2.5 * 2.5), within(1e-12));
        assertThat(estimate.degreesOfFreedom()).isEqualTo(2);
    }

    @Test
    void centresAStratumWithOneUnitOnAll() {
        var north = sums(answers(new double[] {1, 10}, new double[] {1, 20}));
        var south = sums(answers(new double[] {1, 60}));
        var design = new DesignSums(1);
        design.add(north, north, new Stratum(2, 0));
        design.add(south, south, new Stratum(1, 0));
        var mean = WeightedMean.of(design, 0);

        assertThat(design.count(0, DesignSums.Count.SINGLE_STRATA)).isEqualTo(1);
        assertThat(mean.variance()).isCloseTo(4 * Math.pow(5 / 3.0, 2) + Math.pow(30 / 3.0, 2), within(1e-12));
        assertThat(mean.degreesOfFreedom()).isEqualTo(1);
    }

    @Test
    void isARatioWhereAnswersHaveABase() {
        var sums = new DomainSums(1);
        for (double[] answer : new double[][] {{1, 8, 4}, {2, 9, 6}, {1, 5, 5}}) {
            var given = new Answers(1);
            given.add(
                    0,
                    Math.round(answer[0] * BILLION),
                    Math.round(answer[1] * BILLION),
                    Math.round(answer[2] * BILLION));
            sums.add(given, true);
        }
        var mean = mean(sums, 3);
        double ratio = 31.0 / 21;
        double[] z = {(8 - 4 * ratio) / 21, 2 * (9 - 6 * ratio) / 21, (5 - 5 * ratio) / 21};

        assertThat(mean.mean()).isCloseTo(ratio, within(1e-12));
        assertThat(mean.variance())
                .isCloseTo(1.5 * Arrays.stream(z).map(each -> each * each).sum(), within(1e-12));
    }

    private static List<Answers> answers(double[]... given) {
        List<Answers> customers = new ArrayList<>();
        for (double[] answer : given) {
            var customer = new Answers(1);
            customer.add(0, Math.max(1, Math.round(answer[0] * BILLION)), Math.round(answer[1] * BILLION));
            customers.add(customer);
        }
        return customers;
    }

    private static DomainSums sums(List<Answers> customers) {
        var sums = new DomainSums(1);
        customers.forEach(customer -> sums.add(customer, true));
        return sums;
    }

    private static WeightedMean mean(DomainSums sums, long designPsus) {
        var design = new DesignSums(1);
        design.add(sums, sums, new Stratum(designPsus, 0));
        return WeightedMean.of(design, 0);
    }
}
