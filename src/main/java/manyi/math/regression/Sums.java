package manyi.math.regression;

/**
 * Sums over the rows of a cell; w is the weight of a row, y its response.
 *
 * @param rows a count
 * @param events rows whose response is above 0
 * @param w Σw
 * @param wy Σwy
 * @param ww Σw²
 * @param wwy Σw²y
 * @param wwyy Σw²y²
 */
public record Sums(long rows, long events, double w, double wy, double ww, double wwy, double wwyy) {

    public Sums {
        if (rows < 1 || events < 0 || events > rows) {
            throw new IllegalArgumentException(events + " events among " + rows + " rows");
        }
        if (!(w > 0 && ww > 0 && wy >= 0 && wwy >= 0 && wwyy >= 0 && w + wy + ww + wwy + wwyy < Double.MAX_VALUE)) {
            throw new IllegalArgumentException("a cell of weight " + w + " and response " + wy);
        }
    }

    /** Rows of weight 1 with yes or no. */
    public static Sums binary(long positives, long negatives) {
        return new Sums(
                positives + negatives,
                positives,
                positives + negatives,
                positives,
                positives + negatives,
                positives,
                positives);
    }

    /** Rows of weight 1 with a response of 0 or above, some of it above. */
    public static Sums amount(long rows, long events, double sum, double sumOfSquares) {
        return new Sums(rows, events, rows, sum, rows, sum, sumOfSquares);
    }

    Sums plus(Sums other) {
        return new Sums(
                rows + other.rows,
                events + other.events,
                w + other.w,
                wy + other.wy,
                ww + other.ww,
                wwy + other.wwy,
                wwyy + other.wwyy);
    }
}
