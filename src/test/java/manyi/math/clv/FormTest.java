package manyi.math.clv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a maximum lies at an edge of a model's range, the edge is a model with a parameter fewer. */
class FormTest {

    private static final double LAMBDA = .2;
    private static final List<Cell> HISTORIES =
            List.of(new Cell(0, 0, 40, 1), new Cell(1, 3, 40, 1), new Cell(7, 30, 40, 1), new Cell(20, 95, 100, 1));

    private static FormModel edge(Family family, double leaving) {
        return new FormModel(new Form(family, true, true), List.of(LAMBDA, leaving));
    }

    private static List<Cell> drawn(PurchaseModel model, int customers, double T, long seed) {
        // of about every second sample the maximum lies at the edge that it was drawn from, of the others near it
        var simulation = new Simulation(seed);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < customers; i++) {
            cells.add(simulation.customer(model, T + i % 13, 1).daily());
        }
        return cells;
    }

    /** Poisson purchases and a lifetime that is exponential, or a geometric number of purchases. */
    @Test
    void agreesWithTheClosedFormsOfOneRateForAll() {
        double p = .3;
        double mu = .06;
        for (Cell cell : HISTORIES) {
            double x = (double) cell.x();
            double T = cell.T();
            double alive = StrictMath.pow(LAMBDA * (1 - p), x) * StrictMath.exp(-LAMBDA * T);
            double gone = p / (1 - p) * StrictMath.pow(LAMBDA * (1 - p), x) * StrictMath.exp(-LAMBDA * cell.tx());
            assertAgrees(edge(Family.BG_NBD, p), cell, alive, x > 0 ? gone : 0);
            assertAgrees(edge(Family.MBG_NBD, p), cell, (1 - p) * alive, (1 - p) * gone);
            // Schmittlein, Morrison, Colombo (1987), eq. 4, before rates are mixed
            double rate = LAMBDA + mu;
            double stays = StrictMath.pow(LAMBDA, x) * StrictMath.exp(-rate * T);
            double left = StrictMath.pow(LAMBDA, x)
                    * (mu / rate)
                    * (StrictMath.exp(-rate * cell.tx()) - StrictMath.exp(-rate * T));
            assertAgrees(edge(Family.PARETO_NBD, mu), cell, stays, left);
        }
        assertThat(edge(Family.BG_NBD, p).future(3, 40).expectedPurchases(52))
                .isCloseTo(-StrictMath.expm1(-LAMBDA * p * 52) / p, within(1e-5));
        assertThat(edge(Family.PARETO_NBD, mu).future(3, 40).expectedPurchases(52))
                .isCloseTo(LAMBDA * -StrictMath.expm1(-mu * 52) / mu, within(1e-5));
    }

    private static void assertAgrees(FormModel model, Cell cell, double alive, double gone) {
        assertThat(model.logLikelihood(cell.x(), cell.tx(), cell.T()))
                .isCloseTo(StrictMath.log(alive + gone), within(1e-5));
        assertThat(model.probabilityAlive(cell.x(), cell.tx(), cell.T()))
                .isCloseTo(alive / (alive + gone), within(1e-5));
    }

    @Test
    void whereAllLeaveWithOneProbabilityThatIsFitted() {
        List<Cell> cells = drawn(new BgNbd(.8, 4.4, 3e7, 7e7), 3000, 60, 31);

        Fit<FormModel> fit = Form.fit(Family.BG_NBD, cells);

        assertThat(BgNbd.fit(cells).converged()).isFalse();
        assertThat(fit.converged()).isTrue();
        assertThat(fit.model().names()).containsExactly("r", "alpha", "p");
        Fit.Parameter p = fit.parameters().get(2);
        assertThat(p.value()).isCloseTo(.3, within(3 * p.standardError()));
        assertThat(p.standardError()).isBetween(.003, .03);
        assertThat(fit.bic()).isCloseTo(3 * StrictMath.log(3000) - 2 * fit.logLikelihood(), within(1e-9));
        assertThat(fit.logLikelihood()).isGreaterThan(Nbd.fit(cells).logLikelihood() + 100);
    }

    @Test
    void whereAllLeaveAtOneRateThatIsFitted() {
        List<Cell> cells = drawn(new ParetoNbd(.8, 4.4, 1e7, 2e8), 3000, 60, 31);

        Fit<FormModel> fit = Form.fit(Family.PARETO_NBD, cells);

        assertThat(fit.converged()).isTrue();
        assertThat(fit.model().names()).containsExactly("r", "alpha", "mu");
        assertThat(fit.model().parameters().get(2)).isCloseTo(.05, within(.005));
    }

    @Test
    void whereAllBuyAtOneRateThatIsFitted() {
        Fit<FormModel> mbg = Form.fit(Family.MBG_NBD, drawn(new MbgNbd(4e7, 1e8, .9, 2.6), 3000, 30, 36));
        assertThat(mbg.model().names()).containsExactly("lambda", "a", "b");
        assertThat(mbg.model().parameters().get(0)).isCloseTo(.4, within(.02));

        Fit<FormModel> nbd = Form.fit(Family.NBD, drawn(new Nbd(4e7, 1e8), 3000, 30, 36));
        assertThat(nbd.model().names()).containsExactly("lambda");
        assertThat(nbd.model().parameters().get(0)).isCloseTo(.4, within(.01));
    }

    @Test
    void aMaximumWithinTheRangeStaysWhereItIs() {
        List<Cell> cells = drawn(new BgNbd(.8, 4.4, .8, 2.4), 2000, 40, 31);

        assertThat(Form.fit(Family.BG_NBD, cells).model().parameters())
                .isEqualTo(BgNbd.fit(cells).model().parameters());
    }

    @Test
    void noEdgeStandsInWhereNobodyLeaves() {
        var random = new Random(8);
        List<Cell> loyal = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double T = 52 + random.nextInt(20);
            loyal.add(new Cell(random.nextInt(20, 60), T - 0.01 * random.nextInt(10), T, 1));
        }
        for (Family family : Family.values()) {
            assertThat(Form.fit(family, loyal).converged()).as(family.name()).isEqualTo(!family.hasDropOut());
        }
    }
}
