package manyi.mart.satisfaction;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.conformed.Attributes;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.SuppressedRows;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * Who was asked, who answered, how carefully, and how far those whose answers count differ from all customers, of
 * each segment in each closed survey wave.
 *
 * @param asOf the last day that exists
 * @param attributes tells which dimensions customers have apart from a survey
 * @see "AAPOR (2023), Standard Definitions, 10th edition: RR1 and RR2"
 * @see "Duncan, Duncan (1955), American Sociological Review 20(2), 210-217: index of dissimilarity"
 */
public record ResponseQuality(LocalDate asOf, Job.Satisfaction satisfaction, Attributes attributes)
        implements Derivation {

    static final String CASES = "cases";
    static final String RESPONSES = "responses";
    private static final String POINTS = "percentage points";
    private static final String CUSTOMER = "customer";
    /** Customers behind a cell, whether asked or not. */
    private static final String BEHIND = "customers";

    /** Masks of what rests on the few who left items out. */
    private static final String INCOMPLETE_ARE_HIDDEN = "incomplete_are_hidden";

    private static final String MOSTLY_MISSING_ARE_HIDDEN = "mostly_missing_are_hidden";

    private static final String[] KEY = Field.names(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE);
    private static final DataType EXACT = createDecimalType(38, 0);

    public static final Field INVITATIONS = count(
            "invitations",
            CASES,
            "Everybody who was asked: all cases of the wave except tests, whatever their disposition.");
    public static final Field COMPLETES = count("completes", CASES, "Answered to the end, and in time.");
    public static final Field PARTIALS = count("partials", CASES, "Answered in part, and in time.");
    public static final Field LATE_RESPONSES =
            count("late_responses", CASES, "Answered after the wave was closed; not responses for the response rates.");
    public static final Field REFUSALS = count("refusals", CASES, "Refused, or broke off early.");
    public static final Field NON_CONTACTS = count("non_contacts", CASES, "Never reached.");
    public static final Field OTHER_NONRESPONSES =
            count("other_nonresponses", CASES, "Reached, and no answer for another reason.");
    public static final Field UNKNOWN_ELIGIBILITY =
            count("unknown_eligibility", CASES, "Not known whether they are eligible, that is, were to be asked.");
    public static final Field NOT_ELIGIBLE = count(
            "not_eligible", CASES, "Not eligible, since they were not to be asked; not part of the response rates.");
    public static final Field TESTS = count("tests", CASES, "Tests of the questionnaire; not part of anything else.");
    public static final Field RESPONSE_RATE_1 = Field.optionalShare(
            "response_rate_1",
            "AAPOR's RR1: completes over all cases that are or may be eligible. Null where the sources of the"
                    + " wave name nobody who did not answer, since a rate cannot be known then.");
    public static final Field RESPONSE_RATE_2 =
            Field.optionalShare("response_rate_2", "AAPOR's RR2: completes and partials over the same.");
    public static final Field RESPONSE_RATE_3 = Field.optionalShare(
            "response_rate_3",
            "AAPOR's RR3: completes over those known to be eligible and, of cases of unknown eligibility, the"
                    + " share that is eligible among all others.");
    public static final Field STRAIGHT_LINED = count(
            "straight_lined_responses",
            RESPONSES,
            "Of completes and partials, those with the same raw answer to all indicators of a scale.");
    public static final Field STRAIGHT_LINED_SHARE =
            Field.optionalShare("straight_lined_share", "Straight-lined responses among completes and partials.");
    public static final Field SPED = count(
            "sped_responses", RESPONSES, "Of completes and partials, those that took less than the time configured.");
    public static final Field SPED_SHARE = Field.optionalShare(
            "sped_share",
            "Sped responses among completes and partials whose time is known; null where no speed is configured.");
    public static final Field MOSTLY_MISSING = count(
            "mostly_missing_responses",
            RESPONSES,
            "Of completes and partials, those with more than the configured share of the items asked unanswered; null"
                    + " where they are few.");
    public static final Field MOSTLY_MISSING_SHARE =
            Field.optionalShare("mostly_missing_share", "Mostly missing responses among completes and partials.");
    public static final Field MEAN_MISSING_SHARE = Field.optionalShare(
            "mean_missing_share",
            "Mean share of the items asked that a complete or partial response left open; null where few left any open.");
    public static final Field COUNTED =
            count("counted_responses", RESPONSES, "Responses on which the satisfaction figures rest.");
    public static final Field RESPONDENTS_SHARE = Field.optionalShare(
            "respondents_share", "The segment value's share of the counted responses, each counted once (unweighted).");
    public static final Field WEIGHTED_SHARE = Field.optionalShare(
            "weighted_respondents_share",
            "The same share of the weighted responses, by raked weights where the job has margins.");
    public static final Field CUSTOMERS_SHARE = Field.optionalShare(
            "customers_share",
            "The segment value's share of the customers known at as_of; null for other populations, and where the"
                    + " segment comes from the survey itself.");
    public static final Field DIFFERENCE = Field.optionalNumber(
                    "difference", "Respondents' share less customers' share: above 0, too many answered.")
            .in(POINTS);
    public static final Field WEIGHTED_DIFFERENCE = Field.optionalNumber(
                    "weighted_difference", "Weighted respondents' share less customers' share.")
            .in(POINTS);
    public static final Field DISSIMILARITY = Field.optionalShare(
            "dissimilarity",
            "Half the sum of the absolute differences of shares over the dimension, its suppressed values combined:"
                    + " the share of respondents who would have to belong elsewhere to mirror the customers.");
    public static final Field WEIGHTED_DISSIMILARITY =
            Field.optionalShare("weighted_dissimilarity", "The same after weighting.");

    private static final List<Field> FIGURES = List.of(
            INVITATIONS,
            COMPLETES,
            PARTIALS,
            LATE_RESPONSES,
            REFUSALS,
            NON_CONTACTS,
            OTHER_NONRESPONSES,
            UNKNOWN_ELIGIBILITY,
            NOT_ELIGIBLE,
            TESTS,
            RESPONSE_RATE_1,
            RESPONSE_RATE_2,
            RESPONSE_RATE_3,
            STRAIGHT_LINED,
            STRAIGHT_LINED_SHARE,
            SPED,
            SPED_SHARE,
            MOSTLY_MISSING,
            MOSTLY_MISSING_SHARE,
            MEAN_MISSING_SHARE,
            COUNTED,
            RESPONDENTS_SHARE,
            WEIGHTED_SHARE,
            CUSTOMERS_SHARE,
            DIFFERENCE,
            WEIGHTED_DIFFERENCE,
            DISSIMILARITY,
            WEIGHTED_DISSIMILARITY);

    public static final Table TABLE = Table.named(
                    "response_quality",
                    "Who was asked, who answered, how carefully, and how far respondents differ from customers, of"
                            + " each segment in each closed survey wave.")
            .oneRowPer(
                    "population, wave and segment value",
                    SegmentColumns.AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE)
            .with(FIGURES.toArray(Field[]::new))
            .with(SatisfactionCell.IS_SUPPRESSED)
            .expect(
                    "completes + partials + late_responses + refusals + non_contacts + other_nonresponses"
                            + " + unknown_eligibility + not_eligible = invitations",
                    "response_rate_1 between 0 and 1",
                    "response_rate_2 between response_rate_1 and 1",
                    "response_rate_3 between response_rate_1 and 1",
                    "straight_lined_responses <= completes + partials",
                    "sped_responses <= completes + partials",
                    "mostly_missing_responses <= completes + partials",
                    "counted_responses <= completes + partials",
                    "mean_missing_share between 0 and 1",
                    "respondents_share between 0 and 1",
                    "weighted_respondents_share between 0 and 1",
                    "customers_share between 0 and 1",
                    "dissimilarity between 0 and 1",
                    "weighted_dissimilarity between 0 and 1",
                    "is_suppressed or invitations is not null");

    @Override
    public Lineage lineage() {
        return TABLE.from(ResponseCell.TABLE, SatisfactionCell.TABLE, CustomerCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> known =
                SatisfactionCell.masks(inputs).withColumnRenamed(SatisfactionCell.IS_SUPPRESSED.name(), "is_hidden");
        Dataset<Row> cells = named(withCustomers(inputs.read(ResponseCell.TABLE), inputs), known)
                .join(broadcast(known), KEY, "left_outer")
                .withColumn("is_hidden", coalesce(col("is_hidden"), lit(false)));
        SuppressedRows suppressed = new SuppressedRows(
                satisfaction.minimumRespondents(),
                List.of(
                        new SuppressedRows.Mask(
                                SatisfactionCell.IS_SUPPRESSED.name(),
                                List.of(ResponseCell.ASKED.name(), ResponseCell.ANSWERING.name()),
                                "is_hidden"),
                        new SuppressedRows.Mask(
                                INCOMPLETE_ARE_HIDDEN,
                                List.of(ResponseCell.INCOMPLETE.name()),
                                SatisfactionCell.IS_SUPPRESSED.name()),
                        new SuppressedRows.Mask(
                                MOSTLY_MISSING_ARE_HIDDEN,
                                List.of(MOSTLY_MISSING.name()),
                                SatisfactionCell.IS_SUPPRESSED.name())));
        return figures(suppressed.marked(cells, Landing.POPULATION, Landing.WAVE));
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(TABLE, audited, FIGURES);
    }

    // ---- counting

    /** The cells with the customers behind them, and cells of customers none of whom was asked. */
    private Dataset<Row> withCustomers(Dataset<Row> cells, Inputs inputs) {
        Dataset<Row> customers = SegmentColumns.inLongForm(inputs.read(CustomerCell.TABLE), attributes.dimensions())
                .where(isComparable())
                .groupBy(SEGMENT.col(), SEGMENT_VALUE.col())
                .agg(sum(CustomerCell.CUSTOMERS.col()).as(BEHIND));
        Dataset<Row> waves = cells.where(SEGMENT.is(Dimension.ALL))
                .where(Landing.POPULATION.is(CUSTOMER))
                .select(Landing.POPULATION.col(), Landing.WAVE.col());
        return summed(cells.unionByName(waves.crossJoin(broadcast(customers)), true), false);
    }

    /** Everybody, and the dimensions whose values no survey overrules. */
    private Column isComparable() {
        List<Object> names = new ArrayList<>(List.of(Dimension.ALL));
        for (Dimension dimension : attributes.dimensions()) {
            if (dimension.attributes().stream().noneMatch(attributes.fromSurvey()::contains)) {
                names.add(dimension.name());
            }
        }
        return SEGMENT.col().isin(names.toArray());
    }

    /** Gathers rare values as the satisfaction tables do: whoever has a name there has one here. */
    private static Dataset<Row> named(Dataset<Row> cells, Dataset<Row> known) {
        WindowSpec byName = Window.partitionBy(Field.columns(Landing.POPULATION, Landing.WAVE, SEGMENT))
                .orderBy(desc("is_named"), desc(INVITATIONS.name()), desc(BEHIND), SEGMENT_VALUE.col());
        Column isRare = row_number().over(byName).gt(SatisfactionCell.MAXIMUM_VALUES);
        Dataset<Row> ranked = cells.join(
                        broadcast(known.drop("is_hidden").withColumn("is_named", lit(true))), KEY, "left_outer")
                .withColumn("is_named", coalesce(col("is_named"), lit(false)))
                .withColumn("is_rare", isRare)
                .withColumn(
                        SEGMENT_VALUE.name(),
                        when(col("is_rare"), Dimension.OTHER).otherwise(SEGMENT_VALUE.col()));
        return summed(ranked.drop("is_named", "is_rare"), true);
    }

    /**
     * One row per cell.
     *
     * @param isGathering whether values become one: a customer may stand in several of them, so that only the greatest of
     *     their numbers of customers is certain to be there
     */
    static Dataset<Row> summed(Dataset<Row> parts, boolean isGathering) {
        List<Column> sums = new ArrayList<>();
        for (StructField field : parts.schema().fields()) {
            String name = field.name();
            if (List.of(KEY).contains(name)) {
                continue;
            }
            boolean isCustomers = name.equals(ResponseCell.ASKED.name()) || name.equals(ResponseCell.ANSWERING.name());
            Column total = isGathering && isCustomers ? max(col(name)) : sum(col(name));
            sums.add((name.equals(BEHIND) ? total : coalesce(total, lit(0)))
                    .cast(field.dataType())
                    .as(name));
        }
        return parts.groupBy(Arrays.stream(KEY).map(name -> col(name)).toArray(Column[]::new))
                .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new));
    }

    // ---- figures

    private Dataset<Row> figures(Dataset<Row> cells) {
        WindowSpec wave = Window.partitionBy(Landing.POPULATION.col(), Landing.WAVE.col());
        WindowSpec dimension = Window.partitionBy(Field.columns(Landing.POPULATION, Landing.WAVE, SEGMENT));
        Column isAll = SEGMENT.is(Dimension.ALL);
        Column missed = REFUSALS.col()
                .plus(NON_CONTACTS.col())
                .plus(OTHER_NONRESPONSES.col())
                .plus(UNKNOWN_ELIGIBILITY.col());
        Column responses = COMPLETES.col().plus(PARTIALS.col());
        Column eligible = INVITATIONS.col().minus(NOT_ELIGIBLE.col());
        Column isRateKnown = col("all_missed").gt(0);
        // K of K + N cases of known eligibility are eligible, and as many of the U others: K + U·K/(K + N)
        Column known = eligible.minus(UNKNOWN_ELIGIBILITY.col());
        Column likely = known.plus(ratio(UNKNOWN_ELIGIBILITY.col().multiply(known), known.plus(NOT_ELIGIBLE.col())));
        Dataset<Row> whole = cells.withColumn(
                        "all_missed", max(when(isAll, missed)).over(wave))
                .withColumn("all_counted", max(when(isAll, COUNTED.col())).over(wave))
                .withColumn(
                        "all_weight",
                        max(when(isAll, ResponseCell.WEIGHT.col())).over(wave))
                .withColumn("all_customers", max(when(isAll, col(BEHIND))).over(wave))
                .withColumn(
                        BEHIND,
                        when(Landing.POPULATION.is(CUSTOMER).and(isComparable()), coalesce(col(BEHIND), lit(0L))))
                .withColumn("missed", apart(COUNTED.col(), col("all_counted")))
                .withColumn("weight_missed", apart(ResponseCell.WEIGHT.col(), col("all_weight")));
        // the few whose time is known are a base of their own
        Column isBased = ResponseCell.TIMED.col().geq(satisfaction.minimumRespondents());
        Column sped = satisfaction.quality().speedingBelowSeconds().isPresent() ? when(isBased, SPED.col()) : lit(null);
        return whole.withColumn(RESPONSE_RATE_1.name(), when(isRateKnown, ratio(COMPLETES.col(), eligible)))
                .withColumn(RESPONSE_RATE_2.name(), when(isRateKnown, ratio(responses, eligible)))
                .withColumn(RESPONSE_RATE_3.name(), when(isRateKnown, ratio(COMPLETES.col(), likely)))
                .withColumn(STRAIGHT_LINED_SHARE.name(), ratio(STRAIGHT_LINED.col(), responses))
                .withColumn(SPED.name(), sped.cast(LongType))
                .withColumn(SPED_SHARE.name(), ratio(SPED.col(), ResponseCell.TIMED.col()))
                .withColumn(MOSTLY_MISSING.name(), when(not(col(MOSTLY_MISSING_ARE_HIDDEN)), MOSTLY_MISSING.col()))
                .withColumn(MOSTLY_MISSING_SHARE.name(), ratio(MOSTLY_MISSING.col(), responses))
                .withColumn(
                        MEAN_MISSING_SHARE.name(),
                        when(
                                not(col(INCOMPLETE_ARE_HIDDEN)),
                                ratio(ResponseCell.MISSING_ITEMS.col(), ResponseCell.ASKED_ITEMS.col())))
                .withColumn(RESPONDENTS_SHARE.name(), ratio(COUNTED.col(), col("all_counted")))
                .withColumn(WEIGHTED_SHARE.name(), ratio(ResponseCell.WEIGHT.col(), col("all_weight")))
                .withColumn(CUSTOMERS_SHARE.name(), ratio(col(BEHIND), col("all_customers")))
                .withColumn(DIFFERENCE.name(), points(RESPONDENTS_SHARE))
                .withColumn(WEIGHTED_DIFFERENCE.name(), points(WEIGHTED_SHARE))
                .withColumn(
                        DISSIMILARITY.name(),
                        when(not(isAll), dissimilarity(col("missed"), col("all_counted"), dimension)))
                .withColumn(
                        WEIGHTED_DISSIMILARITY.name(),
                        when(not(isAll), dissimilarity(col("weight_missed"), col("all_weight"), dimension)))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf));
    }

    /** a/A − b/B as the whole number a·B − b·A, so that sums of it are exact. */
    private static Column apart(Column respondents, Column all) {
        return respondents
                .cast(EXACT)
                .multiply(col("all_customers").cast(EXACT))
                .minus(col(BEHIND).cast(EXACT).multiply(all.cast(EXACT)));
    }

    private static Column dissimilarity(Column apart, Column all, WindowSpec dimension) {
        Column isHidden = SatisfactionCell.IS_SUPPRESSED.col();
        Column published = sum(when(not(isHidden), abs(apart)).otherwise(lit(0).cast(EXACT)))
                .over(dimension);
        Column hidden =
                abs(sum(when(isHidden, apart).otherwise(lit(0).cast(EXACT))).over(dimension));
        Column twice = all.cast(DoubleType)
                .multiply(col("all_customers").cast(DoubleType))
                .multiply(2);
        return when(
                col(CUSTOMERS_SHARE.name()).isNotNull().and(twice.gt(0)),
                published.plus(hidden).cast(DoubleType).divide(twice));
    }

    private static Column points(Field share) {
        return share.col().minus(CUSTOMERS_SHARE.col()).multiply(100);
    }

    private static Column ratio(Column part, Column whole) {
        return when(whole.gt(0), part.cast(DoubleType).divide(whole.cast(DoubleType)));
    }

    private static Field count(String name, String unit, String meaning) {
        return Field.optionalWhole(name, meaning).in(unit);
    }
}
