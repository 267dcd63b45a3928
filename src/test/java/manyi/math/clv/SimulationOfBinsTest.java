package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Above a million distinct histories ages are taken in whole weeks and spend in bins of half a percent: what that does to
 * a fit. {@code -Dmanyi.customers=3000000} makes a study of it; the figures are then in {@code target/bins-*.md}.
 */
class SimulationOfBinsTest {

    private static final int CUSTOMERS = Integer.getInteger("manyi.customers", 20_000);
    private static final int DAYS = 1095;
    private static final double HORIZON = 52;
    private static final double DELTA = StrictMath.log(1.1) / (365.25 / 7);
    private static final double BIN = StrictMath.log(1.005);

    @Test
    void weeksServeBgNbd() throws IOException {
        assertWeeksServe("BG/NBD", new BgNbd(.8, 4.4, .8, 2.4), BgNbd::fit);
    }

    @Test
    void weeksServeMbgNbd() throws IOException {
        assertWeeksServe("MBG/NBD", new MbgNbd(.8, 4.4, .9, 1.6), MbgNbd::fit);
    }

    @Test
    void weeksServeParetoNbd() throws IOException {
        assertWeeksServe("Pareto/NBD", new ParetoNbd(.8, 6, .9, 16), ParetoNbd::fit);
    }

    @Test
    void binsServeSpend() throws IOException {
        var truth = new GammaGamma(6.25, 3.74, 15.44);
        var simulation = new Simulation(23);
        Map<SpendCell, Long> exact = new HashMap<>();
        Map<List<Long>, double[]> bins = new HashMap<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            long x = 1 + (long) (6 * StrictMath.pow(simulation.uniform(), 3));
            double spend = simulation.meanSpend(truth, simulation.nu(truth), x);
            double total = StrictMath.max(1, StrictMath.rint(spend * x * 100)) / 100;
            exact.merge(new SpendCell(x, total / x, 1), 1L, Long::sum);
            double[] bin = bins.computeIfAbsent(
                    List.of(x, (long) StrictMath.floor(StrictMath.log(total / x) / BIN)), any -> new double[2]);
            bin[0]++;
            bin[1] += total;
        }
        List<SpendCell> cells = new ArrayList<>();
        exact.forEach((cell, customers) -> cells.add(new SpendCell(cell.x(), cell.mean(), customers)));
        List<SpendCell> binned = new ArrayList<>();
        bins.forEach(
                (bin, sums) -> binned.add(new SpendCell(bin.get(0), sums[1] / (sums[0] * bin.get(0)), (long) sums[0])));
        Fit<GammaGamma> fit = GammaGamma.fit(cells);
        Fit<GammaGamma> byBins = GammaGamma.fit(binned);
        var report = new StringBuilder();
        assertClose("Gamma–Gamma", truth, fit, byBins, report);
        compare(
                "mean spend",
                fit.model().expectedSpend(),
                byBins.model().expectedSpend(),
                fit.standardError(GammaGamma::expectedSpend),
                report);
        write("gamma-gamma", report);
    }

    private static <M extends PurchaseModel & Parametric<M>> void assertWeeksServe(
            String name, M truth, Function<List<Cell>, Fit<M>> fitter) throws IOException {
        var simulation = new Simulation(17);
        Map<Cell, Long> days = new HashMap<>();
        Map<Cell, Long> weeks = new HashMap<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            double age = 28 + i % (DAYS - 28);
            var customer = simulation.customer(truth, age / 7, 0);
            double last = StrictMath.min(age, StrictMath.ceil(customer.tx() * 7));
            days.merge(new Cell(customer.x(), last / 7, age / 7, 1), 1L, Long::sum);
            // as LifetimeValueModel has it
            double week = customer.x() == 0 ? 0 : StrictMath.max(StrictMath.floor(last / 7 + 0.5), 0.5);
            weeks.merge(
                    new Cell(customer.x(), week, StrictMath.max(StrictMath.floor(age / 7 + 0.5), week), 1),
                    1L,
                    Long::sum);
        }
        List<Cell> exact = counted(days);
        Fit<M> fit = fitter.apply(exact);
        Fit<M> byWeeks = fitter.apply(counted(weeks));
        var report = new StringBuilder();
        assertClose(name, truth, fit, byWeeks, report);
        double[] one = expected(fit, exact);
        double[] other = expected(byWeeks, exact);
        compare("expected purchases of a year", one[0], other[0], one[2], report);
        compare("the same, discounted", one[1], other[1], one[3], report);
        assertThat(other[1] / one[1]).as("value").isCloseTo(1, within(.005));
        write(name.replace('/', '-').toLowerCase(Locale.ROOT), report);
    }

    private static List<Cell> counted(Map<Cell, Long> counts) {
        List<Cell> cells = new ArrayList<>();
        counts.forEach((cell, customers) -> cells.add(new Cell(cell.x(), cell.tx(), cell.T(), customers)));
        return cells;
    }

    /** Purchases of all customers, plain and discounted, and their standard errors. */
    private static <M extends PurchaseModel & Parametric<M>> double[] expected(Fit<M> fit, List<Cell> cells) {
        var outlook = new Outlook(fit.model(), HORIZON, DELTA);
        double[] sums = new double[4];
        double[] slopes = new double[4];
        double[] discountedSlopes = new double[4];
        for (Cell cell : cells) {
            var forecast = outlook.of(cell.x(), cell.tx(), cell.T());
            sums[0] += cell.customers() * forecast.expected();
            sums[1] += cell.customers() * forecast.discounted();
            for (int i = 0; i < 4; i++) {
                slopes[i] += cell.customers() * forecast.expectedGradient()[i];
                discountedSlopes[i] += cell.customers() * forecast.discountedGradient()[i];
            }
        }
        sums[2] = StrictMath.sqrt(fit.covariance().variance(slopes));
        sums[3] = StrictMath.sqrt(fit.covariance().variance(discountedSlopes));
        return sums;
    }

    private static <M extends Parametric<M>> void assertClose(
            String name, M truth, Fit<M> exact, Fit<M> binned, StringBuilder report) {
        assertThat(exact.converged() && binned.converged()).as(name).isTrue();
        report.append(String.format(
                Locale.ROOT,
                "| %s, %,d customers, truth %s | %,d cells | %,d cells | | | |%n",
                name,
                CUSTOMERS,
                truth.parameters(),
                exact.cells(),
                binned.cells()));
        for (int i = 0; i < truth.names().size(); i++) {
            var one = exact.parameters().get(i);
            var other = binned.parameters().get(i);
            compare(one.name(), one.value(), other.value(), one.standardError(), report);
            assertThat(other.value() / one.value()).as(name + ": " + one.name()).isCloseTo(1, within(.03));
        }
    }

    private static void compare(String figure, double exact, double binned, double error, StringBuilder report) {
        report.append(String.format(
                Locale.ROOT,
                "| %s | %.6g | %.6g | %+.3f %% | %.3f %% |%n",
                figure,
                exact,
                binned,
                100 * (binned / exact - 1),
                100 * error / exact));
    }

    private static void write(String name, StringBuilder report) throws IOException {
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/bins-" + name + ".md"), report);
    }
}
