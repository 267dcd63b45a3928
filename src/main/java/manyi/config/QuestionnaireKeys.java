package manyi.config;

import java.util.stream.Stream;

/** The keys of the questionnaire. */
final class QuestionnaireKeys {

    private static final Shape ROLES = Shape.list(Shape.words(
            Stream.of(Questionnaire.Role.values()).map(Questionnaire.Role::key).toList()));

    static final Shape.Block ITEM = Shape.block(
            Key.required(
                    "id",
                    Shape.text("name"),
                    "Letters (of any script), digits, `_`, `.`, `-`, at most 64; not the name of a field of a "
                            + "survey source."),
            Key.required("text", Shape.text("text"), "The question, as it is shown to readers."),
            Key.of("scale", Shape.list(Shape.number()), "An answer off its scale rejects the row.")
                    .absent("the questionnaire's"),
            Key.of(
                    "direction",
                    Shape.words("higher_is_better", "lower_is_better"),
                    "higher_is_better",
                    "With `lower_is_better` the score is reversed: 100 minus it."),
            Key.of("missing", Shape.list(Shape.number()), "`[]` for none.").absent("the questionnaire's"),
            Key.of("role", ROLES, "indicator", "What the item is for."),
            Key.of("roles", ROLES, "The same; `roles: []` for none."),
            Key.of("group", Shape.text("text"), "The indicator group. Indicators only.")
                    .absent("see below"),
            Key.of(
                    "weight",
                    Shape.from(0),
                    "1",
                    "λ of the item in its group, normalised to sum to 1. Indicators only."));

    static final Shape.Block WAVE = Shape.block(
            Key.required("name", Shape.text("text"), "Names sort in time: `2026Q3`, `2026-10`."),
            Key.required("end", Shape.day(), "The last day, inclusive."),
            Key.of(
                            "start",
                            Shape.day(),
                            "The first day, inclusive. The first wave without a start takes all earlier answers.")
                    .absent("the day after the previous wave's end"),
            Key.of(
                    "grace_days",
                    Shape.whole(0),
                    "0",
                    "How long answers may take to arrive. A wave is published once its end and grace days "
                            + "are before `as_of`."));

    static final Shape.Block DELIVERED_VALUE = Shape.block(
            Key.required(
                    "value",
                    Shape.by(Shape.list(Shape.text("items"))),
                    "The kinds of value. The score of a kind of value is the mean score "
                            + "of its items, that of a kind of cost is 100 minus the mean, since 100 is always the better end of a score: an item "
                            + "where a high answer means a high cost has the direction `lower_is_better`."),
            Key.required("cost", Shape.by(Shape.list(Shape.text("items"))), "The kinds of cost, likewise."),
            Key.of("weights", Shape.by(Shape.number()), "The weights of the kinds on each side.")
                    .absent("all weigh 1"),
            Key.of(
                    "band",
                    Shape.between("0", "0.99"),
                    "0.05",
                    "Value over cost within 1 ± band is \"basically satisfied\"."));

    static final Shape.Block MODEL = Shape.block(
            Key.required(
                    "constructs",
                    Shape.by(Shape.either(
                            Shape.list(Shape.text("items")),
                            Shape.block(
                                    Key.required("items", Shape.list(Shape.text("items")), "The items."),
                                    Key.of(
                                            "mode",
                                            Shape.words("A", "B"),
                                            "A",
                                            "`B` where the items form the construct.")))),
                    "At least two, each with its items; no item is in two of them; `{items: [...], mode: "
                            + "B}` where the items form the construct rather than reflect it."),
            Key.of(
                    "template",
                    Shape.words("acsi", "ecsi"),
                    "Takes the paths of the American or the European index between those of its "
                            + "constructs that are given: `expectation`, `quality`, `value`, `satisfaction`, "
                            + "`complaints`, `loyalty`, and `image` with `ecsi`."),
            Key.of(
                            "paths",
                            Shape.either(
                                    Shape.by(Shape.list(Shape.text("constructs"))),
                                    Shape.list(Shape.text("sentences"))),
                            "`image: [expectation, satisfaction]`, or sentences: `- image -> expectation, "
                                    + "satisfaction`. The paths have no cycle, and each construct has at least one.")
                    .absent("required without a template"),
            Key.of("scheme", Shape.words("path", "centroid", "factorial"), "path", "The inner weighting scheme."),
            Key.of(
                    "weights",
                    Shape.words("pooled", "own"),
                    "pooled",
                    "Whether segments use the outer weights of the whole "
                            + "wave, and so are comparable, or each its own."),
            Key.of(
                    "consistent",
                    Shape.flag(),
                    "false",
                    "Whether coefficients and loadings are corrected for unreliability (PLSc)."),
            Key.of(
                    "missing",
                    Shape.words("mean", "pairwise"),
                    "mean",
                    "How missing answers are treated: replaced by the item's mean, or left "
                            + "out, each covariance then being over those who answered both items."));

