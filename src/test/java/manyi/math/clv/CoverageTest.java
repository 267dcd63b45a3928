package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Limits at 95 % hold the truth in 95 of 100 worlds. {@code -Dmanyi.repetitions=2000} makes a study of it; the shares
 * are then in {@code target/coverage.md}.
 */
class CoverageTest {

    private static final int REPETITIONS = Integer.getInteger("manyi.repetitions", 60);
    private static final int CUSTOMERS = 2000;
    private static final double HORIZON = 52;
    private static final double DELTA = StrictMath.log(1.1) / (365.25 / 7);
    private static final GammaGamma SPEND = new GammaGamma(6.25, 3.74, 15.44);

    @Test
    void holdsForBgNbd() throws IOException {
        assertCoverage("BG/NBD", new BgNbd(.8, 4.4, .8, 2.4), BgNbd::fit);
    }

    @Test
    void holdsForMbgNbd() throws IOException {
        assertCoverage("MBG/NBD", new MbgNbd(.8, 4.4, .9, 1.6), MbgNbd::fit);
    }

    @Test
    void holdsForParetoNbd() throws IOException {
        assertCoverage("Pareto/NBD", new ParetoNbd(.8, 6, .9, 16), ParetoNbd::fit);
    }

    @Test
    void holdsForNbd() throws IOException {
        assertCoverage("NBD", new Nbd(.8, 9.8), Nbd::fit);
    }

    private static <M extends PurchaseModel & Parametric<M>> void assertCoverage(
            String name, M truth, Function<List<Cell>, Fit<M>> fitter) throws IOException {
        List<Map<String, Boolean>> worlds = IntStream.range(0, REPETITIONS)
                .parallel()
                .mapToObj(repetition -> held(truth, fitter, 1_000_003L * repetition + 17))
                .toList();
        long converged = worlds.stream().filter(world -> !world.isEmpty()).count();
        StringBuilder report =
                new StringBuilder("| %s | %d of %d fits converged | |%n".formatted(name, converged, REPETITIONS));
        // three and a half standard deviations of a share of 0.95
        double slack = 3.5 * StrictMath.sqrt(0.95 * 0.05 / REPETITIONS);
        assertThat(converged).isGreaterThanOrEqualTo(REPETITIONS * 99L / 100);
        for (String figure : worlds.stream()
                .filter(world -> !world.isEmpty())
                .findFirst()
                .orElseThrow()
                .keySet()) {
            double share = worlds.stream()
                            .filter(world -> world.getOrDefault(figure, false))
                            .count()
                    / (double) converged;
            report.append(String.format(Locale.ROOT, "| | %s | %.3f |%n", figure, share));
            assertThat(share)
                    .as(name + ": " + figure)
                    .isBetween(0.95 - slack - 0.005, StrictMath.min(1, 0.95 + slack + 0.005));
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(
                Path.of("target/coverage-" + name.replace('/', '-').toLowerCase(Locale.ROOT) + ".md"), report);
    }

    /** Which limits held the truth in one world; empty where a fit did not converge. */
    private static <M extends PurchaseModel & Parametric<M>> Map<String, Boolean> held(
            M truth, Function<List<Cell>, Fit<M>> fitter, long seed) {
        var simulation = new Simulation(seed);
        List<Cell> cells = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        List<SpendCell> spends = new ArrayList<>();
        double realised = 0;
        for (int i = 0; i < CUSTOMERS; i++) {
            var customer = simulation.customer(truth, 39 + i % 8, HORIZON);
            double nu = simulation.nu(SPEND);
            cells.add(customer.daily());
            means.add(customer.x() == 0 ? 0 : simulation.meanSpend(SPEND, nu, customer.x()));
            if (customer.x() > 0) {
                spends.add(new SpendCell(customer.x(), means.get(i), 1));
            }
            for (double then : customer.later()) {
                realised += StrictMath.exp(-DELTA * then) * simulation.meanSpend(SPEND, nu, 1);
            }
        }
        Fit<M> fit = fitter.apply(cells);
        Fit<GammaGamma> spendFit = GammaGamma.fit(spends);
        Map<String, Boolean> held = new LinkedHashMap<>();
        if (!fit.converged() || !spendFit.converged()) {
            return held;
        }
        parameters(fit, truth, held);
        parameters(spendFit, SPEND, held);
        var outlook = new Outlook(fit.model(), HORIZON, DELTA);
        var knowing = new Outlook(truth, HORIZON, DELTA);
        double value = 0;
        double expected = 0;
        double chance = 0;
        double[] purchaseSlopes = new double[truth.names().size()];
        double[] spendSlopes = new double[3];
        for (int i = 0; i < CUSTOMERS; i++) {
            Cell cell = cells.get(i);
            var worth = Valuation.of(
                    outlook.of(cell.x(), cell.tx(), cell.T()), spendFit.model(), cell.x(), means.get(i), 1);
            expected += Valuation.of(knowing.of(cell.x(), cell.tx(), cell.T()), SPEND, cell.x(), means.get(i), 1)
                    .value();
            value += worth.value();
            chance += worth.variance();
            for (int j = 0; j < purchaseSlopes.length; j++) {
                purchaseSlopes[j] += worth.purchaseSlopes().at(j);
            }
            for (int j = 0; j < 3; j++) {
                spendSlopes[j] += worth.spendSlopes().at(j);
            }
        }
        double error = fit.covariance().variance(purchaseSlopes)
                + spendFit.covariance().variance(spendSlopes);
        held.put("expected value of the segment", within(value, expected, error));
        held.put("realised value of the segment", within(value, realised, error + chance));
        return held;
    }

    private static <M extends Parametric<M>> void parameters(Fit<M> fit, M truth, Map<String, Boolean> held) {
        for (int i = 0; i < truth.names().size(); i++) {
            var parameter = fit.parameters().get(i);
            double value = truth.parameters().get(i);
            held.put(parameter.name(), parameter.low() <= value && value <= parameter.high());
        }
    }

    private static boolean within(double estimate, double truth, double variance) {
        return StrictMath.abs(estimate - truth) <= Fit.NORMAL * StrictMath.sqrt(variance);
    }
}
