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

    /**
     * The model of greatest likelihood of a form.
     *
     * @param model from the form's parameters
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    static <M extends Parametric<M>> Fit<M> fit(Form form, Collection<Cell> cells, Function<List<Double>, M> model) {
        var histories = Histories.of(cells);
        Maximum maximum = search(histories, form::surface, form.names(), form.starts(histories));
        // the likelihood of times in their mean as unit is that of the data's unit times meanT^x
        double logLikelihood =
                maximum.value * histories.customers - histories.purchases * StrictMath.log(histories.meanT);
        return maximum.fit(
                model.apply(form.natural(maximum.theta, histories.meanT)),
                logLikelihood,
                histories.customers,
                histories.cells,
                "");
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
}
