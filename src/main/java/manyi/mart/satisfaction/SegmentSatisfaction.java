package manyi.mart.satisfaction;

import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.SortedGroups;
import manyi.math.survey.SmallArea;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The satisfaction index, grade, states and recommendation of each segment in each closed survey wave.
 *
 * @param asOf the last day that exists
 */
public record SegmentSatisfaction(LocalDate asOf) implements Derivation {

    private static final String POINTS = "points, 0 to 100";
    private static final String SHARE = "share, 0 to 1";
    private static final String NPS_POINTS = "points, -100 to 100";

    public static final Field AS_OF = SegmentColumns.AS_OF;
    public static final Field RESPONDENTS = optional(
                    "respondents",
                    LongType,
                    "Distinct customers whose answers count; a response without a known customer counts as one.")
            .in("customers");
    public static final Field EFFECTIVE_RESPONDENTS = optional(
                    "effective_respondents",
                    DoubleType,
                    "How many equally weighted customers would tell as much (Kish): the squared sum of weights over the"
                            + " sum of squared weights.")
            .in("customers");
    public static final Field CSI = optional(
                    "csi", DoubleType, "Weighted mean of the customers' satisfaction indices; null without indicators.")
            .in(POINTS);
    public static final Field CSI_STANDARD_ERROR = optional(
                    "csi_standard_error",
                    DoubleType,
                    "Linearised standard error of csi under the sampling design; null without a degree of freedom, or"
                            + " where sampling units do not vary.")
            .in("points");
    public static final Field CSI_LOW = optional("csi_low", DoubleType, "Lower limit of csi at 95 % by Student's t.")
            .in("points");
    public static final Field CSI_HIGH = optional("csi_high", DoubleType, "Upper limit of csi at 95 % by Student's t.")
            .in("points");
    public static final Field CSI_SHRUNK = optional(
                    "csi_shrunk",
                    DoubleType,
                    "csi drawn towards the mean of the segment's published values, the more the less its own answers"
                            + " tell (empirical Bayes); null for all, and where fewer than two values are published or none"
                            + " has an error.")
            .in(POINTS);
    public static final Field CSI_SHRUNK_STANDARD_ERROR = optional(
                    "csi_shrunk_standard_error",
                    DoubleType,
                    "Root of the mean squared error of csi_shrunk; below 30 respondents it rests on the variance of an"
                            + " answer pooled over the published values.")
            .in("points");
    public static final Field DESIGN_EFFECT = optional(
            "design_effect",
            DoubleType,
            "Variance of csi over that of a simple random sample of as many answers; null without variance.");
    public static final Field DEGREES_OF_FREEDOM = optional(
            "degrees_of_freedom",
            LongType,
            "Sampling units with a csi less their strata; below 1 there is no interval.");
    public static final Field IS_SINGLE_PSU_STRATUM = optional(
            "is_single_psu_stratum",
            BooleanType,
            "Whether respondents lie in a stratum with a single sampling unit, whose variance is taken from the others.");
    public static final Field REASON = optional(
            "reason",
            StringType,
            "Why there is no standard error nor interval: of the whole row, or of the measures that it names; null where"
                    + " all have theirs.");
    public static final Field CSM = optional(
                    "csm",
                    DoubleType,
                    "Satisfaction grade: weighted mean of overall satisfaction on the scale from -60 to 60; null where"
                            + " no item asks for it.")
            .in("points, -60 to 60");
    public static final Field CSM_STANDARD_ERROR = optional(
                    "csm_standard_error", DoubleType, "Linearised standard error of csm; null as csi_standard_error.")
            .in("points");
    public static final Field CSM_LOW = optional("csm_low", DoubleType, "Lower limit of csm at 95 % by Student's t.")
            .in("points");
    public static final Field CSM_HIGH = optional("csm_high", DoubleType, "Upper limit of csm at 95 % by Student's t.")
            .in("points");
    public static final Field DISSATISFIED_SHARE = optional(
                    "dissatisfied_share", DoubleType, "Weighted share of the dissatisfied.")
            .in(SHARE);
    public static final Field DISSATISFIED_LOW = optional(
                    "dissatisfied_low",
                    DoubleType,
                    "Lower limit of dissatisfied_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field DISSATISFIED_HIGH = optional(
                    "dissatisfied_high",
                    DoubleType,
                    "Upper limit of dissatisfied_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field SATISFIED_SHARE = optional(
                    "satisfied_share",
                    DoubleType,
                    "Weighted share of the satisfied, the very satisfied not among them.")
            .in(SHARE);
    public static final Field SATISFIED_LOW = optional(
                    "satisfied_low", DoubleType, "Lower limit of satisfied_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field SATISFIED_HIGH = optional(
                    "satisfied_high", DoubleType, "Upper limit of satisfied_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field VERY_SATISFIED_SHARE = optional(
                    "very_satisfied_share", DoubleType, "Weighted share of the very satisfied.")
            .in(SHARE);
    public static final Field VERY_SATISFIED_LOW = optional(
                    "very_satisfied_low",
                    DoubleType,
                    "Lower limit of very_satisfied_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field VERY_SATISFIED_HIGH = optional(
                    "very_satisfied_high",
                    DoubleType,
                    "Upper limit of very_satisfied_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field CSAT = optional(
                    "csat",
                    DoubleType,
                    "Weighted share of those who answered overall satisfaction in the last two steps of the scale, or"
                            + " from the job's bound on; null where no item asks for it.")
            .in(SHARE);
    public static final Field CSAT_LOW = optional(
                    "csat_low", DoubleType, "Lower limit of csat at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field CSAT_HIGH = optional(
                    "csat_high", DoubleType, "Upper limit of csat at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field NPS = optional(
                    "nps",
                    DoubleType,
                    "Net promoter score: weighted mean of 100 for promoters, 0, and -100 for detractors; null where no"
                            + " item asks for it.")
            .in(NPS_POINTS);
    public static final Field NPS_STANDARD_ERROR = optional(
                    "nps_standard_error", DoubleType, "Linearised standard error of nps; null as csi_standard_error.")
            .in("points");
    public static final Field NPS_LOW = optional("nps_low", DoubleType, "Lower limit of nps at 95 % by Student's t.")
            .in("points");
    public static final Field NPS_HIGH = optional("nps_high", DoubleType, "Upper limit of nps at 95 % by Student's t.")
            .in("points");

