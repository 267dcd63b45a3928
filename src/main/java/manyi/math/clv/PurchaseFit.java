package manyi.math.clv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Fits of the models of purchases. */
final class PurchaseFit {

    /** Above so many cells the search begins on a few thousand of them. */
    private static final int MANY = 40_000;

    private static final int FEW = 8_000;

    private PurchaseFit() {}

    @FunctionalInterface
    interface Parameters<M> {
        M model(double first, double scale, double third, double fourth);
    }

    /**
     * The log-likelihood of cells at given parameters.
     *
     * @param theta the logarithms of the parameters
     * @param scales which of them are times
     */
    static double logLikelihood(
            Collection<Cell> cells, Function<Histories, Surface> surface, double[] theta, int... scales) {
        var histories = Histories.of(cells);
        double[] scaled = theta.clone();
        for (int scale : scales) {
            scaled[scale] -= StrictMath.log(histories.meanT);
        }
        double height = surface.apply(histories).at(scaled, new double[theta.length]);
        return height - histories.purchases * StrictMath.log(histories.meanT);
    }

    static <M extends Parametric<M>> Fit<M> geometric(Collection<Cell> cells, int atFirst, Parameters<M> parameters) {
        var histories = Histories.of(cells);
        double alpha = StrictMath.log(0.5 * histories.customers / histories.purchases);
        Maximum maximum = search(
                histories,
                some -> new GeometricSurface(some, atFirst),
                List.of("r", "alpha", "a", "b"),
                List.of(
                        new double[] {StrictMath.log(0.5), alpha, 0, 1},
                        new double[] {0, alpha + 1, -1, 0},
                        new double[] {-2, alpha - 2, 0, 2},
                        new double[] {1, alpha + 2, -2, 1}));
        return fit(
                histories,
                maximum,
                theta -> parameters.model(
                        StrictMath.exp(theta[0]),
                        StrictMath.exp(theta[1]) * histories.meanT,
                        StrictMath.exp(theta[2]),
                        StrictMath.exp(theta[3])));
    }

    static Fit<Nbd> nbd(Collection<Cell> cells) {
        var histories = Histories.of(cells);
        double alpha = StrictMath.log(0.5 * histories.customers / histories.purchases);
        Maximum maximum = search(
                histories,
                NbdSurface::new,
                List.of("r", "alpha"),
                List.of(new double[] {StrictMath.log(0.5), alpha}, new double[] {0, alpha + 1}, new double[] {
                    -2, alpha - 2
                }));
        return fit(
                histories,
                maximum,
                theta -> new Nbd(StrictMath.exp(theta[0]), StrictMath.exp(theta[1]) * histories.meanT));
    }

    static Fit<ParetoNbd> pareto(Collection<Cell> cells) {
        var histories = Histories.of(cells);
        double alpha = StrictMath.log(0.5 * histories.customers / histories.purchases);
        Maximum maximum = search(
                histories,
                ParetoSurface::new,
                List.of("r", "alpha", "s", "beta"),
                List.of(
                        new double[] {StrictMath.log(0.5), alpha, -0.5, -0.5},
                        new double[] {0, alpha + 1, -1, 0},
                        new double[] {-2, alpha - 2, 0, 1},
                        new double[] {1, alpha + 2, -2, 0}));
        return fit(
                histories,
                maximum,
                theta -> new ParetoNbd(
                        StrictMath.exp(theta[0]),
                        StrictMath.exp(theta[1]) * histories.meanT,
                        StrictMath.exp(theta[2]),
                        StrictMath.exp(theta[3]) * histories.meanT));
    }

    private static Maximum search(
            Histories histories, Function<Histories, Surface> surface, List<String> names, List<double[]> starts) {
        List<double[]> all = new ArrayList<>(starts);
        Surface whole = surface.apply(histories);
        if (histories.cells > MANY) {
            Histories few = histories.thinned(histories.cells / FEW);
            Maximum approach = Maximum.find(surface.apply(few), (double) few.customers, names, starts);
            if (approach.converged()) {
                Maximum found =
                        Maximum.from(whole, (double) histories.customers, names, approach.theta, approach.information);
                if (found.converged()) {
                    return found;
                }
                all.add(0, found.theta);
            }
        }
        return Maximum.find(whole, (double) histories.customers, names, all);
    }

    /** The likelihood of times in their mean as unit is that of the data's unit times meanT^x. */
    private static <M extends Parametric<M>> Fit<M> fit(
            Histories histories, Maximum maximum, Function<double[], M> model) {
        double logLikelihood =
                maximum.value * histories.customers - histories.purchases * StrictMath.log(histories.meanT);
        return maximum.fit(model.apply(maximum.theta), logLikelihood, histories.customers, histories.cells, "");
    }
}
