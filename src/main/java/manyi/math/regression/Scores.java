package manyi.math.regression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Scores with the answers that followed, and how good they are. Rows with the same score are never put in an order: ranks
 * take the middle of a tie, shares of the best rows take the same part of each of its rows.
 */
public final class Scores {

    private static final int BINS = 10;
    /** Probabilities are kept so far from 0 and 1 where a logarithm is taken. */
    private static final double EDGE = 0x1p-52;

    /**
     * Rows with one score.
     *
     * @param score greater for what is likelier to be positive; a probability where one is asked for
     */
    public record Cell(double score, long positives, long negatives) {

        public Cell {
            if (!Double.isFinite(score) || positives < 0 || negatives < 0) {
                throw new IllegalArgumentException(
                        "score " + score + ": " + positives + " positives, " + negatives + " negatives");
            }
        }

        long rows() {
            return positives + negatives;
        }
    }

    /** By rising score, each once. */
    final List<Cell> cells;

    private final long positives;
    private final long negatives;

    private Scores(List<Cell> cells) {
        this.cells = List.copyOf(cells);
        positives = cells.stream().mapToLong(Cell::positives).sum();
        negatives = cells.stream().mapToLong(Cell::negatives).sum();
    }

    /**
     * Scores in any order.
     *
     * @throws RefusedRegression where there are no positives or no negatives
     */
    public static Scores of(Collection<Cell> cells) {
        List<Cell> merged = new ArrayList<>();
        for (Cell cell : cells.stream()
                .filter(cell -> cell.rows() > 0)
                .sorted(Comparator.comparingDouble(Cell::score))
                .toList()) {
            int last = merged.size() - 1;
            if (last >= 0 && merged.get(last).score() == cell.score()) {
                Cell other = merged.get(last);
                merged.set(
                        last,
                        new Cell(
                                cell.score(),
                                other.positives() + cell.positives(),
                                other.negatives() + cell.negatives()));
            } else {
                merged.add(cell);
            }
        }
        var scores = new Scores(merged);
        if (scores.positives == 0 || scores.negatives == 0) {
            throw new RefusedRegression(
                    "All " + scores.rows() + " rows have the same answer, so no score can be judged by them.");
        }
        return scores;
    }

    public long positives() {
        return positives;
    }

    public long negatives() {
        return negatives;
    }

    public long rows() {
        return positives + negatives;
    }

    /** The share of positives. */
    public double baseRate() {
        return (double) positives / rows();
    }

    /** The probability that a positive has a higher score than a negative, a tie counting half. */
    public double auc() {
        double twice = 0;
        long below = 0;
        for (Cell cell : cells) {
            twice += cell.positives() * (2.0 * below + cell.negatives());
            below += cell.negatives();
        }
        return twice / (2.0 * positives * negatives);
    }

    /**
     * The standard error of {@link #auc}; NaN with a single positive or negative.
     *
     * @see "DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44(3)"
     */
    public double aucError() {
        double auc = auc();
        double ofPositives = 0;
        double ofNegatives = 0;
        long negativesBelow = 0;
        long positivesAbove = positives;
        for (Cell cell : cells) {
            positivesAbove -= cell.positives();
            double wins = (negativesBelow + cell.negatives() / 2.0) / negatives - auc;
            double losses = (positivesAbove + cell.positives() / 2.0) / positives - auc;
            ofPositives += cell.positives() * wins * wins;
            ofNegatives += cell.negatives() * losses * losses;
            negativesBelow += cell.negatives();
        }
        return StrictMath.sqrt(
                ofPositives / (positives - 1.0) / positives + ofNegatives / (negatives - 1.0) / negatives);
    }

    /** Σ (R_n − R_{n−1})·P_n over the distinct scores from the top, P the precision and R the recall. */
    public double averagePrecision() {
        double sum = 0;
        long found = 0;
        long taken = 0;
        for (int i = cells.size() - 1; i >= 0; i--) {
            found += cells.get(i).positives();
            taken += cells.get(i).rows();
            sum += (double) cells.get(i).positives() / positives * found / taken;
        }
        return sum;
    }

    /** The mean squared difference of probability and answer (0 or 1). */
    public double brier() {
        return meanOfProbabilities(i -> {
            Cell cell = cells.get(i);
            double miss = 1 - cell.score();
            return cell.positives() * miss * miss + cell.negatives() * cell.score() * cell.score();
        });
    }

    /** 1 − Brier score / that of the base rate: 1 is perfect, 0 no better than the base rate. */
    public double brierSkill() {
        return 1 - brier() / (baseRate() * (1 - baseRate()));
    }

    /** −mean log-likelihood, natural logarithm; probabilities are kept 2⁻⁵² from 0 and 1. */
    public double logLoss() {
        return meanOfProbabilities(i -> {
            Cell cell = cells.get(i);
            double p = inner(cell.score());
            return -cell.positives() * StrictMath.log(p) - cell.negatives() * StrictMath.log1p(-p);
        });
    }

