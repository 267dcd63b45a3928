package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forecasts against customers drawn from the models themselves. */
class SimulationTest {

    private static final double HORIZON = 52;
    private static final double DELTA = .01;

    static Stream<PurchaseModel> models() {
        return Stream.of(
                new BgNbd(.8, 4.4, .8, 2.4),
                new MbgNbd(.8, 4.4, .9, 1.6),
                new ParetoNbd(.8, 6, .6, 11.67),
                new ParetoNbd(1.5, 8, 2.5, 60),
                new Nbd(.8, 9.8),
                new FormModel(new Form(Family.BG_NBD, false, true), List.of(.8, 4.4, .25)),
                new FormModel(new Form(Family.PARETO_NBD, true, true), List.of(.15, .04)));
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
}
