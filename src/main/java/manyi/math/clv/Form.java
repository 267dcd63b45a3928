package manyi.math.clv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model within its range, or at an edge of it: where r and α grow without bound all customers buy at one rate λ = r/α,
 * where a and b do all leave with one probability p = a/(a+b), where s and β do all leave at one rate μ = s/β. Each edge
 * has a parameter fewer.
 *
 * <p>An edge is the model itself with a mixing distribution so narrow ({@link #CONCENTRATION}) that the likelihood of a
 * history differs from the limit by less than x²/10⁸; slopes follow by the chain rule. So an edge needs no formulas of
 * its own.
 *
 * @param hasCommonRate whether all buy at one rate
 * @param hasCommonDropOut whether all leave with one probability, or at one rate
 */
public record Form(Family family, boolean hasCommonRate, boolean hasCommonDropOut) {

    private static final double CONCENTRATION = 1e8;

    public Form {
        if (hasCommonDropOut && !family.hasDropOut()) {
            throw new IllegalArgumentException(family + " has no drop-out");
        }
    }

    /** The model within its range. */
    public static Form inner(Family family) {
        return new Form(family, false, false);
    }

    /** The form whose parameters have these names. */
    public static Form of(Family family, List<String> names) {
        return Stream.concat(Stream.of(inner(family)), inner(family).edges())
                .filter(form -> form.names().equals(names))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(family + " with the parameters " + names));
    }

    /**
     * The greatest likelihood that a model reaches: within its range, or else at the edge of it that has the least BIC,
     * provided it is no worse than where the search within the range ended.
     *
     * @return not converged where there is no maximum within the range, and none at an edge
     * @throws RefusedFit where the cells cannot identify the parameters
     */
    public static Fit<FormModel> fit(Family family, Collection<Cell> cells) {
        Form inner = inner(family);
        Fit<FormModel> inside = inner.fit(cells);
        if (inside.converged()) {
            return inside;
        }
        return inner.edges()
                .map(edge -> edge.fit(cells))
                .filter(fit -> fit.converged() && fit.bic() <= inside.bic())
                .min(Comparator.comparingDouble(Fit::bic))
                .orElse(inside);
    }

    /** The model of greatest likelihood of this form. */
    public Fit<FormModel> fit(Collection<Cell> cells) {
        return PurchaseFit.fit(this, cells, parameters -> new FormModel(this, parameters));
    }

    private Stream<Form> edges() {
        Form oneRate = new Form(family, true, false);
        return family.hasDropOut()
                ? Stream.of(new Form(family, false, true), oneRate, new Form(family, true, true))
                : Stream.of(oneRate);
    }

    boolean isInner() {
        return !hasCommonRate && !hasCommonDropOut;
    }

    /** The parameters as published; λ and μ per unit of time. */
    public List<String> names() {
        List<String> names = new ArrayList<>(hasCommonRate ? List.of("lambda") : List.of("r", "alpha"));
        switch (family) {
            case BG_NBD, MBG_NBD -> names.addAll(hasCommonDropOut ? List.of("p") : List.of("a", "b"));
            case PARETO_NBD -> names.addAll(hasCommonDropOut ? List.of("mu") : List.of("s", "beta"));
            case NBD -> {}
        }
        return List.copyOf(names);
    }

    /** The model within its range that has these parameters. */
    PurchaseModel model(List<Double> parameters) {
        double[] full =
                full(parameters.stream().mapToDouble(Double::doubleValue).toArray());
        return switch (family) {
            case BG_NBD -> new BgNbd(full[0], full[1], full[2], full[3]);
            case MBG_NBD -> new MbgNbd(full[0], full[1], full[2], full[3]);
            case PARETO_NBD -> new ParetoNbd(full[0], full[1], full[2], full[3]);
            case NBD -> new Nbd(full[0], full[1]);
        };
    }

    private double[] full(double[] parameters) {
        if (isInner()) {
            return parameters;
        }
        List<Double> full = new ArrayList<>();
        List<String> names = names();
        for (int i = 0; i < parameters.length; i++) {
            double value = parameters[i];
            full.addAll(
                    switch (names.get(i)) {
                        case "lambda", "mu" -> List.of(CONCENTRATION, CONCENTRATION / value);
                        case "p" -> List.of(CONCENTRATION * value, CONCENTRATION * (1 - value));
                        default -> List.of(value);
                    });
        }
        return full.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The slopes by the logarithms of this form's parameters, from those by the logarithms of all of the model's. */
    double[] slopes(double[] full, List<Double> parameters) {
        if (isInner()) {
            return full;
        }
        List<String> names = names();
        double[] slopes = new double[names.size()];
        int next = 0;
        for (int i = 0; i < slopes.length; i++) {
            switch (names.get(i)) {
                case "lambda", "mu" -> {
                    slopes[i] = -full[next + 1];
                    next += 2;
                }
                case "p" -> {
                    double p = parameters.get(i);
                    slopes[i] = full[next] - full[next + 1] * p / (1 - p);
                    next += 2;
                }
                default -> slopes[i] = full[next++];
            }
        }
        return slopes;
    }

    /** The log-likelihood over the logarithms of this form's parameters, times over their mean. */
    Surface surface(Histories histories) {
        Surface whole = switch (family) {
            case BG_NBD -> new GeometricSurface(histories, 0);
            case MBG_NBD -> new GeometricSurface(histories, 1);
            case PARETO_NBD -> new ParetoSurface(histories);
            case NBD -> new NbdSurface(histories);
        };
        return isInner() ? whole : new Edge(this, whole);
    }

    /** Parameters in the data's units, from logarithms that count time in its mean. */
    List<Double> natural(double[] theta, double meanT) {
        List<Double> natural = new ArrayList<>();
        for (String name : names()) {
            double value = StrictMath.exp(theta[natural.size()]);
            natural.add(
                    switch (name) {
                        case "alpha", "beta" -> value * meanT;
                        case "lambda", "mu" -> value / meanT;
                        default -> value;
                    });
        }
        return natural;
    }

    /** Where searches begin. */
    List<double[]> starts(Histories histories) {
        double alpha = StrictMath.log(0.5 * histories.customers / histories.purchases);
        double lambda = StrictMath.log(histories.purchases / histories.customers);
        double[][] rates = hasCommonRate
                ? new double[][] {{lambda}, {lambda + 1}, {lambda - 1}, {lambda + 2}}
                : new double[][] {{StrictMath.log(0.5), alpha}, {0, alpha + 1}, {-2, alpha - 2}, {1, alpha + 2}};
        double[][] leaving = switch (family) {
            case BG_NBD, MBG_NBD ->
                hasCommonDropOut
                        ? new double[][] {{-1.2}, {-2.3}, {-0.5}, {-3.5}}
                        : new double[][] {{0, 1}, {-1, 0}, {0, 2}, {-2, 1}};
            case PARETO_NBD ->
                hasCommonDropOut
                        ? new double[][] {{0}, {-1.5}, {1.5}, {-3}}
                        : new double[][] {{-0.5, -0.5}, {-1, 0}, {0, 1}, {-2, 0}};
            case NBD -> new double[rates.length][0];
        };
        List<double[]> starts = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            double[] start = new double[rates[i].length + leaving[i].length];
            System.arraycopy(rates[i], 0, start, 0, rates[i].length);
            System.arraycopy(leaving[i], 0, start, rates[i].length, leaving[i].length);
            starts.add(start);
        }
        return starts;
    }

    /** The surface of a model, along an edge. */
    private record Edge(Form form, Surface whole) implements Surface {

        @Override
        public int dimension() {
            return form.names().size();
        }

        @Override
        public double at(double[] theta, double[] gradient) {
            List<Double> parameters = form.natural(theta, 1);
            double[] full = form.full(
                    parameters.stream().mapToDouble(Double::doubleValue).toArray());
            double[] logs = new double[full.length];
            for (int i = 0; i < full.length; i++) {
                if (!(full[i] > 0)) {
                    // a probability of 1 or more
                    return Double.NEGATIVE_INFINITY;
                }
                logs[i] = StrictMath.log(full[i]);
            }
            double[] slopes = new double[full.length];
            double height = whole.at(logs, slopes);
            System.arraycopy(form.slopes(slopes, parameters), 0, gradient, 0, gradient.length);
            return height;
        }
    }
}
