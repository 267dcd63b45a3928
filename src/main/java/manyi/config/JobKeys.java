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
                                    "A response that took fewer seconds was sped through."),
                            THEN),
                    "Which responses were completed too fast."),
            Key.of(
                    "missing",
                    Shape.block(
                            Key.of(
                                    "above",
                                    Shape.below(0, 1),
                                    "0.5",
                                    "A response with a larger share of unanswered items is mostly missing."),
                            THEN),
                    "Which responses are mostly missing."));

    static final Shape.Block TRIM = Shape.block(
            Key.of(
                    "highest",
                    Shape.between("1", "1000000"),
                    "The largest weight, as a multiple of the mean (or median)."),
            Key.of("lowest", Shape.between("0", "1"), "The smallest weight, likewise."),
            Key.of("of", Shape.words("mean", "median"), "mean", "What the bounds are multiples of."));

    static final Shape.Block WEIGHTING = Shape.block(
            Key.required(
                    "margins",
                    Shape.by(Shape.either(Shape.words("customers"), Shape.by(Shape.from(0)))),
                    "What survey weights are raked to: for each dimension, the number of people "
                            + "in the population by value, or the word `customers`; see below."),
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
                    "Respondents whose answered indicators carry less than this "
                            + "share of the weight are left out of the index, and counted."),
            Key.of(
                    "states",
                    Shape.block(
                            Key.of(
                                    "very_satisfied_from",
                                    Shape.between("0", "100"),
                                    "80",
                                    "The lowest score of the overall item that counts as \"very satisfied\"."),
                            Key.of(
                                    "satisfied_from",
                                    Shape.between("0", "100"),
                                    "60",
                                    "The lowest score that counts as \"satisfied\".")),
                    "The three states."),
            Key.of(
                    "nps",
                    Shape.block(
                            Key.of("promoters_from", ON_A_SCALE, "9", "The lowest answer of a promoter."),
                            Key.of("detractors_to", ON_A_SCALE, "6", "The highest answer of a detractor.")),
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
                            Key.of("segment_value", Shape.text("text"), "all", "Its value; without it, every value."),
                            Key.required("at_least", Shape.number(), "The target, in the unit of the measure."))),
                    "What segments should reach in every wave: `measure` is `csi`, `csm`, `nps`, `csat`, "
                            + "`ces` or `intention_share`, `at_least` is in its unit. Without `segment` the target is "
                            + "that of `all`; without `segment_value`, that of every value "
                            + "of the segment that has no target of its own. `satisfaction_trend` "
                            + "says for each whether the interval attains it, misses it or leaves it undecided."),
            Key.of("quality", QUALITY, "Which responses are flagged as careless, and which are left out."),
            Key.of("weighting", WEIGHTING, "What survey weights are raked to."));

    static final Shape.Block LIFETIME_VALUE = Shape.block(
            Key.of(
                    "model",
                    Shape.words(LifetimeValue.models()),
                    "choose",
                    "The model of purchases. `choose`: the one under which the validation window is likeliest; where "
                            + "fewer than two could be fitted before that window, the one with the lowest "
                            + "BIC at the holdout cutoff; `nbd`, under which nobody leaves, only "
                            + "where its BIC is the lowest at `as_of` too. All four are fitted and published. "
                            + "Under `bg_nbd` all one-time buyers count as alive; `mbg_nbd` and `pareto_nbd` let them leave."),
            Key.of(
                    "horizon_weeks",
                    Shape.whole(1),
                    "52",
                    "Lifetime value covers this many weeks after `as_of`; what comes later is " + "`residual_value`."),
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
                    "The length of the holdout window, the last weeks before `as_of`: models with the "
                            + "purpose `holdout` do not see it, and `forecast_holdout` compares their forecasts "
                            + "with it. The same number of weeks before it are the validation window."),
            Key.of(
                    "segment",
                    Shape.list(Shape.text("attributes")),
                    "Each of its values gets a model of its own, shrunk towards the pooled one."),
            Key.of(
                    "active_from",
                    Shape.between("0", "1"),
                    "0.5",
                    "The lowest `probability_alive` of an active customer."),
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
            Key.of("purchase_days", Shape.whole(1), "1", "The minimum number of purchase days in the period."),
            Key.of("money", Shape.number(), "The minimum net money in the period."));

    static final Shape.Block LOYALTY = Shape.block(
            Key.of(
                    "period_months",
                    Shape.whole(1, 24),
                    "12",
                    "How many months a period has. Periods begin on the first of a month. "
                            + "The current one ends at `as_of`, so that its last month may be "
                            + "incomplete; the period before has the same number of whole months."),
            Key.of(
                    "active_gap_days",
                    Shape.whole(1),
                    "90",
                    "A customer is active while the last purchase is at most this many days ago."),
            Key.of(
                    "lost_gap_days",
                    Shape.whole(30),
                    "365",
                    "Up to this many days a customer is dormant; after that, lost."),
            Key.of(
                    "usage_tiers",
                    Shape.block(
                            Key.of(
                                            "heavy",
                                            USAGE,
                                            "The minimum of a heavy user in the period: purchase days and, where given, net money too.")
                                    .absent("12 purchase days"),
                            Key.of(
                                            "medium",
                                            USAGE,
                                            "The same for a medium user. `heavy` must require no less of either and more of one.")
                                    .absent("4 purchase days")),
                    "Who is a heavy user, and who a medium user."),
            Key.of(
                    "value_tiers",
                    Shape.block(tier("vip"), tier("target")),
                    "The minimum net money of the two upper tiers in the period; customers with less are `mass`."),
            Key.of(
                    "account_classes",
                    Shape.block(tier("strategic"), tier("group"), tier("important")),
                    "The same for key accounts; customers with less are `economic`."),
            Key.of(
                    "rfm",
                    Shape.either(
                            Shape.words("quintiles"),
                            Shape.block(
                                    cuts("recency_days", "The longest recency of the scores 5 to 2."),
                                    cuts("purchase_days", "The minimum purchase days of the scores 2 to 5."),
                                    cuts("money", "The minimum money of the scores 2 to 5."))),
                    "quintiles",
                    "How scores are assigned. A block has four ascending cuts each: the longest recency of "
                            + "the scores 5 to 2, the minimum purchase days and money of the scores 2 to 5."),
            Key.of(
                    "targets",
                    Shape.list(Shape.block(
                            Key.required("from", Shape.words(TierKind.all()), "The tier in the period before."),
                            Key.required("to", Shape.words(TierKind.all()), "The tier in the period."),
                            Key.required("share", Shape.between("0", "1"), "The minimum share of the customers."))),
                    "The minimum share of the customers of one tier that should be in another one "
                            + "period later. The two tiers are of the same kind, and may be the same tier."),
            Key.of(
                    "sales_force",
                    Shape.block(
                            Key.required("yearly_cost", Shape.above(0), "Yearly cost of one salesperson."),
                            Key.required("visits", Shape.above(0), "Visits that a salesperson makes a year."),
                            Key.required(
                                    "visits_per_customer",
                                    Shape.above(0),
                                    "Visits that it takes to win one customer.")),
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
            Key.of("types", Shape.by(Shape.text("type")), "Source column → type: [types](#types)."),
            Key.required(
                    "columns",
                    Shape.by(Shape.text("expression")),
                    "Field → SQL expression over the source's columns: [columns](#columns)."),
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
                    "`UTF-8` (with or without a byte order mark), `GBK`, `UTF-16`, `ISO-8859-1` or another that Java knows."),
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
                    "Records after the header that are not data, such as the question texts and "
                            + "import identifiers of a survey tool's export. Record numbers are counted after them."),
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
            Key.of("as_of", Shape.day(), "The reporting date: later rows are left out. `--as-of` overrides it.")
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
                            "If more than this share of a source's rows is rejected, the run "
                                    + "stops before anything is published. A source may override it.")),
                    "How many rows may be rejected."),
            Key.of(
                    "cohorts",
                    Shape.block(Key.of(
                            "left_truncation_months",
                            Shape.whole(0),
                            "1",
                            "The cohorts of this many first months of the data are marked, "
                                    + "since some of their \"new\" customers are old ones.")),
                    "How cohorts are marked."),
            Key.of(
                    "loyalty",
                    LOYALTY,
                    "Where given, how customers are classified by what they do: [loyalty](#loyalty)."),
            Key.of(
                    "retention",
                    Shape.block(
                            Key.of("runs", Shape.whole(1), "3", "Runs kept besides the current one."),
                            Key.of(
                                    "month_ends",
                                    Shape.whole(0),
                                    "12",
                                    "Besides them, the newest run of each of this many month ends: runs whose "
                                            + "`as_of` is the last day of a month. They contain customer-grain tables too, "
                                            + "with rows that `--forget` has retracted since; with `0` none is kept."),
                            Key.of(
                                    "rejected_row_days",
                                    Shape.whole(0),
                                    "30",
                                    "Days for which rejected rows are kept in `state/`.")),
                    "What is kept besides the current run."),
            Key.of(
                    "customer_key",
                    Shape.either(
                            Shape.words("environment", "demo"),
                            Shape.block(Key.required("file", Shape.text("path"), "The file that holds the secret."))),
                    "environment",
                    "The source of the secret that turns `customer_id` into "
                            + "the published `customer_key`: the environment variable `MANYI_CUSTOMER_KEY`, or a file. At least 16 bytes. "
                            + "`demo` is a fixed secret that everybody knows: use it for public "
                            + "or synthetic data only."));

    private JobKeys() {}

    private static Key tier(String name) {
        return Key.required(name, Shape.number(), "The minimum net money of the tier in the period.");
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
