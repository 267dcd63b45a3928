package manyi.conformed;

import static manyi.table.Field.optional;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_min;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyi.config.Disposition;
import manyi.config.Questionnaire;
import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * With how much care a response was given, measured without a threshold; where to draw the line is for those who make
 * figures of it.
 *
 * <p>A straight line is the same raw answer to all indicators of one scale that were answered, before reversed ones are
 * turned over ("simple nondifferentiation"): unlike the longest run of equal answers it needs no order of items, which a
 * questionnaire that rotates them has not, and it is the strictest of the measures, so that it accuses the fewest.
 *
 * @see "Kim, Dykema, Stevenson, Black, Moberg (2019), Social Science Computer Review 37(2), 214-233"
 * @see "Curran (2016), Journal of Experimental Social Psychology 66, 4-19, on long strings"
 */
public record CarelessResponding(Questionnaire questionnaire) {

    public static final Field UNIFORM_ANSWERS = optional(
            "uniform_answers",
            IntegerType,
            "How many indicators of one scale were answered, where all of them got the same raw answer; 0 where answers"
                    + " differ. The largest number over the scales.");
    public static final Field ASKED_ITEMS = optional(
            "asked_items",
            IntegerType,
            "Items that anybody of the population answered in the wave: those that were asked in it.");
    public static final Field ANSWERED_ITEMS = optional("answered_items", IntegerType, "Items answered.");

    static final Field[] FIELDS = {
        Landing.DISPOSITION, Landing.DURATION_SECONDS, UNIFORM_ANSWERS, ASKED_ITEMS, ANSWERED_ITEMS
    };

    /** Whether the case was answered, to the end or nearly so. */
    public static Column isAnswered() {
        return Landing.DISPOSITION
                .col()
                .isNull()
                .or(Landing.DISPOSITION.col().isin(Disposition.COMPLETE.key(), Disposition.PARTIAL.key()));
    }

    /**
     * The responses with the measures as columns.
     *
     * @param landed every landed row; those in time tell which items were asked, so that a late one changes nothing
     */
    Dataset<Row> measured(Dataset<Row> responses, Dataset<Row> landed) {
        String[] wave = Field.names(Landing.POPULATION, Landing.WAVE);
        return responses
                .join(broadcast(asked(landed)), wave, "left_outer")
                .withColumn(ASKED_ITEMS.name(), coalesce(ASKED_ITEMS.col(), lit(0)))
                .withColumn(ANSWERED_ITEMS.name(), counted(answers()))
                .withColumn(UNIFORM_ANSWERS.name(), uniformAnswers());
    }

    private Dataset<Row> asked(Dataset<Row> landed) {
        List<Questionnaire.Item> items = questionnaire.items();
        List<Column> seen = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Column isAnswer =
                    Landing.ITEM.is(items.get(i).id()).and(Landing.ANSWER.col().isNotNull());
            seen.add(max(when(get(Landing.ANSWERS.col(), lit(i)).isNotNull().or(isAnswer), 1)));
        }
        return landed.where(isAnswered().and(isInTime()))
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col())
                .agg(counted(seen).as(ASKED_ITEMS.name()));
    }

    /** Whether the row is answered and here before its wave is closed; days that are not known exclude nothing. */
    private Column isInTime() {
        Column late = lit(false);
        for (Questionnaire.Wave wave : questionnaire.waves()) {
            Column closed = lit(wave.closesOn());
            Column isLater = coalesce(Landing.ANSWERED_ON.col().gt(closed), lit(false))
                    .or(coalesce(Landing.RECEIVED_ON.col().gt(closed), lit(false)));
            late = late.or(Landing.WAVE.is(wave.name()).and(isLater));
        }
        return not(late);
    }

    private List<Column> answers() {
        List<Column> answers = new ArrayList<>();
        for (int i = 0; i < questionnaire.items().size(); i++) {
            answers.add(get(Landing.ANSWERS.col(), lit(i)));
        }
        return answers;
    }

    private Column uniformAnswers() {
        Map<List<BigDecimal>, List<Column>> blocks = new LinkedHashMap<>();
        List<Column> answers = answers();
        for (Questionnaire.Item item : questionnaire.items()) {
            if (Indicators.isIndicator(item)) {
                List<BigDecimal> scale =
                        List.of(item.low().stripTrailingZeros(), item.high().stripTrailingZeros());
                blocks.computeIfAbsent(scale, any -> new ArrayList<>())
                        .add(answers.get(questionnaire.place(item.id())));
            }
        }
        List<Column> uniform = new ArrayList<>(List.of(lit(0), lit(0)));
        for (List<Column> block : blocks.values()) {
            Column given = array(block.toArray(Column[]::new));
            uniform.add(when(array_min(given).equalTo(array_max(given)), counted(block))
                    .otherwise(0));
        }
        return greatest(uniform.toArray(Column[]::new));
    }

    private static Column counted(List<Column> values) {
        return size(array_compact(array(values.toArray(Column[]::new))));
    }
}
