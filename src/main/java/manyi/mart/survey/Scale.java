package manyi.mart.survey;

import java.util.List;

/**
 * What a figure is measured in.
 *
 * @param unit of the figure
 * @param unitOfErrors of its standard error and limits
 * @param least the least value it can have; minus infinity without a bound
 * @param greatest the greatest
 * @param isShare whether it is a share, whose limits are those of a proportion
 */
public record Scale(String unit, String unitOfErrors, double least, double greatest, boolean isShare) {

    public static final Scale POINTS = points(0, 100);
    public static final Scale GRADE = points(-60, 60);
    public static final Scale NET_POINTS = points(-100, 100);
    public static final Scale SHARE = new Scale("share, 0 to 1", "share, 0 to 1", 0, 1, true);

    public Scale {
        if (!(least < greatest)) {
            throw new IllegalArgumentException("a scale from " + least + " to " + greatest);
        }
    }

    /** A scale without bounds. */
    public static Scale unbounded(String unit, String unitOfErrors) {
        return new Scale(unit, unitOfErrors, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
    }

    /** Differences of two figures of a scale without a limit of their own. */
    public static Scale differences(String unit) {
        return unbounded(unit, unit);
    }

    private static Scale points(int least, int greatest) {
        return new Scale("points, " + least + " to " + greatest, "points", least, greatest, false);
    }

    /** A twentieth of its width: the change that a wave should find. */
    public double twentieth() {
        return (greatest - least) / 20;
    }

    List<String> rules(String column) {
        return Double.isInfinite(least)
                ? List.of()
                : List.of(column + " between " + (long) least + " and " + (long) greatest);
    }
}