    public static final Field CES = optional(
                    "ces",
                    DoubleType,
                    "Customer effort: weighted mean score of the item that asks for it, 100 the better end, so the less"
                            + " effort; null where none asks, and where too few answered it.")
            .in(POINTS);
    public static final Field CES_STANDARD_ERROR = optional(
                    "ces_standard_error", DoubleType, "Linearised standard error of ces; null as csi_standard_error.")
            .in("points");
    public static final Field CES_LOW = optional("ces_low", DoubleType, "Lower limit of ces at 95 % by Student's t.")
            .in("points");
    public static final Field CES_HIGH = optional("ces_high", DoubleType, "Upper limit of ces at 95 % by Student's t.")
            .in("points");
    public static final Field INTENTION_SHARE = optional(
                    "intention_share",
                    DoubleType,
                    "Weighted share of those who answered the item for the intention in the last two steps of its scale,"
                            + " or from the job's bound on; null where none asks, and where too few answered it.")
            .in(SHARE);
    public static final Field INTENTION_LOW = optional(
                    "intention_low", DoubleType, "Lower limit of intention_share at 95 % by logit and Student's t.")
            .in(SHARE);
    public static final Field INTENTION_HIGH = optional(
                    "intention_high", DoubleType, "Upper limit of intention_share at 95 % by logit and Student's t.")
            .in(SHARE);

