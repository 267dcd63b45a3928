package manyi.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of the job document. */
final class JobKeys {

    private static final Key THEN =
            Key.of("then", Shape.words("flag", "exclude"), "flag", "`exclude` leaves these responses out.");
    private static final Shape ON_A_SCALE = Shape.between("-100000", "100000");

    static final Shape.Block QUALITY = Shape.block(
            Key.of("partial", Shape.words("count", "exclude"), "count", "Whether partial responses count."),
            Key.of(
                    "straight_lining",
                    Shape.block(
                            Key.of(
                                    "answers",
                                    Shape.whole(2),
                                    "5",
                                    "How many equal answers on one scale make a straight line."),
                            THEN),
                    "Which responses are straight-lined."),
            Key.of(
                    "speeding",
                    Shape.block(
                            Key.required(
                                    "below_seconds",
                                    Shape.above(0),
                                    "The least seconds that an honest response takes."),
                            THEN),
                    "Which responses were completed too fast."),
            Key.of(
                    "missing",
                    Shape.block(
                            Key.of(
                                    "above",
                                    Shape.below(0, 1),
                                    "0.5",
                                    "The greatest share of unanswered items that is not too much."),
                            THEN),
                    "Which responses are mostly missing."));

    static final Shape.Block TRIM = Shape.block(
            Key.of(
                    "highest",
                    Shape.between("1", "1000000"),
                    "The greatest weight, as a multiple of the mean (or median)."),
            Key.of("lowest", Shape.between("0", "1"), "The least weight, likewise."),
            Key.of("of", Shape.words("mean", "median"), "mean", "What the bounds are multiples of."));

    static final Shape.Block WEIGHTING = Shape.block(
            Key.required(
                    "margins",
                    Shape.by(Shape.either(Shape.words("customers"), Shape.by(Shape.from(0)))),
                    "What survey weights are raked to: for each dimension the persons of the population "
                            + "by value, or the word `customers`; see below."),
            Key.of(
                    "trim",
                    Shape.either(Shape.between("1", "1000000"), TRIM),
                    "Bounds of the raked weights, as multiples of their mean (or median); a number alone "
                            + "is `highest`."),
            Key.of(
                    "population",
                    Shape.text("text"),
                    "customer",
                    "The population whose responses are raked; others keep their weights."));

    static final Shape.Block SATISFACTION = Shape.block(
            Key.required(
                    "questionnaire",
                    Shape.text("path"),
                    "The questionnaire file. A relative path is looked for beside the job document "
                            + "first, then from the working directory."),
            Key.of(
                    "minimum_respondents",
                    Shape.whole(1),
                    "10",
                    "Cells that rest on fewer distinct customers are suppressed, and "
                            + "[what follows](#what-is-suppressed-and-rounded) from them or from the few who "
                            + "left an item out."),
            Key.of(
                    "minimum_answered_weight",
                    Shape.between("0", "1"),
                    "0.5",
                    "A respondent who answered indicators of less than this share of the weight is left "
                            + "out of the index, and counted."),
            Key.of(
                    "states",
                    Shape.block(
                            Key.of(
                                    "very_satisfied_from",
                                    Shape.between("0", "100"),
                                    "80",
                                    "The least score of the overall item that is \"very satisfied\"."),
                            Key.of(
                                    "satisfied_from",
                                    Shape.between("0", "100"),
                                    "60",
                                    "The least score that is \"satisfied\".")),
                    "The three states."),
            Key.of(
                    "nps",
                    Shape.block(
                            Key.of("promoters_from", ON_A_SCALE, "9", "The least answer of a promoter."),
                            Key.of("detractors_to", ON_A_SCALE, "6", "The greatest answer of a detractor.")),
                    "Who is a promoter, and who a detractor."),
            Key.of(
                            "csat_from",
                            ON_A_SCALE,
                            "The lowest answer to the overall item that counts for `csat`; the highest one for an "
                                    + "item where lower is better.")
                    .absent("the two best answers of the scale"),
            Key.of(
                            "intention_from",
                            ON_A_SCALE,
                            "The same for the item with the role `intention`, for `intention_share`.")
                    .absent("the two best answers of the scale"),
            Key.of(
                    "restate_waves",
                    Shape.either(Shape.list(Shape.text("waves")), Shape.by(Shape.whole(1, 1000))),
                    "Released waves for which a [revision](#released-waves) is published, with their late answers: "
                            + "a list for the first revision of each, or the number of the revision by wave, such as "
                            + "`{2026Q1: 2}`. Keep a wave listed from then on."),
            Key.of(
                    "decimals",
                    Shape.words("rounded", "full"),
                    "rounded",
                    "How precisely figures of the survey are published: one decimal of a point and three "
                            + "of a share, ratio or coefficient, or all digits. `full` is for public or "
                            + "synthetic data."),
            Key.of(
                    "targets",
                    Shape.list(Shape.block(
                            Key.required("measure", Shape.words(SatisfactionTarget.MEASURES), "What is to be reached."),
                            Key.of("segment", Shape.text("dimension"), "all", "The dimension of the segments."),
                            Key.of("segment_value", Shape.text("text"), "all", "Its value; every one without it."),
                            Key.required("at_least", Shape.number(), "The target, in the unit of the measure."))),
                    "What segments shall reach in every wave: `measure` is `csi`, `csm`, `nps`, `csat`, "
                            + "`ces` or `intention_share`, `at_least` in its unit. Without `segment` the target is "
                            + "that of `all`, without `segment_value` that of every value of the segment; one with "
                            + "`segment_value` comes before it. `satisfaction_trend` says of each whether the "
                            + "interval attains it, misses it or leaves it undecided."),
            Key.of("quality", QUALITY, "Which responses are flagged as careless, and which are left out."),
            Key.of("weighting", WEIGHTING, "What survey weights are raked to."));

