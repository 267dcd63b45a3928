package manyi.run;

import static org.apache.spark.sql.functions.count_distinct;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import manyi.config.Job;
import manyi.conformed.SurveyResponse;
import manyi.mart.MarginCount;
import manyi.mart.Respondents;
import manyi.mart.satisfaction.PairedCell;
import manyi.source.Landing;
import manyi.store.Lake;
import manyi.table.Digest;
import manyi.table.Field;
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
 * Closed waves as they were published. Where the answers of fewer respondents than the minimum have changed since, a wave
 * stays as it was: else the totals of two runs would give these few away by subtraction.
 */
final class PublishedWaves {

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
            SurveyResponse.TABLE.version());

    /** What the responses of each wave were when they were last written. */
    static final Table WAVE = wave("wave_fingerprint", "The responses of each wave in a word.");

    /** The same of the waves as they were published. */
    static final Table PUBLISHED_WAVE =
            wave("published_wave_fingerprint", "The responses of each published wave in a word.");

    /** What follows from weights and from other sources than the answers. */
    private static final String[] OF_WEIGHTS = {
        SurveyResponse.QUESTIONNAIRE.name(),
        SurveyResponse.SEGMENTS.name(),
        SurveyResponse.CSI.name(),
        SurveyResponse.ANSWERED_WEIGHT.name()
    };

    /** Whose response it is, and of which segments. */
    private static final Column[] PLACE = {
        Landing.POPULATION.col(),
        Landing.WAVE.col(),
        SurveyResponse.RESPONSE_KEY.col(),
        Landing.CUSTOMER_ID.col(),
        SurveyResponse.SEGMENTS.col()
    };

    private final SparkSession spark;
    private final Lake lake;
    private final Set<String> held = new TreeSet<>();
    private final Set<String> restated = new TreeSet<>();

    PublishedWaves(SparkSession spark, Lake lake) {
        this.spark = spark;
        this.lake = lake;
    }

    private static Table wave(String name, String meaning) {
        return Table.named(name, meaning)
                .on(Shelf.STATE)
                .oneRowPer("wave", Landing.WAVE)
                .with(
                        Field.optional("last_answered_on", DataTypes.DateType, "The day of the last answer."),
                        Field.required(
                                "fingerprint", DataTypes.StringType, "Number of rows, and exact sums of hashes."));
    }

    /** Notes what the responses are, after they were written. */
    void note() {
        lake.overwrite(
                WAVE,
                lake.read(SurveyResponse.TABLE)
                        .groupBy(Landing.WAVE.col())
                        .agg(
                                functions.max(Landing.ANSWERED_ON.col()).as("last_answered_on"),
                                Digest.ofGroup(SurveyResponse.TABLE).as("fingerprint"))
                        .coalesce(1));
    }

    /**
     * Decides for each closed wave whether it is taken as it is or as it was published.
     *
     * @param isForgetting whether answers were taken back on demand, which no minimum holds up
     * @param warn is told of each wave that stays
     */
    void settle(LocalDate asOf, Job.Satisfaction satisfaction, boolean isForgetting, Consumer<String> warn) {
        Map<String, Row> now = byWave(WAVE);
        if (isForgetting) {
            release(now);
        }
        Map<String, Row> before = byWave(PUBLISHED_WAVE);
        List<String> suspects = new ArrayList<>();
        for (String wave : Respondents.closedWaves(asOf, satisfaction)) {
            Row print = now.get(wave);
            Row published = before.get(wave);
            if (published == null ? print != null : !published.equals(print)) {
                boolean isFree =
                        published == null || satisfaction.restatedWaves().contains(wave);
                (isFree ? restated : suspects).add(wave);
            }
        }
        if (suspects.isEmpty()) {
            return;
        }
        Dataset<Row> answers = lake.read(SurveyResponse.TABLE);
        Set<String> thin = new Comparison(asOf, satisfaction, suspects).thin(answers, true);
        boolean arePairsThin = arePairsThin(asOf, satisfaction, before.keySet(), thin);
        for (String wave : suspects) {
            if (thin.contains(wave) || arePairsThin) {
                held.add(wave);
                String what = thin.contains(wave)
                        ? "the answers or segments of fewer respondents have changed than minimum_respondents"
                        : "the pairs of expectation and experience of fewer respondents have changed than"
                                + " minimum_respondents";
                warn.accept(
                        "survey: since wave " + wave + " was published " + what + " ("
                                + satisfaction.minimumRespondents()
                                + "); it stays as it was published until more do, or until satisfaction.restate_waves names it");
            } else {
                restated.add(wave);
            }
        }
    }

    /**
     * Whether pairs of expectation and later experience would give few away: an answer of one wave stands in the pairs of
     * later ones, and where ten answers of a wave have changed, perhaps one of them does. Waves that are published anew in
     * any case are taken as they are now on both sides.
     *
     * @param kept the waves that stay as they were in any case
     */
    private boolean arePairsThin(
            LocalDate asOf, Job.Satisfaction satisfaction, Set<String> published, Set<String> kept) {
        if (satisfaction.questionnaire().gaps().isEmpty()) {
            return false;
        }
        Set<String> freed = new TreeSet<>(published);
        freed.retainAll(restated);
        Dataset<Row> answers =
                lake.read(SurveyResponse.TABLE).where(Landing.WAVE.col().isin(published.toArray()));
        Dataset<Row> taken = lake.read(RESPONSE).where(Landing.WAVE.col().isin(published.toArray()));
        Column isFreed = Landing.WAVE.col().isin(freed.toArray());
        Column isKept = Landing.WAVE.col().isin(kept.toArray());
        List<Dataset<Row>> before = PairedCell.pairs(
                asOf, satisfaction, taken.where(functions.not(isFreed)).unionByName(answers.where(isFreed)));
        List<Dataset<Row>> now = PairedCell.pairs(
                asOf, satisfaction, answers.where(functions.not(isKept)).unionByName(taken.where(isKept)));
        long minimum = satisfaction.minimumRespondents();
        for (int gap = 0; gap < before.size(); gap++) {
            Map<String, Long> pairs = Comparison.respondents(before.get(gap));
            boolean isThin =
                    Comparison.respondents(Comparison.differing(now.get(gap), before.get(gap))).entrySet().stream()
                            .anyMatch(wave ->
                                    pairs.getOrDefault(wave.getKey(), 0L) >= minimum && wave.getValue() < minimum);
            if (isThin) {
                return true;
            }
        }
        return false;
    }

    /** Lets go of published waves whose answers are others now, whether a run has to do with them or not. */
    private void release(Map<String, Row> now) {
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        Set<String> changed = new TreeSet<>(published.keySet());
        changed.removeIf(wave -> published.get(wave).equals(now.get(wave)));
        if (!changed.isEmpty()) {
            lake.drop(RESPONSE, partition -> changed.contains(partition.get(Landing.WAVE.name())));
            published.keySet().removeAll(changed);
            write(published);
        }
    }

    /**
     * The responses of waves that weights are derived from: of a wave in which too few have answered otherwise since it was
     * published those that were published, as the wave itself then stays as it was.
     *
     * @param now as the sources have them, whatever their segments and index
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
        Object[] kept =
                new Comparison(asOf, satisfaction, suspects).thin(now, false).toArray();
        return now.where(functions.not(Landing.WAVE.col().isin(kept)))
                .unionByName(lake.read(RESPONSE).where(Landing.WAVE.col().isin(kept)));
    }

    /** What tells the responses of some waves that count from those that were published. */
    private final class Comparison {

        private final Column isSuspect;
        private final int minimum;

        Comparison(LocalDate asOf, Job.Satisfaction satisfaction, List<String> waves) {
            isSuspect = Landing.WAVE
                    .col()
                    .isin(waves.toArray())
                    .and(Respondents.reasonLeftOut(asOf, satisfaction).isNull());
            minimum = satisfaction.minimumRespondents();
        }

        /**
         * The waves that would give few away: of a population that was published, the answers of fewer respondents than
         * the minimum have changed, or, where none has, the segments of fewer.
         */
        Set<String> thin(Dataset<Row> responses, boolean areSegmentsTold) {
            Dataset<Row> now = responses.where(isSuspect);
            Dataset<Row> before = lake.read(RESPONSE).where(isSuspect);
            Map<String, Long> published = respondents(before);
            Map<String, Long> answers = respondents(differing(now.drop(OF_WEIGHTS), before.drop(OF_WEIGHTS)));
            Map<String, Long> moves =
                    areSegmentsTold ? respondents(differing(now.select(PLACE), before.select(PLACE))) : Map.of();
            Set<String> thin = new TreeSet<>();
            published.forEach((wave, respondents) -> {
                long changed = answers.getOrDefault(wave, moves.getOrDefault(wave, 0L));
                if (respondents >= minimum && changed > 0 && changed < minimum) {
                    thin.add(wave.substring(wave.indexOf('\n') + 1));
                }
            });
            return thin;
        }

        private static Dataset<Row> differing(Dataset<Row> now, Dataset<Row> before) {
            return now.exceptAll(before).unionByName(before.exceptAll(now));
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
    }

    /** The responses that a run works with. */
    Dataset<Row> responses() {
        Dataset<Row> now = lake.read(SurveyResponse.TABLE);
        if (held.isEmpty()) {
            return now;
        }
        return now.where(functions.not(Landing.WAVE.col().isin(held.toArray())))
                .unionByName(lake.read(RESPONSE).where(Landing.WAVE.col().isin(held.toArray())));
    }

    /** The fingerprints of all waves as a run works with them: wave, last day with an answer, fingerprint. */
    List<Row> fingerprints() {
        Map<String, Row> prints = byWave(WAVE);
        Map<String, Row> published = byWave(PUBLISHED_WAVE);
        held.forEach(wave -> prints.put(wave, published.get(wave)));
        return List.copyOf(prints.values());
    }

    /** Keeps what is about to be published. */
    void keep() {
        if (restated.isEmpty()) {
            return;
        }
        lake.replace(
                RESPONSE,
                lake.read(SurveyResponse.TABLE).where(Landing.WAVE.col().isin(restated.toArray())),
                List.copyOf(restated));
        Map<String, Row> now = byWave(WAVE);
        Map<String, Row> prints = byWave(PUBLISHED_WAVE);
        for (String wave : restated) {
            prints.remove(wave);
            if (now.containsKey(wave)) {
                prints.put(wave, now.get(wave));
            }
        }
        write(prints);
    }

    private void write(Map<String, Row> published) {
        lake.overwrite(
                PUBLISHED_WAVE,
                spark.createDataFrame(List.copyOf(published.values()), PUBLISHED_WAVE.schema())
                        .coalesce(1));
    }

    /** The customers' counts that waves were published with, but for the waves that this run publishes anew. */
    Dataset<Row> counts() {
        return lake.read(MarginCount.TABLE)
                .where(functions.not(Landing.WAVE.col().isin(restated.toArray())));
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
            rows.put(row.getString(0), RowFactory.create(row.get(0), row.get(1), row.get(2)));
        }
        return rows;
    }
}
