package manyi.config;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Which responses are flagged as careless, and which of the flagged are left out.
 *
 * @param isPartialExcluded whether responses with the disposition {@code partial} are left out
 * @param straightLineAnswers so many answers to indicators of one scale, all of them the same, make a straight line
 * @param isStraightLiningExcluded whether straight lines are left out
 * @param speedingBelowSeconds a response that took less time was sped through; none where speed is not judged
 * @param isSpeedingExcluded whether these are left out
 * @param missingAbove a response is mostly missing where a greater share of the items asked has no answer, 0 to 1
 * @param isMissingExcluded whether these are left out
 */
public record ResponseRules(
        boolean isPartialExcluded,
        int straightLineAnswers,
        boolean isStraightLiningExcluded,
        Optional<BigDecimal> speedingBelowSeconds,
        boolean isSpeedingExcluded,
        BigDecimal missingAbove,
        boolean isMissingExcluded) {

    /** Partial responses count; straight lines and missing answers are flagged, and nothing is left out. */
    public static final ResponseRules STANDARD =
            new ResponseRules(false, 5, false, Optional.empty(), false, new BigDecimal("0.5"), false);

    private static final String EXCLUDE = "exclude";

    public ResponseRules {
        speedingBelowSeconds = speedingBelowSeconds.map(BigDecimal::stripTrailingZeros);
        missingAbove = missingAbove.signum() == 0 ? BigDecimal.ZERO : missingAbove.stripTrailingZeros();
        if (straightLineAnswers < 2) {
            throw new IllegalArgumentException("a straight line has two answers at least, not " + straightLineAnswers);
        }
    }

    /** Reads the block {@code satisfaction.quality}; faults are told to it. */
    static ResponseRules of(Section section) {
        boolean isPartialExcluded = isExcluded(section, "partial", "count");
        Optional<Section> straight = section.section("straight_lining");
        int answers = straight.map(block -> block.whole("answers", STANDARD.straightLineAnswers(), 2))
                .orElse(STANDARD.straightLineAnswers());
        boolean isStraightExcluded = isThenExcluded(straight);
        Optional<Section> speeding = section.section("speeding");
        Optional<BigDecimal> seconds = speeding.flatMap(ResponseRules::seconds);
        boolean isSpeedingExcluded = isThenExcluded(speeding);
        Optional<Section> missing = section.section("missing");
        BigDecimal above = missing.map(ResponseRules::share).orElse(STANDARD.missingAbove());
        boolean isMissingExcluded = isThenExcluded(missing);
        section.end();
        return new ResponseRules(
                isPartialExcluded, answers, isStraightExcluded, seconds, isSpeedingExcluded, above, isMissingExcluded);
    }

    private static Optional<BigDecimal> seconds(Section block) {
        if (!block.has("below_seconds")) {
            block.fault("below_seconds", "is missing; give the least seconds that an honest answer takes, such as 60");
            return Optional.empty();
        }
        Optional<BigDecimal> seconds = block.decimal("below_seconds");
        seconds.filter(given -> given.signum() <= 0)
                .ifPresent(given -> block.fault("below_seconds", given.toPlainString() + " does not lie above 0"));
        return seconds;
    }

    private static BigDecimal share(Section block) {
        Optional<BigDecimal> share = block.decimal("above");
        if (share.isPresent() && (share.get().signum() < 0 || share.get().compareTo(BigDecimal.ONE) >= 0)) {
            block.fault("above", share.get().toPlainString() + " does not lie between 0 and 1, 1 left out");
            return STANDARD.missingAbove();
        }
        return share.orElse(STANDARD.missingAbove());
    }

    private static boolean isThenExcluded(Optional<Section> block) {
        boolean isExcluded = block.map(rule -> isExcluded(rule, "then", "flag")).orElse(false);
        block.ifPresent(Section::end);
        return isExcluded;
    }

    private static boolean isExcluded(Section section, String key, String otherwise) {
        return section.oneOf(key, SourceSection.words(otherwise, EXCLUDE))
                .filter(EXCLUDE::equals)
                .isPresent();
    }
}
