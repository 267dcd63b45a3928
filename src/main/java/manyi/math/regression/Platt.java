package manyi.math.regression;

import java.util.List;

/**
 * Platt's scaling: the probability of a score is 1/(1 + exp(−(intercept + slope·score))).
 *
 * @see "Platt (1999), Probabilistic Outputs for Support Vector Machines, in Advances in Large Margin Classifiers"
 */
public record Platt(double intercept, double slope) {

    /**
     * Fitted to smoothed answers, (P + 1)/(P + 2) for positives and 1/(N + 2) for negatives, so that it is finite even
     * where scores separate them.
     *
     * @throws RefusedRegression where all scores are alike
     */
    public static Platt of(Scores scores) {
        double yes = (scores.positives() + 1.0) / (scores.positives() + 2.0);
        double no = 1 / (scores.negatives() + 2.0);
        List<Cell> cells = scores.cells.stream()
                .map(cell -> {
                    double rows = (double) cell.rows();
                    double sum = cell.positives() * yes + cell.negatives() * no;
                    return Cell.of(new Sums(cell.rows(), cell.rows(), rows, sum, rows, sum, sum), cell.score());
                })
                .toList();
        var search = new Search(Family.LOGISTIC, Design.of(List.of("The score"), cells), 1, 0, new boolean[] {false});
        return new Platt(search.coefficients()[0], search.coefficients()[1]);
    }

    public double at(double score) {
        return Family.LOGISTIC.mean(intercept + slope * score);
    }
}
