package manyi.mart.loyalty;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Weighting;
import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Indicators;
import manyi.conformed.Referral;
import manyi.conformed.SurveyResponse;
import manyi.mart.Respondents;
import manyi.mart.SegmentColumns;
import manyi.math.survey.CountMean;
import manyi.math.survey.Estimate;
import manyi.math.survey.RespondentIndex;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How many others a very satisfied, a satisfied and a dissatisfied customer tells, period by period. A customer is in the
 * state of the last answer whose wave was closed before the period began: whole waves enter together, and no answer is
 * held to lead to a referral made before it. Customers of the period are those who had bought before it; segments are
 * those of as_of, as in {@link ThreeR}, whose referrals these are.
 *
 * <p>Answers are joined to what people can be seen to do, so a segment value is shown whole in a period, or not at all,
 * and referrals are counted for whole months alone: else two days' tables would tell in which state today's referrer is.
 */
public record WordOfMouth(
        LocalDate asOf, List<Dimension> dimensions, Job.Loyalty loyalty, Job.Satisfaction satisfaction)
        implements Derivation {

    /** The state of who gave no answer that counts, and has no place in any other. */
    public static final String UNKNOWN = "unknown";
    /** Who had bought nothing before the period, or never: no customer then, and in no state. */
    public static final String NO_CUSTOMER = "no customer";

    private static final String VERY_SATISFIED = "very satisfied";
    private static final String SATISFIED = "satisfied";
    private static final String DISSATISFIED = "dissatisfied";

    /** In the order of their columns while they stand side by side. */
    private static final List<String> STATES = List.of(VERY_SATISFIED, SATISFIED, DISSATISFIED, UNKNOWN, NO_CUSTOMER);

    private static final List<String> ANSWERED = STATES.subList(0, 3);

    public static final Field STATE = Field.required(
            "state",
            DataTypes.StringType,
            "very satisfied, satisfied or dissatisfied by the job's bounds, from the score of the overall item, or the index"
                    + " where the questionnaire has no such item, in the customer's last answer that counts of a wave"
                    + " closed before the period; unknown without one; no customer: who had bought nothing before the"
                    + " period.");
    public static final Field COUNTED_TO = Field.required(
            "counted_to",
            DataTypes.DateType,
            "The last day whose referrals count: the period's last, or that of the last whole month up to as_of.");
    public static final Field CUSTOMERS = counted(
            "customers",
            "Customers in the state, with a purchase before the period; each counts once, whatever the survey weighs.",
            "customers");
    public static final Field REFERRERS =
            counted("referrers", "Those of them who made a referral; of no customer, everybody who did.", "customers");
    public static final Field REFERRALS = counted(
            "referrals",
            "Referrals that they made in the period, counted as in three_r: over all states they add up to those there,"
                    + " once the period has ended.",
            "referrals");
    public static final Field REFERRALS_PER_CUSTOMER = Field.optional(
                    "referrals_per_customer",
                    DataTypes.DoubleType,
                    "Word of mouth: referrals over customers of the state; null without any.")
            .in("referrals");
    public static final Field STANDARD_ERROR = error(
            "standard_error",
            "Linearised standard error of referrals_per_customer, a mean per customer; null of a single customer who made"
                    + " one.");
    public static final Field LOW = error(
            "low", "Lower limit of referrals_per_customer at 95 % by Student's t, customers - 1 degrees; not below 0.");
    public static final Field HIGH = error(
            "high", "Upper limit likewise; where nobody made a referral that of a Poisson mean, 3.689 over customers.");
    public static final Field CUSTOMERS_WON = counted(
            "customers_won",
            "New customers from the period's referrals: first purchase on or after the first referral to them, in"
                    + " whole months up to as_of; told in the period of the referral, while three_r tells them in that of"
                    + " the purchase.",
            "customers");
    public static final Field IS_SUPPRESSED = Field.required(
            "is_suppressed",
            DataTypes.BooleanType,
            "Whether figures are hidden since too few customers stand behind a state of the segment value, or would be told"
                    + " apart by it.");

    public static final Field IS_UNFINISHED = Field.required(
            RetentionRate.IS_UNFINISHED.name(),
            DataTypes.BooleanType,
            "Whether the period has not ended at as_of, so that referrals may still grow.");

    private static final List<Field> FIGURES =
            List.of(CUSTOMERS, REFERRERS, REFERRALS, REFERRALS_PER_CUSTOMER, STANDARD_ERROR, LOW, HIGH, CUSTOMERS_WON);

    public static final Table TABLE = Table.named(
                    "word_of_mouth",
                    "Referrals per very satisfied, satisfied and dissatisfied customer, by the job's period; at most 63"
                            + " months back.")
            .oneRowPer(
                    "segment value, period and state",
                    SegmentColumns.AS_OF,
                    SEGMENT,
                    SEGMENT_VALUE,
                    RetentionRate.PERIOD_MONTHS,
                    RetentionRate.PERIOD_FROM,
                    STATE)
            .with(COUNTED_TO)
            .with(FIGURES.toArray(Field[]::new))
            .with(IS_SUPPRESSED, IS_UNFINISHED)
            .expect(
                    "state in ('very satisfied', 'satisfied', 'dissatisfied', 'unknown', 'no customer')",
                    "counted_to > period_from",
                    "customers >= 0",
                    "state <> 'no customer' or (customers = 0 and not is_suppressed)",
                    "referrers between 0 and referrals",
                    "state = 'no customer' or referrers <= customers",
                    "customers_won between 0 and referrals",
                    "is_suppressed or customers is not null",
                    "is_suppressed or (referrals_per_customer is null) = (customers = 0)",
                    "standard_error >= 0",
                    "low between 0 and referrals_per_customer",
                    "high >= referrals_per_customer");

    /** What is summed in every cell; the squares are of each customer's referrals. */
    private static final List<String> SUMS =
            List.of(CUSTOMERS.name(), REFERRERS.name(), REFERRALS.name(), "squares", CUSTOMERS_WON.name());

    private static final String PERIODS_AGO = "periods_ago";
    private static final String FIRST_AGO = "first_ago";
    private static final String SINCE = "since_ago";
    private static final String UNTIL = "until_ago";

    public WordOfMouth {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(CustomerStanding.TABLE, CustomerCell.TABLE, Referral.TABLE, SurveyResponse.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        LoyaltyPeriod period = period();
        Dataset<Row> standing = inputs.read(CustomerStanding.TABLE)
                .select(
                        CustomerMonth.CUSTOMER.col(),
                        CustomerStanding.FIRST_PURCHASE_ON.col(),
                        Customer.SEGMENTS.col(),
                        kept(period.periodsAgo(CustomerStanding.FIRST_PURCHASE_ON.col()))
                                .as(FIRST_AGO));
        Dataset<Row> answered = answered(inputs);
        Dataset<Row> cells = SegmentColumns.inLongForm(
                present(standing, answered).unionByName(told(inputs, standing, answered)), dimensions);
        Column[] sideBySide = STATES.stream()
                .flatMap(state -> SUMS.stream().map(name -> sumOf(state, name)))
                .toArray(Column[]::new);
        Dataset<Row> sums = SegmentNames.namedOrUnknown(cells, SegmentNames.members(inputs, dimensions), dimensions)
                .groupBy(SEGMENT.col(), SEGMENT_VALUE.col(), col(PERIODS_AGO))
                .agg(sideBySide[0], Arrays.copyOfRange(sideBySide, 1, sideBySide.length))
                .where(col(PERIODS_AGO).between(isBegun() ? 0 : 1, period.periodsKept() - 1));
        Column lastDay = date_sub(period.from(col(PERIODS_AGO).minus(1)), 1);
        return byState(marked(sums))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(RetentionRate.PERIOD_MONTHS.name(), lit(period.months()))
                .withColumn(RetentionRate.PERIOD_FROM.name(), period.from(col(PERIODS_AGO)))
                .withColumn(COUNTED_TO.name(), least(lit(lastWholeDay()), lastDay))
                .withColumn("estimate", estimate())
                .select(col("*"), col("estimate.*"))
                .withColumn(IS_UNFINISHED.name(), col(PERIODS_AGO).equalTo(0).and(lit(period.isUnfinished())));
    }

    @Override
    public Dataset<Row> masked(Dataset<Row> audited) {
        return TABLE.conform(audited.select(TABLE.fields().stream()
                .map(field -> FIGURES.contains(field)
                        ? when(not(IS_SUPPRESSED.col()), field.col()).as(field.name())
                        : field.col())
                .toArray(Column[]::new)));
    }

    /**
     * Each customer's states as far as answers tell, with the periods in which they hold: from the one after the period in
     * which the wave was closed, {@code since_ago}, down to the one in which a newer answer is known.
     */
    private Dataset<Row> answered(Inputs inputs) {
        Column closed = lit(null).cast(DataTypes.DateType);
        Column ended = closed;
        for (Questionnaire.Wave wave : satisfaction.questionnaire().waves()) {
            Column isWave = Landing.WAVE.col().equalTo(wave.name());
            closed = when(isWave, lit(wave.end().plusDays(wave.graceDays()))).otherwise(closed);
            ended = when(isWave, lit(wave.end())).otherwise(ended);
        }
        Column state = when(col("score").geq(satisfaction.verySatisfiedFrom()), VERY_SATISFIED)
                .when(col("score").geq(satisfaction.satisfiedFrom()), SATISFIED)
                .otherwise(DISSATISFIED);
        var newestLast = Window.partitionBy(CustomerMonth.CUSTOMER.col())
                .orderBy(col(SINCE).desc());
        return inputs.read(SurveyResponse.TABLE)
                .where(Landing.POPULATION.col().equalTo(Weighting.CUSTOMER))
                .where(Landing.CUSTOMER_ID.col().isNotNull())
                .where(Respondents.reasonLeftOut(asOf, satisfaction).isNull())
                .withColumn("score", score())
                .where(col("score").isNotNull())
                // where waves are restated an answer may be younger than the close
                .withColumn("answered", coalesce(Landing.ANSWERED_ON.col(), ended))
                .withColumn("known", greatest(col("answered"), closed))
                .withColumn(SINCE, kept(period().periodsAgo(col("known"))))
                .where(col(SINCE).gt(0))
                .groupBy(CustomerMonth.CUSTOMER.col(), col(SINCE))
                .agg(max(struct(
                                col("known"),
                                col("answered"),
                                Landing.WAVE.col(),
                                SurveyResponse.RESPONSE_KEY.col(),
                                state.as(STATE.name())))
                        .getField(STATE.name())
                        .as(STATE.name()))
                .withColumn(UNTIL, coalesce(lead(col(SINCE), 1).over(newestLast), lit(0)));
    }

    /** The score by which segment_satisfaction tells the three states, or the index where nothing else is asked. */
    private Column score() {
        Questionnaire questionnaire = satisfaction.questionnaire();
        Optional<Questionnaire.Item> overall = questionnaire.item(Questionnaire.Role.OVERALL);
        if (overall.isEmpty()) {
            return SurveyResponse.CSI.col().cast(DataTypes.DoubleType);
        }
        int place = questionnaire.place(overall.get().id());
        RespondentIndex.Item item = Indicators.of(questionnaire).items().get(place);
        UDF1<Double, Double> scored = answer -> answer == null ? null : item.score(answer);
        return udf(scored, DataTypes.DoubleType)
                .apply(get(Landing.ANSWERS.col(), lit(place)).cast(DataTypes.DoubleType));
    }

    /** Who had bought before each period, by state. */
    private Dataset<Row> present(Dataset<Row> standing, Dataset<Row> answered) {
        Column number = col("number");
        Dataset<Row> all = standing.where(col(FIRST_AGO).gt(0))
                .groupBy(Customer.SEGMENTS.col(), col(FIRST_AGO))
                .agg(count(lit(1)).as("number"))
                .select(
                        Customer.SEGMENTS.col(),
                        explode(sequence(lit(0), col(FIRST_AGO).minus(1))).as(PERIODS_AGO),
                        lit(UNKNOWN).as(STATE.name()),
                        number);
        // who is in another state is taken from those of whom nothing is known, so that all add up
        Column moved = array(
                struct(STATE.col().as(STATE.name()), number.as("number")),
                struct(lit(UNKNOWN).as(STATE.name()), negate(number).as("number")));
        Column before = least(col(SINCE), col(FIRST_AGO));
        Dataset<Row> known = answered.join(standing, CustomerMonth.CUSTOMER.name(), "inner")
                .withColumn("before", before)
                .where(col("before").gt(col(UNTIL)))
                .groupBy(Customer.SEGMENTS.col(), col(UNTIL), col("before"), STATE.col())
                .agg(count(lit(1)).as("number"))
                .withColumn("moved", explode(moved))
                .select(
                        Customer.SEGMENTS.col(),
                        explode(sequence(col(UNTIL), col("before").minus(1))).as(PERIODS_AGO),
                        col("moved.state").as(STATE.name()),
                        col("moved.number").as("number"));
        return all.unionByName(known)
                .groupBy(Customer.SEGMENTS.col(), col(PERIODS_AGO), STATE.col())
                .agg(sum(number).as(CUSTOMERS.name()))
                .select(columns(CUSTOMERS.name()));
    }

    /** Referrals by period and by the state of who made them. */
    private Dataset<Row> told(Inputs inputs, Dataset<Row> standing, Dataset<Row> answered) {
        LocalDate last = lastWholeDay();
        Dataset<Row> first = standing.select(
                CustomerMonth.CUSTOMER.col().as(Landing.REFERRED_CUSTOMER_ID.name()),
                CustomerStanding.FIRST_PURCHASE_ON.col());
        Column isWon = Referral.IS_CREDITED
                .col()
                .and(CustomerStanding.FIRST_PURCHASE_ON.col().between(Landing.REFERRED_ON.col(), lit(last)));
        Dataset<Row> made = inputs.read(Referral.TABLE)
                .where(Landing.REFERRED_ON.col().leq(lit(last)))
                .join(first, Landing.REFERRED_CUSTOMER_ID.name(), "left_outer")
                .groupBy(
                        CustomerMonth.CUSTOMER.col(),
                        period().periodsAgo(Landing.REFERRED_ON.col()).as(PERIODS_AGO))
                .agg(sum(Referral.REFERRALS.col()).as("told"), count_if(isWon).as("won"));
        Column holds = CustomerMonth.CUSTOMER
                .of("made")
                .equalTo(CustomerMonth.CUSTOMER.of("answered"))
                .and(col(PERIODS_AGO).geq(col(UNTIL)))
                .and(col(PERIODS_AGO).lt(col(SINCE)));
        Column isCustomer = coalesce(col(FIRST_AGO).gt(col(PERIODS_AGO)), lit(false));
        return made.join(standing, CustomerMonth.CUSTOMER.name(), "left_outer")
                .as("made")
                .join(answered.as("answered"), holds, "left_outer")
                .groupBy(
                        coalesce(Customer.SEGMENTS.col(), SegmentNames.unknown(dimensions))
                                .as(Customer.SEGMENTS.name()),
                        col(PERIODS_AGO),
                        when(not(isCustomer), NO_CUSTOMER)
                                .otherwise(coalesce(STATE.col(), lit(UNKNOWN)))
                                .as(STATE.name()))
                .agg(
                        count(lit(1)).as(REFERRERS.name()),
                        sum(col("told")).as(REFERRALS.name()),
                        sum(col("told").multiply(col("told"))).as("squares"),
                        sum(col("won")).as(CUSTOMERS_WON.name()))
                .select(columns(REFERRERS.name(), REFERRALS.name(), "squares", CUSTOMERS_WON.name()));
    }

    /**
     * The cells with a mark on those of each period that are to be hidden. A figure of a state rests on its customers; the
     * states of those who can be known to have told others rest on these, as a distribution. Totals over the states are
     * in {@link ThreeR} for everybody to see, which is why no state is hidden alone. Who did not answer said nothing.
     */
    private Dataset<Row> marked(Dataset<Row> sums) {
        List<String> bases = new ArrayList<>(List.of("answered"));
        ANSWERED.forEach(state -> bases.add(of(state, CUSTOMERS.name())));
        bases.add("answered_referrers");
        Dataset<Row> counted = sums.withColumn("answered", overAnswered(CUSTOMERS.name()))
                .withColumn("answered_referrers", overAnswered(REFERRERS.name()));
        return counted.groupByKey(
                        (MapFunction<Row, String>) row -> String.valueOf(row.<Integer>getAs(PERIODS_AGO)),
                        Encoders.STRING())
                .flatMapGroups(
                        new CellMarks(satisfaction.minimumRespondents(), bases),
                        Encoders.row(counted.schema().add(IS_SUPPRESSED.name(), DataTypes.BooleanType, false)));
    }

    /** A row per state from a row per cell; states without customers stand too, where the cell has any. */
    private static Dataset<Row> byState(Dataset<Row> cells) {
        Column[] states = STATES.stream()
                .map(state -> struct(Stream.concat(
                                Stream.of(
                                        lit(state).as(STATE.name()),
                                        IS_SUPPRESSED
                                                .col()
                                                .and(lit(!state.equals(NO_CUSTOMER)))
                                                .as(IS_SUPPRESSED.name())),
                                SUMS.stream().map(name -> col(of(state, name)).as(name)))
                        .toArray(Column[]::new)))
                .toArray(Column[]::new);
        Column isInhabited = Stream.concat(ANSWERED.stream(), Stream.of(UNKNOWN))
                .map(state -> col(of(state, CUSTOMERS.name())))
                .reduce(Column::plus)
                .orElseThrow()
                .gt(0);
        return cells.withColumn("is_inhabited", isInhabited)
                .select(
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        col(PERIODS_AGO),
                        col("is_inhabited"),
                        explode(array(states)).as("cell"))
                .select(SEGMENT.col(), SEGMENT_VALUE.col(), col(PERIODS_AGO), col("is_inhabited"), col("cell.*"))
                .where(when(STATE.col().equalTo(NO_CUSTOMER), REFERRALS.col().gt(0))
                        .otherwise(col("is_inhabited")))
                .drop("is_inhabited");
    }

    private static Column overAnswered(String name) {
        return ANSWERED.stream()
                .map(state -> col(of(state, name)))
                .reduce(Column::plus)
                .orElseThrow();
    }

    private static Column sumOf(String state, String name) {
        return sum(when(STATE.col().equalTo(state), col(name)).otherwise(0L)).as(of(state, name));
    }

    /** The column of a state's sum while the states of a cell stand side by side. */
    private static String of(String state, String name) {
        return name + "_" + STATES.indexOf(state);
    }

    private static Column estimate() {
        StructType schema = new StructType()
                .add(REFERRALS_PER_CUSTOMER.name(), DataTypes.DoubleType)
                .add(STANDARD_ERROR.name(), DataTypes.DoubleType)
                .add(LOW.name(), DataTypes.DoubleType)
                .add(HIGH.name(), DataTypes.DoubleType);
        UDF3<Long, Long, Long, Row> estimated = (customers, total, squares) -> {
            if (customers == 0) {
                return null;
            }
            Estimate estimate = new CountMean(customers, total, squares).estimate();
            return RowFactory.create(
                    estimate.mean(), known(estimate.standardError()), known(estimate.low()), known(estimate.high()));
        };
        return udf(estimated, schema).apply(CUSTOMERS.col(), REFERRALS.col(), col("squares"));
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private LoyaltyPeriod period() {
        return new LoyaltyPeriod(asOf, loyalty.periodMonths());
    }

    /** Periods so long ago are as one: none of those kept lies before them. */
    private Column kept(Column periodsAgo) {
        return least(periodsAgo, lit(period().periodsKept()));
    }

    /** The last day of the last whole month. */
    private LocalDate lastWholeDay() {
        return period().isUnfinished() ? asOf.withDayOfMonth(1).minusDays(1) : asOf;
    }

    /** Whether the period that holds as_of has a whole month. */
    private boolean isBegun() {
        return lastWholeDay().isAfter(period().from());
    }

    /** Period, state, segments and all sums, 0 where not among the given ones. */
    private static Column[] columns(String... given) {
        List<String> counted = List.of(given);
        return Stream.concat(
                        Stream.of(col(PERIODS_AGO), STATE.col(), Customer.SEGMENTS.col()),
                        SUMS.stream().map(name -> counted.contains(name) ? col(name) : lit(0L).as(name)))
                .toArray(Column[]::new);
    }

    private static Field counted(String name, String meaning, String unit) {
        return Field.optional(name, DataTypes.LongType, meaning).in(unit);
    }

    private static Field error(String name, String meaning) {
        return Field.optional(name, DataTypes.DoubleType, meaning).in("referrals");
    }
}