    private static final List<Field> FIGURES = List.of(
            RESPONDENTS,
            EFFECTIVE_RESPONDENTS,
            CSI,
            CSI_STANDARD_ERROR,
            CSI_LOW,
            CSI_HIGH,
            CSI_SHRUNK,
            CSI_SHRUNK_STANDARD_ERROR,
            DESIGN_EFFECT,
            DEGREES_OF_FREEDOM,
            IS_SINGLE_PSU_STRATUM,
            REASON,
            CSM,
            CSM_STANDARD_ERROR,
            CSM_LOW,
            CSM_HIGH,
            DISSATISFIED_SHARE,
            DISSATISFIED_LOW,
            DISSATISFIED_HIGH,
            SATISFIED_SHARE,
            SATISFIED_LOW,
            SATISFIED_HIGH,
            VERY_SATISFIED_SHARE,
            VERY_SATISFIED_LOW,
            VERY_SATISFIED_HIGH,
            CSAT,
            CSAT_LOW,
            CSAT_HIGH,
            NPS,
            NPS_STANDARD_ERROR,
            NPS_LOW,
            NPS_HIGH,
            CES,
            CES_STANDARD_ERROR,
            CES_LOW,
            CES_HIGH,
            INTENTION_SHARE,
            INTENTION_LOW,
            INTENTION_HIGH);

    public static final Table TABLE = Table.named(
                    "segment_satisfaction",
                    "Satisfaction index, grade, states and recommendation of each segment in each closed survey wave.")
            .oneRowPer(
                    "population, wave and segment value",
                    AS_OF,
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE)
            .with(FIGURES.toArray(Field[]::new))
            .with(IS_SUPPRESSED)
            .expect(
                    "respondents >= 1",
                    "effective_respondents <= respondents + 1e-6",
                    "csi between 0 and 100",
                    "csi_standard_error >= 0",
                    "csi_low between 0 and csi and csi_high between csi and 100",
                    "is_suppressed or csi is null or csi_standard_error is not null or reason is not null",
                    "csi_shrunk between -1e-9 and 100 + 1e-9",
                    "csi_shrunk_standard_error >= 0",
                    "csi_shrunk is null or (segment <> 'all' and not is_suppressed and csi is not null)",
                    "(csi_shrunk is null) = (csi_shrunk_standard_error is null)",
                    "csm between -60 and 60",
                    "dissatisfied_share between 0 and 1",
                    "satisfied_share between 0 and 1",
                    "very_satisfied_share between 0 and 1",
                    "abs(dissatisfied_share + satisfied_share + very_satisfied_share - 1) < 1e-9",
                    "design_effect >= 0",
                    "csm_low between -60 and csm and csm_high between csm and 60",
                    "dissatisfied_low <= dissatisfied_share and dissatisfied_share <= dissatisfied_high",
                    "satisfied_low <= satisfied_share and satisfied_share <= satisfied_high",
                    "very_satisfied_low <= very_satisfied_share and very_satisfied_share <= very_satisfied_high",
                    "csat between 0 and 1",
                    "csat_low <= csat and csat <= csat_high",
                    "ces between 0 and 100",
                    "ces_low between 0 and ces and ces_high between ces and 100",
                    "intention_share between 0 and 1",
                    "intention_low <= intention_share and intention_share <= intention_high",
                    "nps between -100 and 100",
                    "nps_low between -100 and nps and nps_high between nps and 100",
                    "is_suppressed or respondents is not null");

    private static final StructType SCHEMA = TABLE.schema();