    private double meanOfProbabilities(IntToDoubleFunction loss) {
        requireProbabilities();
        double sum = 0;
        for (int i = 0; i < cells.size(); i++) {
            sum += loss.applyAsDouble(i);
        }
        return sum / rows();
    }

    private void requireProbabilities() {
        if (cells.get(0).score() < 0 || cells.get(cells.size() - 1).score() > 1) {
            throw new IllegalArgumentException("scores from " + cells.get(0).score() + " to "
                    + cells.get(cells.size() - 1).score() + " are no probabilities");
        }
    }

    private static double inner(double p) {
        return StrictMath.min(StrictMath.max(p, EDGE), 1 - EDGE);
    }

    /**
     * Whether probabilities come true.
     *
     * @param bins of about equal counts, rising
     * @param expectedError Σ rows of a bin / rows · |rate − mean probability|
     * @param intercept of logit P(positive) = intercept + slope·logit(probability); 0 where right
     * @param slope 1 where right, below it where probabilities are too extreme
     * @param reason why there are no intercept and slope (then NaN); else empty
     * @see "Cox (1958), Two Further Applications of a Model for Binary Regression, Biometrika 45; Naeini, Cooper,
     *     Hauskrecht (2015), AAAI"
     */
    public record Calibration(
            List<Bin> bins,
            double expectedError,
            double intercept,
            double interceptError,
            double slope,
            double slopeError,
            String reason) {

        public Calibration {
            bins = List.copyOf(bins);
        }
    }

    /**
     * Rows of neighbouring probabilities.
     *
     * @param bin from 1; a bin is missing where one probability fills two
     * @param meanProbability of its rows
     * @param rate the share of positives among them
     */
    public record Bin(int bin, long rows, long positives, double meanProbability, double rate) {}

    /** Ten bins of equal counts; a tie lies whole in the bin of its middle rank. */
    public Calibration calibration() {
        requireProbabilities();
        List<Bin> bins = new ArrayList<>();
        double expectedError = 0;
        long below = 0;
        for (int i = 0; i < cells.size(); ) {
            int bin = bin(below, cells.get(i));
            long inBin = 0;
            long positive = 0;
            double sum = 0;
            for (; i < cells.size() && bin(below, cells.get(i)) == bin; i++) {
                Cell cell = cells.get(i);
                below += cell.rows();
                inBin += cell.rows();
                positive += cell.positives();
                sum += cell.rows() * cell.score();
            }
            bins.add(new Bin(bin, inBin, positive, sum / inBin, (double) positive / inBin));
            expectedError += StrictMath.abs(positive - sum) / rows();
        }
        try {
            List<manyi.math.regression.Cell> logits = cells.stream()
                    .map(cell -> manyi.math.regression.Cell.of(
                            Sums.binary(cell.positives(), cell.negatives()), Family.LOGISTIC.link(inner(cell.score()))))
                    .toList();
            var fit =
                    Regression.of(Family.LOGISTIC, Design.of(List.of("logit of the probability"), logits), 0, Set.of());
            return new Calibration(
                    bins,
                    expectedError,
                    fit.coefficients().get(0),
                    fit.standardError(0, Errors.MODEL),
                    fit.coefficients().get(1),
                    fit.standardError(1, Errors.MODEL),
                    "");
        } catch (RefusedRegression refusal) {
            return new Calibration(
                    bins, expectedError, Double.NaN, Double.NaN, Double.NaN, Double.NaN, refusal.getMessage());
        }
    }

    private int bin(long below, Cell cell) {
        return 1 + (int) (BINS * (below + cell.rows() / 2.0) / rows());
    }

    /**
     * A tenth of the rows, the highest scores first.
     *
     * @param positives expected where ties are cut at random
     * @param rate the share of positives
     * @param lift rate / base rate
     * @param gain the share of all positives in this and the tenths before it
     */
    public record Decile(int decile, double positives, double rate, double lift, double gain) {}

    public List<Decile> deciles() {
        List<Decile> deciles = new ArrayList<>();
        double before = 0;
        for (int decile = 1; decile <= BINS; decile++) {
            double found = decile == BINS ? positives : found(rows() * (double) decile / BINS);
            double rate = (found - before) / rows() * BINS;
            deciles.add(new Decile(decile, found - before, rate, rate / baseRate(), found / positives));
            before = found;
        }
        return deciles;
    }

    /** Positives expected among the rows with the highest scores. */
    private double found(double rows) {
        double left = rows;
        double found = 0;
        for (int i = cells.size() - 1; i >= 0 && left > 0; i--) {
            Cell cell = cells.get(i);
            found += cell.positives() * StrictMath.min(1, left / cell.rows());
            left -= cell.rows();
        }
        return found;
    }
}
