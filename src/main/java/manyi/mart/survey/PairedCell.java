package manyi.mart.survey;

import static manyi.mart.SegmentColumns.SEGMENT;
import static manyi.mart.SegmentColumns.SEGMENT_VALUE;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire.Gap;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;

/**
 * Which cells of pairs may be published, by how many customers nobody can tell the pairs of a cell from the others.
 *
 * <p>All published sums of what was met in a wave give the same factor (beside the weight) to customers who are alike: of
 * the same segment values, with answers to the same items. The pairs of a view (everybody, or one dimension) alone do
 * not: they leave out who stands aside in that view. So whatever is added to and subtracted from a cell's pairs, of this
 * wave or any other, of this dimension or any other, of every class of customers who are alike either those who stand
 * aside in the view alone stay in the result or those who stand aside in none. The fewer of the two, summed over the classes of
 * the cell, is a number of customers that no combination which uses the cell gets below.
 *
 * @param asOf the last day that exists
 * @param dimensions the segment dimensions in the order of {@link SurveyResponse#SEGMENTS}
 */
public record PairedCell(LocalDate asOf, Job.Satisfaction satisfaction, List<Dimension> dimensions)
        implements Derivation {

    public static final Field DIMENSION = Field.text(
            "dimension",
            "The dimension of expectation in the questionnaire; 'all' for the mean over the dimensions answered.");
    static final Field INSEPARABLE = Field.whole(
                    "inseparable_customers",
                    "Minimum number of customers in every combination of published sums that uses the cell's pairs.")
            .in("customers");

    public static final Table TABLE = Table.named(
                    "paired_cell", "Whether the pairs of expectation and later experience of a cell may be published.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "population, wave, segment value and dimension of expectation",
                    Landing.POPULATION,
                    Landing.WAVE,
                    SEGMENT,
                    SEGMENT_VALUE,
                    DIMENSION)
            .with(INSEPARABLE, SatisfactionCell.IS_SUPPRESSED)
            .partitionedBy(Landing.WAVE)
            .expect("inseparable_customers >= 0");

    public PairedCell {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(ScoredResponse.TABLE);
    }

    @Override
    public boolean isOfEarlierWaves() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        PanelPairs pairing = pairing();
        List<Gap> gaps = pairing.gaps();
        if (gaps.isEmpty()) {
            return inputs.create(TABLE, List.of());
        }
        Dataset<Row> responses = inputs.read(ScoredResponse.TABLE)
                .where(Respondents.reasonLeftOut(asOf, satisfaction).isNull());
        FrequentValues frequent = FrequentValues.of(responses, dimensions.size());
        Column[] respondent = Field.columns(Landing.POPULATION, Landing.WAVE, Landing.CUSTOMER_ID);
        Column answered = transform(Landing.ANSWERS.col(), Column::isNotNull);
        Column said = struct(
                named(frequent).as("values"),
                answered.as("answered"),
                col(PanelPairs.ASIDE),
                col(PanelPairs.EXPECTED_BEFORE));
        // whoever answers twice in a wave is like nobody else
        Dataset<Row> single = pairing.applied(responses)
                .where(Landing.CUSTOMER_ID.col().isNotNull())
                .groupBy(respondent)
                .agg(count(lit(1)).as("responses"), min(said).as("said"))
                .where(col("responses").equalTo(1))
                .select(Landing.POPULATION.col(), Landing.WAVE.col(), col("said.*"));
        List<Column> counts = new ArrayList<>();
        List<Column> cells = new ArrayList<>();
        for (int gap = 0; gap < gaps.size(); gap++) {
            Column isPaired = get(
                            col("answered"),
                            lit(satisfaction.questionnaire().place(gaps.get(gap).perceived())))
                    .and(get(col(PanelPairs.EXPECTED_BEFORE), lit(gap)).isNotNull());
            counts.add(
                    customers(isPaired.and(col(PanelPairs.ASIDE).equalTo(0L))).as("never_" + gap));
            for (int view = 0; view < pairing.views().size(); view++) {
                String aside = "aside_" + gap + "_" + view;
                counts.add(customers(isPaired.and(col(PanelPairs.ASIDE).equalTo(1L << view)))
                        .as(aside));
                cells.add(struct(
                        lit(pairing.views().get(view)).as(SEGMENT.name()),
                        (view == 0 ? lit(Dimension.ALL) : col("values").getItem(view - 1)).as(SEGMENT_VALUE.name()),
                        lit(gaps.get(gap).name()).as(DIMENSION.name()),
                        least(col(aside), col("never_" + gap)).as(INSEPARABLE.name())));
            }
        }
        Dataset<Row> classes = single.groupBy(
                        Landing.POPULATION.col(), Landing.WAVE.col(), col("values"), col("answered"))
                .agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new));
        return TABLE.conform(classes.select(
                        Landing.POPULATION.col(),
                        Landing.WAVE.col(),
                        explode(array(cells.toArray(Column[]::new))).as("cell"))
                .select(Landing.POPULATION.col(), Landing.WAVE.col(), col("cell.*"))
                .groupBy(Field.columns(Landing.POPULATION, Landing.WAVE, SEGMENT, SEGMENT_VALUE, DIMENSION))
                .agg(INSEPARABLE.sum())
                .withColumn(
                        SatisfactionCell.IS_SUPPRESSED.name(),
                        INSEPARABLE.col().lt(satisfaction.minimumRespondents()).cast(BooleanType)));
    }

    private PanelPairs pairing() {
        return new PanelPairs(
                satisfaction.questionnaire(),
                dimensions.stream().map(Dimension::name).toList());
    }

    private static Column customers(Column condition) {
        return sum(when(condition, 1L).otherwise(0L));
    }

    /** The segment values as the cells of figures have them. */
    private Column named(FrequentValues frequent) {
        int count = dimensions.size();
        UDF3<String, String, scala.collection.Seq<String>, String[]> named = (population, wave, values) -> {
            String[] names = new String[count];
            for (int i = 0; i < count; i++) {
                names[i] = frequent.named(population, wave, i, values.apply(i));
            }
            return names;
        };
        return udf(named, createArrayType(StringType))
                .apply(Landing.POPULATION.col(), Landing.WAVE.col(), SurveyResponse.SEGMENTS.col());
    }
}
