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
import java.util.stream.Collectors;
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

    /** The responses of closed waves as they were when last published. */
    static final Table RESPONSE = new Table(
                    "published_response",
                    "The responses of closed waves as they were published.",
                    Shelf.STATE,
                    SurveyResponse.TABLE.grain(),
                    SurveyResponse.TABLE.key(),
                    SurveyResponse.TABLE.fields(),
                    List.of(),
                    SurveyResponse.TABLE.partitions(),
                    SurveyResponse.TABLE.order(),
                    SurveyResponse.TABLE.version() + 1)
            .with(IS_COUNTED);

    private static final Field LAST_ANSWERED_ON =
            Field.optional("last_answered_on", DataTypes.DateType, "The day of the last answer.");
    private static final Field FINGERPRINT =
            Field.required("fingerprint", DataTypes.StringType, "Number of rows, and exact sums of hashes.");

    /** What the responses of each wave were when they were last written. */
    static final Table WAVE = Table.named("wave_fingerprint", "The responses of each wave in a word.")
            .on(Shelf.STATE)
            .oneRowPer("wave", Landing.WAVE)
            .with(LAST_ANSWERED_ON, FINGERPRINT);

    /** The same of the waves as they were published. */
    static final Table PUBLISHED_WAVE = Table.named(
                    "published_wave_fingerprint", "The responses of each published wave in a word.")
            .on(Shelf.STATE)
            .oneRowPer("wave", Landing.WAVE)
            .with(LAST_ANSWERED_ON, FINGERPRINT)
            .with(Field.required("counted_by", DataTypes.StringType, "What in the job decided which responses count."))
            .version(2);

    private final SparkSession spark;
    private final Lake lake;
    private final List<Dimension> dimensions;
    /** What is published as it was. */
    private final Set<String> held = new TreeSet<>();
    /** What is published as it is now, and was not so before. */
    private final Set<String> restated = new TreeSet<>();
    /** Wave by wave what decides in this run who counts. */
    private final Map<String, String> countedBy = new TreeMap<>();
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
     * @param isForgetting whether answers were taken back on demand, which no minimum holds up
     * @param warn is told of each wave that stays
     * @throws Failure where the job document has changed so that few count otherwise
     */
    void settle(LocalDate asOf, Job.Satisfaction satisfaction, boolean isForgetting, Consumer<String> warn) {
        counts = Respondents.reasonLeftOut(asOf, satisfaction).isNull();
        Map<String, Row> now = byWave(WAVE);
        Set<String> freed = new TreeSet<>(satisfaction.restatedWaves());
        if (isForgetting) {
            freed.addAll(release(now));
        }
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        List<String> suspects = new ArrayList<>();
        List<String> recounted = new ArrayList<>();
        for (String wave : Respondents.closedWaves(asOf, satisfaction)) {
            countedBy.put(wave, Respondents.countedBy(wave, satisfaction));
            Row before = published.get(wave);
            boolean isCountedAlike = before == null || countedBy.get(wave).equals(before.getString(3));
            boolean isSame = before == null
                    ? !now.containsKey(wave)
                    : isCountedAlike && print(before).equals(now.get(wave));
            if (!isSame) {
                (before == null || freed.contains(wave) ? restated : suspects).add(wave);
                if (!isCountedAlike && !freed.contains(wave)) {
                    recounted.add(wave);
                }
            }
        }
        Set<String> known = new TreeSet<>(published.keySet());
        known.retainAll(countedBy.keySet());
        Settling settling = new Settling(satisfaction, known, freed);
        settling.requireCountedAlike(recounted);
        settling.hold(suspects, warn);
        settling.unpair(warn);
    }

    /** The waves of one run being settled. */
    private final class Settling {

        private final Job.Satisfaction satisfaction;
        private final Questionnaire questionnaire;
        private final int minimum;
        /** Of the closed ones. */
        private final Set<String> published;
        /** May change by however few. */
        private final Set<String> freed;

        private final Dataset<Row> answers = lake.read(SurveyResponse.TABLE).where(counts);
        private final Dataset<Row> taken = lake.read(RESPONSE).where(IS_COUNTED.col());

        Settling(Job.Satisfaction satisfaction, Set<String> published, Set<String> freed) {
            this.satisfaction = satisfaction;
            this.questionnaire = satisfaction.questionnaire();
            this.minimum = satisfaction.minimumRespondents();
            this.published = published;
            this.freed = freed;
        }

        /** Refuses a job document by which few of published waves count otherwise than they did. */
        void requireCountedAlike(List<String> recounted) {
            if (recounted.isEmpty()) {
                return;
            }
            Dataset<Row> anew = lake.read(RESPONSE).where(counts);
            Set<String> few = new TreeSet<>(
                    FewChanges.ofResponses(questionnaire, of(recounted, anew), of(recounted, taken), minimum));
            few.addAll(fewPairs(of(published, anew), of(published, taken), List.of()));
            if (!few.isEmpty()) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "satisfaction: in wave " + String.join(", ", few) + " other respondents count than when it was"
                                + " published, because quality, restate_waves or the days of the wave have changed,"
                                + " and in a segment, or in all, they are fewer than minimum_respondents (" + minimum
                                + "): whoever has both runs could tell them. Take the change back, or name the wave"
                                + " in satisfaction.restate_waves to publish it all the same");
            }
        }

        /** Keeps waves as they were published where few have changed; the others are published anew. */
        void hold(List<String> suspects, Consumer<String> warn) {
            if (suspects.isEmpty()) {
                return;
            }
            Set<String> few =
                    FewChanges.ofResponses(questionnaire, of(suspects, answers), of(suspects, taken), minimum);
            // waves that are published anew in any case are taken as they are now on both sides
            Set<String> asTheyAre = new TreeSet<>(restated);
            asTheyAre.retainAll(published);
            Set<String> changed = new TreeSet<>(published);
            changed.removeAll(few);
            boolean areFewPairs = !few.containsAll(suspects)
                    && !fewPairs(
                                    of(changed, answers).unionByName(of(few, plain(taken))),
                                    of(published, plain(taken))
                                            .where(functions.not(isOf(asTheyAre)))
                                            .unionByName(of(asTheyAre, answers)),
                                    List.of())
                            .isEmpty();
            for (String wave : suspects) {
                if (few.contains(wave) || areFewPairs) {
                    held.add(wave);
                    String what = few.contains(wave)
                            ? "the answers or segments of fewer respondents have changed, in a segment or in all, than"
                                    + " minimum_respondents"
                            : "the pairs of expectation and experience of fewer respondents have changed than"
                                    + " minimum_respondents";
                    warn.accept("survey: since wave " + wave + " was published " + what + " (" + minimum
                            + "); it stays as it was published until more do, or until satisfaction.restate_waves"
                            + " names it");
                } else {
                    restated.add(wave);
                }
            }
        }

        /**
         * Keeps waves that come after later ones were published out of the pairs of these, where they would add few.
         */
        void unpair(Consumer<String> warn) {
            List<Row> pairs = new ArrayList<>(lake.read(UnpairedWave.TABLE).collectAsList());
            pairs.removeIf(row -> freed.contains(row.getString(0)) || freed.contains(row.getString(1)));
            Set<String> late = new TreeSet<>(restated);
            late.removeAll(published);
            late.removeAll(freed);
            if (!late.isEmpty() && !published.isEmpty()) {
                Dataset<Row> settled = of(published, responses().where(counts));
                for (String wave : fewPairs(settled.unionByName(of(late, answers)), settled, pairs)) {
                    if (!late.contains(wave) && !freed.contains(wave)) {
                        late.forEach(earlier -> pairs.add(RowFactory.create(wave, earlier)));
                        warn.accept("survey: wave " + wave + " was published before wave"
                                + (late.size() == 1 ? " " : "s ") + String.join(", ", late)
                                + " came, so what was expected then is not set beside what was met in " + wave
                                + " (expectation_gap, before and after): in a segment fewer respondents than"
                                + " minimum_respondents (" + minimum
                                + ") would be added; to have them all the same, name the wave in"
                                + " satisfaction.restate_waves");
                    }
                }
            }
            unpaired = Optional.of(List.copyOf(pairs));
        }

        private Set<String> fewPairs(Dataset<Row> now, Dataset<Row> before, List<Row> apart) {
            Set<String> few = new TreeSet<>();
            if (questionnaire.gaps().isEmpty()) {
                return few;
            }
            Inputs inputs = table -> spark.createDataFrame(apart, table.schema());
            List<Dataset<Row>> pairs = PairedCell.pairs(questionnaire, dimensions, now, inputs);
            List<Dataset<Row>> pairsBefore = PairedCell.pairs(questionnaire, dimensions, before, inputs);
            for (int gap = 0; gap < pairs.size(); gap++) {
                few.addAll(FewChanges.ofPairs(pairs.get(gap), pairsBefore.get(gap), dimensions.size(), minimum));
            }
            return few;
        }
    }

    private static Column isOf(Collection<String> waves) {
        return Landing.WAVE.col().isin(waves.toArray());
    }

    private static Dataset<Row> of(Collection<String> waves, Dataset<Row> responses) {
        return responses.where(isOf(waves));
    }

    private static Dataset<Row> plain(Dataset<Row> published) {
        return published.drop(IS_COUNTED.name());
    }

    /** Lets go of published waves whose answers are others now, whether a run has to do with them or not. */
    private Set<String> release(Map<String, Row> now) {
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        Set<String> changed = new TreeSet<>(published.keySet());
        changed.removeIf(wave -> print(published.get(wave)).equals(now.get(wave)));
        if (!changed.isEmpty()) {
            lake.drop(RESPONSE, partition -> changed.contains(partition.get(Landing.WAVE.name())));
            published.keySet().removeAll(changed);
            write(published);
        }
        return changed;
    }

    /**
     * The responses of waves that weights are derived from: of a wave in which too few have answered otherwise since it was
     * published those that were published, as the wave itself then stays as it was.
     *
     * @param now as the sources have them, whatever their index
     */
    Dataset<Row> base(
            Dataset<Row> now, List<String> waves, LocalDate asOf, Job.Satisfaction satisfaction, boolean isForgetting) {
        Set<String> published = byWave(PUBLISHED_WAVE).keySet();
        List<String> suspects = waves.stream()
                .filter(wave -> published.contains(wave)
                        && !isForgetting
                        && !satisfaction.restatedWaves().contains(wave))
                .toList();
        if (suspects.isEmpty()) {
            return now;
        }
        Set<String> kept = FewChanges.ofResponses(
                satisfaction.questionnaire(),
                of(suspects, now)
                        .where(Respondents.reasonLeftOut(asOf, satisfaction).isNull()),
                of(suspects, lake.read(RESPONSE)).where(IS_COUNTED.col()),
                satisfaction.minimumRespondents());
        return now.where(functions.not(isOf(kept))).unionByName(of(kept, plain(lake.read(RESPONSE))));
    }

    /** The responses that a run works with. */
    Dataset<Row> responses() {
        Dataset<Row> now = lake.read(SurveyResponse.TABLE);
        return held.isEmpty()
                ? now
                : now.where(functions.not(isOf(held))).unionByName(of(held, plain(lake.read(RESPONSE))));
    }

    /** The fingerprints of all waves as a run works with them: wave, last day with an answer, fingerprint. */
    List<Row> fingerprints() {
        Map<String, Row> prints = byWave(WAVE);
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        held.forEach(wave -> prints.put(wave, print(published.get(wave))));
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
        Set<String> kept = new TreeSet<>(restated);
        held.stream()
                .filter(wave -> !published.get(wave).getString(3).equals(countedBy.get(wave)))
                .forEach(kept::add);
        if (kept.isEmpty()) {
            return;
        }
        lake.replace(RESPONSE, of(kept, responses()).withColumn(IS_COUNTED.name(), counts), List.copyOf(kept));
        Map<String, Row> now = byWave(WAVE);
        for (String wave : kept) {
            Row print = held.contains(wave) ? print(published.get(wave)) : now.get(wave);
            published.remove(wave);
            if (print != null) {
                published.put(wave, RowFactory.create(print.get(0), print.get(1), print.get(2), countedBy.get(wave)));
            }
        }
        write(published);
    }

    private void write(Map<String, Row> published) {
        lake.overwrite(
                PUBLISHED_WAVE,
                spark.createDataFrame(List.copyOf(published.values()), PUBLISHED_WAVE.schema())
                        .coalesce(1));
    }

    /** The customers' counts that waves were published with, but for the waves that this run publishes anew. */
    Dataset<Row> counts() {
        return lake.read(MarginCount.TABLE).where(functions.not(isOf(restated)));
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

    /** Wave, last day with an answer and fingerprint alone. */
    private static Row print(Row published) {
        return RowFactory.create(published.get(0), published.get(1), published.get(2));
    }
}
