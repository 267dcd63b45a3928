package manyi.run;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Dimension;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.conformed.SurveyResponse;
import manyi.mart.MarginCount;
import manyi.mart.Respondents;
import manyi.mart.satisfaction.PairedCell;
import manyi.mart.satisfaction.UnpairedWave;
import manyi.source.Landing;
import manyi.store.Lake;
import manyi.table.Digest;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Shelf;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Closed waves as they were published. Where in a cell of figures fewer respondents than the minimum have changed since, a
 * wave stays as it was: else two runs would give these few away by subtraction ({@link FewChanges}).
 */
final class PublishedWaves {

    private static final Field IS_COUNTED = Field.required(
            "is_counted", DataTypes.BooleanType, "Whether the response counted when the wave was published.");

    private static final Field EDITION = Field.required(
            "edition", DataTypes.StringType, "The wave, and how often it had been published before, with a # between.");

    /** The responses of closed waves as they were in each edition of them that was published. */
    static final Table RESPONSE = new Table(
            "published_response",
            "The responses of closed waves as they were published.",
            Shelf.STATE,
            "response of an edition",
            Stream.concat(SurveyResponse.TABLE.key().stream(), Stream.of(EDITION))
                    .toList(),
            Stream.concat(SurveyResponse.TABLE.fields().stream(), Stream.of(IS_COUNTED, EDITION))
                    .toList(),
            List.of(),
            List.of(EDITION),
            SurveyResponse.TABLE.order(),
            SurveyResponse.TABLE.version() + 1);

    private static final Field LAST_ANSWERED_ON =
            Field.optional("last_answered_on", DataTypes.DateType, "The day of the last answer.");
    private static final Field FINGERPRINT =
            Field.required("fingerprint", DataTypes.StringType, "Number of rows, and exact sums of hashes.");

    /** What the responses of each wave were when they were last written. */
    static final Table WAVE = Table.named("wave_fingerprint", "The responses of each wave in a word.")
            .on(Shelf.STATE)
            .oneRowPer("wave", Landing.WAVE)
            .with(LAST_ANSWERED_ON, FINGERPRINT);

    private static final Field COUNTED_BY =
            Field.required("counted_by", DataTypes.StringType, "What in the job decided which responses count.");

    /** The same of the waves as they were published. */
    static final Table PUBLISHED_WAVE = Table.named(
                    "published_wave_fingerprint", "The responses of each published wave in a word.")
            .on(Shelf.STATE)
            .oneRowPer("wave", Landing.WAVE)
            .with(LAST_ANSWERED_ON, FINGERPRINT, EDITION, COUNTED_BY)
            .with(
                    Field.required(
                            "weighed_by", DataTypes.StringType, "The days of the wave, and what it was raked to."),
                    Field.optional(
                            "cut_on",
                            DataTypes.DateType,
                            "The day up to which answers counted, where others lay after it."))
            .version(2);
    /** How {@link #COUNTED_BY} begins where restate_waves names the wave: its late answers count. */
    private static final String RESTATED = "restated, ";

    private final SparkSession spark;
    private final Lake lake;
    private final List<Dimension> dimensions;
    /** What is published as it was. */
    private final Set<String> held = new TreeSet<>();
    /** What is published in another edition than before, or for the first time. */
    private final Set<String> restated = new TreeSet<>();
    /** What is published anew whatever has changed, and raked to the customers there are now. */
    private final Set<String> freed = new TreeSet<>();
    /** What a run is about to note of each closed wave. */
    private final Map<String, Row> noted = new TreeMap<>();
    /** Waves with the earlier ones that they are not paired with; unknown until they were settled. */
    private Optional<List<Row>> unpaired = Optional.empty();

    private Column counts = functions.lit(true);

    PublishedWaves(SparkSession spark, Lake lake, List<Dimension> dimensions) {
        this.spark = spark;
        this.lake = lake;
        this.dimensions = List.copyOf(dimensions);
    }

