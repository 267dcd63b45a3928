package manyi.math.survey;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rise of prices at which half of the respondents would leave, from the rise that each says would make him go. The
 * share that leaves is known at the rises that were asked; between them it is taken to grow in a straight line, from 0
 * at no rise.
 *
 * @param answers by rise; those who named one rise may stand in several rows
 * @see "Woodruff (1952), Confidence Intervals for Medians and Other Position Measures, JASA 47(260)"
 */
public record PriceTolerance(List<Answer> answers) {

    private static final double HALF = 0.5;
    private static final double ROUNDING = 1e-12;

    /**
     * Those who would leave at a rise.
     *
     * @param rise 0 or above, in the unit of the item; infinite for those who would stay at any rise asked
     * @param respondents a count above 0; each is a sampling unit of one stratum
     * @param weight Σw
     * @param squares Σw²
     */
    public record Answer(double rise, long respondents, double weight, double squares) {
        public Answer {
            if (!(rise >= 0 && respondents > 0 && weight > 0 && squares > 0)) {
                throw new IllegalArgumentException("a rise of " + rise + " named by " + respondents
                        + " respondents of weight " + weight + ", squares " + squares);
            }
        }
    }

    public PriceTolerance {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("no answer");
        }
        answers = answers.stream()
                .sorted(Comparator.comparingDouble(Answer::rise)
                        .thenComparingDouble(Answer::weight)
                        .thenComparingLong(Answer::respondents)
                        .thenComparingDouble(Answer::squares))
                .toList();
    }

    /** The rise at which half would leave; infinite where fewer than half would leave at the greatest rise asked. */
    public double tolerated() {
        return riseAt(HALF);
    }

    /**
     * The share of weight that would leave at a rise, 0 to 1.
     *
     * @param rise 0 or above
     */
    public double leaving(double rise) {
        double leaving = 0;
        for (Answer answer : answers) {
            leaving += answer.weight() * part(answer.rise(), rise);
        }
        return leaving / weight();
    }

    /**
     * How far a respondent counts as leaving at a rise: 1 where his answer is at most it, 0 where it is beyond the next
     * rise asked, a part where the rise lies between his answer and the one before. The mean of this over respondents is
     * {@link #leaving}, so its error by any design gives the error for {@link #estimate(double, long)}.
     */
    public double part(double answer, double rise) {
        if (answer <= rise) {
            return 1;
        }
        double below = 0;
        for (Answer other : answers) {
            if (other.rise() < answer) {
                below = other.rise();
            }
        }
        return Double.isInfinite(answer) || rise <= below ? 0 : (rise - below) / (answer - below);
    }

    /** The tolerated rise with its interval, respondents being the sampling units of one stratum. */
    public Estimate estimate() {
        double tolerated = tolerated();
        long respondents = 0;
        for (Answer answer : answers) {
            respondents += answer.respondents();
        }
        if (Double.isInfinite(tolerated) || respondents < 2) {
            return estimate(Double.NaN, respondents - 1);
        }
        double leaving = leaving(tolerated);
        double squares = 0;
        for (Answer answer : answers) {
            double apart = part(answer.rise(), tolerated) - leaving;
            squares += answer.squares() * apart * apart;
        }
        double n = (double) respondents;
        return estimate(squares > 0 ? StrictMath.sqrt(squares * n / (n - 1)) / weight() : Double.NaN, respondents - 1);
    }

    /**
     * The tolerated rise with Woodruff's interval at 95 %: the rises at which the lower and the upper limit of the share
     * that leaves are reached. A limit beyond the greatest rise asked is infinite.
     *
     * @param shareError standard error, by the design, of the share that leaves at the tolerated rise; NaN where sampling
     *     units do not vary in it, 0 where all there are answered
     * @return no interval where the error or the tolerated rise is unknown, or the degrees of freedom are below 1; the
     *     standard error is (high − low) / 2t, NaN where a limit is infinite
     */
    public Estimate estimate(double shareError, long degreesOfFreedom) {
        double tolerated = tolerated();
        if (Double.isInfinite(tolerated) || Double.isNaN(shareError) || degreesOfFreedom < 1) {
            return new Estimate(tolerated, Double.NaN, degreesOfFreedom, Double.NaN, Double.NaN);
        }
        double low = tolerated;
        double high = tolerated;
        if (shareError > 0) {
            Estimate limits = new Proportion(HALF, shareError, degreesOfFreedom, 1, 1).estimate();
            low = riseAt(limits.low());
            high = riseAt(limits.high());
        }
        double error = Double.isInfinite(high) ? Double.NaN : (high - low) / (2 * Student.reach(degreesOfFreedom));
        return new Estimate(tolerated, error, degreesOfFreedom, low, high);
    }

    private double riseAt(double share) {
        double belowRise = 0;
        double belowShare = 0;
        for (double rise : rises()) {
            double here = leaving(rise);
            // a last rise at which exactly half leave is not to be missed by a rounding
            if (here >= share - ROUNDING) {
                return rise == 0 ? 0 : belowRise + (rise - belowRise) * (share - belowShare) / (here - belowShare);
            }
            belowRise = rise;
            belowShare = here;
        }
        return Double.POSITIVE_INFINITY;
    }

    private List<Double> rises() {
        List<Double> rises = new ArrayList<>();
        for (Answer answer : answers) {
            if (Double.isFinite(answer.rise()) && !rises.contains(answer.rise())) {
                rises.add(answer.rise());
            }
        }
        return rises;
    }

    private double weight() {
        double weight = 0;
        for (Answer answer : answers) {
            weight += answer.weight();
        }
        return weight;
    }
}
