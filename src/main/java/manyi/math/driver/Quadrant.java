package manyi.math.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * What to do about a driver, by its importance and its performance.
 *
 * @see "Martilla, James (1977), Importance-Performance Analysis, Journal of Marketing 41(1)"
 */
public enum Quadrant {
    /** Important, and good. */
    KEEP_UP("keep up"),
    /** Important, and not good. */
    CONCENTRATE_HERE("concentrate here"),
    /** Neither. */
    LOW_PRIORITY("low priority"),
    /** Good, and not important. */
    POSSIBLE_OVERKILL("possible overkill");

    private final String words;

    Quadrant(String words) {
        this.words = words;
    }

    /** As tables say it. */
    public String words() {
        return words;
    }

    /**
     * The quadrant of one driver; what lies at a cut lies above it.
     *
     * @param importance in any unit, that of its cut
     * @param performance in any unit, that of its cut
     */
    public static Quadrant of(double importance, double performance, double importanceCut, double performanceCut) {
        for (double value : new double[] {importance, performance, importanceCut, performanceCut}) {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("importance " + importance + " and performance " + performance
                        + " against cuts of " + importanceCut + " and " + performanceCut);
            }
        }
        if (importance >= importanceCut) {
            return performance >= performanceCut ? KEEP_UP : CONCENTRATE_HERE;
        }
        return performance >= performanceCut ? POSSIBLE_OVERKILL : LOW_PRIORITY;
    }

    /**
     * The quadrants of several drivers, cut at the plain means of both.
     *
     * @param importance of each driver
     * @param performance of each driver, in the same order
     */
    public static List<Quadrant> atTheMeans(List<Double> importance, List<Double> performance) {
        if (importance.size() != performance.size()) {
            throw new IllegalArgumentException(
                    importance.size() + " importances and " + performance.size() + " performances");
        }
        double importanceCut = mean(importance);
        double performanceCut = mean(performance);
        List<Quadrant> quadrants = new ArrayList<>();
        for (int i = 0; i < importance.size(); i++) {
            quadrants.add(of(importance.get(i), performance.get(i), importanceCut, performanceCut));
        }
        return quadrants;
    }

    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values.stream().sorted().toList()) {
            sum += value;
        }
        return sum / values.size();
    }
}
