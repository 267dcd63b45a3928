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
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.conformed.SurveyResponse;
import manyi.mart.Respondents;
import manyi.mart.satisfaction.PairedCell;
import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * What the figures of one run would tell about few respondents to somebody who subtracts them from those of another run.
 *
 * <p>A figure is a sum over the respondents of a cell (everybody, or a value of a segment dimension) who gave a thing: a
 * response at all, the answer to an item, the answers to both items of a dimension of expectation. Between two runs the
 * things of a cell may change by none or by those of as many respondents as the minimum. They are counted twice, and the
 * fewer count: as customers who gave another thing, and as responses that are there now and were not before (or the other
 * way round), whoever gave them, so that answers which come again under other names do not make few look like many.
 *
 * <p>Which cells are hidden follows from how many gave a thing. Where few gave a thing in some cell and the numbers change,
 * another cell may be hidden for its sake than before, and the earlier run tells that one; then no number may change.
 */
final class FewChanges {

    /** Whether the response counts in figures; others count in the quality of the survey alone. */
    static final String COUNTS = "counts";

    /** The cells that a response stands in: places of dimensions with their values, everybody first. */
    private static final String CELLS = "cells";
    /** What the response adds to sums. */
    private static final String THINGS = "things";

    private static final String CELL = "cell";
    private static final String THING = "thing";
    /** How many more there are now than before. */
    private static final String NET = "net";

    /** Follows from weights and from other sources than the answers, or names the response without being part of it. */
    private static final List<String> NOT_SAID = List.of(
            SurveyResponse.RESPONSE_KEY.name(),
            SurveyResponse.QUESTIONNAIRE.name(),
            SurveyResponse.CSI.name(),
            SurveyResponse.ANSWERED_WEIGHT.name());

    private final Questionnaire questionnaire;
    private final int minimum;

    FewChanges(Questionnaire questionnaire, int minimum) {
        this.questionnaire = questionnaire;
        this.minimum = minimum;
    }

    /**
     * What two runs tell by their difference.
     *
     * @param few waves that would give few away
     * @param changed all waves of which something is other
     */
    record Found(Set<String> few, Set<String> changed) {}

