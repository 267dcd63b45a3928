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
    public static final ResponseRules STANDARD = of(Section.empty(JobKeys.QUALITY));

    public ResponseRules {
        speedingBelowSeconds = speedingBelowSeconds.map(BigDecimal::stripTrailingZeros);
        missingAbove = missingAbove.signum() == 0 ? BigDecimal.ZERO : missingAbove.stripTrailingZeros();
        if (straightLineAnswers < 2) {
            throw new IllegalArgumentException("a straight line has two answers at least, not " + straightLineAnswers);
        }
    }

    /** Reads the block {@code satisfaction.quality}; faults are told to it. */
    static ResponseRules of(Section section) {
        Section straight = section.block("straight_lining");
        Optional<Section> speeding = section.section("speeding");
        Section missing = section.block("missing");
        ResponseRules rules = new ResponseRules(
                isExcluded(section, "partial"),
                straight.whole("answers"),
                isExcluded(straight, "then"),
                speeding.flatMap(ResponseRules::seconds),
                speeding.map(block -> isExcluded(block, "then")).orElse(false),
                missing.decimal("above").orElseThrow(),
                isExcluded(missing, "then"));
        straight.end();
        speeding.ifPresent(Section::end);
        missing.end();
        section.end();
        return rules;
    }

    private static Optional<BigDecimal> seconds(Section block) {
        if (!block.has("below_seconds")) {
            block.fault(
                    "below_seconds", "is missing; give the fewest seconds that an honest response takes, such as 60");
        }
        return block.decimal("below_seconds");
    }

    private static boolean isExcluded(Section section, String key) {
        return section.word(key).filter("exclude"::equals).isPresent();
    }
}
