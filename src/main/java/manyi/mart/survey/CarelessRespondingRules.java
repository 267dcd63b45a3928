package manyi.mart.survey;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import java.util.EnumMap;
import java.util.Map;
import manyi.config.ResponseRules;
import manyi.conformed.CarelessResponding;
import manyi.source.Disposition;
import manyi.source.Landing;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/** What the rules of a job make of a response: which cases are set apart, which responses are flagged or left out. */
public record CarelessRespondingRules(ResponseRules rules) {

    public static final String PARTIAL = "partly answered";
    public static final String STRAIGHT_LINE = "the same answer throughout";
    public static final String SPED = "answered too fast";
    public static final String MOSTLY_MISSING = "too many answers missing";

    /** Why a case has no answers that count; a case without a reason here was answered. */
    private static final Map<Disposition, String> SET_APART = new EnumMap<>(Map.of(
            Disposition.REFUSAL, "refused",
            Disposition.NON_CONTACT, "not reached",
            Disposition.OTHER_NONRESPONSE, "did not answer for another reason",
            Disposition.UNKNOWN_ELIGIBILITY, "not known whether to be asked",
            Disposition.NOT_ELIGIBLE, "not to be asked",
            Disposition.TEST, "test"));

    /** The reasons so far, then those of cases that were not answered. */
    public static Column setApart(Column reasons) {
        Column all = reasons;
        for (Map.Entry<Disposition, String> reason : SET_APART.entrySet()) {
            all = all.when(is(reason.getKey()), reason.getValue());
        }
        return all;
    }

    /** The reasons so far, then those of responses that the rules leave out. */
    public Column leftOut(Column reasons) {
        Column all = reasons;
        if (rules.isPartialExcluded()) {
            all = all.when(is(Disposition.PARTIAL), PARTIAL);
        }
        if (rules.isStraightLiningExcluded()) {
            all = all.when(isStraightLine(), STRAIGHT_LINE);
        }
        if (rules.isSpeedingExcluded()) {
            all = all.when(isSped(), SPED);
        }
        return rules.isMissingExcluded() ? all.when(isMostlyMissing(), MOSTLY_MISSING) : all;
    }

    /** Whether the case ended so. */
    public static Column is(Disposition disposition) {
        return coalesce(Landing.DISPOSITION.col(), lit(Disposition.COMPLETE.key()))
                .equalTo(disposition.key());
    }

    public Column isStraightLine() {
        return coalesce(CarelessResponding.UNIFORM_ANSWERS.col().geq(rules.straightLineAnswers()), lit(false));
    }

    public Column isSped() {
        return rules.speedingBelowSeconds()
                .map(seconds -> coalesce(Landing.DURATION_SECONDS.col().lt(lit(seconds)), lit(false)))
                .orElse(lit(false));
    }

    /** Exact: the share is never computed. */
    public Column isMostlyMissing() {
        Column asked = CarelessResponding.ASKED_ITEMS.col();
        Column missing = asked.minus(CarelessResponding.ANSWERED_ITEMS.col());
        return coalesce(
                missing.cast(DataTypes.createDecimalType(10, 0))
                        .gt(asked.cast(DataTypes.createDecimalType(10, 0)).multiply(lit(rules.missingAbove()))),
                lit(false));
    }
}
