package manyi.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What became of a case in the end.
 *
 * @see "AAPOR (2023), Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th edition"
 */
public enum Disposition {
    /** Answered to the end. */
    COMPLETE,
    /** Answered enough to count, and broke off. */
    PARTIAL,
    /** Refused, or broke off before there was enough. */
    REFUSAL,
    /** Never reached. */
    NON_CONTACT,
    /** Reached and eligible, and yet no answer: language, illness. */
    OTHER_NONRESPONSE,
    /** Nobody knows whether the case belongs to those asked: mail that came back, no sign of life. */
    UNKNOWN_ELIGIBILITY,
    /** Does not belong to those asked. */
    NOT_ELIGIBLE,
    /** No case at all: a trial of the questionnaire. */
    TEST;

    /** The word in sources and tables. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words, in order. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Disposition::key).toList();
    }
}
