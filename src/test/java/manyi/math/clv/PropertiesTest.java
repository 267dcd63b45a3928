package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every model and every history. */
class PropertiesTest {

    private static final double[][] HISTORIES = {
        {0, 0, 0},
        {0, 0, 38.86},
        {0, 0, 522},
        {1, 1.71, 38.86},
        {2, 30.43, 38.86},
        {2, 38.86, 38.86},
        {26, 30.86, 31},
        {26, 10, 522},
        {500, 519, 522},
        {10_000_000, 521, 522}
    };

    static Stream<PurchaseModel> models() {
        return Stream.of(
                new BgNbd(.243, 4.414, .793, 2.426),
                new BgNbd(3, .7, 1, .02),
                new BgNbd(.5, 12, 30, 1e6),
                new MbgNbd(.525, 6.183, .891, 1.614),
                new MbgNbd(2, 30, .05, .3),
                new ParetoNbd(.553, 10.58, .606, 11.67),
                new ParetoNbd(2, 8, 1, 400),
                new ParetoNbd(.2, 90, 12, 7),
                new Nbd(.826, 9.84),
                new FormModel(new Form(Family.BG_NBD, false, true), List.of(.4, 3.0, .3)),
                new FormModel(new Form(Family.MBG_NBD, true, false), List.of(.2, .9, 1.6)),
                new FormModel(new Form(Family.PARETO_NBD, true, true), List.of(.2, .06)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void livesWithAProbability(PurchaseModel model) {
        for (double[] h : HISTORIES) {
            double alive = model.probabilityAlive((long) h[0], h[1], h[2]);
            assertThat(alive).isBetween(0.0, 1.0);
            assertThat(model.alive((long) h[0], h[1], h[2]).probability()).isEqualTo(alive);
            assertThat(model.logLikelihood((long) h[0], h[1], h[2])).isFinite();
            assertThat(model.variancePurchases((long) h[0], h[1], h[2], 52))
                    .isFinite()
                    .isNotNegative();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void knowsItsOwnSlopes(PurchaseModel model) {
        for (double[] h : HISTORIES) {
            long x = (long) h[0];
            double size = 1 + StrictMath.abs(model.logLikelihood(x, h[1], h[2])) + x;
            assertClose(
                    model.logLikelihoodGradient(x, h[1], h[2]),
                    numeric(model, m -> m.logLikelihood(x, h[1], h[2])),
                    within(1e-9 * size));
            double[] slopes = numeric(model, m -> m.probabilityAlive(x, h[1], h[2]));
            for (int i = 0; i < slopes.length; i++) {
                assertThat(model.alive(x, h[1], h[2]).slope(i)).isCloseTo(slopes[i], within(1e-9 * (1 + x)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void doesNotCareForTheUnitOfTime(PurchaseModel weeks) {
        PurchaseModel days = inDays(weeks);
        for (double[] h : HISTORIES) {
            long x = (long) h[0];
            double size = 1 + StrictMath.abs(weeks.logLikelihood(x, h[1], h[2])) + x;
            assertThat(days.logLikelihood(x, 7 * h[1], 7 * h[2]) + x * StrictMath.log(7))
                    .isCloseTo(weeks.logLikelihood(x, h[1], h[2]), within(1e-13 * size * 10));
            assertThat(days.expectedPurchases(x, 7 * h[1], 7 * h[2], 7 * 52))
                    .isCloseTo(weeks.expectedPurchases(x, h[1], h[2], 52), within(1e-9 * size));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void expectsNowWhatItWillHaveExpectedLater(PurchaseModel model) {
        // E[X(T, T+t+u)] = E[X(T, T+t)] + E[X(T+t, T+t+u)], the last over what t may bring; and no discount is none
        for (double[] h : HISTORIES) {
            Future future = model.future((long) h[0], h[2]);
            double whole = future.expectedPurchases(104);
            assertThat(future.discountedPurchases(0, 0, 52) + future.discountedPurchases(0, 52, 104))
                    .isCloseTo(whole, within(1e-10 * whole));
            assertThat(future.discountedPurchases(0, 0, 52))
                    .isCloseTo(future.expectedPurchases(52), within(1e-10 * whole));
            assertThat(future.discountedPurchases(1e-9, 0, 52))
                    .isCloseTo(future.expectedPurchases(52), within(1e-7 * whole));
            assertThat(future.expectedPurchases(0)).isZero();
            assertThat(future.discountedPurchases(.01, 0, 0)).isZero();
            // a customer worth a hundredth after a week: all within a few
            assertThat(future.discountedPurchases(5, 0, Double.POSITIVE_INFINITY))
                    .isCloseTo(
                            future.discountedPurchases(5, 0, .2)
                                    + future.discountedPurchases(5, .2, 1)
                                    + future.discountedPurchases(5, 1, 30),
                            within(1e-11 * whole));
            double all = future.discountedPurchases(.0027, 0, Double.POSITIVE_INFINITY);
            for (double horizon : new double[] {0, .1, 7, 52, 520, 52_000}) {
                assertThat(future.discountedPurchases(.0027, 0, horizon)
                                + future.discountedPurchases(.0027, horizon, Double.POSITIVE_INFINITY))
                        .isCloseTo(all, within(1e-10 * all));
            }
            assertThat(model.futures().of((long) h[0], h[2]).discountedPurchases(.0027, 0, Double.POSITIVE_INFINITY))
                    .isEqualTo(all);
        }
        assertThat(model.expectedPurchases(52)).isEqualTo(model.expectedPurchases(0, 0, 0, 52));
    }

    @ParameterizedTest
    @MethodSource("models")
    void forecastsManyAsItForecastsOne(PurchaseModel model) {
        Outlook outlook = outlook(model);
        for (double[] h : HISTORIES) {
            long x = StrictMath.min(500, (long) h[0]);
            var forecast = outlook.of(x, h[1], h[2]);
            assertThat(forecast.expected()).isEqualTo(model.expectedPurchases(x, h[1], h[2], 52));
            assertThat(forecast.variance()).isEqualTo(model.variancePurchases(x, h[1], h[2], 52));
            assertThat(forecast.discounted()).isEqualTo(model.discountedPurchases(x, h[1], h[2], .0027, 0, 52));
            assertThat(forecast.residual())
                    .isEqualTo(model.discountedPurchases(x, h[1], h[2], .0027, 52, Double.POSITIVE_INFINITY));
            // a mixing distribution as narrow as that of an edge costs its slopes a digit
            double digits = model instanceof FormModel ? 1e-7 : 1e-9;
            double size = digits * (1e-3 + forecast.expected() + forecast.residual()) * (1 + x / 10.0);
            assertClose(
                    forecast.expectedGradient(),
                    numeric(model, m -> m.expectedPurchases(x, h[1], h[2], 52)),
                    within(size));
            assertClose(
                    forecast.discountedGradient(),
                    numeric(model, m -> m.discountedPurchases(x, h[1], h[2], .0027, 0, 52)),
                    within(size));
            assertClose(
                    forecast.residualGradient(),
                    numeric(model, m -> m.discountedPurchases(x, h[1], h[2], .0027, 52, Double.POSITIVE_INFINITY)),
                    within(size));
        }
    }

    @Test
    void fitsTheSameToTheLastBitInAnyOrder() {
        var random = new Random(5);
        var simulation = new Simulation(11);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            cells.add(daily(simulation, new BgNbd(.5, 6, .8, 2.5), random));
        }
        List<Cell> split = new ArrayList<>();
        for (Cell cell : cells) {
            split.add(new Cell(cell.x(), cell.tx(), cell.T(), 1));
            split.add(new Cell(cell.x(), cell.tx(), cell.T(), 2));
        }
        List<Cell> thrice = new ArrayList<>();
        cells.forEach(cell -> thrice.add(new Cell(cell.x(), cell.tx(), cell.T(), 3)));
        for (Function<Collection<Cell>, Fit<?>> fitter :
                List.<Function<Collection<Cell>, Fit<?>>>of(BgNbd::fit, MbgNbd::fit, ParetoNbd::fit)) {
            Fit<?> fit = fitter.apply(thrice);
            Collections.shuffle(split, random);
            assertThat(fitter.apply(split)).isEqualTo(fit);
            assertThat(fit.converged()).isTrue();
            assertThat(fit.gradientNorm()).isLessThan(1e-10);
        }
    }

    @Test
    void gathersParetosIntegralsAsExactlyAsItTakesThemOneByOne() {
        var random = new Random(6);
        var simulation = new Simulation(12);
        List<Cell> cells = new ArrayList<>(List.of(
                new Cell(500, 520, 522, 1), new Cell(500, 60, 522, 1), new Cell(0, 0, 522, 3), new Cell(1, .1, .1, 1)));
        for (int i = 0; i < 500; i++) {
            cells.add(daily(simulation, new BgNbd(.5, 6, .8, 2.5), random));
        }
        var histories = Histories.of(cells);
        for (double[] theta : new double[][] {{-.6, -1.2, -.5, -1}, {2, -6, 1, -4}, {-2, 3, -4, 6}}) {
            double[] gathered = new double[4];
            double[] each = new double[4];
            double one = new ParetoSurface(histories, true).at(theta, gathered);
            double other = new ParetoSurface(histories, false).at(theta, each);
            assertThat(one).isCloseTo(other, within(1e-11 * StrictMath.abs(other)));
            assertClose(gathered, each, within(1e-11 * StrictMath.abs(other)));
        }
    }

    @Test
    void sumsSurfacesAsItsModelsDo() {
        List<Cell> cells = new ArrayList<>();
        var random = new Random(7);
        var simulation = new Simulation(13);
        for (int i = 0; i < 300; i++) {
            cells.add(daily(simulation, new MbgNbd(.5, 6, .8, 2.5), random));
        }
        var histories = Histories.of(cells);
        for (int atFirst = 0; atFirst < 2; atFirst++) {
            double[] gradient = new double[4];
            double sum = new GeometricSurface(histories, atFirst).at(new double[] {-.5, -1, .2, 1}, gradient);
            var model = new GeometricHistory(
                    StrictMath.exp(-.5),
                    StrictMath.exp(-1) * histories.meanT,
                    StrictMath.exp(.2),
                    StrictMath.exp(1),
                    atFirst);
            double[] expected = new double[4];
            double likelihood = histories.purchases * StrictMath.log(histories.meanT);
            for (Cell cell : cells) {
                likelihood += model.logLikelihood(cell.x(), cell.tx(), cell.T());
                double[] one = model.gradient(cell.x(), cell.tx(), cell.T());
                for (int i = 0; i < 4; i++) {
                    expected[i] += one[i];
                }
            }
            assertThat(sum).isCloseTo(likelihood, within(1e-9));
            assertClose(gradient, expected, within(1e-9));
        }
    }

    @Test
    void refusesWhatCannotBe() {
        for (double[] h : new double[][] {
            {-1, 0, 5},
            {1, -1, 5},
            {1, 6, 5},
            {0, 1, 5},
            {1, 0, 5},
            {1, Double.NaN, 5},
            {0, 0, Double.NaN},
            {0, 0, Double.POSITIVE_INFINITY}
        }) {
            assertThatThrownBy(() -> new Cell((long) h[0], h[1], h[2], 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("x = " + (long) h[0] + ", t_x = " + h[1] + ", T = " + h[2]);
        }
        assertThatThrownBy(() -> new BgNbd(0, 1, 1, 1)).hasMessageContaining("r = 0.0");
        assertThatThrownBy(() -> new ParetoNbd(1, 1, Double.NaN, 1)).hasMessageContaining("s = NaN");
        var future = new BgNbd(1, 1, 1, 1).future(0, 1);
        assertThatThrownBy(() -> future.discountedPurchases(0, 0, Double.POSITIVE_INFINITY))
                .hasMessageContaining("infinite horizon without discount");
        assertThatThrownBy(() -> future.expectedPurchases(-1)).hasMessageContaining("-1.0");
    }

    @Test
    void saysWhyItDoesNotFit() {
        List<Cell> once = new ArrayList<>();
        for (int i = 1; i < 20; i++) {
            once.add(new Cell(0, 0, i, 5));
        }
        for (Function<Collection<Cell>, Fit<?>> fitter :
                List.<Function<Collection<Cell>, Fit<?>>>of(BgNbd::fit, MbgNbd::fit, ParetoNbd::fit)) {
            assertThatThrownBy(() -> fitter.apply(List.of()))
                    .isInstanceOf(RefusedFit.class)
                    .hasMessage("no customers");
            assertThatThrownBy(() -> fitter.apply(once))
                    .isInstanceOf(RefusedFit.class)
                    .hasMessage("no repeat purchases");
            assertThatThrownBy(() -> fitter.apply(List.of(new Cell(1, 2, 3, 1000))))
                    .isInstanceOf(RefusedFit.class)
                    .hasMessage("only 1 distinct histories, fewer than 10");
        }
        assertThatThrownBy(() -> GammaGamma.fit(List.of())).isInstanceOf(RefusedFit.class);
        assertThatThrownBy(() -> BgBb.fit(List.of())).isInstanceOf(RefusedFit.class);
        assertThatThrownBy(() -> ShiftedBetaGeometric.fit(List.of())).isInstanceOf(RefusedFit.class);
    }

    @Test
    void doesNotCallABoundaryAMaximum() {
        // everybody buys all the time up to the end: nobody leaves
        var random = new Random(8);
        List<Cell> loyal = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long x = random.nextInt(20, 60);
            double T = 52 + random.nextInt(20);
            loyal.add(new Cell(x, T - 0.01 * random.nextInt(10), T, 1));
        }
        for (Fit<?> fit : List.of(BgNbd.fit(loyal), MbgNbd.fit(loyal), ParetoNbd.fit(loyal))) {
            assertThat(fit.converged()).isFalse();
            assertThat(fit.reason()).containsAnyOf("runs to", "flat");
        }
        // spend so unequal that it has no mean
        List<SpendCell> wild = new ArrayList<>();
        var simulation = new Simulation(9);
        for (int i = 0; i < 3000; i++) {
            wild.add(new SpendCell(
                    3,
                    simulation.meanSpend(new GammaGamma(4, .6, 10), simulation.nu(new GammaGamma(4, .6, 10)), 3),
                    1));
        }
        assertThat(GammaGamma.fit(wild).converged()).isFalse();
        assertThat(GammaGamma.fit(wild).reason()).contains("q = 0.").contains("infinite");
    }

    @Test
    void bearsACustomerWithTenMillionPurchases() {
        List<Cell> cells = new ArrayList<>();
        var random = new Random(10);
        var simulation = new Simulation(14);
        for (int i = 0; i < 1000; i++) {
            cells.add(daily(simulation, new BgNbd(.5, 6, .8, 2.5), random));
        }
        cells.add(new Cell(10_000_000, 30, 31, 1));

        assertThat(BgNbd.fit(cells).logLikelihood()).isFinite();
        assertThat(ParetoNbd.fit(cells).logLikelihood()).isFinite();
    }

    @Test
    void forecastsSpendWithItsVariance() {
        // over all customers: the variance of a mean is that of the means drawn
        var model = new GammaGamma(6.25, 5.74, 15.44);
        var simulation = new Simulation(21);
        double sum = 0;
        double squares = 0;
        int n = 200_000;
        for (int i = 0; i < n; i++) {
            double spend = simulation.meanSpend(model, simulation.nu(model), 3);
            sum += spend;
            squares += spend * spend;
        }
        double mean = sum / n;
        assertThat(mean).isCloseTo(model.expectedSpend(), within(.1));
        assertThat(squares / n - mean * mean)
                .isCloseTo(model.varianceOfMean(0, Double.NaN, 3), Offset.offset(model.varianceOfMean(0, 0, 3) * .05));
        // one purchase for sure is the mean of one; none is nothing
        assertThat(model.varianceOfTotal(2, 30, 1, 0)).isCloseTo(model.varianceOfMean(2, 30, 1), within(1e-10));
        assertThat(model.varianceOfTotal(2, 30, 0, 0)).isZero();
        double[] slopes = model.gradient(m -> m.logLikelihood(3, 40));
        assertThat(slopes).hasSize(3);
    }

    @Test
    void forecastsContractsAndOccasions() {
        var contract = new ShiftedBetaGeometric(.704, 1.182);
        assertThat(contract.survival(0)).isEqualTo(1);
        double survival = 1;
        double residual = 0;
        for (int i = 1; i < 4000; i++) {
            survival *= contract.retentionRate(i);
            residual += survival / StrictMath.pow(1.1, i);
            if (i < 30) {
                assertThat(contract.survival(i)).isCloseTo(survival, within(1e-12));
            }
        }
        assertThat(contract.residualRenewals(0, .1)).isCloseTo(residual, within(1e-10));
        assertThat(contract.residualRenewals(0, 0)).isInfinite();
        assertThat(new ShiftedBetaGeometric(3, 5).residualRenewals(2, 0)).isCloseTo(3.5, within(1e-12));

        var donor = new BgBb(1.2035, .7497, .6567, 2.7834);
        double discounted = 0;
        for (int i = 1; i < 3000; i++) {
            double next = donor.expectedPurchases(4, 5, 6, i) - donor.expectedPurchases(4, 5, 6, i - 1);
            discounted += next / StrictMath.pow(1.1, i);
        }
        assertThat(donor.residualTransactions(4, 5, 6, .1)).isCloseTo(discounted, within(1e-9));
        for (int[] h : new int[][] {{0, 0, 6}, {1, 3, 6}, {6, 6, 6}, {2, 40, 60}}) {
            assertClose(
                    donor.logLikelihoodGradient(h[0], h[1], h[2]),
                    donor.gradient(m -> m.logLikelihood(h[0], h[1], h[2])),
                    within(1e-9));
        }
        double total = 0;
        for (int history = 0; history < 64; history++) {
            int last = 32 - Integer.numberOfLeadingZeros(history);
            total += StrictMath.exp(donor.logLikelihood(Integer.bitCount(history), last, 6));
        }
        assertThat(total).isCloseTo(1, within(1e-13));
    }

    private static Cell daily(Simulation simulation, PurchaseModel model, Random random) {
        return simulation.customer(model, (180 + random.nextInt(100)) / 7.0, 0).daily();
    }

    private static PurchaseModel inDays(PurchaseModel weeks) {
        if (weeks instanceof BgNbd m) {
            return new BgNbd(m.r(), m.alpha() * 7, m.a(), m.b());
        }
        if (weeks instanceof MbgNbd m) {
            return new MbgNbd(m.r(), m.alpha() * 7, m.a(), m.b());
        }
        if (weeks instanceof Nbd m) {
            return new Nbd(m.r(), m.alpha() * 7);
        }
        if (weeks instanceof FormModel m) {
            return m.with(m.form().natural(m.logs(), 7));
        }
        var m = (ParetoNbd) weeks;
        return new ParetoNbd(m.r(), m.alpha() * 7, m.s(), m.beta() * 7);
    }

    private static Outlook outlook(PurchaseModel model) {
        return new Outlook(model, 52, .0027);
    }

    private static double[] numeric(PurchaseModel model, Function<PurchaseModel, Double> figure) {
        if (model instanceof BgNbd m) {
            return m.gradient(figure::apply);
        }
        if (model instanceof Nbd m) {
            return m.gradient(figure::apply);
        }
        if (model instanceof FormModel m) {
            return m.gradient(figure::apply);
        }
        return model instanceof MbgNbd m ? m.gradient(figure::apply) : ((ParetoNbd) model).gradient(figure::apply);
    }

    private static void assertClose(double[] one, double[] other, Offset<Double> offset) {
        for (int i = 0; i < other.length; i++) {
            assertThat(one[i]).as("slope " + i).isCloseTo(other[i], offset);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void allCustomersAreAsLikelyAsEachTogether(PurchaseModel model) {
        var simulation = new Simulation(5);
        List<Cell> cells = new ArrayList<>();
        cells.add(new Cell(1, 5, 30, 1));
        double sum = model.logLikelihood(1, 5, 30);
        for (int i = 0; i < 500; i++) {
            Cell cell = simulation.customer(model, 30 + i % 11, 1).daily();
            cells.add(cell);
            sum += model.logLikelihood(cell.x(), cell.tx(), cell.T());
        }

        assertThat(model.logLikelihood(cells)).isCloseTo(sum, within(1e-8 * StrictMath.abs(sum)));
    }

    /** Ehrenberg's model is BG/NBD without drop-out. */
    @Test
    void nbdIsTheEdgeOfBgNbd() {
        var nbd = new Nbd(.8, 9.8);
        var edge = new BgNbd(.8, 9.8, 1e-10, 1);
        for (Cell cell : List.of(new Cell(0, 0, 40, 1), new Cell(7, 30, 40, 1))) {
            assertThat(nbd.logLikelihood(cell.x(), cell.tx(), cell.T()))
                    .isCloseTo(edge.logLikelihood(cell.x(), cell.tx(), cell.T()), within(1e-7));
            assertThat(nbd.expectedPurchases(cell.x(), cell.tx(), cell.T(), 20))
                    .isCloseTo(edge.expectedPurchases(cell.x(), cell.tx(), cell.T(), 20), within(1e-7));
        }
    }

    @Test
    void shrinkageLeavesDistantSegmentsAloneAndGathersLikeOnes() {
        var pooled = BgNbd.fit(Cdnow.sample().cells());
        var same = Shrinkage.of(pooled, List.of(pooled, pooled, pooled, pooled));
        assertThat(same.drawn(pooled, Optional.of(pooled)).model().r())
                .isCloseTo(pooled.model().r(), within(1e-9));
        assertThat(same.between().at(0, 0)).isZero();
        List<Fit<BgNbd>> segments = new ArrayList<>();
        for (double r : new double[] {.02, .1, 1.2, 6}) {
            segments.add(new Fit<>(
                    new BgNbd(
                            r,
                            pooled.model().alpha(),
                            pooled.model().a(),
                            pooled.model().b()),
                    pooled.covariance(),
                    0,
                    100,
                    50,
                    true,
                    "",
                    0,
                    1));
        }
        var apart = Shrinkage.of(pooled, segments);
        assertThat(apart.drawn(pooled, Optional.of(segments.get(3))).model().r())
                .isBetween(5.5, 6.0);
        assertThat(apart.drawn(pooled, Optional.empty()).model()).isEqualTo(pooled.model());
    }
}
