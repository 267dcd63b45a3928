package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forecasts against customers drawn from the models themselves. */
class SimulationTest {

    private static final double HORIZON = 52;
    private static final double DELTA = .01;
    private static final int REPETITIONS = 200;
    private static final int CUSTOMERS = 2000;

    static Stream<PurchaseModel> models() {
        return Stream.of(
                new BgNbd(.8, 4.4, .8, 2.4),
                new MbgNbd(.8, 4.4, .9, 1.6),
                new ParetoNbd(.8, 6, .6, 11.67),
                new ParetoNbd(1.5, 8, 2.5, 60));
    }

    @ParameterizedTest
    @MethodSource("models")
    void forecastsWhatComes(PurchaseModel model) {
        var simulation = new Simulation(41);
        var futures = model.futures();
        int groups = 4;
        double[][] sums = new double[groups][6];
        int customers = 60_000;
        for (int i = 0; i < customers; i++) {
            double T = 20 + i % 3;
            var customer = simulation.customer(model, T, HORIZON);
            double alive = model.probabilityAlive(customer.x(), customer.tx(), T);
            Future future = futures.of(customer.x(), T);
            double expected = alive * future.expectedPurchases(HORIZON);
            double variance = alive * future.factorialMoment(HORIZON) + expected * (1 - expected);
            double discounted = customer.later().stream()
                    .mapToDouble(t -> StrictMath.exp(-DELTA * t))
                    .sum();
            double error = customer.later().size() - expected;
            double[] sum = sums[(int) StrictMath.min(groups - 1, customer.x())];
            sum[0] += error;
            sum[1] += variance;
            sum[2] += error * error;
            sum[3] += discounted - alive * future.discountedPurchases(DELTA, 0, HORIZON);
            sum[4] += (customer.alive() ? 1 : 0) - alive;
            sum[5] += alive * (1 - alive);
        }
        for (double[] sum : sums) {
            double deviation = StrictMath.sqrt(sum[1]);
            assertThat(sum[0]).as("purchases").isCloseTo(0, within(4 * deviation));
            // a discounted sum varies less than the sum itself
            assertThat(sum[3]).as("discounted purchases").isCloseTo(0, within(4 * deviation));
            assertThat(sum[4]).as("alive").isCloseTo(0, within(4 * StrictMath.sqrt(sum[5]) + 1e-9));
            assertThat(sum[2] / sum[1]).as("variance").isCloseTo(1, within(.12));
        }
    }

    @Test
    void hasLimitsThatHoldTheTruthForBgNbd() {
        assertCoverage(new BgNbd(.8, 4.4, .8, 2.4), BgNbd::fit);
    }

    @Test
    void hasLimitsThatHoldTheTruthForParetoNbd() {
        assertCoverage(new ParetoNbd(.8, 6, .9, 16), ParetoNbd::fit);
    }

    /** The model's own parameters, a new customer's expectation, and what all customers do in the time to come. */
    private static <M extends PurchaseModel & Parametric<M>> void assertCoverage(
            M truth, Function<List<Cell>, Fit<M>> fitter) {
        List<boolean[]> held = IntStream.range(0, REPETITIONS)
                .parallel()
                .mapToObj(repetition -> holds(truth, fitter, 1000 + repetition))
                .toList();
        // 190 of 200 expected, with a standard deviation of 3.1
        for (int i = 0; i < held.get(0).length; i++) {
            int what = i;
            assertThat(held.stream().filter(one -> one[what]).count())
                    .as("figure " + what)
                    .isBetween(180L, 199L);
        }
    }

    private static <M extends PurchaseModel & Parametric<M>> boolean[] holds(
            M truth, Function<List<Cell>, Fit<M>> fitter, long seed) {
        var simulation = new Simulation(seed);
        List<Cell> cells = new ArrayList<>();
        long realised = 0;
        for (int i = 0; i < CUSTOMERS; i++) {
            var customer = simulation.customer(truth, 39 + i % 8, HORIZON);
            cells.add(customer.daily());
            realised += customer.later().size();
        }
        Fit<M> fit = fitter.apply(cells);
        if (!fit.converged()) {
            return new boolean[6];
        }
        boolean[] held = new boolean[6];
        for (int i = 0; i < 4; i++) {
            var parameter = fit.parameters().get(i);
            double value = truth.parameters().get(i);
            held[i] = parameter.low() <= value && value <= parameter.high();
        }
        double error = fit.standardError(m -> m.expectedPurchases(HORIZON));
        held[4] = StrictMath.abs(fit.model().expectedPurchases(HORIZON) - truth.expectedPurchases(HORIZON))
                <= 1.96 * error;
        var outlook = new Outlook(fit.model(), HORIZON, 0);
        double expected = 0;
        double variance = 0;
        double[] gradient = new double[4];
        for (Cell cell : cells) {
            var forecast = outlook.of(cell.x(), cell.tx(), cell.T());
            expected += forecast.expected();
            variance += forecast.variance();
            double[] slopes = forecast.expectedGradient();
            for (int i = 0; i < 4; i++) {
                gradient[i] += slopes[i];
            }
        }
        double prediction = StrictMath.sqrt(variance + fit.covariance().variance(gradient));
        held[5] = StrictMath.abs(realised - expected) <= 1.96 * prediction;
        return held;
    }

    @Test
    void hasLimitsThatHoldTheTruthForSpend() {
        var truth = new GammaGamma(6.25, 3.74, 15.44);
        int[] held = new int[4];
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            var simulation = new Simulation(7000 + repetition);
            List<SpendCell> cells = new ArrayList<>();
            for (int i = 0; i < CUSTOMERS; i++) {
                int x = 1 + i % 5;
                cells.add(new SpendCell(x, simulation.meanSpend(truth, x), 1));
            }
            var fit = GammaGamma.fit(cells);
            for (int i = 0; i < 3; i++) {
                var parameter = fit.parameters().get(i);
                double value = truth.parameters().get(i);
                held[i] += parameter.low() <= value && value <= parameter.high() ? 1 : 0;
            }
            double miss = StrictMath.abs(fit.model().expectedSpend() - truth.expectedSpend());
            held[3] += miss <= 1.96 * fit.standardError(GammaGamma::expectedSpend) ? 1 : 0;
        }
        assertThat(IntStream.of(held)).allMatch(count -> count >= 180 && count <= 199);
    }
}