    /**
     * Compares responses, each with {@link #COUNTS}.
     *
     * @param now of some waves, as they would be published
     * @param before of the same waves, as they were published
     */
    Found ofResponses(Dataset<Row> now, Dataset<Row> before) {
        Column[] said =
                columns(Stream.concat(Stream.of(SurveyResponse.TABLE.schema().fieldNames()), Stream.of(COUNTS))
                        .filter(name -> !NOT_SAID.contains(name)));
        Dataset<Row> changed = changed(now.select(said), before.select(said))
                .withColumn(CELLS, cells())
                .withColumn(THINGS, array(things().stream().map(Thing::column).toArray(Column[]::new)))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Set<String> changedWaves = texts(changed.select(Landing.WAVE.col()));
            if (changedWaves.isEmpty()) {
                return new Found(Set.of(), Set.of());
            }
            Set<String> published = published(before.where(col(COUNTS)));
            Set<String> few = thin(changed, published);
            Set<String> others = texts(exploded(changed)
                    .groupBy(place().as("place"), col(CELL), col("thing.name"))
                    .agg(sum(NET).as(NET))
                    .where(col(NET).notEqual(0))
                    .select("place"));
            others.retainAll(published);
            if (!others.isEmpty()) {
                Column isOther = place().isin(others.toArray());
                few.addAll(hiding(now.where(isOther)));
                few.addAll(hiding(before.where(isOther)));
            }
            return new Found(few, changedWaves);
        } finally {
            changed.unpersist();
        }
    }

    /**
     * The waves of which the pairs of a cell would give few away.
     *
     * @param now pairs of what was met and what had been expected, see {@link PairedCell#pairs}
     * @param before those of the waves as they were published
     */
    Set<String> ofPairs(Dataset<Row> now, Dataset<Row> before, int dimensions) {
        Column[] said = columns(Stream.of(now.columns()).filter(name -> !NOT_SAID.contains(name)));
        Column[] views = IntStream.rangeClosed(0, dimensions)
                .mapToObj(view -> when(
                        col(PairedCell.ASIDE).bitwiseAND(lit(1L << view)).equalTo(0),
                        view == 0
                                ? cell(lit(-1), lit(Dimension.ALL))
                                : cell(lit(view - 1), get(SurveyResponse.SEGMENTS.col(), lit(view - 1)))))
                .toArray(Column[]::new);
        Thing pair = new Thing(
                "pair", lit(true), List.of(col(PairedCell.EXPECTED), col(PairedCell.MET), Landing.WEIGHT.col()));
        return thin(
                changed(now.select(said), before.select(said))
                        .withColumn(CELLS, filter(array(views), Column::isNotNull))
                        .withColumn(THINGS, array(pair.column())),
                published(before));
    }

    /**
     * What a response may add to sums.
     *
     * @param isGiven whether it does, where all that is said is there
     * @param said what is summed
     */
    private record Thing(String name, Column isGiven, List<Column> said) {

        Column isSaid() {
            return said.stream().map(Column::isNotNull).reduce(isGiven, Column::and);
        }

        Column column() {
            return struct(
                    lit(name).as("name"),
                    when(isSaid(), concat_ws(" ", said.toArray(Column[]::new))).as("said"));
        }
    }

    /** What one item contributes to the index follows from which others were answered, so that is part of the thing. */
    private List<Thing> things() {
        Column weight = Landing.WEIGHT.col();
        Column[] rest =
                columns(Stream.concat(Stream.of(SurveyResponse.TABLE.schema().fieldNames()), Stream.of(COUNTS))
                        .filter(name -> !NOT_SAID.contains(name))
                        .filter(name -> Stream.of(Landing.CUSTOMER_ID, Landing.ANSWERS, SurveyResponse.SEGMENTS)
                                .map(Field::name)
                                .noneMatch(name::equals)));
        List<Thing> things = new ArrayList<>();
        things.add(new Thing("case", lit(true), List.of(sha2(to_json(struct(rest)), 256))));
        things.add(new Thing("response", col(COUNTS), List.of(weight)));
        Column answered = concat_ws(
                "",
                indicators()
                        .map(item -> when(answer(item.id()).isNotNull(), "1").otherwise("0"))
                        .toArray(Column[]::new));
        for (Questionnaire.Item item : questionnaire.items()) {
            things.add(new Thing("item " + item.id(), col(COUNTS), List.of(answer(item.id()), weight)));
        }
        indicators()
                .forEach(item -> things.add(new Thing(
                        "contribution of " + item.id(), col(COUNTS), List.of(answer(item.id()), weight, answered))));
        for (Questionnaire.Gap gap : questionnaire.gaps()) {
            Column expected = answer(gap.expected());
            Column met = answer(gap.perceived());
            Column isExpected = col(COUNTS).and(expected.isNotNull());
            Column isMet = col(COUNTS).and(met.isNotNull());
            things.add(new Thing("expected, met too, of " + gap.name(), isMet, List.of(expected, weight)));
            things.add(new Thing("met, expected too, of " + gap.name(), isExpected, List.of(met, weight)));
            things.add(new Thing(
                    "expected alone of " + gap.name(), col(COUNTS).and(met.isNull()), List.of(expected, weight)));
            things.add(
                    new Thing("met alone of " + gap.name(), col(COUNTS).and(expected.isNull()), List.of(met, weight)));
        }
        return things;
    }

    private Stream<Questionnaire.Item> indicators() {
        return questionnaire.items().stream().filter(item -> item.group().isPresent());
    }

    private Column answer(String item) {
        return get(Landing.ANSWERS.col(), lit(questionnaire.place(item)));
    }

    private static Column cells() {
        return concat(
                array(cell(lit(-1), lit(Dimension.ALL))),
                transform(SurveyResponse.SEGMENTS.col(), (value, i) -> cell(i, value)));
    }

    private static Column cell(Column place, Column value) {
        return struct(place.as("place"), value.as("value"));
    }

    /** Population and wave as one text. */
    private static Column place() {
        return concat_ws("\n", Landing.POPULATION.col(), Landing.WAVE.col());
    }

    private static Column[] columns(Stream<String> names) {
        return names.map(name -> col(name)).toArray(Column[]::new);
    }

    /** Rows that are there more often now than before, or less often, and by how many. */
    private static Dataset<Row> changed(Dataset<Row> now, Dataset<Row> before) {
        return now.withColumn(NET, lit(1L))
                .unionByName(before.withColumn(NET, lit(-1L)))
                .groupBy(columns(Stream.of(now.columns())))
                .agg(sum(NET).as(NET))
                .where(col(NET).notEqual(0));
    }

    /** One row per cell and thing of it. */
    private static Dataset<Row> exploded(Dataset<Row> responses) {
        return responses
                .withColumn(CELL, explode(col(CELLS)))
                .withColumn(
                        THING,
                        explode(filter(col(THINGS), one -> one.getField("said").isNotNull())));
    }

    /** Waves with a population that was published, and a cell in which the things of few have changed. */
    private Set<String> thin(Dataset<Row> changed, Set<String> published) {
        Column net = col(NET);
        Dataset<Row> customers = exploded(changed)
                .groupBy(place().as("place"), col(CELL), col(THING), Landing.CUSTOMER_ID.col())
                .agg(sum(net).as(NET))
                .where(net.notEqual(0))
                .groupBy(col("place"), col(CELL), col("thing.name"))
                .agg(count_distinct(Landing.CUSTOMER_ID.col())
                        .plus(sum(when(Landing.CUSTOMER_ID.col().isNull(), abs(net))
                                .otherwise(0L)))
                        .as("customers"));
        Column[] content = columns(Stream.of(changed.columns())
                .filter(name -> !List.of(Landing.CUSTOMER_ID.name(), NET).contains(name)));
        Dataset<Row> contents = exploded(
                        changed.groupBy(content).agg(sum(net).as(NET)).where(net.notEqual(0)))
                .groupBy(place().as("place"), col(CELL), col("thing.name"))
                .agg(greatest(sum(greatest(net, lit(0L))), sum(greatest(net.multiply(-1), lit(0L))))
                        .as("contents"));
        Set<String> places = texts(customers
                .join(contents, new String[] {"place", CELL, "name"})
                .where(least(col("customers"), col("contents")).lt(minimum))
                .select("place"));
        places.retainAll(published);
        return waves(places);
    }

    /** The waves with a thing that so few gave in a cell that it is hidden, and others perhaps for its sake. */
    private Set<String> hiding(Dataset<Row> responses) {
        List<Thing> things = things();
        List<Column> given = new ArrayList<>();
        List<Column> counts = new ArrayList<>();
        Column isSmall = lit(false);
        for (int i = 0; i < things.size(); i++) {
            String name = "given_" + i;
            given.add(max(when(things.get(i).isSaid(), 1L).otherwise(0L)).as(name));
            counts.add(sum(name).as(name));
            isSmall = isSmall.or(col(name).gt(0).and(col(name).lt(minimum)));
        }
        return waves(texts(responses
                .withColumn(CELL, explode(cells()))
                .groupBy(place().as("place"), col(CELL), Respondents.unit().as("unit"))
                .agg(given.get(0), given.subList(1, given.size()).toArray(Column[]::new))
                .groupBy(col("place"), col(CELL))
                .agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new))
                .where(isSmall)
                .select("place")));
    }

    /** Populations of waves that so many responded in that figures were published. */
    private Set<String> published(Dataset<Row> responses) {
        return texts(responses
                .groupBy(place().as("place"))
                .agg(count_distinct(Respondents.unit()).as("units"))
                .where(col("units").geq(minimum))
                .select("place"));
    }

    private static Set<String> texts(Dataset<Row> one) {
        Set<String> texts = new TreeSet<>();
        one.distinct().collectAsList().forEach(row -> texts.add(row.getString(0)));
        return texts;
    }

    private static Set<String> waves(Set<String> places) {
        Set<String> waves = new TreeSet<>();
        places.forEach(place -> waves.add(place.substring(place.indexOf('\n') + 1)));
        return waves;
    }
}
