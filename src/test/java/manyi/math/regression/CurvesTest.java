package manyi.math.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurvesTest {

    private static final List<Isotonic.Point> POINTS = List.of(
            new Isotonic.Point(1, 3, 3 * 1),
            new Isotonic.Point(2, 1, 1 * 3),
            new Isotonic.Point(3, 2, 2 * 2),
            new Isotonic.Point(4, 5, 5 * 2),
            new Isotonic.Point(5, 1, 1 * 6),
            new Isotonic.Point(6, 4, 4 * 5),
            new Isotonic.Point(7, 2, 2 * 7));

    /** IsotonicRegression of scikit-learn 1.9. */
    @Test
    void agreesWithScikitLearnOnPooledNeighbours() {
        var curve = Isotonic.of(POINTS);

        assertThat(IntStream.rangeClosed(1, 7).mapToDouble(curve::at).toArray())
                .containsExactly(1.0, 2.125, 2.125, 2.125, 5.2, 5.2, 7.0);
        assertThat(curve.at(-3)).isEqualTo(1);
        assertThat(curve.at(6.5)).isCloseTo(6.1, within(1e-12));
        assertThat(curve.at(99)).isEqualTo(7);
    }

    @Test
    void keepsTheWeightedSumOfAllResponses() {
        var curve = Isotonic.of(POINTS);

        assertThat(curve.steps().stream()
                        .mapToDouble(step -> step.weight() * step.mean())
                        .sum())
                .isCloseTo(60, within(1e-12));
    }

    @Test
    void isStraightBeyondTheOuterKnotsOfANaturalSpline() {
        var spline = new NaturalSpline(List.of(10.0, 40.0, 60.0, 90.0));

        for (int column = 0; column < spline.columns(); column++) {
            double step = spline.basis(110)[column] - spline.basis(100)[column];
            assertThat(spline.basis(120)[column] - spline.basis(110)[column]).isCloseTo(step, within(1e-9));
            assertThat(spline.slope(100)[column]).isCloseTo(step / 10, within(1e-9));
        }
        assertThat(spline.basis(5)).containsExactly(5, 0, 0);
    }

    @Test
    void hasTheSlopesOfItsValues() {
        for (Spline spline : List.of(
                new NaturalSpline(List.of(10.0, 40.0, 60.0, 90.0)),
                new MonotoneSpline(List.of(10.0, 40.0, 60.0, 90.0)))) {
            for (double at : new double[] {15, 40.5, 55, 77, 89}) {
                for (int column = 0; column < spline.columns(); column++) {
                    double change = spline.basis(at + 1e-4)[column] - spline.basis(at - 1e-4)[column];
                    assertThat(spline.slope(at)[column]).isCloseTo(change / 2e-4, within(1e-7));
                }
            }
        }
    }

    @Test
    void givesTheValueBackFromItsCovariates() {
        var spline = new MonotoneSpline(List.of(0.0, 50.0, 100.0));

        for (double at : new double[] {0, 12.5, 50, 80, 100}) {
            assertThat(spline.value(spline.basis(at))).isCloseTo(at, within(1e-10));
        }
    }

    /** Satisfied customers who stay less often by chance do not bend a monotone curve down. */
    @Test
    void neverFallsWhereCoefficientsMayNotBeNegative() {
        var spline = new MonotoneSpline(List.of(0.0, 50.0, 100.0));
        double[] stay = {.3, .4, .55, .7, .8, .85, .7, .6};
        var cells = IntStream.range(0, stay.length)
                .mapToObj(i -> Cell.of(
                        Sums.binary(StrictMath.round(1000 * stay[i]), 1000 - StrictMath.round(1000 * stay[i])),
                        spline.basis(100 * i / 7.0)))
                .toList();
        var names = List.of("one", "two", "three");

        var free = Regression.of(Family.LOGISTIC, Design.of(names, cells));
        var bounded = Regression.of(Family.LOGISTIC, Design.of(names, cells), 0, Set.of(0, 1, 2));

        assertThat(free.mean(spline.basis(100))).isLessThan(free.mean(spline.basis(80)));
        assertThat(bounded.logLikelihood()).isLessThan(free.logLikelihood());
        for (int i = 1; i <= 100; i++) {
            assertThat(bounded.mean(spline.basis(i))).isGreaterThanOrEqualTo(bounded.mean(spline.basis(i - 1)) - 1e-12);
        }
    }

    @Test
    void isFiniteWhereScoresSeparateTheAnswers() {
        var platt = Platt.of(Scores.of(List.of(new Scores.Cell(-1, 0, 30), new Scores.Cell(1, 20, 0))));

        // Platt's smoothed answers, (P + 1)/(P + 2) and 1/(N + 2), are met exactly
        assertThat(platt.at(1)).isCloseTo(21 / 22.0, within(1e-9));
        assertThat(platt.at(-1)).isCloseTo(1 / 32.0, within(1e-9));
    }

    @Test
    void refusesKnotsThatDoNotRise() {
        assertThatThrownBy(() -> new NaturalSpline(List.of(1.0, 3.0, 3.0)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