    /** The day, the population, the wave and the dimension come first. */
    private static final int KEYS_OF_A_DIMENSION = SCHEMA.fieldIndex(SEGMENT.name()) + 1;

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(SatisfactionCell.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> cells = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.col().equalTo(""))
                .where(SatisfactionCell.ITEM.col().equalTo(""))
                .withColumn("estimate", Figures.estimate())
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col(), SEGMENT.col(), SEGMENT_VALUE.col())
                .agg(
                        of(Figure.RESPONDENT, SatisfactionCell.CUSTOMERS.col()).as(RESPONDENTS.name()),
                        of(
                                        Figure.RESPONDENT,
                                        SatisfactionCell.SINGLE_STRATA.col().gt(0))
                                .as(IS_SINGLE_PSU_STRATUM.name()),
                        of(Figure.RESPONDENT, IS_SUPPRESSED.col()).as(IS_SUPPRESSED.name()),
                        estimate(Figure.RESPONDENT),
                        estimate(Figure.CSI),
                        estimate(Figure.CSM),
                        estimate(Figure.DISSATISFIED),
                        estimate(Figure.SATISFIED),
                        estimate(Figure.VERY_SATISFIED),
                        estimate(Figure.CSAT),
                        estimate(Figure.NPS),
                        estimate(Figure.EFFORT),
                        estimate(Figure.INTENTION))
                .select(
                        lit(asOf).as(AS_OF.name()),
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        SEGMENT.col(),
                        SEGMENT_VALUE.col(),
                        RESPONDENTS.col(),
                        part(Figure.RESPONDENT, Figures.EFFECTIVE, EFFECTIVE_RESPONDENTS),
                        part(Figure.CSI, Figures.MEAN, CSI),
                        part(Figure.CSI, Figures.STANDARD_ERROR, CSI_STANDARD_ERROR),
                        part(Figure.CSI, Figures.LOW, CSI_LOW),
                        part(Figure.CSI, Figures.HIGH, CSI_HIGH),
                        lit(null).cast(DoubleType).as(CSI_SHRUNK.name()),
                        lit(null).cast(DoubleType).as(CSI_SHRUNK_STANDARD_ERROR.name()),
                        part(Figure.CSI, Figures.DESIGN_EFFECT, DESIGN_EFFECT),
                        part(Figure.CSI, Figures.DEGREES_OF_FREEDOM, DEGREES_OF_FREEDOM),
                        IS_SINGLE_PSU_STRATUM.col(),
                        reason().as(REASON.name()),
                        part(Figure.CSM, Figures.MEAN, CSM),
                        part(Figure.CSM, Figures.STANDARD_ERROR, CSM_STANDARD_ERROR),
                        part(Figure.CSM, Figures.LOW, CSM_LOW),
                        part(Figure.CSM, Figures.HIGH, CSM_HIGH),
                        part(Figure.DISSATISFIED, Figures.MEAN, DISSATISFIED_SHARE),
                        part(Figure.DISSATISFIED, Figures.LOW, DISSATISFIED_LOW),
                        part(Figure.DISSATISFIED, Figures.HIGH, DISSATISFIED_HIGH),
                        part(Figure.SATISFIED, Figures.MEAN, SATISFIED_SHARE),
                        part(Figure.SATISFIED, Figures.LOW, SATISFIED_LOW),
                        part(Figure.SATISFIED, Figures.HIGH, SATISFIED_HIGH),
                        part(Figure.VERY_SATISFIED, Figures.MEAN, VERY_SATISFIED_SHARE),
                        part(Figure.VERY_SATISFIED, Figures.LOW, VERY_SATISFIED_LOW),
                        part(Figure.VERY_SATISFIED, Figures.HIGH, VERY_SATISFIED_HIGH),
                        part(Figure.CSAT, Figures.MEAN, CSAT),
                        part(Figure.CSAT, Figures.LOW, CSAT_LOW),
                        part(Figure.CSAT, Figures.HIGH, CSAT_HIGH),
                        part(Figure.NPS, Figures.MEAN, NPS),
                        part(Figure.NPS, Figures.STANDARD_ERROR, NPS_STANDARD_ERROR),
                        part(Figure.NPS, Figures.LOW, NPS_LOW),
                        part(Figure.NPS, Figures.HIGH, NPS_HIGH),
                        part(Figure.EFFORT, Figures.MEAN, CES),
                        part(Figure.EFFORT, Figures.STANDARD_ERROR, CES_STANDARD_ERROR),
                        part(Figure.EFFORT, Figures.LOW, CES_LOW),
                        part(Figure.EFFORT, Figures.HIGH, CES_HIGH),
                        part(Figure.INTENTION, Figures.MEAN, INTENTION_SHARE),
                        part(Figure.INTENTION, Figures.LOW, INTENTION_LOW),
                        part(Figure.INTENTION, Figures.HIGH, INTENTION_HIGH),
                        IS_SUPPRESSED.col());
        return TABLE.conform(SortedGroups.read(
                TABLE.conform(cells), KEYS_OF_A_DIMENSION, SEGMENT_VALUE.name(), SCHEMA, SegmentSatisfaction::shrunk));
    }

    /** The values of a dimension in one wave, the published ones with their estimates drawn towards their mean. */
    private static List<Row> shrunk(List<Row> values) {
        List<Integer> places = new ArrayList<>();
        List<SmallArea.Direct> published = new ArrayList<>();
        boolean hasVariance = false;
        for (int i = 0; i < values.size(); i++) {
            Row value = values.get(i);
            Double csi = value.getAs(CSI.name());
            if (csi != null && !value.<Boolean>getAs(IS_SUPPRESSED.name())) {
                Double error = value.getAs(CSI_STANDARD_ERROR.name());
                places.add(i);
                // answers that are alike count in the pooled variance: it is that of all answers about their segments
                double unknown = value.<Long>getAs(DEGREES_OF_FREEDOM.name()) >= 1 ? 0 : Double.NaN;
                published.add(new SmallArea.Direct(
                        csi, error == null ? unknown : error * error, value.<Long>getAs(RESPONDENTS.name())));
                hasVariance |= error != null && value.<Long>getAs(RESPONDENTS.name()) > 1;
            }
        }
        if (published.size() < 2 || !hasVariance) {
            return values;
        }
        List<SmallArea.Shrunk> drawn = SmallArea.of(published).segments();
        List<Row> shrunk = new ArrayList<>(values);
        for (int i = 0; i < drawn.size(); i++) {
            Row value = values.get(places.get(i));
            Object[] columns = new Object[value.size()];
            Arrays.setAll(columns, value::get);
            columns[SCHEMA.fieldIndex(CSI_SHRUNK.name())] = drawn.get(i).estimate();
            columns[SCHEMA.fieldIndex(CSI_SHRUNK_STANDARD_ERROR.name())] =
                    StrictMath.sqrt(drawn.get(i).meanSquaredError());
            shrunk.set(places.get(i), RowFactory.create(columns));
        }
        return shrunk;
    }

    @Override
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(TABLE, audited, FIGURES);
    }

    private static Column of(String figure, Column value) {
        return max(when(SatisfactionCell.FIGURE.col().equalTo(figure), value));
    }

    /** A figure's estimate. One that is hidden in a cell that is not is not even audited; the cell hides all its figures. */
    private static Column estimate(String figure) {
        boolean hasOwnMask = figure.equals(Figure.EFFORT) || figure.equals(Figure.INTENTION);
        Column value = col("estimate");
        return of(figure, hasOwnMask ? when(not(IS_SUPPRESSED.col()), value) : value)
                .as(named(figure));
    }

    private static Column part(String figure, String part, Field field) {
        return col(named(figure) + "." + part).as(field.name());
    }

    /** Why the row has no errors, else which measures have none and why. */
    private static Column reason() {
        Column[] reasons = Stream.of(
                        Map.entry(Figure.CSI, CSI),
                        Map.entry(Figure.CSM, CSM),
                        Map.entry(Figure.NPS, NPS),
                        Map.entry(Figure.EFFORT, CES),
                        Map.entry(Figure.INTENTION, INTENTION_SHARE))
                .map(measure -> concat(
                        lit(measure.getValue().name() + ": "), col(named(measure.getKey()) + "." + Figures.REASON)))
                .toArray(Column[]::new);
        Column ofAll = col(named(Figure.RESPONDENT) + "." + Figures.DEGREES_OF_FREEDOM);
        Column ofMeasures = concat_ws("; ", reasons);
        return when(ofAll.lt(1), col(named(Figure.RESPONDENT) + "." + Figures.REASON))
                .when(ofMeasures.notEqual(""), ofMeasures);
    }

    private static String named(String figure) {
        return figure.replace(' ', '_') + "_estimate";
    }
}
