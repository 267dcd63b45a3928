package manyi.math.pls;

/** What came of a fit: the figures, or the reason why there are none. */
public sealed interface PathOutcome permits PathFit, Refusal {}