    static final Shape.Block LIFETIME_VALUE = Shape.block(
            Key.of(
                    "model",
                    Shape.words(LifetimeValue.models()),
                    "choose",
                    "The model of purchases. `choose`: the one under which the validation window is "
                            + "likeliest; where fewer than two could be fitted before it, the one of the least "
                            + "BIC at the holdout cutoff; `nbd`, by which nobody leaves, only where its BIC is "
                            + "the least at `as_of` too. All four are fitted and published. Under `bg_nbd` all "
                            + "who bought once are taken to be alive; `mbg_nbd` and `pareto_nbd` let them leave."),
            Key.of(
                    "horizon_weeks",
                    Shape.whole(1),
                    "52",
                    "Lifetime value is that of so many weeks after `as_of`; what comes later is "
                            + "`residual_value`."),
            Key.of(
                    "yearly_discount",
                    Shape.between("0.0001", "10"),
                    "0.1",
                    "D: money a year away is worth 1 / (1 + D)."),
            Key.of(
                    "margin",
                    Shape.between("0", "1"),
                    "Share of revenue that is margin. Without it values are revenue, and `value_basis` " + "says so."),
            Key.of(
                    "proof_weeks",
                    Shape.whole(1),
                    "12",
                    "The last weeks before `as_of`, the holdout window: no model of the purpose "
                            + "`holdout` sees them, and `forecast_holdout` compares. As many weeks before them "
                            + "are the validation window."),
            Key.of(
                    "segment",
                    Shape.list(Shape.text("attributes")),
                    "Each of its values gets a model of its own, drawn towards the pooled one."),
            Key.of(
                    "active_from",
                    Shape.between("0", "1"),
                    "0.5",
                    "The least `probability_alive` of an active customer."),
            Key.of(
                    "lost_below",
                    Shape.between("0", "1"),
                    "0.1",
                    "Customers whose `probability_alive` is lower are lost; those between are at risk."),
            Key.of(
                    "years_of_loyalty",
                    Shape.between("0", "100"),
                    "For `simple_lifetime_revenue`: yearly revenue × these years × margin."));

    private static final Shape.Block USAGE = Shape.block(
            Key.of("purchase_days", Shape.whole(1), "1", "The least purchase days in the period."),
            Key.of("money", Shape.number(), "The least net money in the period."));

