package manyi.mart.satisfaction;

import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.survey.SatisfactionCell.SEGMENT;
import static manyi.mart.survey.SatisfactionCell.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Figure;
import manyi.mart.survey.Figures;
import manyi.mart.survey.SatisfactionCell;
import manyi.mart.survey.SegmentMeasure;
import manyi.mart.survey.SortedGroups;
import manyi.mart.survey.SurveyMart;
import manyi.mart.survey.SurveyTable;
import manyi.math.survey.SmallArea;
import manyi.source.Landing;
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
 * @param measures what is published of a segment; the index is the first
 */
public record SegmentSatisfaction(LocalDate asOf, List<SegmentMeasure> measures) implements SurveyMart {

    public static final Field RESPONDENTS = Field.optionalWhole(
                    "respondents",
                    "Distinct customers whose answers count; a response without a known customer counts as one.")
            .in("customers");
    public static final Field EFFECTIVE_RESPONDENTS = Field.optionalNumber(
                    "effective_respondents",
                    "Effective sample size (Kish): how many equally weighted customers would be as informative: the squared sum of weights over the"
                            + " sum of squared weights.")
            .in("customers");
    private static final EstimateColumns CSI = SegmentMeasure.CSI.columns();
    public static final Field CSI_SHRUNK = Field.optionalNumber(
                    "csi_shrunk",
                    "csi shrunk towards the mean of the segment's published values, "
                            + "the more so the less precise it is (empirical Bayes); null for all, and where fewer than two values are published or none"
                            + " has an error.")
            .in(CSI.scale().unit());
    public static final Field CSI_SHRUNK_STANDARD_ERROR = Field.optionalNumber(
                    "csi_shrunk_standard_error",
                    "Root of the mean squared error of csi_shrunk; below 30 respondents it rests on the variance of an"
                            + " answer pooled over the published values.")
            .in(CSI.scale().unitOfErrors());
    private static final EstimateColumns DESIGN = CSI.prefixed("")
            .with(Part.DEGREES_OF_FREEDOM, "Sampling units with a csi less their strata; below 1 there is no interval.")
            .with(Part.DESIGN_EFFECT);
    public static final Field DESIGN_EFFECT = DESIGN.field(Part.DESIGN_EFFECT);
    public static final Field DEGREES_OF_FREEDOM = DESIGN.field(Part.DEGREES_OF_FREEDOM);
    public static final Field IS_SINGLE_PSU_STRATUM = Field.optionalFlag(
            "is_single_psu_stratum",
            "Whether respondents lie in a stratum with a single sampling unit, whose variance is taken from the others.");
    public static final Field REASON = Field.optionalText(
            "reason",
            "Why there is no standard error or interval, for the whole row "
                    + "or for the measures that it names; null where all have theirs.");

    public static final Table TABLE = published(SegmentMeasure.ALL).table();

    private static final String RESPONDENT_ESTIMATE = "respondent_estimate";

    public SegmentSatisfaction {
        measures = List.copyOf(measures);
    }

    public SegmentSatisfaction(LocalDate asOf) {
        this(asOf, SegmentMeasure.ALL);
    }

    private static SurveyTable published(List<SegmentMeasure> measures) {
        SurveyTable published = SurveyTable.named(
                        "segment_satisfaction",
                        "Satisfaction index, grade, states and recommendation of each segment in each closed survey wave.",
                        "population, wave and segment value")
                .figures(RESPONDENTS, EFFECTIVE_RESPONDENTS)
                .figures(CSI)
                .figures(CSI_SHRUNK, CSI_SHRUNK_STANDARD_ERROR)
                .figures(DESIGN_EFFECT, DEGREES_OF_FREEDOM, IS_SINGLE_PSU_STRATUM, REASON);
        for (SegmentMeasure measure : measures.subList(1, measures.size())) {
            published = published.figures(measure.columns());
        }
        return published.expect(
                "respondents >= 1",
                "is_suppressed or respondents is not null",
                "effective_respondents <= respondents + 1e-6",
                "csi_shrunk between -1e-9 and 100 + 1e-9",
                "csi_shrunk_standard_error >= 0",
                "csi_shrunk is null or (segment <> 'all' and not is_suppressed and csi is not null)",
                "(csi_shrunk is null) = (csi_shrunk_standard_error is null)",
                "abs(dissatisfied_share + satisfied_share + very_satisfied_share - 1) < 1e-9",
                "design_effect >= 0",
                "is_suppressed or csi is null or csi_standard_error is not null or reason is not null");
    }

