package manyi.config;

import java.util.List;

/**
 * What a figure of a segment shall reach in every wave.
 *
 * @param measure one of {@link #MEASURES}
 * @param segment the dimension, or {@code all}
 * @param segmentValue its value; {@code all} where every value of the dimension shall reach the target
 * @param atLeast in the unit of the measure
 */
public record SatisfactionTarget(String measure, String segment, String segmentValue, double atLeast) {

    /** What may be aimed at, in the words of {@code satisfaction_trend}. */
    public static final List<String> MEASURES = List.of("csi", "csm", "nps", "csat", "ces", "intention_share");
}