    static final Shape.Block LOYALTY = Shape.block(
            Key.of(
                    "period_months",
                    Shape.whole(1, 24),
                    "12",
                    "The months of a period. Periods begin with a month: this one is the last so many "
                            + "months, that of `as_of` among them as far as it has run; the period before is the "
                            + "same number of whole months."),
            Key.of(
                    "active_gap_days",
                    Shape.whole(1),
                    "90",
                    "A customer is active while the last purchase lies at most so many days back."),
            Key.of(
                    "lost_gap_days",
                    Shape.whole(30),
                    "365",
                    "Up to so many days a customer is dormant, beyond them lost."),
            Key.of(
                    "usage_tiers",
                    Shape.block(
                            Key.of(
                                            "heavy",
                                            USAGE,
                                            "What a heavy user has at least in the period: purchase days and, where given, net money too.")
                                    .absent("12 purchase days"),
                            Key.of(
                                            "medium",
                                            USAGE,
                                            "The same for a medium user. `heavy` asks for no less of either and for more of one.")
                                    .absent("4 purchase days")),
                    "Who is a heavy user, and who a medium user."),
            Key.of(
                    "value_tiers",
                    Shape.block(tier("vip"), tier("target")),
                    "The least net money in the period of the two upper tiers; whoever has less is " + "`mass`."),
            Key.of(
                    "account_classes",
                    Shape.block(tier("strategic"), tier("group"), tier("important")),
                    "The same for key accounts; whoever has less is `economic`."),
            Key.of(
                    "rfm",
                    Shape.either(
                            Shape.words("quintiles"),
                            Shape.block(
                                    cuts("recency_days", "The longest recency of the scores 5 to 2."),
                                    cuts("purchase_days", "The least purchase days of the scores 2 to 5."),
                                    cuts("money", "The least money of the scores 2 to 5."))),
                    "quintiles",
                    "How scores are given. A block has four ascending cuts each: the longest recency of "
                            + "the scores 5 to 2, the least purchase days and money of the scores 2 to 5."),
            Key.of(
                    "targets",
                    Shape.list(Shape.block(
                            Key.required("from", Shape.words(TierKind.all()), "The tier a period before."),
                            Key.required("to", Shape.words(TierKind.all()), "The tier in the period."),
                            Key.required("share", Shape.between("0", "1"), "The least share of the customers."))),
                    "The least share of the customers of one tier that shall be in another a period "
                            + "later. The two are tiers of one kind, and may be the same."),
            Key.of(
                    "sales_force",
                    Shape.block(
                            Key.required("yearly_cost", Shape.above(0), "Yearly cost of one sales person."),
                            Key.required("visits", Shape.above(0), "Visits that one makes a year."),
                            Key.required("visits_per_customer", Shape.above(0), "Visits that win one customer.")),
                    "What winning a customer costs where customers are won by visits: yearly cost of a "
                            + "salesperson / visits a year × visits per won customer; 182,500 / 365 × 4 = 2,000. "
                            + "`acquisition_economics` has it beside the figure from costs, and in its place "
                            + "where there is no costs source."));

    /** An entry below {@code sources}, but for what its kind maps. */
    static final Shape.Block SOURCE_COMMON = Shape.block(
            Key.of(
                    "name",
                    Shape.text("name"),
                    "Distinguishes several entries of a kind: the entry is called `purchases:web` in "
                            + "accounts and errors. One entry of each kind may go without a name and is called by its "
                            + "kind."),
            Key.required(
                    "path",
                    Shape.text("path or glob"),
                    "`data/*.csv.gz`, `data/2026-{01,02}/*.csv`, `s3a://bucket/purchases/*.parquet`."),
            Key.of(
                            "format",
                            Shape.words("csv", "whitespace", "parquet"),
                            "`whitespace`: columns padded by blanks. Files ending in `.gz` are unpacked.")
                    .absent("`parquet` where the path ends in `.parquet`, else `csv`"),
            Key.of("types", Shape.by(Shape.text("type")), "Their column → type: [types](#types)."),
            Key.required(
                    "columns",
                    Shape.by(Shape.text("expression")),
                    "Our field → SQL expression over their columns: [columns](#columns)."),
            Key.of("key", Shape.list(Shape.text("fields")), "The fields that identify a row: [key](#key)."),
            Key.of("maximum_rejected_share", Shape.between("0", "1"), "See `quality` above.")
                    .absent("the job's"),
            Key.of(
                    "layout",
                    Shape.words("wide", "long"),
                    "wide",
                    "Surveys only: a column per item, or a row per answer."));

    static final Shape.Block TEXT_FILE = Shape.block(
            Key.of("delimiter", Shape.text("one character"), ",", "`\";\"`, `\"\\t\"`."),
            Key.of(
                    "quote",
                    Shape.text("one character, or `\"\"`"),
                    "\"",
                    "Opens and closes a value; `\"\"` turns quoting off."),
            Key.of(
                    "escape",
                    Shape.text("one character, or `\"\"`"),
                    "\"",
                    "Stands before a quote inside a quoted value; `\"\"` for none."),
            Key.of(
                    "multiline",
                    Shape.flag(),
                    "true",
                    "Whether a quoted value may hold a line break. With `false` large files are read in " + "pieces."),
            Key.of(
                    "encoding",
                    Shape.text("name"),
                    "UTF-8",
                    "`UTF-8` (with or without a byte order mark), `GBK`, `UTF-16`, `ISO-8859-1`, ..."),
            Key.of("header", Shape.flag(), "true", "Whether the first line names the columns."),
            Key.of("names", Shape.list(Shape.text("names")), "The columns in their order, where `header: false`."),
            Key.of("decimal", Shape.words(".", ","), ".", "The decimal mark of numbers."),
            Key.of(
                    "nulls",
                    Shape.list(Shape.text("texts")),
                    "Texts that mean \"no value\", besides the empty text: `[NULL, \"-\", n/a]`."),
            Key.of(
                    "skip_after_header",
                    Shape.whole(0),
                    "0",
                    "Records behind the header that are none of the data, such as the question texts and "
                            + "import identifiers of a survey tool's export. Places are counted behind them."),
            Key.of(
                            "timestamp_format",
                            Shape.text("pattern"),
                            "How dates and timestamps are written: `dd/MM/yyyy HH:mm`.")
                    .absent("ISO 8601"));

