package manyi.mart.survey;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.conformed.Indicators;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.source.Landing;
import org.apache.spark.sql.Column;

/** Which responses count in a run, and who gave them. */
public final class Respondents {

    public static final String WAVE_IS_OPEN = "the wave is not closed";
    public static final String ANSWERED_LATER = "answered after as_of";
    public static final String RECEIVED_LATE = "received after the wave was closed";
    public static final String TOO_LITTLE_ANSWERED = "too little of the indicators answered";

    private Respondents() {}

    /** Why a response is left out; null where it counts. */
    public static Column reasonLeftOut(LocalDate asOf, Job.Satisfaction satisfaction) {
        return reasonLeftOut(asOf, satisfaction, satisfaction.restatedWaves());
    }

    /**
     * Why a response is left out; null where it counts.
     *
     * @param restated the waves whose late answers count
     */
    public static Column reasonLeftOut(LocalDate asOf, Job.Satisfaction satisfaction, Collection<String> restated) {
        Column open = lit(false);
        Column late = lit(false);
        Column isFinal = lit(false);
        // what was answered after the close cannot have come before it
        Column arrivedOn = coalesce(Landing.RECEIVED_ON.col(), Landing.ANSWERED_ON.col());
        for (Questionnaire.Wave wave : satisfaction.questionnaire().waves()) {
            LocalDate closed = wave.closesOn();
            Column isWave = Landing.WAVE.is(wave.name());
            if (!closed.isBefore(asOf)) {
                open = open.or(isWave);
            } else if (!restated.contains(wave.name())) {
                late = late.or(isWave.and(arrivedOn.gt(lit(closed))));
                isFinal = isFinal.or(isWave);
            }
        }
        boolean hasIndicators = Indicators.of(satisfaction.questionnaire()).hasIndicators();
        Column reason = when(open, WAVE_IS_OPEN)
                // of a closed wave that is not restated it is late, whatever the day
                .when(not(isFinal).and(Landing.ANSWERED_ON.col().gt(lit(asOf))), ANSWERED_LATER);
        reason = CarelessRespondingRules.setApart(reason).when(late, RECEIVED_LATE);
        return new CarelessRespondingRules(satisfaction.quality())
                .leftOut(reason)
                .when(lit(hasIndicators).and(ScoredResponse.CSI.col().isNull()), TOO_LITTLE_ANSWERED);
    }

    /**
     * All that decides which responses count. The day counts only by the waves that are closed, but where late answers of
     * one are let in.
     */
    public static String definition(LocalDate asOf, Job.Satisfaction satisfaction) {
        return satisfaction
                + "\n"
                + closedWaves(asOf, satisfaction)
                + (satisfaction.restatedWaves().isEmpty() ? "" : "\n" + asOf);
    }

    /** The primary sampling unit in its stratum: that of the design where it names one, else the customer. */
    public static Column samplingUnit() {
        return coalesce(concat(lit("psu "), Landing.PSU.col()), unit());
    }

    /** The names of the waves that end, their days of grace included, before as_of. */
    public static List<String> closedWaves(LocalDate asOf, Job.Satisfaction satisfaction) {
        return satisfaction.questionnaire().waves().stream()
                .filter(wave -> wave.closesOn().isBefore(asOf))
                .map(Questionnaire.Wave::name)
                .toList();
    }

    /** The customer, or the response of the wave where its customer is not known. */
    public static Column unit() {
        return coalesce(
                concat(lit("customer "), Landing.CUSTOMER_ID.col()),
                concat(lit("response "), Landing.WAVE.col(), lit(" "), SurveyResponse.RESPONSE_KEY.col()));
    }
}
