package manyi.mart.satisfaction;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Gap;
import manyi.conformed.SurveyResponse;
import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a customer expected before, beside what he says he met: the answer to the expected item in his latest earlier
 * response. Earlier is a response of the same population, dated a day before at least, and of the same wave or one before
 * it, so that waves which are closed later change no pair of a closed one.
 *
 * <p>A customer stands aside in one segment dimension at most, chosen by a hash: his pairs count in all the other ones.
 * So no sum over one dimension is a sum over another, and the pairs of a cell are never all that could be; see
 * {@link PairedCell} for what this is good for.
 *
 * @param dimensions how many segment dimensions there are, everybody not counted
 */
record Pairing(Questionnaire questionnaire, int dimensions) {

    /** What was expected before, in the order of {@link #gaps}; null where it is not known. */
    static final String EXPECTED_BEFORE = "expected_before";
    /** The view in which the customer stands aside: 0 for everybody, 1 for the first dimension; none of them beyond. */
    static final String ASIDE = "aside";

    private static final int LEAST_PLACES = 10;

    /** The dimensions of expectation that are paired: a perceived item that another one asks for, too, tells of both. */
    List<Gap> gaps() {
        return questionnaire.gaps().stream()
                .filter(gap -> questionnaire.gaps().stream()
                        .allMatch(other -> other.equals(gap)
                                || !List.of(other.expected(), other.perceived()).contains(gap.perceived())))
                .toList();
    }

    /** Everybody and each segment dimension. */
    int views() {
        return dimensions + 1;
    }

    /** One customer in so many stands aside in a view; half of all at most do so in any. */
    private int places() {
        return Math.max(LEAST_PLACES, 2 * views());
    }

    /** The responses with what was expected before and where the customer stands aside; all of them count. */
    Dataset<Row> applied(Dataset<Row> responses) {
        if (gaps().isEmpty()) {
            return responses
                    .withColumn(EXPECTED_BEFORE, lit(null).cast("array<double>"))
                    .withColumn(ASIDE, lit(null).cast(IntegerType));
        }
        Column place = pmod(xxhash64(Landing.POPULATION.col(), Landing.CUSTOMER_ID.col()), lit((long) places()));
        Column[] key = {Landing.POPULATION.col(), Landing.WAVE.col(), SurveyResponse.RESPONSE_KEY.col()};
        String[] names = Stream.of(Landing.POPULATION, Landing.WAVE, SurveyResponse.RESPONSE_KEY)
                .map(Field::name)
                .toArray(String[]::new);
        Dataset<Row> known = responses.where(
                Landing.CUSTOMER_ID.col().isNotNull().and(Landing.ANSWERED_ON.col().isNotNull()));
        Column isEarlier = col("earlier_population")
                .equalTo(Landing.POPULATION.col())
                .and(col("earlier_customer").equalTo(Landing.CUSTOMER_ID.col()))
                .and(col("earlier_on").lt(Landing.ANSWERED_ON.col()))
                .and(col("earlier_wave").leq(Landing.WAVE.col()));
        List<Column> latest = new ArrayList<>();
        for (int i = 0; i < gaps().size(); i++) {
            Column told = struct(col("earlier_on"), col("earlier_wave"), col("earlier_key"), col("told_" + i));
            latest.add(max(when(col("told_" + i).isNotNull(), told))
                    .getField("told_" + i)
                    .as("before_" + i));
        }
        Column[] before = IntStream.range(0, latest.size())
                .mapToObj(i -> col("before_" + i))
                .toArray(Column[]::new);
        Dataset<Row> pairs = known.where(anyOf(Gap::perceived))
                .select(Stream.concat(
                                Stream.of(key), Stream.of(Landing.CUSTOMER_ID.col(), Landing.ANSWERED_ON.col()))
                        .toArray(Column[]::new))
                .join(earlier(known), isEarlier, "inner")
                .groupBy(key)
                .agg(latest.get(0), latest.subList(1, latest.size()).toArray(Column[]::new))
                .withColumn(EXPECTED_BEFORE, array(before))
                .drop(IntStream.range(0, latest.size())
                        .mapToObj(i -> "before_" + i)
                        .toArray(String[]::new));
        return responses
                .join(pairs, names, "left_outer")
                .withColumn(
                        ASIDE,
                        when(Landing.CUSTOMER_ID.col().isNotNull(), place).cast(IntegerType));
    }

    private Dataset<Row> earlier(Dataset<Row> known) {
        List<Column> told = new ArrayList<>(List.of(
                Landing.POPULATION.col().as("earlier_population"),
                Landing.CUSTOMER_ID.col().as("earlier_customer"),
                Landing.ANSWERED_ON.col().as("earlier_on"),
                Landing.WAVE.col().as("earlier_wave"),
                SurveyResponse.RESPONSE_KEY.col().as("earlier_key")));
        for (int i = 0; i < gaps().size(); i++) {
            told.add(answer(gaps().get(i).expected()).as("told_" + i));
        }
        return known.where(anyOf(Gap::expected)).select(told.toArray(Column[]::new));
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