    static final Shape.Block DRIVERS = Shape.block(
            Key.of("outcome", Shape.list(Shape.text("items")), "The mean of their scores is what is explained.")
                    .absent("the item with the role `overall`"),
            Key.of(
                    "predictors",
                    Shape.either(Shape.text("`groups` or a grouping"), Shape.by(Shape.list(Shape.text("items")))),
                    "groups",
                    "The mean score of each group is a predictor."),
            Key.of("missing", Shape.words("mean", "pairwise"), "mean", "As for `model`."));

    static final Shape.Block WEIGHTS = Shape.block(
            Key.required(
                    "derived",
                    Shape.words("path", "drivers"),
                    "`path`: by how far one point of the indicator moves the construct, over all paths of "
                            + "the block `model`. `drivers`: by Johnson's relative weight of the indicator's "
                            + "predictor in the block `drivers`, shared within it by the items' own `weight`."),
            Key.of(
                            "construct",
                            Shape.text("construct"),
                            "What the index stands for. Either all indicators are items of this construct, and "
                                    + "the index is the construct's own, or all are items of constructs that lead to it.")
                    .absent("required with `path`"),
            Key.required(
                    "waves",
                    Shape.list(Shape.text("waves")),
                    "The base: the waves whose answers the weights are estimated from, pooled, by the "
                            + "responses' own weights before any raking."));

    static final Shape.Block QUESTIONNAIRE = Shape.block(
            Key.required("questionnaire", Shape.text("text"), "Its name."),
            Key.of("scale", Shape.list(Shape.number()), "The scale of items that do not name one."),
            Key.of(
                    "missing",
                    Shape.list(Shape.number()),
                    "Codes that mean \"don't know\", \"refused\" and the like, for items that do not "
                            + "name any. They must be off the scale. Texts belong in the source's `nulls`."),
            Key.required("items", Shape.list(ITEM), "The questions, in the order of the questionnaire."),
            Key.of(
                            "groups",
                            Shape.by(Shape.from(0)),
                            "The weights λ of the indicator groups, normalised to sum to 1. Where given, all "
                                    + "groups are listed.")
                    .absent("1 each"),
            Key.of(
                    "expectation",
                    Shape.by(Shape.block(
                            Key.required("expected", Shape.text("item"), "The item that asks what was expected."),
                            Key.required("perceived", Shape.text("item"), "The item that asks what was experienced."))),
                    "The dimensions of `expectation_gap`: the item that asks what was expected and the "
                            + "one that asks what was experienced, on the same scale. Where all dimensions have "
                            + "the same scale, `all` combines them. Customers who answered the first item in a "
                            + "response of an earlier day and answer the second are paired, too (`pairing`: before "
                            + "and after); both responses must count as respondents (with an index), the earlier "
                            + "one of a wave that closes no later, and the second item be in one dimension only. "
                            + "In each dimension of segments one customer in ten is held out of the pairs, so that "
                            + "nobody's answers can be found by subtraction; a segment shows pairs from fourteen times "
                            + "`minimum_respondents` of them on at best, later where respondents leave out items, since only customers "
                            + "who answered the same items count as alike. Ratios of pairs are published with three decimals."),
            Key.of("delivered_value", DELIVERED_VALUE, "What customers get and what they give, for `delivered_value`."),
            Key.of(
                    "groupings",
                    Shape.by(Shape.by(Shape.list(Shape.text("items")))),
                    "Further ways to group items: `system`, `layer`, `stage`, `touchpoint`. Within one "
                            + "grouping an item appears once. `grouped_satisfaction` scores each group, and the "
                            + "indicator groups as the grouping `group`."),
            Key.required(
                    "waves",
                    Shape.list(WAVE),
                    "The waves in order of time. A closed wave without any "
                            + "response has no figures, and the run warns of it."),
            Key.of("model", MODEL, "The path model; see [Model and drivers](#model-and-drivers)."),
            Key.of(
                    "drivers",
                    DRIVERS,
                    "The possible drivers of satisfaction; see [Model and drivers](#model-and-drivers)."),
            Key.of(
                    "bootstrap",
                    Shape.block(
                            Key.of("replicates", Shape.whole(2, 5_000), "500", "How many replicates are drawn."),
                            Key.of("seed", Shape.whole(0), "1", "The seed of the random numbers.")),
                    "How the standard errors of model and drivers are estimated."),
            Key.of(
                    "weights",
                    WEIGHTS,
                    "Weights λ that are derived from answers instead of given; see [Derived "
                            + "weights](#derived-weights)."));

    private QuestionnaireKeys() {}
}
