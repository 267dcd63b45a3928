package manyi.mart.survey;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.conformed.Indicators;
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
        Column open = lit(false);
        Column late = lit(false);
        // what was answered after the close cannot have come before it
        Column arrivedOn = coalesce(Landing.RECEIVED_ON.col(), Landing.ANSWERED_ON.col());
        for (Questionnaire.Wave wave : satisfaction.questionnaire().waves()) {
            LocalDate closed = wave.closesOn();
            Column isWave = Landing.WAVE.col().equalTo(wave.name());
            if (!closed.isBefore(asOf)) {
                open = open.or(isWave);
            } else if (!satisfaction.restatedWaves().contains(wave.name())) {
                late = late.or(isWave.and(arrivedOn.gt(lit(closed))));
            }
        }
        boolean hasIndicators = Indicators.of(satisfaction.questionnaire()).hasIndicators();
        Column reason = when(open, WAVE_IS_OPEN).when(Landing.ANSWERED_ON.col().gt(lit(asOf)), ANSWERED_LATER);
        reason = CarelessRespondingRules.setApart(reason).when(late, RECEIVED_LATE);
        return new CarelessRespondingRules(satisfaction.quality())
                .leftOut(reason)
                .when(lit(hasIndicators).and(SurveyResponse.CSI.col().isNull()), TOO_LITTLE_ANSWERED);
    }

    /** The primary sampling unit in its stratum: that of the design where it names one, else the customer. */
    public static Column samplingUnit() {
        return coalesce(concat(lit("psu "), Landing.PSU.col()), unit());
    }

    /**
     * All that decides what is made of the responses of closed waves, whatever the day; answers after as_of are for the
     * run to look after.
     */
    public static Optional<String> recipe(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions) {
        return Optional.of(String.join(
                "\n",
                satisfaction.toString(),
                dimensions.toString(),
                closedWaves(asOf, satisfaction).toString()));
    }

    /** What of a job moves all figures of a closed wave without moving an answer: its last day, and what it is raked to. */
    public static String weighedBy(String wave, Job.Satisfaction satisfaction) {
        String days = satisfaction.questionnaire().waves().stream()
                .filter(one -> one.name().equals(wave))
                .map(one -> one.closesOn().toString())
                .findFirst()
                .orElseThrow();
        return "closed on " + days
                + satisfaction.weighting().map(raked -> ", " + raked).orElse("");
    }

    /** Whether a response of a closed wave came before the close, whether it counts or not. */
    public static Column isInTime(LocalDate asOf, Job.Satisfaction satisfaction) {
        return not(coalesce(
                reasonLeftOut(asOf, satisfaction).isin(WAVE_IS_OPEN, ANSWERED_LATER, RECEIVED_LATE), lit(false)));
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
