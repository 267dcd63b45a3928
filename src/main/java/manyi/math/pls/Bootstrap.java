package manyi.math.pls;

import java.util.ArrayList;
import java.util.List;
import manyi.math.pls.Estimation.Composites;

/**
 * A fit with its replicates, and the intervals that follow. Signs of constructs are aligned to the full sample. A
 * replicate that cannot be fitted is left out; each interval says how many gave its figure. An index is taken in each replicate whatever
 * the signs of that replicate's weights; where the full sample's are negative it has no interval either.
 */
public final class Bootstrap {

    final PathFit fit;
    final Draws draws;
    /** By replicate; null where it was refused. */
    final Composites[] composites;

    private final int degreesOfFreedom;
    private final double[][] values;
    /** By replicate; null where it was fitted. */
    private final Refusal[] refusals;

    @FunctionalInterface
    private interface Estimator {
        Estimation estimate(ItemStatistics statistics, int replicate) throws RefusedException;
    }

    private Bootstrap(PathFit fit, Replicates replicates, Estimator estimator) {
        if (!fit.model().equals(replicates.structure.model)) {
            throw new IllegalArgumentException("the fit and its replicates are of different models");
        }
        this.fit = fit;
        this.draws = replicates.draws;
        this.degreesOfFreedom = replicates.degreesOfFreedom();
        int count = draws.replicates();
        composites = new Composites[count];
        values = new double[count][];
        refusals = new Refusal[count];
        for (int replicate = 0; replicate < count; replicate++) {
            try {
                var statistics = ItemStatistics.of(fit.structure, replicates.moments(replicate));
                Estimation estimation = estimator.estimate(statistics, replicate);
                composites[replicate] = estimation.composites;
                values[replicate] = estimation.values(false);
            } catch (RefusedException e) {
                refusals[replicate] = e.refusal();
            }
        }
    }

    /** Replicates of a fit with own weights: they are estimated again in each. */
    public static Bootstrap own(PathFit fit, Replicates replicates) {
        refuse(fit.isHeld(), "the weights of this fit were given");
        double[] reference = fit.estimation.compositeLoadings();
        return new Bootstrap(
                fit, replicates, (statistics, replicate) -> Estimation.own(fit.structure, statistics, reference));
    }

    /**
     * Replicates of a segment that is measured with pooled weights, in each replicate by the weights of the base in the
     * same replicate, so that the uncertainty of the weights is in the intervals.
     *
     * @param fit of the segment with the base's weights
     * @param pooled the base, from the same draws; its refused replicates are refused here also
     */
    public static Bootstrap held(PathFit fit, Replicates replicates, Bootstrap pooled) {
        refuse(!fit.isHeld(), "the weights of this fit are its own");
        refuse(pooled.draws != replicates.draws, "the base and the segment are not from the same draws");
        refuse(!fit.model().equals(pooled.fit.model()), "the base and the segment are of different models");
        return new Bootstrap(fit, replicates, (statistics, replicate) -> {
            Refusal refusal = pooled.refusals[replicate];
            if (refusal != null) {
                throw new RefusedException(refusal.reason(), refusal.sentence());
            }
            return Estimation.held(fit.structure, statistics, pooled.composites[replicate].raw);
        });
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new IllegalArgumentException(why);
        }
    }

    /** In the full sample. */
    public PathFit fit() {
        return fit;
    }

    /** Replicates drawn, refused ones among them. */
    public int replicates() {
        return values.length;
    }

    /** The intervals of all figures that are replicated, in the order of {@link PathFit#figures()}. */
    public List<Interval> intervals() {
        var spread = new Limits(degreesOfFreedom);
        List<Figure> figures = fit.structure.figures(false);
        List<Interval> intervals = new ArrayList<>();
        for (int at = 0; at < figures.size(); at++) {
            Figure figure = figures.get(at);
            double estimate = fit.figures().get(figure);
            boolean isOne = fit.structure.isOne(figure);
            intervals.add(
                    fit.structure.isCorrelation(figure)
                            ? spread.ofCorrelation(figure, estimate, replicated(at), isOne)
                            : spread.of(figure, estimate, replicated(at), isOne));
        }
        return intervals;
    }

    int degreesOfFreedom() {
        return degreesOfFreedom;
    }

    private double[] replicated(int at) {
        double[] replicated = new double[values.length];
        for (int replicate = 0; replicate < values.length; replicate++) {
            replicated[replicate] = values[replicate] == null ? Double.NaN : values[replicate][at];
        }
        return replicated;
    }
}