    @Override
    public String definition() {
        return asOf + " " + measures.stream().map(SegmentMeasure::name).toList();
    }

    @Override
    public SurveyTable published() {
        return published(measures);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column[] estimates = Stream.concat(
                        Stream.of(
                                of(
                                                Figure.RESPONDENT,
                                                SatisfactionCell.SINGLE_STRATA
                                                        .col()
                                                        .gt(0))
                                        .as(IS_SINGLE_PSU_STRATUM.name()),
                                of(Figure.RESPONDENT, IS_SUPPRESSED.col()).as(IS_SUPPRESSED.name()),
                                of(Figure.RESPONDENT, col("estimate")).as(RESPONDENT_ESTIMATE)),
                        measures.stream().map(SegmentSatisfaction::estimate))
                .toArray(Column[]::new);
        Dataset<Row> segments = inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.PREVIOUS_WAVE.is(""))
                .where(SatisfactionCell.ITEM.is(""))
                .withColumn("estimate", Figures.estimate(measures))
                .groupBy(Field.columns(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE))
                .agg(of(Figure.RESPONDENT, SatisfactionCell.CUSTOMERS.col()).as(RESPONDENTS.name()), estimates);
        Column unknown = lit(null).cast(DoubleType);
        Dataset<Row> direct = published(measures)
                .rows(
                        segments,
                        asOf,
                        RESPONDENTS.col(),
                        Figures.part(RESPONDENT_ESTIMATE, Figures.EFFECTIVE).as(EFFECTIVE_RESPONDENTS.name()),
                        unknown.as(CSI_SHRUNK.name()),
                        unknown.as(CSI_SHRUNK_STANDARD_ERROR.name()),
                        Figures.part(CSI.source(), Figures.DESIGN_EFFECT).as(DESIGN_EFFECT.name()),
                        Figures.part(CSI.source(), Figures.DEGREES_OF_FREEDOM).as(DEGREES_OF_FREEDOM.name()),
                        IS_SINGLE_PSU_STRATUM.col(),
                        reason().as(REASON.name()));
        StructType schema = table().schema();
        int keysOfADimension = schema.fieldIndex(SEGMENT.name()) + 1;
        return table().conform(SortedGroups.read(
                direct, keysOfADimension, SEGMENT_VALUE.name(), schema, SegmentSatisfaction::shrunk));
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
                Double error = value.getAs(CSI.field(Part.STANDARD_ERROR).name());
                // answers that are alike count in the pooled variance: it is that of all answers about their segments
                double unknown = value.<Long>getAs(DEGREES_OF_FREEDOM.name()) >= 1 ? 0 : Double.NaN;
                places.add(i);
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
            columns[value.fieldIndex(CSI_SHRUNK.name())] = drawn.get(i).estimate();
            columns[value.fieldIndex(CSI_SHRUNK_STANDARD_ERROR.name())] =
                    StrictMath.sqrt(drawn.get(i).meanSquaredError());
            shrunk.set(places.get(i), RowFactory.create(columns));
        }
        return shrunk;
    }

    /** Why the row has no errors, else which measures have none and why. */
    private Column reason() {
        Column[] reasons = measures.stream()
                .map(SegmentMeasure::columns)
                .filter(columns -> !columns.scale().isShare())
                .map(columns -> concat(lit(columns.name() + ": "), Figures.part(columns.source(), Figures.REASON)))
                .toArray(Column[]::new);
        Column ofAll = Figures.part(RESPONDENT_ESTIMATE, Figures.DEGREES_OF_FREEDOM);
        Column ofMeasures = concat_ws("; ", reasons);
        return when(ofAll.lt(1), Figures.part(RESPONDENT_ESTIMATE, Figures.REASON))
                .when(ofMeasures.notEqual(""), ofMeasures);
    }

    private static Column of(String figure, Column value) {
        return max(when(SatisfactionCell.FIGURE.is(figure), value));
    }

    /** A measure's estimate. One that is suppressed in a published cell is not even audited. */
    private static Column estimate(SegmentMeasure measure) {
        Column value = col("estimate");
        return of(measure.name(), measure.isSuppressedAlone() ? when(not(IS_SUPPRESSED.col()), value) : value)
                .as(measure.columns().source());
    }
}
