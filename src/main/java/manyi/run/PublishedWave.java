package manyi.run;

import static org.apache.spark.sql.functions.max;

import java.time.LocalDate;
import manyi.config.Job;
import manyi.conformed.SurveyResponse;
import manyi.mart.survey.Respondents;
import manyi.source.Landing;
import manyi.table.Digest;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/**
 * What is noted of a closed wave with its figures.
 *
 * @param fingerprint what its responses are
 * @param edition the wave and how often it had been published before, see {@link #EDITION}
 * @param countedBy what in the job decided which responses count
 * @param weighedBy the days of the wave, and what it was raked to
 * @param cutOn the day up to which answers counted, where others lay after it; else null
 */
record PublishedWave(Fingerprint fingerprint, String edition, String countedBy, String weighedBy, LocalDate cutOn) {

    private static final Field LAST_ANSWERED_ON =
            Field.optional("last_answered_on", DataTypes.DateType, "The day of the last answer.");
    private static final Field FINGERPRINT =
            Field.required("fingerprint", DataTypes.StringType, "Number of rows, and exact sums of hashes.");

    static final Field EDITION = Field.required(
            "edition", DataTypes.StringType, "The wave, and how often it had been published before, with a # between.");

    static final Table TABLE = Table.named(
                    "published_wave_fingerprint", "The responses of each published wave in a word.")
            .on(Visibility.STATE)
            .oneRowPer("wave", Landing.WAVE)
            .with(LAST_ANSWERED_ON, FINGERPRINT, EDITION)
            .with(
                    Field.required(
                            "counted_by", DataTypes.StringType, "What in the job decided which responses count."),
                    Field.required(
                            "weighed_by", DataTypes.StringType, "The days of the wave, and what it was raked to."),
                    Field.optional(
                            "cut_on",
                            DataTypes.DateType,
                            "The day up to which answers counted, where others lay after it."))
            .version(2);

    /** How {@link #countedBy} begins where restate_waves names the wave: its late answers count. */
    private static final String RESTATED = "restated, ";

    /**
     * The responses of a wave in a word.
     *
     * @param lastAnsweredOn the day of the last answer; null where none has a day
     */
    record Fingerprint(String wave, LocalDate lastAnsweredOn, String digest) {

        /** What the responses of each wave were when they were last written. */
        static final Table TABLE = Table.named("wave_fingerprint", "The responses of each wave in a word.")
                .on(Visibility.STATE)
                .oneRowPer("wave", Landing.WAVE)
                .with(LAST_ANSWERED_ON, FINGERPRINT);

        static Fingerprint of(Row row) {
            return new Fingerprint(row.getString(0), row.isNullAt(1) ? null : row.getLocalDate(1), row.getString(2));
        }

        /** One row per wave. */
        static Dataset<Row> rows(Dataset<Row> responses) {
            return responses
                    .groupBy(Landing.WAVE.col())
                    .agg(
                            max(Landing.ANSWERED_ON.col()).as(LAST_ANSWERED_ON.name()),
                            Digest.ofGroup(SurveyResponse.TABLE).as(FINGERPRINT.name()));
        }

        /** That of a wave without responses. */
        static Fingerprint none(String wave) {
            return new Fingerprint(wave, null, "none");
        }

        boolean isAnsweredAfter(LocalDate day) {
            return lastAnsweredOn != null && lastAnsweredOn.isAfter(day);
        }
    }

    /**
     * What a run notes of a wave.
     *
     * @param before what was noted when it was published; null where it never was
     */
    static PublishedWave now(
            Fingerprint fingerprint, PublishedWave before, LocalDate asOf, Job.Satisfaction satisfaction) {
        boolean isRestated = satisfaction.restatedWaves().contains(fingerprint.wave());
        return new PublishedWave(
                fingerprint,
                before == null ? fingerprint.wave() + "#0" : before.edition,
                (isRestated ? RESTATED : "") + satisfaction.quality(),
                Respondents.weighedBy(fingerprint.wave(), satisfaction),
                // else what comes after the close is late, whatever the day
                isRestated && fingerprint.isAnsweredAfter(asOf) ? asOf : null);
    }

    static PublishedWave of(Row row) {
        return new PublishedWave(
                Fingerprint.of(row),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.isNullAt(6) ? null : row.getLocalDate(6));
    }

    Row row() {
        return RowFactory.create(
                fingerprint.wave(),
                fingerprint.lastAnsweredOn(),
                fingerprint.digest(),
                edition,
                countedBy,
                weighedBy,
                cutOn);
    }

    String wave() {
        return fingerprint.wave();
    }

    boolean isRestated() {
        return countedBy.startsWith(RESTATED);
    }

    /** The same rules on the responses as they were published. */
    PublishedWave asPublished(PublishedWave before) {
        return new PublishedWave(before.fingerprint, before.edition, countedBy, weighedBy, before.cutOn);
    }

    /** The same in the next edition. */
    PublishedWave anew() {
        int times = Integer.parseInt(edition.substring(wave().length() + 1));
        return new PublishedWave(fingerprint, wave() + "#" + (times + 1), countedBy, weighedBy, cutOn);
    }

    /** The responses as they were published, in a word that tells up to which day answers counted. */
    Fingerprint cutFingerprint() {
        String cut = cutOn == null ? "" : " as published on " + cutOn;
        return new Fingerprint(wave(), fingerprint.lastAnsweredOn(), fingerprint.digest() + cut);
    }

    /** Whether answers counted up to an earlier day than in another edition. */
    boolean isCutBefore(PublishedWave other) {
        return cutOn != null && (other.cutOn == null || cutOn.isBefore(other.cutOn));
    }

    static String waveOf(String edition) {
        return edition.substring(0, edition.lastIndexOf('#'));
    }
}
