package manyi.mart.survey;

import java.util.List;
import manyi.math.survey.RespondentIndex;
import org.apache.spark.sql.Row;

/** One response as the figures read it. */
final class ResponseView {

    /** The fields of a response's row, in their order. */
    static final int POPULATION = 0;

    static final int STRATUM = 1;
    static final int UNIT = 2;
    static final int WAVE = 3;
    static final int CUSTOMER = 4;
    static final int SEGMENTS = 5;
    static final int WEIGHT = 6;
    static final int CSI = 7;
    static final int ANSWERS = 8;
    static final int STRATUM_SIZE = 9;
    static final int PSU_SIZE = 10;
    /** The weight before raking; null where nothing is raked. */
    static final int BASE_WEIGHT = 11;

    /** What was expected before, in the order of {@link PanelPairs#gaps}; null where nothing is known. */
    static final int EXPECTED_BEFORE = 12;
    /** The views in which the customer stands aside, as bits; null where the customer is not known. */
    static final int ASIDE = 13;

    static final int IS_CROSS_PSU = 14;

    /** The points of whoever counts for a share. */
    static final long FULL = 100_000_000_000L;

    private final RespondentIndex index;
    private final double[] answers;
    private long weight;
    private Row response;
    private boolean hasCsi;
    private long csi;
    private long[] contributions;

    ResponseView(RespondentIndex index) {
        this.index = index;
        this.answers = new double[index.items().size()];
    }

    /** Turns to another response. */
    void read(Row next) {
        response = next;
        weight = response.getDecimal(WEIGHT).movePointRight(9).longValueExact();
        List<Double> given = response.isNullAt(ANSWERS) ? List.of() : response.getList(ANSWERS);
        for (int i = 0; i < answers.length; i++) {
            answers[i] = i < given.size() && given.get(i) != null ? given.get(i) : Double.NaN;
        }
        hasCsi = !response.isNullAt(CSI);
        csi = index.index(answers);
        contributions = null;
    }

    /** The weight in billionths. */
    long weight() {
        return weight;
    }

    /** The weight before raking, in billionths. */
    long baseWeight() {
        return response.getDecimal(BASE_WEIGHT).movePointRight(9).longValueExact();
    }

    /** The columns of the response in the margins. */
    int[] columns(Margins margins) {
        return margins.columns(response.getString(POPULATION), response.getString(WAVE), response.getList(SEGMENTS));
    }

    boolean has(int item) {
        return !Double.isNaN(answers[item]);
    }

    double answer(int item) {
        return answers[item];
    }

    /** The item's score, points 0 to 100. */
    double score(int item) {
        return index.items().get(item).score(answers[item]);
    }

    /** What the customer had expected before, by its place in {@link PanelPairs#gaps}; NaN where that is not known. */
    double expectedBefore(int gap) {
        if (response.isNullAt(EXPECTED_BEFORE)) {
            return Double.NaN;
        }
        Double told = response.<Double>getList(EXPECTED_BEFORE).get(gap);
        return told == null ? Double.NaN : told;
    }

    /** Whether the customer's pairs are left out of the view. */
    boolean standsAside(int view) {
        return !response.isNullAt(ASIDE) && (response.getLong(ASIDE) >> view & 1) == 1;
    }

    boolean hasCsi() {
        return hasCsi;
    }

    /** The index in billionths of a point. */
    long csi() {
        return csi;
    }

    /** What the item adds to the index, in billionths of a point. */
    long contribution(int item) {
        if (contributions == null) {
            contributions = index.contributions(answers, csi);
        }
        return contributions[item];
    }

    static long billionths(double points) {
        return StrictMath.round(points * RespondentIndex.BILLION);
    }
}
