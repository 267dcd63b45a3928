package manyi.mart.path;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import manyi.config.Questionnaire;
import manyi.config.SurveyModel;
import manyi.math.moment.MomentSums;

/**
 * An item whose moments are condensed. Values are twenty-thousandths from the middle of the scale, so that answers, kept
 * in ten-thousandths, and the middle between two of them are exact; a reversed item is turned over, so that more is
 * always better.
 *
 * @param place in the array of answers
 * @param low the lowest answer, in ten-thousandths
 * @param high the highest
 */
record MomentItem(String id, int place, long low, long high, boolean isReversed) implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int PRECISION = 10_000;
    /** Values of an answer of 1. */
    static final int UNITS = 2 * PRECISION;

    /** The items of model and drivers in the order of the questionnaire. */
    static List<MomentItem> of(Questionnaire questionnaire) {
        Set<String> named = questionnaire.model().map(SurveyModel::items).orElse(Set.of());
        List<MomentItem> items = new ArrayList<>();
        for (Questionnaire.Item item : questionnaire.items()) {
            if (named.contains(item.id())) {
                items.add(new MomentItem(
                        item.id(),
                        questionnaire.place(item.id()),
                        units(item.low()),
                        units(item.high()),
                        item.isReversed()));
            }
        }
        return items;
    }

    private static long units(BigDecimal answer) {
        return answer.multiply(BigDecimal.valueOf(PRECISION))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** The value of an answer; {@link MomentSums#MISSING} for NaN. */
    long value(double answer) {
        if (Double.isNaN(answer)) {
            return MomentSums.MISSING;
        }
        long fromMiddle = 2 * StrictMath.round(answer * PRECISION) - (low + high);
        return isReversed ? -fromMiddle : fromMiddle;
    }

    /** The lowest answer. */
    double lowest() {
        return low / (double) PRECISION;
    }

    /** The highest answer. */
    double highest() {
        return high / (double) PRECISION;
    }
}