    static final Shape.Block SOURCES = new Shape.Block(
            SourceKind.all().stream()
                    .map(kind -> Key.of(
                            kind.key(), Shape.list(source(kind)), kind.landing().meaning()))
                    .toList(),
            Optional.empty());

    static final Shape.Block JOB = Shape.block(
            Key.required(
                    "job",
                    Shape.text("name"),
                    "Names the job in reports and manifests: letters, digits, `_`, `.`, `-`, at most 64."),
            Key.required("warehouse", Shape.text("path"), "The folder that holds state and published tables."),
            Key.required("time_zone", Shape.text("time zone"), "Where days begin and end: `Europe/London`, `UTC`."),
            Key.required("currency", Shape.text("ISO 4217"), "The reporting currency: `GBP`."),
            Key.of("as_of", Shape.day(), "The last day that exists for the run. `--as-of` goes before it.")
                    .absent("yesterday in the job's zone"),
            Key.required("sources", SOURCES, "What is read: [sources](#sources)."),
            Key.of(
                    "segments",
                    Shape.list(Shape.list(Shape.text("attributes"))),
                    "How customers are split, besides `all`: [segments](#segments)."),
            Key.of(
                    "satisfaction",
                    SATISFACTION,
                    "How answers become indices; required where there is a survey: "
                            + "[satisfaction](#satisfaction)."),
            Key.of(
                    "lifetime_value",
                    LIFETIME_VALUE,
                    "Forecasts of what customers will bring: [lifetime value](#lifetime-value)."),
            Key.of(
                    "quality",
                    Shape.block(Key.of(
                            "maximum_rejected_share",
                            Shape.between("0", "1"),
                            "0.05",
                            "Where more than this share of a source's rows is rejected the run stops before "
                                    + "anything is published. A source may say otherwise.")),
                    "How many rows may be rejected."),
            Key.of(
                    "cohorts",
                    Shape.block(Key.of(
                            "left_truncation_months",
                            Shape.whole(0),
                            "1",
                            "Cohorts of the first months of the data are marked, since their \"new\" customers "
                                    + "are partly old ones.")),
                    "How cohorts are marked."),
            Key.of("loyalty", LOYALTY, "Where given, how customers are classified by what they do: [loyalty](#loyalty)."),
            Key.of(
                    "retention",
                    Shape.block(
                            Key.of("runs", Shape.whole(1), "3", "Runs kept beside the current one."),
                            Key.of(
                                    "month_ends",
                                    Shape.whole(0),
                                    "12",
                                    "Beside them, the newest run of each of so many month ends: runs whose `as_of` is "
                                            + "the last day of a month. They hold customer-grain tables too, with rows that were "
                                            + "since taken back by `--forget`; with `0` none is kept."),
                            Key.of(
                                    "rejected_row_days",
                                    Shape.whole(0),
                                    "30",
                                    "Days for which rejected rows are kept in `state/`.")),
                    "What is kept beside the current run."),
            Key.of(
                    "customer_key",
                    Shape.either(
                            Shape.words("environment", "demo"),
                            Shape.block(Key.required("file", Shape.text("path"), "The file that holds the secret."))),
                    "environment",
                    "Where the secret comes from that turns `customer_id` into the published "
                            + "`customer_key`: the variable `MANYI_CUSTOMER_KEY`, or a file. At least 16 bytes. "
                            + "`demo` is a fixed secret that everybody knows: right for public or synthetic data "
                            + "only."));

    private JobKeys() {}

    private static Key tier(String name) {
        return Key.required(name, Shape.number(), "The least net money in the period of the tier.");
    }

    private static Key cuts(String name, String meaning) {
        return Key.required(name, Shape.list(Shape.number()), meaning);
    }

    /** An entry of a kind: what every one has, how text is written, and the fields that the kind maps. */
    static Shape.Block source(SourceKind kind) {
        Key columns = SOURCE_COMMON.key("columns").orElseThrow();
        List<Key> fields = kind.fields().stream()
                .map(field -> new Key(
                        field.name(),
                        Shape.text("expression"),
                        field.isRequired(Source.Layout.WIDE),
                        Optional.empty(),
                        "",
                        field.meaning()))
                .toList();
        Optional<Shape> others = kind.attributes() == SourceKind.Attributes.NONE
                ? Optional.empty()
                : Optional.of(Shape.text("expression"));
        Key mapped = Key.required(columns.name(), new Shape.Block(fields, others), columns.meaning());
        return new Shape.Block(
                Stream.concat(SOURCE_COMMON.keys().stream(), TEXT_FILE.keys().stream())
                        .map(key -> key.name().equals(columns.name()) ? mapped : key)
                        .toList(),
                Optional.empty());
    }
}
