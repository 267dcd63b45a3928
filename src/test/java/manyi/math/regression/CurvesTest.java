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

    /** Two rows of one value are one point, whatever their order: .2 and .9 make .55, which does not fall below .5. */
    @Test
    void addsUpRowsOfOneValueBeforeItPools() {
        var curve = Isotonic.of(
                List.of(new Isotonic.Point(2, 1, .2), new Isotonic.Point(1, 1, .5), new Isotonic.Point(2, 1, .9)));

        assertThat(curve.at(1)).isEqualTo(.5);
        assertThat(curve.at(2)).isCloseTo(.55, within(1e-12));
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

    /** Sums of the B-splines of SciPy 1 (scipy.interpolate.BSpline). */
    @Test
    void agreesWithScipyOnMonotoneSplines() {
        var spline = new MonotoneSpline(List.of(1.0, 3.0, 6.0, 9.0));

        assertThat(spline.basis(0)).containsExactly(0, 0, 0, 0);
        assertThat(spline.basis(2.5)).containsExactly(new double[] {.9375, .225, 0, 0}, within(1e-12));
        assertThat(spline.basis(6)).containsExactly(new double[] {1, 1, .5, 0}, within(1e-12));
        assertThat(spline.basis(8.9))
                .containsExactly(new double[] {1, 1, 1 - .1 * .1 / 18, 1 - .1 * .1 / 18 - .065}, within(1e-12));
        assertThat(spline.basis(10)).containsExactly(1, 1, 1, 1);
    }

    /** L-BFGS-B of SciPy: the curve bends down after 6, so that its last two coefficients are held at 0. */
    @Test
    void agreesWithScipyOnABoundedFit() {
        var spline = new MonotoneSpline(List.of(1.0, 3.0, 6.0, 9.0));
        var cells = IntStream.range(0, 300)
                .mapToObj(i -> {
                    int tenths = i * 37 % 101;
                    int percent = tenths < 60 ? 30 + tenths * 7 / 10 : 90 - tenths * 3 / 10;
                    boolean stays = (i * i * 7 + i * 31) % 100 < percent;
                    return Cell.of(Sums.binary(stays ? 1 : 0, stays ? 0 : 1), spline.basis(tenths / 10.0));
                })
                .toList();

        var fit = Regression.of(Family.LOGISTIC, Design.of(List.of("a", "b", "c", "d"), cells), 0, Set.of(0, 1, 2, 3));

        assertThat(Customers.array(fit.coefficients()))
                .containsExactly(new double[] {-.779988372257, .860888045912, .509728832013, 0, 0}, within(1e-8));
        assertThat(fit.logLikelihood()).isCloseTo(-197.20473260453997, within(1e-9));
        assertThat(fit.standardError(3, Errors.ROBUST)).isZero();
    }

    /**
     * Coefficients, errors (HC0) and Wald's test by statsmodels 0.15; all of it and the effect by mpmath with 40 digits. The
     * search ends at a slope of 1e-10, which is 1e-9 of a coefficient where columns are as alike as those of a spline.
     */
    @Test
    void agreesWithStatsmodelsOnTheEffectAlongANaturalSpline() {
        var spline = new NaturalSpline(List.of(1.0, 3.0, 6.0, 9.0));
        var design = Design.of(List.of("s", "s'", "s''"), Customers.cells(c -> c.stay(spline.basis(c.satisfaction()))));

        var fit = Regression.of(Family.LOGISTIC, design);

        assertThat(Customers.array(fit.coefficients()))
                .containsExactly(
                        new double[] {-1.667986988115, .348781572327, -.074297098054, -.089479641386}, within(1e-8));
        assertThat(Customers.errors(fit, Errors.ROBUST))
                .containsExactly(
                        new double[] {.481623965029, .234322562449, .998015177387, 2.102008749437}, within(1e-8));
        assertThat(fit.test(1, 2, Errors.ROBUST).statistic()).isCloseTo(.9886588631540802, within(1e-8));
        assertThat(fit.test(1, 2, Errors.ROBUST).p()).isCloseTo(.6099798033793759, within(1e-8));
        var effect = MarginalEffect.of(fit, design, spline.slopeFrom(0));
        assertThat(effect.estimate()).isCloseTo(.05442087824626547, within(1e-9));
        assertThat(effect.robustError()).isCloseTo(.01091585359105974, within(1e-9));
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
