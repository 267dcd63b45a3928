package manyi.run;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_union;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.xxhash64;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import manyi.config.Job;
import manyi.conformed.Attributes;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.ReleasedWave;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.conformed.WaveResponse;
import manyi.mart.survey.Respondents;
import manyi.source.Landing;
import manyi.store.DeltaStore;
import manyi.table.Failure;
import manyi.table.Inputs;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * Which survey waves a run sees, in which revision. A wave is released by the first run that finds it closed and with
 * responses; it then stays as it is, whatever arrives or changes, until the job document asks for a revision.
 */
final class Releases {

    private final SparkSession spark;
    private final DeltaStore store;
    private final LocalDate asOf;
    /** All releases ever, by wave and revision. */
    private final List<Row> rows = new ArrayList<>();
    /** The waves that this run sees, with their revisions. */
    private final Map<String, Integer> seen = new TreeMap<>();
    /** The waves of which this run makes a new revision. */
    private final Set<String> revised = new TreeSet<>();

    private Releases(SparkSession spark, DeltaStore store, LocalDate asOf) {
        this.spark = spark;
        this.store = store;
        this.asOf = asOf;
        rows.addAll(store.read(ReleasedWave.TABLE).collectAsList());
    }

    /**
     * Decides what the run releases.
     *
     * @throws Failure where a wave that was released is no longer listed, or where a revision would tell few respondents
     *     from all others
     */
    static Releases decided(SparkSession spark, DeltaStore store, Job job, LocalDate asOf, Warnings warnings) {
        Releases releases = new Releases(spark, store, asOf);
        job.satisfaction().ifPresent(satisfaction -> releases.decide(job, satisfaction, warnings));
        return releases;
    }

    private void decide(Job job, Job.Satisfaction satisfaction, Warnings warnings) {
        Map<String, Integer> released = new TreeMap<>();
        rows.forEach(row -> released.merge(row.getString(0), row.getInt(1), Math::max));
        requireListed(released.keySet(), satisfaction);
        List<String> closed = Respondents.closedWaves(asOf, satisfaction);
        Set<String> answered = closed.stream().allMatch(released::containsKey)
                ? released.keySet()
                : store.read(Landing.SURVEY).select(Landing.WAVE.col()).distinct().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .collect(Collectors.toSet());
        List<String> unanswered = new ArrayList<>();
        for (String wave : closed) {
            int asked = satisfaction.revision(wave);
            if (!released.containsKey(wave) && !answered.contains(wave)) {
                unanswered.add(wave);
            } else if (!released.containsKey(wave)) {
                add(wave, asked);
            } else if (asked <= released.get(wave)) {
                seen.put(wave, released.get(wave));
            } else if (isChanged(job, satisfaction, wave, released.get(wave))) {
                withdraw(wave);
                add(wave, asked);
                revised.add(wave);
            } else {
                seen.put(wave, released.get(wave));
                warnings.add("satisfaction.restate_waves: nothing of wave " + wave
                        + " has changed since it was released, so there is no revision");
            }
        }
        if (!unanswered.isEmpty()) {
            warnings.add("survey: closed waves without any response, and so without figures: "
                    + String.join(", ", unanswered));
        }
    }

    private void add(String wave, int revision) {
        rows.add(RowFactory.create(wave, revision, asOf, null));
        seen.put(wave, revision);
    }

    private void withdraw(String wave) {
        rows.replaceAll(row -> row.getString(0).equals(wave) && row.isNullAt(3)
                ? RowFactory.create(wave, row.getInt(1), row.getLocalDate(2), asOf)
                : row);
    }

    /** The waves that the run sees, with their revisions. */
    Map<String, Integer> seen() {
        return Map.copyOf(seen);
    }

    /** The waves of which the run makes a new revision, which takes the place of what was published before. */
    Set<String> revised() {
        return Set.copyOf(revised);
    }

    /** Keeps what was decided. */
    void write() {
        Set<Row> before = new HashSet<>(store.read(ReleasedWave.TABLE).collectAsList());
        if (!before.equals(new HashSet<>(rows))) {
            store.overwrite(
                    ReleasedWave.TABLE,
                    spark.createDataFrame(rows, ReleasedWave.TABLE.schema()).coalesce(1));
        }
    }

