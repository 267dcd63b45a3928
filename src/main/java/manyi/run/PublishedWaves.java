package manyi.run;

import static manyi.run.PublishedWave.EDITION;

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
import manyi.mart.survey.MarginCount;
import manyi.mart.survey.Respondents;
import manyi.mart.survey.UnpairedWave;
import manyi.run.PublishedWave.Fingerprint;
import manyi.source.Landing;
import manyi.store.DeltaStore;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Closed waves as they were published. Where in a cell of figures fewer respondents than the minimum have changed since, a
 * wave stays as it was: else two runs would give these few away by subtraction ({@link WaveHold}).
 */
final class PublishedWaves {

    private static final Field IS_COUNTED = Field.required(
            "is_counted", DataTypes.BooleanType, "Whether the response counted when the wave was published.");

    /** The responses of closed waves as they were in each edition of them that was published. */
    static final Table RESPONSE = new Table(
            "published_response",
            "The responses of closed waves as they were published.",
            Visibility.STATE,
            "response of an edition",
            Stream.concat(SurveyResponse.TABLE.key().stream(), Stream.of(EDITION))
                    .toList(),
            Stream.concat(SurveyResponse.TABLE.fields().stream(), Stream.of(IS_COUNTED, EDITION))
                    .toList(),
            List.of(),
            List.of(EDITION),
            SurveyResponse.TABLE.order(),
            SurveyResponse.TABLE.version() + 1);

    private final SparkSession spark;
    private final DeltaStore store;
    private final List<Dimension> dimensions;
    /** What weights are derived from as it was published. */
    private final Set<String> kept = new TreeSet<>();
    /** What is published as it was. */
    private final Set<String> held = new TreeSet<>();
    /** What is published in another edition than before, or for the first time. */
    private final Set<String> restated = new TreeSet<>();
    /** What is published anew whatever has changed, and raked to the customers there are now. */
    private final Set<String> freed = new TreeSet<>();
    /** What a run is about to note of each closed wave. */
    private final Map<String, PublishedWave> noted = new TreeMap<>();
    /** Waves with the earlier ones that they are not paired with; unknown until they were settled. */
    private Optional<List<Row>> unpaired = Optional.empty();

    private Column counts = functions.lit(true);

    PublishedWaves(SparkSession spark, DeltaStore store, List<Dimension> dimensions) {
        this.spark = spark;
        this.store = store;
        this.dimensions = List.copyOf(dimensions);
    }

    /** Notes what the responses are, after they were written. */
    void note() {
        store.overwrite(
                Fingerprint.TABLE,
                Fingerprint.rows(store.read(SurveyResponse.TABLE)).coalesce(1));
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
        Map<String, Fingerprint> now = prints();
        Map<String, PublishedWave> published = release(now, forgotten);
        List<String> closed = Respondents.closedWaves(asOf, satisfaction);
        requireListed(published.keySet(), satisfaction.questionnaire());
        for (String wave : closed) {
            if (published.containsKey(wave) || now.containsKey(wave)) {
                Fingerprint print = now.getOrDefault(wave, Fingerprint.none(wave));
                PublishedWave before = published.get(wave);
                noted.put(wave, PublishedWave.now(print, before, asOf, satisfaction));
                if (isOpened(wave, before, satisfaction)) {
                    freed.add(wave);
                }
            }
        }
        List<PublishedWave> changed = noted.values().stream()
                .filter(wave -> !wave.equals(published.get(wave.wave())))
                .toList();
        List<PublishedWave> suspects = new ArrayList<>();
        for (PublishedWave wave : changed) {
            if (!published.containsKey(wave.wave()) || freed.contains(wave.wave())) {
                restated.add(wave.wave());
            } else {
                suspects.add(wave);
            }
        }
        requireSameWeights(published, satisfaction);
        Set<String> known = new TreeSet<>(published.keySet());
        known.retainAll(closed);
        int minimum = satisfaction.minimumRespondents();
        WaveHold hold = comparing(
                asOf,
                satisfaction,
                new WaveHold.Waves(known, freed, editionsOf(published)),
                store.read(SurveyResponse.TABLE).withColumn(FewChanges.COUNTS, counts),
                store.read(RESPONSE).withColumnRenamed(IS_COUNTED.name(), FewChanges.COUNTS));
        List<String> recounted = suspects.stream()
                .filter(wave ->
                        !wave.countedBy().equals(published.get(wave.wave()).countedBy()))
                .map(PublishedWave::wave)
                .toList();
        requireSameRules(hold, recounted, minimum);
        decide(hold, suspects.stream().map(PublishedWave::wave).toList(), minimum, warn);
        unpair(hold, known, minimum, warn);
    }

