package manyi.mart.satisfaction;

import static manyi.mart.satisfaction.SatisfactionCell.IS_SUPPRESSED;
import static manyi.mart.satisfaction.SatisfactionCell.SEGMENT;
import static manyi.mart.satisfaction.SatisfactionCell.SEGMENT_VALUE;
import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import java.time.LocalDate;
import java.util.List;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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
                    "Linearised standard error of csi, the customer being the sampling unit; null below two customers.")
            .in("points");
    public static final Field CSI_LOW = optional("csi_low", DoubleType, "Lower limit of csi at 95 % by Student's t.")
            .in("points");
    public static final Field CSI_HIGH = optional("csi_high", DoubleType, "Upper limit of csi at 95 % by Student's t.")
            .in("points");
    public static final Field CSM = optional(
                    "csm",
                    DoubleType,
                    "Satisfaction grade: weighted mean of overall satisfaction on the scale from -60 to 60; null where"
                            + " no item asks for it.")
            .in("points, -60 to 60");
    public static final Field DISSATISFIED_SHARE = optional(
                    "dissatisfied_share", DoubleType, "Weighted share of the dissatisfied.")
            .in(SHARE);
    public static final Field SATISFIED_SHARE = optional(
                    "satisfied_share",
                    DoubleType,
                    "Weighted share of the satisfied, the very satisfied not among them.")
            .in(SHARE);
    public static final Field VERY_SATISFIED_SHARE = optional(
                    "very_satisfied_share", DoubleType, "Weighted share of the very satisfied.")
            .in(SHARE);
    public static final Field NPS = optional(
                    "nps",
                    DoubleType,
                    "Net promoter score: weighted mean of 100 for promoters, 0, and -100 for detractors; null where no"
                            + " item asks for it.")
            .in(NPS_POINTS);
    public static final Field NPS_STANDARD_ERROR = optional(
                    "nps_standard_error", DoubleType, "Linearised standard error of nps; null below two customers.")
            .in("points");
    public static final Field NPS_LOW = optional("nps_low", DoubleType, "Lower limit of nps at 95 % by Student's t.")
            .in("points");
    public static final Field NPS_HIGH = optional("nps_high", DoubleType, "Upper limit of nps at 95 % by Student's t.")
            .in("points");

    private static final List<Field> FIGURES = List.of(
            RESPONDENTS,
            EFFECTIVE_RESPONDENTS,
            CSI,
            CSI_STANDARD_ERROR,
            CSI_LOW,
            CSI_HIGH,
            CSM,
            DISSATISFIED_SHARE,
            SATISFIED_SHARE,
            VERY_SATISFIED_SHARE,
            NPS,
            NPS_STANDARD_ERROR,
            NPS_LOW,
            NPS_HIGH);

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
                    "csi_low <= csi and csi <= csi_high",
                    "csm between -60 and 60",
                    "dissatisfied_share between 0 and 1",
                    "satisfied_share between 0 and 1",
                    "very_satisfied_share between 0 and 1",
                    "abs(dissatisfied_share + satisfied_share + very_satisfied_share - 1) < 1e-9",
                    "nps between -100 and 100",
                    "nps_low <= nps and nps <= nps_high",
                    "is_suppressed or respondents is not null");

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
        return TABLE.conform(inputs.read(SatisfactionCell.TABLE)
                .where(SatisfactionCell.FIGURE.col().notEqual(SatisfactionCell.SCORE))
                .withColumn("estimate", Figures.estimate())
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col(), SEGMENT.col(), SEGMENT_VALUE.col())
                .agg(
                        of(SatisfactionCell.RESPONDENT_FIGURE, SatisfactionCell.PSUS.col())
                                .as(RESPONDENTS.name()),
                        estimated(SatisfactionCell.RESPONDENT_FIGURE, Figures.EFFECTIVE)
                                .as(EFFECTIVE_RESPONDENTS.name()),
                        estimated(SatisfactionCell.CSI_FIGURE, Figures.MEAN).as(CSI.name()),
                        estimated(SatisfactionCell.CSI_FIGURE, Figures.STANDARD_ERROR)
                                .as(CSI_STANDARD_ERROR.name()),
                        estimated(SatisfactionCell.CSI_FIGURE, Figures.LOW).as(CSI_LOW.name()),
                        estimated(SatisfactionCell.CSI_FIGURE, Figures.HIGH).as(CSI_HIGH.name()),
                        estimated(SatisfactionCell.CSM_FIGURE, Figures.MEAN).as(CSM.name()),
                        share(SatisfactionCell.DISSATISFIED_FIGURE).as(DISSATISFIED_SHARE.name()),
                        share(SatisfactionCell.SATISFIED_FIGURE).as(SATISFIED_SHARE.name()),
                        share(SatisfactionCell.VERY_SATISFIED_FIGURE).as(VERY_SATISFIED_SHARE.name()),
                        estimated(SatisfactionCell.NPS_FIGURE, Figures.MEAN).as(NPS.name()),
                        estimated(SatisfactionCell.NPS_FIGURE, Figures.STANDARD_ERROR)
                                .as(NPS_STANDARD_ERROR.name()),
                        estimated(SatisfactionCell.NPS_FIGURE, Figures.LOW).as(NPS_LOW.name()),
                        estimated(SatisfactionCell.NPS_FIGURE, Figures.HIGH).as(NPS_HIGH.name()),
                        max(IS_SUPPRESSED.col()).as(IS_SUPPRESSED.name()))
                .withColumn(AS_OF.name(), lit(asOf)));
    }

    @Override
    public Dataset<Row> masked(Dataset<Row> audited) {
        return Figures.masked(TABLE, audited, FIGURES);
    }

    private static Column of(String figure, Column value) {
        return max(when(SatisfactionCell.FIGURE.col().equalTo(figure), value));
    }

    private static Column estimated(String figure, String part) {
        return of(figure, col("estimate." + part));
    }

    private static Column share(String figure) {
        return estimated(figure, Figures.MEAN).divide(100);
    }
}
