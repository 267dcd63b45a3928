package manyi.run;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Questionnaire;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.PairedCell;
import manyi.mart.survey.Respondents;
import manyi.source.Landing;
import manyi.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RelationalGroupedDataset;
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

    private static final String PLACE = "place";
    /** The cells that a response stands in: places of dimensions with their values, everybody first as place -1. */
    private static final String CELLS = "cells";

    private static final String CELL = "cell";
    private static final String THING = "thing";
    private static final String NAME = "name";
    /** Which indicators a response has answers to. */
    private static final String ANSWERED = "answered";

    private static final String CUSTOMERS = "customers";
    private static final String GAINED = "gained";
    private static final String LOST = "lost";
    private static final String UNIT = "unit";
    private static final String RESPONSES = "responses";
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
        List<Thing> things = things();
        Dataset<Row> changed =
                printed(changed(now.select(said), before.select(said)), things).persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> contents = contents(changed, things).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Set<String> changedWaves = waves(texts(changed.select(PLACE)));
            if (changedWaves.isEmpty()) {
                return new Found(Set.of(), Set.of());
            }
            Set<String> published = published(before.where(col(COUNTS)));
            Set<String> few = thin(customers(changed, things), contents, published);
            Set<String> others =
                    texts(contents.where(col(GAINED).notEqual(col(LOST))).select(PLACE));
            others.retainAll(published);
            if (!others.isEmpty()) {
                Column isOther = place().isin(others.toArray());
                few.addAll(hiding(now.where(isOther)));
                few.addAll(hiding(before.where(isOther)));
            }
            return new Found(few, changedWaves);
        } finally {
            contents.unpersist();
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
        Column cells = filter(array(views), Column::isNotNull);
        List<Thing> pair = List.of(new Thing(
                "pair", lit(true), List.of(col(PairedCell.EXPECTED), col(PairedCell.MET), Landing.WEIGHT.col())));
        Dataset<Row> changed = printed(changed(now.select(said), before.select(said)), cells, pair)
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return thin(customers(changed, pair), contents(changed, pair), published(before));
        } finally {
            changed.unpersist();
        }
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

        /** What is said, in forty bits, so that sums over the responses of a customer stay within a long; 0 for nothing. */
        Column print() {
            Column bits = shiftright(xxhash64(said.toArray(Column[]::new)), 24);
            return when(isSaid(), when(bits.equalTo(0), 1L).otherwise(bits)).otherwise(0L);
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
        things.add(new Thing("case", lit(true), List.of(to_json(struct(rest)))));
        things.add(new Thing("response", col(COUNTS), List.of(weight)));
        for (Questionnaire.Item item : questionnaire.items()) {
            things.add(new Thing("item " + item.id(), col(COUNTS), List.of(answer(item.id()), weight)));
        }
        indicators()
                .forEach(item -> things.add(new Thing(
                        "contribution of " + item.id(),
                        col(COUNTS),
                        List.of(answer(item.id()), weight, col(ANSWERED)))));
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

    /** Responses by place, customer and cells, with the print of each thing in a column of its own. */
    private static Dataset<Row> printed(Dataset<Row> responses, Column cells, List<Thing> things) {
        Column[] kept = columns(
                Stream.of(responses.columns()).filter(name -> List.of(NET, UNIT).contains(name)));
        return responses.select(Stream.of(
                        Stream.of(place().as(PLACE), Landing.CUSTOMER_ID.col(), cells.as(CELLS)),
                        Stream.of(kept),
                        IntStream.range(0, things.size())
                                .mapToObj(i -> things.get(i).print().as(THING + i)))
                .flatMap(columns -> columns)
                .toArray(Column[]::new));
    }

    private Dataset<Row> printed(Dataset<Row> responses, List<Thing> things) {
        Column answered = concat_ws(
                "",
                indicators()
                        .map(item -> when(answer(item.id()).isNotNull(), "1").otherwise("0"))
                        .toArray(Column[]::new));
        return printed(responses.withColumn(ANSWERED, answered), cells(), things);
    }

    private static Dataset<Row> inCells(Dataset<Row> printed) {
        return printed.withColumn(CELL, explode(col(CELLS))).drop(CELLS);
    }

    /**
     * How many customers said of each thing of each cell something else: place, cell, name, customers. Where the customer
     * is not known, how often something else was said.
     */
    private static Dataset<Row> customers(Dataset<Row> changed, List<Thing> things) {
        Column customer = Landing.CUSTOMER_ID.col();
        Dataset<Row> known = aggregated(
                inCells(changed.where(customer.isNotNull())).groupBy(col(PLACE), col(CELL), customer),
                things,
                thing -> List.of(sum(col(thing).multiply(col(NET))).as(thing)));
        known = aggregated(
                known.groupBy(PLACE, CELL),
                things,
                thing -> List.of(
                        sum(when(col(thing).notEqual(0), 1L).otherwise(0L)).as(thing)));
        Dataset<Row> unknown = byThing(
                        inCells(changed.where(customer.isNull())),
                        things,
                        thing -> List.of(col(thing).as(THING), col(NET)))
                .where(col(THING).notEqual(0))
                .groupBy(PLACE, CELL, NAME, THING)
                .agg(sum(NET).as(NET))
                .select(col(PLACE), col(CELL), col(NAME), abs(col(NET)).as(CUSTOMERS));
        return byThing(known, things, thing -> List.of(col(thing).as(CUSTOMERS)))
                .unionByName(unknown)
                .groupBy(PLACE, CELL, NAME)
                .agg(sum(CUSTOMERS).as(CUSTOMERS))
                .where(col(CUSTOMERS).gt(0));
    }

    /**
     * How many responses with each thing of each cell are there now and were not before, whoever gave them, and the other
     * way round: place, cell, name, gained, lost.
     */
    private static Dataset<Row> contents(Dataset<Row> changed, List<Thing> things) {
        Column[] content = columns(Stream.of(changed.columns())
                .filter(name -> !List.of(Landing.CUSTOMER_ID.name(), NET).contains(name)));
        Dataset<Row> different = changed.groupBy(content).agg(sum(NET).as(NET)).where(col(NET).notEqual(0));
        Column gained = greatest(col(NET), lit(0L));
        Column lost = greatest(col(NET).multiply(-1), lit(0L));
        Dataset<Row> counts = aggregated(
                inCells(different).groupBy(PLACE, CELL),
                things,
                thing -> List.of(
                        sum(when(col(thing).notEqual(0), gained).otherwise(0L)).as(GAINED + thing),
                        sum(when(col(thing).notEqual(0), lost).otherwise(0L)).as(LOST + thing)));
        return byThing(
                        counts,
                        things,
                        thing -> List.of(
                                col(GAINED + thing).as(GAINED),
                                col(LOST + thing).as(LOST)))
                .where(col(GAINED).plus(col(LOST)).gt(0));
    }

    /** Aggregates each thing in columns of its own. */
    private static Dataset<Row> aggregated(
            RelationalGroupedDataset cells, List<Thing> things, Function<String, List<Column>> sums) {
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < things.size(); i++) {
            all.addAll(sums.apply(THING + i));
        }
        return cells.agg(all.get(0), all.subList(1, all.size()).toArray(Column[]::new));
    }

    /** One row per cell and thing, of what stood in columns. */
    private static Dataset<Row> byThing(
            Dataset<Row> cells, List<Thing> things, Function<String, List<Column>> columns) {
        List<Column> rows = new ArrayList<>();
        for (int i = 0; i < things.size(); i++) {
            Column name = lit(things.get(i).name()).as(NAME);
            rows.add(struct(Stream.concat(Stream.of(name), columns.apply(THING + i).stream())
                    .toArray(Column[]::new)));
        }
        return cells.select(col(PLACE), col(CELL), inline(array(rows.toArray(Column[]::new))));
    }

    /** Waves with a population that was published, and a cell in which the things of few have changed. */
    private Set<String> thin(Dataset<Row> customers, Dataset<Row> contents, Set<String> published) {
        Set<String> places = texts(customers
                .join(contents, new String[] {PLACE, CELL, NAME})
                .where(least(col(CUSTOMERS), greatest(col(GAINED), col(LOST))).lt(minimum))
                .select(PLACE));
        places.retainAll(published);
        return waves(places);
    }

    /** The waves with a thing that so few gave in a cell that it is hidden, and others perhaps for its sake. */
    private Set<String> hiding(Dataset<Row> responses) {
        List<Thing> things = things();
        Dataset<Row> units = responses.withColumn(UNIT, Respondents.unit());
        // few units have few responses, as many as the busiest of them has at most
        long busiest = units.groupBy(place(), col(UNIT))
                .agg(count(lit(1)).as(RESPONSES))
                .agg(coalesce(max(RESPONSES), lit(0L)))
                .head()
                .getLong(0);
        Dataset<Row> given = inCells(printed(units, things));
        Dataset<Row> scarce = small(
                aggregated(
                        given.groupBy(PLACE, CELL),
                        things,
                        thing -> List.of(sum(when(col(thing).notEqual(0), 1L).otherwise(0L))
                                .as(thing))),
                things,
                minimum * busiest);
        Dataset<Row> byUnit = aggregated(
                given.join(broadcast(scarce.select(PLACE, CELL)), new String[] {PLACE, CELL}, "left_semi")
                        .groupBy(PLACE, CELL, UNIT),
                things,
                thing -> List.of(
                        max(when(col(thing).notEqual(0), 1L).otherwise(0L)).as(thing)));
        return waves(texts(small(
                        aggregated(
                                byUnit.groupBy(PLACE, CELL),
                                things,
                                thing -> List.of(sum(thing).as(thing))),
                        things,
                        minimum)
                .select(PLACE)));
    }

    /** Cells in which something is counted, and less than a bound. */
    private static Dataset<Row> small(Dataset<Row> counts, List<Thing> things, long bound) {
        return counts.where(IntStream.range(0, things.size())
                .mapToObj(i -> col(THING + i).gt(0).and(col(THING + i).lt(bound)))
                .reduce(lit(false), Column::or));
    }

    /** Populations of waves that so many responded in that figures were published. */
    private Set<String> published(Dataset<Row> responses) {
        return texts(responses
                .groupBy(place().as(PLACE))
                .agg(count_distinct(Respondents.unit()).as("units"))
                .where(col("units").geq(minimum))
                .select(PLACE));
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