    /** Refuses other days of waves that were published, or another raking of those that are not opened. */
    private void requireSameWeights(Map<String, PublishedWave> published, Job.Satisfaction satisfaction) {
        List<String> otherwise = published.values().stream()
                .filter(wave -> !freed.contains(wave.wave()))
                .filter(wave -> !wave.weighedBy().equals(Respondents.weighedBy(wave.wave(), satisfaction)))
                .map(PublishedWave::wave)
                .toList();
        if (!otherwise.isEmpty()) {
            throw refused(otherwise, "its days, or the margins and trim of weighting,", "all would weigh otherwise");
        }
    }

    private WaveHold comparing(
            LocalDate asOf,
            Job.Satisfaction satisfaction,
            WaveHold.Waves waves,
            Dataset<Row> answers,
            Dataset<Row> editions) {
        return new WaveHold(
                satisfaction.questionnaire(),
                dimensions,
                satisfaction.minimumRespondents(),
                waves,
                answers,
                editions,
                Respondents.isInTime(asOf, satisfaction));
    }

    /** Whether restate_waves names a published wave for the first time. */
    private static boolean isOpened(String wave, PublishedWave before, Job.Satisfaction satisfaction) {
        return satisfaction.restatedWaves().contains(wave) && (before == null || !before.isRestated());
    }

