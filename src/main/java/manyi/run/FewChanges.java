package manyi.run;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.conformed.SurveyResponse;
import manyi.mart.Respondents;
import manyi.mart.satisfaction.PairedCell;
import manyi.source.Landing;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the figures of one run would tell about few respondents to somebody who subtracts them from those of another run.
 *
 * <p>A figure is a sum over the respondents of a cell (everybody, or a value of a segment dimension) who gave a thing: a
 * response at all, the answer to an item, the answers to both items of a dimension of expectation. Between two runs the
 * things of a cell may change by none or by those of as many respondents as the minimum. They are counted twice, and the
 * fewer count: as customers who gave another thing, and as responses that are there now and were not before (or the other
 * way round), whoever gave them, so that answers which come again under other names do not make few look like many.
 */
final class FewChanges {

    /** The cells that a response stands in: places of dimensions with their values, everybody first. */
    private static final String CELLS = "cells";
    /** What the response adds to sums. */
    private static final String THINGS = "things";

    private static final String CELL = "cell";
    /** How many more there are now than before. */
    private static final String NET = "net";

    /** Follows from weights and from other sources than the answers, or names the response without being part of it. */
    private static final List<String> NOT_SAID = List.of(
            SurveyResponse.RESPONSE_KEY.name(),
            SurveyResponse.QUESTIONNAIRE.name(),
            SurveyResponse.CSI.name(),
            SurveyResponse.ANSWERED_WEIGHT.name());

    private FewChanges() {}

    /**
     * The waves of which a cell would give few away.
     *
     * @param now responses that count
     * @param before those that counted when the waves were published
     */
    static Set<String> ofResponses(Questionnaire questionnaire, Dataset<Row> now, Dataset<Row> before, long minimum) {
        Column[] said = columns(SurveyResponse.TABLE.schema().fieldNames(), NOT_SAID);
        Column[] rest = columns(
                Stream.of(SurveyResponse.TABLE.schema().fieldNames())
                        .filter(name -> !NOT_SAID.contains(name))
                        .toArray(String[]::new),
                List.of(Landing.CUSTOMER_ID.name(), Landing.ANSWERS.name(), SurveyResponse.SEGMENTS.name()));
        Column answers = transform(
                Landing.ANSWERS.col(), (answer, i) -> thing(concat(lit("item "), i), answer, Landing.WEIGHT.col()));
        Column response = thing(lit("response"), sha2(to_json(struct(rest)), 256));
        Stream<Column> gaps = questionnaire.gaps().stream()
                .map(gap -> thing(
                        lit("gap " + gap.name()),
                        answer(questionnaire, gap.expected()),
                        answer(questionnaire, gap.perceived()),
                        Landing.WEIGHT.col()));
        Column others = array(Stream.concat(Stream.of(response), gaps).toArray(Column[]::new));
        Column cells = concat(
                array(cell(lit(-1), lit(Dimension.ALL))),
                transform(SurveyResponse.SEGMENTS.col(), (value, i) -> cell(i, value)));
        return thin(
                changed(now.select(said), before.select(said))
                        .withColumn(CELLS, cells)
                        .withColumn(THINGS, concat(others, answers)),
                respondents(before),
                minimum);
    }

    /**
     * The waves of which the pairs of a cell would give few away.
     *
     * @param now pairs of what was met and what had been expected, see {@link PairedCell#pairs}
     * @param before those of the waves as they were published
     */
    static Set<String> ofPairs(Dataset<Row> now, Dataset<Row> before, int dimensions, long minimum) {
        Column[] said = columns(now.columns(), NOT_SAID);
        Column[] views = IntStream.rangeClosed(0, dimensions)
                .mapToObj(view -> when(
                        col(PairedCell.ASIDE).bitwiseAND(lit(1L << view)).equalTo(0),
                        view == 0
                                ? cell(lit(-1), lit(Dimension.ALL))
                                : cell(lit(view - 1), get(SurveyResponse.SEGMENTS.col(), lit(view - 1)))))
                .toArray(Column[]::new);
        return thin(
                changed(now.select(said), before.select(said))
                        .withColumn(CELLS, filter(array(views), Column::isNotNull))
                        .withColumn(
                                THINGS,
                                array(thing(
                                        lit("pair"),
                                        col(PairedCell.EXPECTED),
                                        col(PairedCell.MET),
                                        Landing.WEIGHT.col()))),
                respondents(before),
                minimum);
    }