    /** Notes what the responses are, after they were written. */
    void note() {
        lake.overwrite(
                WAVE,
                lake.read(SurveyResponse.TABLE)
                        .groupBy(Landing.WAVE.col())
                        .agg(
                                functions.max(Landing.ANSWERED_ON.col()).as(LAST_ANSWERED_ON.name()),
                                Digest.ofGroup(SurveyResponse.TABLE).as(FINGERPRINT.name()))
                        .coalesce(1));
    }

    /**
     * Decides for each closed wave whether it is taken as it is or as it was published.
     *
     * @param forgotten waves of which answers were taken back on demand, which no minimum holds up
     * @param warn is told of each wave that stays
     * @throws Failure where the job document has changed so that few count otherwise
     */
    void settle(LocalDate asOf, Job.Satisfaction satisfaction, Set<String> forgotten, Consumer<String> warn) {
        counts = Respondents.reasonLeftOut(asOf, satisfaction).isNull();
        Map<String, Row> now = byWave(WAVE);
        freed.addAll(release(now, forgotten));
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        List<String> suspects = new ArrayList<>();
        List<String> recounted = new ArrayList<>();
        List<String> reweighed = new ArrayList<>();
        List<String> closed = Respondents.closedWaves(asOf, satisfaction);
        for (String wave : closed) {
            Row before = published.get(wave);
            Row print = now.get(wave);
            if (before == null && print == null) {
                continue;
            }
            Row after = noted(wave, print, before, asOf, satisfaction);
            noted.put(wave, after);
            if (satisfaction.restatedWaves().contains(wave)
                    && (before == null || !before.getString(4).startsWith(RESTATED))) {
                freed.add(wave);
            }
            if (before == null || freed.contains(wave)) {
                if (!after.equals(before)) {
                    restated.add(wave);
                }
            } else if (!after.equals(before)) {
                suspects.add(wave);
                if (!before.getString(4).equals(after.getString(4))) {
                    recounted.add(wave);
                }
                if (!before.getString(5).equals(after.getString(5))) {
                    reweighed.add(wave);
                }
            }
        }
        Set<String> known = new TreeSet<>(published.keySet());
        known.retainAll(closed);
        for (Questionnaire.Wave wave : satisfaction.questionnaire().waves()) {
            Row before = published.get(wave.name());
            if (before != null
                    && !closed.contains(wave.name())
                    && !before.getString(5).equals(Respondents.weighedBy(wave.name(), satisfaction))) {
                reweighed.add(wave.name());
            }
        }
        requireListed(published.keySet(), satisfaction.questionnaire());
        Settling settling = new Settling(asOf, satisfaction, known);
        settling.requireSameRules(recounted, reweighed);
        settling.hold(suspects, warn);
        settling.unpair(warn);
    }

