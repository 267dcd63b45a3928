package manyi.mart.survey;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Gap;
import manyi.conformed.SurveyResponse;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a customer expected before, beside what he says he met: the answer to the expected item in his latest earlier
 * response. Earlier is a response of the same population, dated a day before at least, and of a wave that is closed no
 * later, so that waves which are closed later change no pair of a closed one.
 *
 * <p>In each view (everybody, and each segment dimension) one customer in ten stands aside, chosen by a hash of his and
 * the view's names: his pairs count in the other views alone. So no sum over one dimension is a sum over another, and the
 * pairs of a cell are never all that could be; see {@link PairedCell} for what this is good for. Another dimension beside
 * a view changes nothing in it.
 *
 * @param segments the names of the segment dimensions, everybody not among them
 */
public record PanelPairs(Questionnaire questionnaire, List<String> segments) {

    /** What was expected before, in the order of {@link #gaps}; null where it is not known. */
    static final String EXPECTED_BEFORE = "expected_before";
    /** The views in which the customer stands aside, as bits: the last one for everybody, then dimension by dimension. */
    public static final String ASIDE = "aside";

    private static final long ONE_IN = 10;
    /** Pairs are made by day, so that a name that thousands of responses share, by mistake, does not multiply them. */
    private static final List<Field> DAY =
            List.of(Landing.POPULATION, Landing.WAVE, Landing.CUSTOMER_ID, Landing.ANSWERED_ON);

    public PanelPairs {
        segments = List.copyOf(segments);
    }

    /** The dimensions of expectation that are paired: a perceived item that another one asks for, too, tells of both. */
    public List<Gap> gaps() {
        return questionnaire.gaps().stream()
                .filter(gap -> questionnaire.gaps().stream()
                        .allMatch(other -> other.equals(gap)
                                || !List.of(other.expected(), other.perceived()).contains(gap.perceived())))
                .toList();
    }

    /** The names of everybody and of each segment dimension. */
    List<String> views() {
        return Stream.concat(Stream.of(Dimension.ALL), segments.stream()).toList();
    }

    /** What is read beside the responses. */
    List<Table> inputs() {
        return gaps().isEmpty() ? List.of() : List.of(UnpairedWave.TABLE);
    }

    private Column aside() {
        Column bits = lit(0L);
        for (int view = 0; view < views().size(); view++) {
            Column hash = xxhash64(Landing.POPULATION.col(), Landing.CUSTOMER_ID.col(), lit(views().get(view)));
            bits = bits.plus(
                    when(pmod(hash, lit(ONE_IN)).equalTo(0), 1L << view).otherwise(0L));
        }
        return bits;
    }

    /**
     * The responses with what was expected before and where the customer stands aside; all of them count.
     *
     * @param inputs hold the waves that are not set beside each other, {@link UnpairedWave}
     */
    public Dataset<Row> applied(Dataset<Row> responses, Inputs inputs) {
        if (gaps().isEmpty()) {
            return responses
                    .withColumn(EXPECTED_BEFORE, lit(null).cast("array<double>"))
                    .withColumn(ASIDE, lit(null).cast(LongType));
        }
        String[] names = DAY.stream().map(Field::name).toArray(String[]::new);
        Column[] day = DAY.stream().map(Field::col).toArray(Column[]::new);
        Dataset<Row> known = responses.where(Landing.CUSTOMER_ID
                .col()
                .isNotNull()
                .and(Landing.ANSWERED_ON.col().isNotNull()));
        Column isEarlier = col("earlier_population")
                .equalTo(Landing.POPULATION.col())
                .and(col("earlier_customer").equalTo(Landing.CUSTOMER_ID.col()))
                .and(col("earlier_on").lt(Landing.ANSWERED_ON.col()))
                .and(closed(col("earlier_wave")).leq(closed(Landing.WAVE.col())))
                .and(not(isUnpaired(inputs.read(UnpairedWave.TABLE))));
        List<Column> latest = new ArrayList<>();
        for (int i = 0; i < gaps().size(); i++) {
            Column told = struct(col("earlier_on"), col("earlier_wave"), col("told_" + i + ".answer"));
            latest.add(max(when(col("told_" + i).isNotNull(), told))
                    .getField("answer")
                    .as("before_" + i));
        }
        Column[] before = IntStream.range(0, latest.size())
                .mapToObj(i -> col("before_" + i))
                .toArray(Column[]::new);
        Dataset<Row> pairs = known.where(anyOf(Gap::perceived))
                .select(day)
                .distinct()
                .join(earlier(known), isEarlier, "inner")
                .groupBy(day)
                .agg(latest.get(0), latest.subList(1, latest.size()).toArray(Column[]::new))
                .withColumn(EXPECTED_BEFORE, array(before))
                .drop(IntStream.range(0, latest.size())
                        .mapToObj(i -> "before_" + i)
                        .toArray(String[]::new));
        return responses
                .join(pairs, names, "left_outer")
                .withColumn(ASIDE, when(Landing.CUSTOMER_ID.col().isNotNull(), aside()));
    }

    /** One row per two waves at most, so that they are looked up here. */
    private static Column isUnpaired(Dataset<Row> unpaired) {
        return unpaired.select(Landing.WAVE.col(), UnpairedWave.EARLIER.col()).collectAsList().stream()
                .map(row -> Landing.WAVE
                        .col()
                        .equalTo(row.getString(0))
                        .and(col("earlier_wave").equalTo(row.getString(1))))
                .reduce(lit(false), Column::or);
    }

    /** The day after which the wave takes no answers. */
    private Column closed(Column wave) {
        Column closed = lit(null).cast("date");
        for (Questionnaire.Wave one : questionnaire.waves()) {
            closed = when(wave.equalTo(one.name()), lit(one.closesOn())).otherwise(closed);
        }
        return closed;
    }

    /** What each customer said on a day that he expects: of several responses the one with the greatest key. */
    private Dataset<Row> earlier(Dataset<Row> known) {
        List<Column> told = new ArrayList<>();
        for (int i = 0; i < gaps().size(); i++) {
            Column answer = answer(gaps().get(i).expected());
            told.add(max(when(answer.isNotNull(), struct(SurveyResponse.RESPONSE_KEY.col(), answer.as("answer"))))
                    .as("told_" + i));
        }
        return known.where(anyOf(Gap::expected))
                .groupBy(
                        Landing.POPULATION.col().as("earlier_population"),
                        Landing.CUSTOMER_ID.col().as("earlier_customer"),
                        Landing.ANSWERED_ON.col().as("earlier_on"),
                        Landing.WAVE.col().as("earlier_wave"))
                .agg(told.get(0), told.subList(1, told.size()).toArray(Column[]::new));
    }

    private Column anyOf(Function<Gap, String> item) {
        return gaps().stream()
                .map(gap -> answer(item.apply(gap)).isNotNull())
                .reduce(Column::or)
                .orElseThrow();
    }

    private Column answer(String item) {
        return get(Landing.ANSWERS.col(), lit(questionnaire.place(item))).cast(DoubleType);
    }
}