    private static Column[] columns(String[] names, List<String> without) {
        return Stream.of(names)
                .filter(name -> !without.contains(name))
                .map(name -> col(name))
                .toArray(Column[]::new);
    }

    /** Rows that are there more often now than before, or less often, and by how many. */
    private static Dataset<Row> changed(Dataset<Row> now, Dataset<Row> before) {
        Column[] all = columns(now.columns(), List.of());
        return now.withColumn(NET, lit(1L))
                .unionByName(before.withColumn(NET, lit(-1L)))
                .groupBy(all)
                .agg(sum(NET).as(NET))
                .where(col(NET).notEqual(0));
    }

    /** Waves with a population that was published, and a cell in which the things of few have changed. */
    private static Set<String> thin(Dataset<Row> changed, Map<String, Long> published, long minimum) {
        Column[] sum = {Landing.POPULATION.col(), Landing.WAVE.col(), col(CELL), col("thing.name")};
        Column net = col(NET);
        Column[] thing = {Landing.POPULATION.col(), Landing.WAVE.col(), col(CELL), col("thing")};
        Dataset<Row> customers = things(changed)
                .groupBy(Stream.concat(Stream.of(thing), Stream.of(Landing.CUSTOMER_ID.col()))
                        .toArray(Column[]::new))
                .agg(sum(net).as(NET))
                .where(net.notEqual(0))
                .groupBy(sum)
                .agg(count_distinct(Landing.CUSTOMER_ID.col())
                        .plus(sum(when(Landing.CUSTOMER_ID.col().isNull(), abs(net))
                                .otherwise(0L)))
                        .as("customers"));
        Column[] content = columns(changed.columns(), List.of(Landing.CUSTOMER_ID.name(), NET));
        Dataset<Row> contents = things(
                        changed.groupBy(content).agg(sum(net).as(NET)).where(net.notEqual(0)))
                .groupBy(sum)
                .agg(greatest(sum(greatest(net, lit(0L))), sum(greatest(net.multiply(-1), lit(0L))))
                        .as("contents"));
        Column fewer = least(col("customers"), col("contents"));
        Set<String> waves = new TreeSet<>();
        customers
                .join(contents, new String[] {Landing.POPULATION.name(), Landing.WAVE.name(), CELL, "name"})
                .where(fewer.lt(minimum))
                .select(Landing.POPULATION.col(), Landing.WAVE.col())
                .distinct()
                .collectAsList()
                .forEach(row -> {
                    if (published.getOrDefault(row.getString(0) + "\n" + row.getString(1), 0L) >= minimum) {
                        waves.add(row.getString(1));
                    }
                });
        return waves;
    }

    /** One row per cell and thing of it. */
    private static Dataset<Row> things(Dataset<Row> responses) {
        return responses
                .withColumn(CELL, explode(col(CELLS)))
                .withColumn(
                        "thing",
                        explode(filter(col(THINGS), one -> one.getField("said").isNotNull())));
    }

    /** Respondents by population and wave. */
    private static Map<String, Long> respondents(Dataset<Row> responses) {
        Map<String, Long> counts = new TreeMap<>();
        responses
                .groupBy(Landing.POPULATION.col(), Landing.WAVE.col())
                .agg(count_distinct(Respondents.unit()))
                .collectAsList()
                .forEach(row -> counts.put(row.getString(0) + "\n" + row.getString(1), row.getLong(2)));
        return counts;
    }

    private static Column answer(Questionnaire questionnaire, String item) {
        return get(Landing.ANSWERS.col(), lit(questionnaire.place(item)));
    }

    private static Column cell(Column place, Column value) {
        return struct(place.as("place"), value.as("value"));
    }

    /** A name with what was said, null where one part of it was not. */
    private static Column thing(Column name, Column... said) {
        Column isWhole =
                Stream.of(said).map(Column::isNotNull).reduce(Column::and).orElseThrow();
        return struct(name.as("name"), when(isWhole, concat_ws(" ", said)).as("said"));
    }
}