    /** A wave without days would be neither open nor closed, and all that came late would count. */
    private static void requireListed(Set<String> published, Questionnaire questionnaire) {
        Set<String> unlisted = new TreeSet<>(published);
        questionnaire.waves().forEach(wave -> unlisted.remove(wave.name()));
        if (!unlisted.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "questionnaire: wave " + String.join(", ", unlisted)
                            + " was published and is no longer listed under waves; list it again, or take its answers"
                            + " back: move their files away and run with --forget");
        }
    }

    private static Row noted(String wave, Row print, Row before, LocalDate asOf, Job.Satisfaction satisfaction) {
        LocalDate last = print == null || print.isNullAt(1) ? null : print.getLocalDate(1);
        boolean isRestated = satisfaction.restatedWaves().contains(wave);
        return RowFactory.create(
                wave,
                last,
                print == null ? "none" : print.getString(2),
                before == null ? wave + "#0" : before.getString(3),
                (isRestated ? RESTATED : "") + satisfaction.quality(),
                Respondents.weighedBy(wave, satisfaction),
                // else what comes after the close is late, whatever the day
                isRestated && last != null && last.isAfter(asOf) ? asOf : null);
    }

    /** The waves of one run being settled. */
    private final class Settling {

        private final Questionnaire questionnaire;
        private final FewChanges changes;
        private final int minimum;
        /** Of the closed ones. */
        private final Set<String> published;
        /** What came in before the close, whether it counts or not. */
        private final Column isInTime;
        /** The same when the wave was published: by other rules, what is late now may have counted. */
        private final Column wasInTime;
        /** Waves that are not paired, but for those that this run frees. */
        private final List<Row> apart = new ArrayList<>();

        private final Dataset<Row> answers = lake.read(SurveyResponse.TABLE).withColumn(FewChanges.COUNTS, counts);
        private final Dataset<Row> editions =
                lake.read(RESPONSE).withColumnRenamed(IS_COUNTED.name(), FewChanges.COUNTS);
        /** The last edition of each wave. */
        private final Dataset<Row> taken;

        Settling(LocalDate asOf, Job.Satisfaction satisfaction, Set<String> published) {
            this.questionnaire = satisfaction.questionnaire();
            this.minimum = satisfaction.minimumRespondents();
            this.changes = new FewChanges(questionnaire, minimum);
            this.published = published;
            this.isInTime = Respondents.isInTime(asOf, satisfaction);
            this.wasInTime = isInTime.or(functions.col(FewChanges.COUNTS));
            this.taken = lastEditions(editions).drop(EDITION.name());
            lake.read(UnpairedWave.TABLE).collectAsList().stream()
                    .filter(row -> !freed.contains(row.getString(0)) && !freed.contains(row.getString(1)))
                    .forEach(apart::add);
        }

        /** Refuses a job document by which few of published waves count otherwise than they did, or all weigh otherwise. */
        void requireSameRules(List<String> recounted, List<String> reweighed) {
            if (!reweighed.isEmpty()) {
                throw refused(
                        reweighed, "its days, or the margins and trim of weighting,", "all would weigh otherwise");
            }
            if (recounted.isEmpty()) {
                return;
            }
            Dataset<Row> before = of(recounted, taken).where(wasInTime);
            Dataset<Row> anew = before.withColumn(FewChanges.COUNTS, counts);
            Set<String> few = new TreeSet<>(changes.ofResponses(anew, before).few());
            if (few.isEmpty()) {
                Dataset<Row> others = counted(taken).where(functions.not(isOf(recounted)));
                if (!fewPairs(counted(anew).unionByName(others), counted(before).unionByName(others), apart)
                        .isEmpty()) {
                    few.addAll(recounted);
                }
            }
            if (!few.isEmpty()) {
                throw refused(
                        few,
                        "quality or restate_waves",
                        "in a segment, or in all, fewer respondents than minimum_respondents (" + minimum
                                + ") would count otherwise");
            }
        }

        private Failure refused(Collection<String> waves, String what, String consequence) {
            return new Failure(
                    Failure.Kind.USAGE,
                    "satisfaction: since wave " + String.join(", ", waves) + " was published, " + what
                            + " have changed, and " + consequence + ": whoever has both runs could tell few from all."
                            + " Take the change back; or publish the wave anew by naming it in"
                            + " satisfaction.restate_waves for the first time, with its late answers, or all closed waves with"
                            + " --full-refresh");
        }

        /** Keeps waves as they were published where few have changed; the others are published anew. */
        void hold(List<String> suspects, Consumer<String> warn) {
            if (suspects.isEmpty()) {
                return;
            }
            Dataset<Row> now = of(suspects, answers).where(isInTime);
            FewChanges.Found last = changes.ofResponses(now, of(suspects, taken).where(wasInTime));
            Set<String> few = new TreeSet<>(last.few());
            for (String edition : earlierEditions(last.changed())) {
                Column isEdition = EDITION.col().equalTo(edition);
                few.addAll(changes.ofResponses(
                                of(List.of(waveOf(edition)), answers).where(isInTime),
                                editions.where(isEdition).where(wasInTime).drop(EDITION.name()))
                        .few());
            }
            Set<String> changed = new TreeSet<>(last.changed());
            changed.removeAll(few);
            boolean areFewPairs = !changed.isEmpty()
                    && !fewPairs(taken(published, changed), taken(published, Set.of()), apart)
                            .isEmpty();
            for (String wave : last.changed()) {
                if (few.contains(wave) || areFewPairs) {
                    held.add(wave);
                    String what = few.contains(wave)
                            ? "the answers or segments of fewer respondents have changed, in a segment or in all, than"
                                    + " minimum_respondents"
                            : "the pairs of expectation and experience of fewer respondents have changed than"
                                    + " minimum_respondents";
                    warn.accept("survey: since wave " + wave + " was published " + what + " (" + minimum
                            + "), or with them the cells that are hidden; it stays as it was published until more do,"
                            + " or until satisfaction.restate_waves names it");
                } else {
                    restated.add(wave);
                }
            }
        }

        private List<String> earlierEditions(Set<String> waves) {
            Set<String> last =
                    noted.values().stream().map(row -> row.getString(3)).collect(Collectors.toSet());
            return of(waves, editions).select(EDITION.col()).distinct().collectAsList().stream()
                    .map(row -> row.getString(0))
                    .filter(edition -> !last.contains(edition))
                    .sorted()
                    .toList();
        }

        /** What counts of waves: as it is now of those that are named or freed, else as it was published. */
        private Dataset<Row> taken(Set<String> waves, Set<String> asTheyAre) {
            Set<String> anew = new TreeSet<>(asTheyAre);
            anew.addAll(freed);
            anew.retainAll(waves);
            Set<String> others = new TreeSet<>(waves);
            others.removeAll(anew);
            return counted(of(anew, answers)).unionByName(counted(of(others, taken)));
        }

        /**
         * Keeps waves that come after later ones were published out of the pairs of these, where they would add few.
         */
        void unpair(Consumer<String> warn) {
            Set<String> late = new TreeSet<>(restated);
            late.removeAll(published);
            late.removeAll(freed);
            if (!late.isEmpty() && !published.isEmpty()) {
                Dataset<Row> settled = taken(published, restated);
                Set<String> few = fewPairs(settled.unionByName(counted(of(late, answers))), settled, apart);
                few.removeAll(late);
                few.removeAll(freed);
                for (String wave : few) {
                    late.forEach(earlier -> apart.add(RowFactory.create(wave, earlier)));
                    warn.accept("survey: wave " + wave + " was published before wave "
                            + String.join(", ", late)
                            + " came, so what was expected then is not set beside what was met in " + wave
                            + " (expectation_gap, before and after): in a segment fewer respondents than"
                            + " minimum_respondents (" + minimum
                            + ") would be added; to have them all the same, name the wave in"
                            + " satisfaction.restate_waves");
                }
            }
            unpaired = Optional.of(List.copyOf(apart));
        }

        private Set<String> fewPairs(Dataset<Row> now, Dataset<Row> before, List<Row> unpairedWaves) {
            Set<String> few = new TreeSet<>();
            if (questionnaire.gaps().isEmpty()) {
                return few;
            }
            Inputs inputs = table -> spark.createDataFrame(unpairedWaves, table.schema());
            List<Dataset<Row>> pairs = PairedCell.pairs(questionnaire, dimensions, now, inputs);
            List<Dataset<Row>> pairsBefore = PairedCell.pairs(questionnaire, dimensions, before, inputs);
            for (int gap = 0; gap < pairs.size(); gap++) {
                few.addAll(changes.ofPairs(pairs.get(gap), pairsBefore.get(gap), dimensions.size()));
            }
            return few;
        }
    }

    private static Dataset<Row> counted(Dataset<Row> responses) {
        return responses.where(functions.col(FewChanges.COUNTS)).drop(FewChanges.COUNTS);
    }

    private Dataset<Row> lastEditions(Dataset<Row> responses) {
        return responses.where(EDITION.col()
                .isin(byWave(PUBLISHED_WAVE).values().stream()
                        .map(row -> row.getString(3))
                        .toArray()));
    }

    /** The responses of waves as they were last published. */
    private Dataset<Row> lastPublished(Collection<String> waves) {
        return of(waves, lastEditions(lake.read(RESPONSE)).drop(IS_COUNTED.name(), EDITION.name()));
    }

    private static String waveOf(String edition) {
        return edition.substring(0, edition.lastIndexOf('#'));
    }

    private static Column isOf(Collection<String> waves) {
        return Landing.WAVE.col().isin(waves.toArray());
    }

    private static Dataset<Row> of(Collection<String> waves, Dataset<Row> responses) {
        return responses.where(isOf(waves));
    }

    /** Lets go of published waves whose answers are others now because some were taken back. */
    private Set<String> release(Map<String, Row> now, Set<String> forgotten) {
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        Set<String> changed = new TreeSet<>(published.keySet());
        changed.retainAll(forgotten);
        changed.removeIf(wave -> now.containsKey(wave)
                && published.get(wave).getString(2).equals(now.get(wave).getString(2)));
        if (!changed.isEmpty()) {
            lake.drop(RESPONSE, partition -> changed.contains(waveOf(partition.get(EDITION.name()))));
            published.keySet().removeAll(changed);
            write(published);
        }
        return changed;
    }

    /**
     * The responses of waves that weights are derived from: of a wave in which too few have answered otherwise since it was
     * published those that were published, as the wave itself then stays as it was.
     *
     * @param now as the sources have them
     * @param scored gives responses the index by the weights of the questionnaire, as those of now have it
     * @param forgotten waves of which answers were taken back on demand
     */
    Dataset<Row> base(
            Dataset<Row> now,
            UnaryOperator<Dataset<Row>> scored,
            List<String> waves,
            LocalDate asOf,
            Job.Satisfaction satisfaction,
            Set<String> forgotten) {
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        List<String> suspects = waves.stream()
                .filter(wave -> published.containsKey(wave)
                        && !forgotten.contains(wave)
                        && !(satisfaction.restatedWaves().contains(wave)
                                && !published.get(wave).getString(4).startsWith(RESTATED)))
                .toList();
        if (suspects.isEmpty()) {
            return now;
        }
        Column isInTime = Respondents.isInTime(asOf, satisfaction);
        Column isCounted = Respondents.reasonLeftOut(asOf, satisfaction).isNull();
        Set<String> kept = new FewChanges(satisfaction.questionnaire(), satisfaction.minimumRespondents())
                .ofResponses(
                        of(suspects, now).where(isInTime).withColumn(FewChanges.COUNTS, isCounted),
                        scored.apply(lastPublished(suspects)).where(isInTime).withColumn(FewChanges.COUNTS, isCounted))
                .few();
        return now.where(functions.not(isOf(kept))).unionByName(scored.apply(lastPublished(kept)));
    }

    /** The responses that a run works with. */
    Dataset<Row> responses() {
        Dataset<Row> now = lake.read(SurveyResponse.TABLE);
        return held.isEmpty() ? now : now.where(functions.not(isOf(held))).unionByName(lastPublished(held));
    }

    /** The fingerprints of all waves as a run works with them: wave, last day with an answer, fingerprint. */
    List<Row> fingerprints() {
        Map<String, Row> prints = byWave(WAVE);
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        held.forEach(wave -> {
            Row before = published.get(wave);
            String cut = before.isNullAt(6) ? "" : " as published on " + before.getLocalDate(6);
            prints.put(wave, RowFactory.create(wave, before.get(1), before.getString(2) + cut));
        });
        return List.copyOf(prints.values());
    }

    /** Waves with earlier ones that a run does not pair them with. */
    Dataset<Row> unpaired() {
        return unpaired.map(rows -> spark.createDataFrame(rows, UnpairedWave.TABLE.schema()))
                .orElseGet(() -> lake.read(UnpairedWave.TABLE));
    }

    /** Keeps what is about to be published. */
    void keep() {
        Set<Row> apart = Set.copyOf(unpaired().collectAsList());
        if (!apart.equals(Set.copyOf(lake.read(UnpairedWave.TABLE).collectAsList()))) {
            lake.overwrite(UnpairedWave.TABLE, unpaired().coalesce(1));
        }
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        Map<String, Row> after = new TreeMap<>(published);
        noted.forEach((wave, row) -> after.put(wave, edition(wave, row, published.get(wave))));
        Map<String, String> written = new TreeMap<>();
        after.forEach((wave, row) -> {
            if (!row.equals(published.get(wave))) {
                written.put(wave, row.getString(3));
            }
        });
        if (written.isEmpty()) {
            return;
        }
        Column edition = functions.lit(null).cast(EDITION.type());
        for (Map.Entry<String, String> one : written.entrySet()) {
            edition = functions
                    .when(Landing.WAVE.col().equalTo(one.getKey()), one.getValue())
                    .otherwise(edition);
        }
        Dataset<Row> kept = of(written.keySet(), responses())
                .withColumn(IS_COUNTED.name(), counts)
                .withColumn(EDITION.name(), edition);
        for (Row row : noted.values()) {
            if (!row.isNullAt(6)) {
                kept = kept.where(functions.not(Landing.WAVE
                        .col()
                        .equalTo(row.getString(0))
                        .and(functions.coalesce(
                                Landing.ANSWERED_ON.col().gt(row.getLocalDate(6)), functions.lit(false)))));
            }
        }
        lake.replace(RESPONSE, kept, List.copyOf(written.values()));
        write(after);
    }

    /** What is noted of a wave, in the edition that it is published in. */
    private Row edition(String wave, Row now, Row before) {
        Row print = held.contains(wave) ? before : now;
        boolean isOfAnEarlierDay = before != null
                && !now.isNullAt(6)
                && (before.isNullAt(6) || now.getLocalDate(6).isBefore(before.getLocalDate(6)));
        if (isOfAnEarlierDay && !held.contains(wave) && !restated.contains(wave)) {
            return before;
        }
        String edition = before == null || !restated.contains(wave)
                ? now.getString(3)
                : wave + "#" + (1 + Integer.parseInt(before.getString(3).substring(wave.length() + 1)));
        return RowFactory.create(wave, print.get(1), print.get(2), edition, now.get(4), now.get(5), print.get(6));
    }

    private void write(Map<String, Row> published) {
        lake.overwrite(
                PUBLISHED_WAVE,
                spark.createDataFrame(List.copyOf(published.values()), PUBLISHED_WAVE.schema())
                        .coalesce(1));
    }

    /** The customers' counts that waves were published with, but for the waves that this run publishes anew. */
    Dataset<Row> counts() {
        return lake.read(MarginCount.TABLE).where(functions.not(isOf(freed)));
    }

    /** Keeps the counts that waves are about to be published with. */
    void keep(List<Row> counts) {
        Set<Row> before = Set.copyOf(lake.read(MarginCount.TABLE).collectAsList());
        Set<String> waves = counts.stream().map(row -> row.getString(0)).collect(Collectors.toSet());
        List<Row> after = new ArrayList<>(counts);
        before.stream().filter(row -> !waves.contains(row.getString(0))).forEach(after::add);
        if (!before.equals(Set.copyOf(after))) {
            lake.overwrite(
                    MarginCount.TABLE,
                    spark.createDataFrame(after, MarginCount.TABLE.schema()).coalesce(1));
        }
    }

    private Map<String, Row> byWave(Table table) {
        Map<String, Row> rows = new TreeMap<>();
        for (Row row : lake.read(table).collectAsList()) {
            rows.put(row.getString(0), row);
        }
        return rows;
    }
}
