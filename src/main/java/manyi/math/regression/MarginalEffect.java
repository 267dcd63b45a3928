package manyi.math.regression;

import manyi.math.Chunks;

/**
 * The average marginal effect of a variable: the derivative of the expected response by the variable, averaged over rows
 * with their weights. Errors by the delta method, the rows being given and the coefficients uncertain.
 *
 * @param estimate in units of the response per unit of the variable
 * @param meanResponse the mean of the fitted responses, same rows and weights
 * @see "Greene (2018), Econometric Analysis, 17.2.4; Wooldridge (2010), Econometric Analysis of Cross Section and Panel
 *     Data, 2.2.5"
 */
public record MarginalEffect(
        double estimate, double meanResponse, double modelError, double robustError, double clusteredError) {

    /**
     * The effect over the rows of a design: those of the fit, or some of them.
     *
     * @param slope how the covariates move with the variable
     */
    public static MarginalEffect of(Regression fit, Design design, Slope slope) {
        int size = fit.coefficients().size();
        if (design.columns + 1 != size) {
            throw new IllegalArgumentException(design.columns + " covariates for " + size + " coefficients");
        }
        double[] beta =
                fit.coefficients().stream().mapToDouble(Double::doubleValue).toArray();
        double[] sums = Chunks.sum(design.cells, size + 2, (from, to, into) -> {
            for (int i = from; i < to; i++) {
                double[] x = design.row(i);
                double[] moves = slope.at(x);
                double eta = beta[0] + design.offset[i];
                double move = 0;
                for (int j = 1; j < size; j++) {
                    eta += beta[j] * x[j - 1];
                    move += beta[j] * moves[j - 1];
                }
                double weight = design.sums[i].w();
                double mean = fit.family().mean(eta);
                double first = weight * fit.family().slope(mean);
                double second = weight * fit.family().bend(mean) * move;
                into[0] += second;
                for (int j = 1; j < size; j++) {
                    into[j] += second * x[j - 1] + first * moves[j - 1];
                }
                into[size] += first * move;
                into[size + 1] += weight * mean;
            }
        });
        double[] gradient = new double[size];
        for (int j = 0; j < size; j++) {
            gradient[j] = sums[j] / design.weight;
        }
        return new MarginalEffect(
                sums[size] / design.weight,
                sums[size + 1] / design.weight,
                fit.model().standardError(gradient),
                fit.robust().standardError(gradient),
                fit.clustered().standardError(gradient));
    }

    public double standardError(Errors errors) {
        return switch (errors) {
            case MODEL -> modelError;
            case ROBUST -> robustError;
            case CLUSTERED -> clusteredError;
        };
    }
}
