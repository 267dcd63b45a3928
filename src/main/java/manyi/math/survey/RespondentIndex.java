package manyi.math.survey;

import java.io.Serializable;
import java.util.List;

/**
 * The satisfaction index of one respondent: CSI = Σ λi·Xi / Σ λi over the indicators answered, in points 0 to 100.
 * Scores and indices are whole billionths of a point, so that sums over respondents are exact.
 *
 * @param items every item of the questionnaire, in its order; answers come in the same order, NaN where missing
 */
public record RespondentIndex(List<Item> items) implements Serializable {

    /** Billionths in one. */
    public static final double BILLION = 1e9;

    /**
     * An item and its weight in the index.
     *
     * @param low the lowest answer on the scale
     * @param high the highest
     * @param lambda the item's share of the whole index, 0 where it is no indicator
     */
    public record Item(double low, double high, boolean isReversed, double lambda) implements Serializable {
        public Item {
            if (!(low < high)) {
                throw new IllegalArgumentException("a scale from " + low + " to " + high);
            }
            if (!(lambda >= 0 && lambda <= 1)) {
                throw new IllegalArgumentException("an indicator's weight lies between 0 and 1: " + lambda);
            }
        }

        /** The answer in points, 0 to 100; 100 is always the better end. */
        public double score(double answer) {
            double score = 100 * (answer - low) / (high - low);
            return isReversed ? 100 - score : score;
        }
    }

    public RespondentIndex {
        items = List.copyOf(items);
    }

    /** Whether any item bears on the index. */
    public boolean hasIndicators() {
        return items.stream().anyMatch(item -> item.lambda() > 0);
    }

    /** The share of the indicators' weight that was answered, in billionths, 0 to 10⁹. */
    public long answeredWeight(double[] answers) {
        return StrictMath.round(BILLION * answered(answers));
    }

    /** The index in billionths of a point, rounded half up once; 0 where no indicator was answered. */
    public long index(double[] answers) {
        double answered = answered(answers);
        if (answered == 0) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < answers.length; i++) {
            Item item = items.get(i);
            if (item.lambda() > 0 && !Double.isNaN(answers[i])) {
                sum += item.lambda() * item.score(answers[i]);
            }
        }
        return StrictMath.round(BILLION * (sum / answered));
    }

    /**
     * What each item adds to {@link #index}, in billionths of a point. The parts sum to the index exactly: what rounding
     * leaves over goes to the answered item of the greatest weight, the first of equals.
     *
     * @param index the {@link #index} of these answers
     */
    public long[] contributions(double[] answers, long index) {
        long[] parts = new long[items.size()];
        double answered = answered(answers);
        if (answered == 0) {
            return parts;
        }
        long rest = index;
        int greatest = -1;
        for (int i = 0; i < answers.length; i++) {
            Item item = items.get(i);
            if (item.lambda() > 0 && !Double.isNaN(answers[i])) {
                parts[i] = StrictMath.round(BILLION * (item.lambda() * item.score(answers[i]) / answered));
                rest -= parts[i];
                if (greatest < 0 || item.lambda() > items.get(greatest).lambda()) {
                    greatest = i;
                }
            }
        }
        parts[greatest] += rest;
        return parts;
    }

    private double answered(double[] answers) {
        if (answers.length > items.size()) {
            throw new IllegalArgumentException(
                    answers.length + " answers to a questionnaire of " + items.size() + " items");
        }
        double answered = 0;
        for (int i = 0; i < answers.length; i++) {
            if (!Double.isNaN(answers[i])) {
                answered += items.get(i).lambda();
            }
        }
        return answered;
    }
}