    /** Without its days a wave would be neither open nor closed, and nothing could say what came late. */
    private static void requireListed(Set<String> released, Job.Satisfaction satisfaction) {
        Set<String> unlisted = new TreeSet<>(released);
        satisfaction.questionnaire().waves().forEach(wave -> unlisted.remove(wave.name()));
        if (!unlisted.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "questionnaire: wave " + String.join(", ", unlisted)
                            + " was released and is no longer listed under waves; list it again");
        }
    }

    /**
     * Whether a wave would be other than it was released.
     *
     * @throws Failure where fewer respondents than the minimum differ, in all or in a segment value: two releases would
     *     tell their answers
     */
    private boolean isChanged(Job job, Job.Satisfaction satisfaction, String wave, int revision) {
        WaveResponse today = new WaveResponse(satisfaction.questionnaire(), job.segments());
        Dataset<Row> responses = new SurveyResponse(satisfaction.questionnaire(), Attributes.of(job)).from(store::read);
        Column isOfWave = Landing.WAVE.col().equalTo(wave);
        Set<String> restated = Set.copyOf(satisfaction.restatedWaves());
        Set<String> before = new TreeSet<>(restated);
        if (revision == 0) {
            before.remove(wave);
        }
        Dataset<Row> now = respondents(today.from(table -> responses).where(isOfWave), today, satisfaction, restated);
        Dataset<Row> then = respondents(store.read(WaveResponse.TABLE).where(isOfWave), today, satisfaction, before);
        Column unit = coalesce(col("now.unit"), col("then.unit"));
        Dataset<Row> differing = now.as("now")
                .join(then.as("then"), col("now.unit").equalTo(col("then.unit")), "full_outer")
                .where(col("now.hash").eqNullSafe(col("then.hash")).equalTo(false))
                .select(
                        unit.as("unit"),
                        explode(array_union(
                                        coalesce(col("now.cells"), col("then.cells")),
                                        coalesce(col("then.cells"), col("now.cells"))))
                                .as("cell"));
        Row least = differing
                .groupBy(col("cell"))
                .agg(count_distinct(col("unit")).as("respondents"))
                .agg(min(col("respondents")))
                .head();
        if (least.isNullAt(0)) {
            return false;
        }
        if (least.getLong(0) < satisfaction.minimumRespondents()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "satisfaction.restate_waves: wave " + wave + " has changed by fewer than minimum_respondents ("
                            + satisfaction.minimumRespondents()
                            + ") respondents, overall or in a segment, so a revision would disclose their answers. Take the"
                            + " wave out of restate_waves until more have changed.");
        }
        return true;
    }

    /** One row per respondent who counts: a hash of all that figures are made of, and the cells that it lies in. */
    private Dataset<Row> respondents(
            Dataset<Row> responses, WaveResponse today, Job.Satisfaction satisfaction, Set<String> restated) {
        Inputs weights = store::read;
        Inputs inputs = store.has(IndicatorWeight.TABLE)
                ? weights
                : table -> spark.createDataFrame(IndicatorWeight.given(satisfaction.questionnaire()), table.schema());
        Column cells = transform(
                SurveyResponse.SEGMENTS.col(), (value, index) -> concat(index.cast("string"), lit(" "), value));
        return ScoredResponse.scored(today.inTodaysOrder(responses), inputs, satisfaction)
                .where(Respondents.reasonLeftOut(asOf, satisfaction, restated).isNull())
                .withColumn("unit", Respondents.unit())
                .withColumn(
                        "hash",
                        xxhash64(
                                Landing.ANSWERS.col().cast("string"),
                                Landing.WEIGHT.col(),
                                SurveyResponse.SEGMENTS.col(),
                                coalesce(Landing.STRATUM.col(), lit("")),
                                coalesce(Landing.PSU.col(), lit(""))))
                .withColumn("cells", array_union(array(lit("all")), cells))
                .groupBy(col("unit"))
                .agg(
                        sum(col("hash").cast(DataTypes.createDecimalType(20, 0)))
                                .as("hash"),
                        array_distinct(flatten(collect_set(col("cells")))).as("cells"));
    }
}