    private static Set<String> editionsOf(Map<String, PublishedWave> published) {
        return published.values().stream().map(PublishedWave::edition).collect(Collectors.toSet());
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

    /** Refuses a job document by which few of published waves count otherwise than they did. */
    private void requireSameRules(WaveHold hold, List<String> recounted, int minimum) {
        if (recounted.isEmpty()) {
            return;
        }
        Set<String> few = hold.fewRecounted(recounted, counts, rowsOf(stillApart()));
        if (!few.isEmpty()) {
            throw refused(
                    few,
                    "quality or restate_waves",
                    "in a segment, or in all, fewer respondents than minimum_respondents (" + minimum
                            + ") would count otherwise");
        }
    }

    private static Failure refused(Collection<String> waves, String what, String consequence) {
        return new Failure(
                Failure.Kind.USAGE,
                "satisfaction: since wave " + String.join(", ", waves) + " was published, " + what
                        + " have changed, and " + consequence + ": whoever has both runs could tell few from all."
                        + " Take the change back; or publish the wave anew by naming it in"
                        + " satisfaction.restate_waves for the first time, with its late answers, or all closed waves with"
                        + " --full-refresh");
    }

    /** Keeps waves as they were published where few have changed; the others are published anew. */
    private void decide(WaveHold hold, List<String> suspects, int minimum, Consumer<String> warn) {
        if (suspects.isEmpty()) {
            return;
        }
        WaveHold.Found found = hold.found(suspects, kept, rowsOf(stillApart()));
        held.addAll(found.held());
        restated.addAll(found.changed());
        restated.removeAll(held);
        for (String wave : held) {
            String what =
                    found.few().contains(wave) ? "the answers or segments" : "the pairs of expectation and experience";
            String how = noted.get(wave).isRestated()
                    ? "satisfaction.restate_waves, which has named it before, is without it for one run and names it again"
                    : "satisfaction.restate_waves names it";
            warn.accept("survey: wave " + wave + " stays as it was published. Since then " + what
                    + " of fewer respondents than minimum_respondents (" + minimum
                    + ") have changed, in a segment or in all, or cells that are hidden would be others."
                    + " It is published anew when enough have changed, or when " + how);
        }
    }

    /** Keeps waves that come after later ones were published out of the pairs of these, where they would add few. */
    private void unpair(WaveHold hold, Set<String> published, int minimum, Consumer<String> warn) {
        List<Row> apart = stillApart();
        Set<String> late = new TreeSet<>(restated);
        late.removeAll(published);
        late.removeAll(freed);
        if (!late.isEmpty() && !published.isEmpty()) {
            for (String wave : hold.withFewPairsOf(late, restated, rowsOf(apart))) {
                late.forEach(earlier -> apart.add(RowFactory.create(wave, earlier)));
                warn.accept("survey: wave " + wave + " was published before wave "
                        + String.join(", ", late)
                        + " came, so what was expected then is not set beside what was met in " + wave
                        + " (expectation_gap, before and after): in a segment fewer respondents than"
                        + " minimum_respondents (" + minimum
                        + ") would be added; to have them all the same, name " + wave
                        + " in satisfaction.restate_waves");
            }
        }
        unpaired = Optional.of(List.copyOf(apart));
    }

    /** Waves that are not paired, but for those that this run frees. */
    private List<Row> stillApart() {
        List<Row> apart = new ArrayList<>(store.read(UnpairedWave.TABLE).collectAsList());
        apart.removeIf(row -> freed.contains(row.getString(0)) || freed.contains(row.getString(1)));
        return apart;
    }

    private Dataset<Row> rowsOf(List<Row> apart) {
        return spark.createDataFrame(apart, UnpairedWave.TABLE.schema());
    }

    /** The responses of waves as they were last published. */
    private Dataset<Row> lastPublished(Collection<String> waves) {
        Object[] last = published().values().stream()
                .filter(wave -> waves.contains(wave.wave()))
                .map(PublishedWave::edition)
                .toArray();
        return store.read(RESPONSE).where(EDITION.col().isin(last));
    }

    /**
     * Lets go of published waves whose answers are others now because some were taken back.
     *
     * @return the others
     */
    private Map<String, PublishedWave> release(Map<String, Fingerprint> now, Set<String> forgotten) {
        Map<String, PublishedWave> published = published();
        Set<String> changed = new TreeSet<>(published.keySet());
        changed.retainAll(forgotten);
        changed.removeIf(wave -> published.get(wave).fingerprint().equals(now.get(wave)));
        if (!changed.isEmpty()) {
            store.drop(RESPONSE, partition -> changed.contains(PublishedWave.waveOf(partition.get(EDITION.name()))));
            published.keySet().removeAll(changed);
            write(published);
            freed.addAll(changed);
        }
        return published;
    }

    /**
     * The responses of waves that weights are derived from: those that were published of a wave in which few count
     * otherwise since then. By the weights of the questionnaire other responses may count than by those that are held, so
     * such a wave stays as it was published whatever {@link #settle} finds.
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
        Map<String, PublishedWave> published = published();
        List<String> suspects = waves.stream()
                .filter(published::containsKey)
                .filter(wave -> !forgotten.contains(wave) && !isOpened(wave, published.get(wave), satisfaction))
                .toList();
        if (suspects.isEmpty()) {
            return now;
        }
        Column isCounted = Respondents.reasonLeftOut(asOf, satisfaction).isNull();
        kept.addAll(comparing(
                        asOf,
                        satisfaction,
                        new WaveHold.Waves(Set.copyOf(suspects), Set.of(), editionsOf(published)),
                        now.withColumn(FewChanges.COUNTS, isCounted),
                        scored.apply(store.read(RESPONSE).drop(IS_COUNTED.name()))
                                .withColumn(FewChanges.COUNTS, isCounted))
                .few(suspects));
        return now.where(functions.not(WaveHold.isOf(kept)))
                .unionByName(SurveyResponse.TABLE.conform(scored.apply(lastPublished(kept))));
    }

    /** The responses that a run works with. */
    Dataset<Row> responses() {
        Dataset<Row> now = store.read(SurveyResponse.TABLE);
        return held.isEmpty()
                ? now
                : now.where(functions.not(WaveHold.isOf(held)))
                        .unionByName(SurveyResponse.TABLE.conform(lastPublished(held)));
    }

    /** The fingerprints of all waves as a run works with them. */
    List<Fingerprint> fingerprints() {
        Map<String, Fingerprint> prints = prints();
        Map<String, PublishedWave> published = published();
        held.forEach(wave -> prints.put(wave, published.get(wave).cutFingerprint()));
        return List.copyOf(prints.values());
    }

    /** Waves with earlier ones that a run does not pair them with. */
    Dataset<Row> unpaired() {
        return unpaired.map(this::rowsOf).orElseGet(() -> store.read(UnpairedWave.TABLE));
    }

    /** The waves among some that a run has no response of. */
    List<String> unanswered(List<String> waves) {
        Set<String> answered = fingerprints().stream().map(Fingerprint::wave).collect(Collectors.toSet());
        return waves.stream().filter(wave -> !answered.contains(wave)).toList();
    }

    /** Keeps what is about to be published. */
    void keep() {
        Set<Row> apart = Set.copyOf(unpaired().collectAsList());
        if (!apart.equals(Set.copyOf(store.read(UnpairedWave.TABLE).collectAsList()))) {
            store.overwrite(UnpairedWave.TABLE, unpaired().coalesce(1));
        }
        Map<String, PublishedWave> published = published();
        Map<String, PublishedWave> written = new TreeMap<>();
        noted.forEach((wave, now) -> {
            PublishedWave after = edition(now, published.get(wave));
            if (!after.equals(published.get(wave))) {
                written.put(wave, after);
            }
        });
        if (written.isEmpty()) {
            return;
        }
        Column edition = functions.lit(null).cast(EDITION.type());
        Column isAfterCut = functions.lit(false);
        for (PublishedWave wave : written.values()) {
            Column isOfWave = Landing.WAVE.col().equalTo(wave.wave());
            edition = functions.when(isOfWave, wave.edition()).otherwise(edition);
            LocalDate cut = noted.get(wave.wave()).cutOn();
            if (cut != null) {
                Column isAfter = functions.coalesce(Landing.ANSWERED_ON.col().gt(cut), functions.lit(false));
                isAfterCut = isAfterCut.or(isOfWave.and(isAfter));
            }
        }
        store.replace(
                RESPONSE,
                WaveHold.of(written.keySet(), responses())
                        .withColumn(IS_COUNTED.name(), counts)
                        .withColumn(EDITION.name(), edition)
                        .where(functions.not(isAfterCut)),
                written.values().stream().map(PublishedWave::edition).toList());
        published.putAll(written);
        write(published);
    }

    /** What is noted of a wave, in the edition that it is published in. */
    private PublishedWave edition(PublishedWave now, PublishedWave before) {
        if (before == null) {
            return now;
        }
        if (held.contains(now.wave())) {
            return now.asPublished(before);
        }
        if (restated.contains(now.wave())) {
            return now.anew();
        }
        return now.isCutBefore(before) ? before : now;
    }

    /** The customers' counts that waves were published with, but for the waves that this run publishes anew. */
    Dataset<Row> counts() {
        return store.read(MarginCount.TABLE).where(functions.not(WaveHold.isOf(freed)));
    }

    /** Keeps the counts that waves are about to be published with. */
    void keep(List<Row> counts) {
        Set<Row> before = Set.copyOf(store.read(MarginCount.TABLE).collectAsList());
        Set<String> waves = counts.stream().map(row -> row.getString(0)).collect(Collectors.toSet());
        List<Row> after = new ArrayList<>(counts);
        before.stream().filter(row -> !waves.contains(row.getString(0))).forEach(after::add);
        if (!before.equals(Set.copyOf(after))) {
            store.overwrite(
                    MarginCount.TABLE,
                    spark.createDataFrame(after, MarginCount.TABLE.schema()).coalesce(1));
        }
    }

    private void write(Map<String, PublishedWave> published) {
        store.overwrite(
                PublishedWave.TABLE,
                spark.createDataFrame(
                                published.values().stream()
                                        .map(PublishedWave::row)
                                        .toList(),
                                PublishedWave.TABLE.schema())
                        .coalesce(1));
    }

    private Map<String, PublishedWave> published() {
        Map<String, PublishedWave> published = new TreeMap<>();
        for (Row row : store.read(PublishedWave.TABLE).collectAsList()) {
            PublishedWave wave = PublishedWave.of(row);
            published.put(wave.wave(), wave);
        }
        return published;
    }

    private Map<String, Fingerprint> prints() {
        Map<String, Fingerprint> prints = new TreeMap<>();
        for (Row row : store.read(Fingerprint.TABLE).collectAsList()) {
            Fingerprint print = Fingerprint.of(row);
            prints.put(print.wave(), print);
        }
        return prints;
    }
}
