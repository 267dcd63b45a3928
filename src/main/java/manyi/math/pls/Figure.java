package manyi.math.pls;

/**
 * One figure of a path model.
 *
 * @param measure its kind
 * @param of the item, the cause or the construct that it is of; empty where it is of the whole model
 * @param on the construct or the effect at its other end; empty where it has none
 */
public record Figure(Measure measure, String of, String on) {}
