package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedMeanTest {

    private static final long BILLION = 1_000_000_000L;

    @Test
    void weighsEachAnswerByTheCustomersItStandsFor() {
        var mean = mean(units(new double[] {3, 80}, new double[] {1, 40}));
        var estimate = mean.estimate(2);

        // z = ±7.5, V = 2·2·7.5²/... = 2/1·(56.25 + 56.25) = 225; t of one degree of freedom 12.7062047
        assertThat(estimate.mean()).isEqualTo(70);
        assertThat(estimate.standardError()).isCloseTo(15, within(1e-12));
        assertThat(estimate.high()).isCloseTo(70 + 15 * 12.7062047362, within(1e-6));
        assertThat(estimate.low()).isCloseTo(70 - 15 * 12.7062047362, within(1e-6));
        assertThat(mean.effectiveRespondents()).isCloseTo(1.6, within(1e-12));
    }

    @Test
    void isTheTextbooksErrorOfTheMeanWhereAllWeighTheSame() {
        var estimate = mean(units(
                        new double[] {1, 10},
                        new double[] {1, 20},
                        new double[] {1, 40},
                        new double[] {1, 50},
                        new double[] {1, 90}))
                .estimate(5);

        // s² of 10, 20, 40, 50, 90 is 970
        assertThat(estimate.mean()).isEqualTo(42);
        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(970.0 / 5), within(1e-9));
        assertThat(estimate.degreesOfFreedom()).isEqualTo(4);
    }

    @Test
    void clustersTheAnswersOfOneCustomer() {
        var one = new DomainSums.Unit(1);
        one.add(0, BILLION, 20 * BILLION);
        one.add(0, BILLION, 40 * BILLION);
        var sums = new DomainSums(1);
        sums.add(one);
        units(new double[] {1, 60}).forEach(sums::add);

        // mean 40; z = (60 − 80)/3 and (60 − 40)/3; V = 2·2·(20/3)²
        var estimate = mean(sums).estimate(2);
        assertThat(estimate.mean()).isEqualTo(40);
        assertThat(estimate.standardError()).isCloseTo(2 * 20.0 / 3, within(1e-6));
        assertThat(estimate.degreesOfFreedom()).isEqualTo(1);
    }

    @Test
    void countsTheUnitsOutsideTheDomain() {
        var units = units(new double[] {1, 0}, new double[] {1, 100});
        double inside = mean(units).estimate(2).standardError();
        double within = mean(units).estimate(101).standardError();

        assertThat(within).isCloseTo(inside * Math.sqrt(101.0 / 100 / 2), within(1e-9));
    }

    @Test
    void isSureWhereAllAnswersAreAlike() {
        var estimate = mean(units(
                        new double[] {1.234567891, 33.333333333},
                        new double[] {0.987654321, 33.333333333},
                        new double[] {7.1, 33.333333333}))
                .estimate(3);

        assertThat(estimate.standardError()).isZero();
        assertThat(estimate.low()).isEqualTo(estimate.mean());
        assertThat(estimate.high()).isEqualTo(estimate.mean()).isCloseTo(33.333333333, within(1e-12));
    }

    @Test
    void givesNoIntervalForASingleCustomer() {
        var estimate = mean(units(new double[] {1, 80})).estimate(50);

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
        var first = mean(units(answers.toArray(double[][]::new)));
        Collections.shuffle(answers, random);
        var sums = new DomainSums(1);
        for (int from = 0; from < 5000; from += 1250) {
            var part = new DomainSums(1);
            units(answers.subList(from, from + 1250).toArray(double[][]::new)).forEach(part::add);
            sums.add(part);
        }

        assertThat(mean(sums)).isEqualTo(first);
    }

    @Test
    void refusesAMeanOverNobody() {
        assertThatThrownBy(() -> mean(new DomainSums(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 units");
    }

    private static List<DomainSums.Unit> units(double[]... answers) {
        List<DomainSums.Unit> units = new ArrayList<>();
        for (double[] answer : answers) {
            var unit = new DomainSums.Unit(1);
            unit.add(0, Math.max(1, Math.round(answer[0] * BILLION)), Math.round(answer[1] * BILLION));
            units.add(unit);
        }
        return units;
    }

    private static WeightedMean mean(List<DomainSums.Unit> units) {
        var sums = new DomainSums(1);
        units.forEach(sums::add);
        return mean(sums);
    }

    private static WeightedMean mean(DomainSums sums) {
        return new WeightedMean(
                sums.psus(0),
                sums.total(0),
                sums.weight(0),
                sums.aa(0),
                sums.ab(0),
                sums.bb(0),
                sums.lowest(0),
                sums.highest(0));
    }
}
