package manyi.run;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import manyi.config.Job;
import manyi.config.SourceKind;
import manyi.config.SurveyModel;
import manyi.conformed.Purchase;
import manyi.conformed.ScoredResponse;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.satisfaction.LaterResponse;
import manyi.mart.survey.Respondents;
import manyi.mart.value.LifetimeValueModel;
import manyi.source.Landing;
import org.apache.spark.sql.Row;

/** What a run warns of beyond its sources: settings, days and waves that readers may take for something else. */
record RunWarnings(Job job, LocalDate asOf, Warnings warnings) {

    /** Below so many the standard deviation of replicates is itself wrong by more than a tenth or so. */
    private static final int FEW_REPLICATES = 50;

    /** Of the job and the day. */
    void ofRequest(LocalDate today) {
        job.satisfaction()
                .flatMap(satisfaction -> satisfaction.questionnaire().model())
                .map(SurveyModel::replicates)
                .filter(replicates -> replicates < FEW_REPLICATES)
                .ifPresent(replicates -> warnings.add("questionnaire: bootstrap.replicates is " + replicates
                        + "; standard errors and limits of path model and drivers are unreliable with fewer than "
                        + FEW_REPLICATES));
        if (asOf.isAfter(today)) {
            warnings.add("as_of " + asOf + " is after today, which is " + today + " in " + job.timeZone()
                    + "; the days between count as days without purchases and answers");
        }
    }

    /** Of what the tables hold. */
    void ofTables(Scheduler tables, KeptTables kept, Ingest.Changes changes) {
        if (kept.isCut(Purchase.TABLE) && tables.read(Purchase.TABLE).isEmpty()) {
            warnings.add("purchases: there is no line up to as_of " + asOf
                    + ", so the tables from purchases are empty; set a later day with --as-of");
        }
        if (tables.has(LifetimeValueModel.TABLE)) {
            LifetimeValueModel.warnings(tables.read(LifetimeValueModel.TABLE)).forEach(warnings::add);
        }
        LumpedValues lumped = new LumpedValues(job.segments(), SegmentColumns.MOST_VALUES);
        if (!job.segments().isEmpty() && tables.has(CustomerCell.TABLE)) {
            lumped.ofCustomers(tables.read(CustomerCell.TABLE)).forEach(warnings::add);
        }
        // made where a wave is released, which is when its rare values are lumped
        if (!job.segments().isEmpty() && job.satisfaction().isPresent() && tables.has(ScoredResponse.TABLE)) {
            lumped.ofAnswers(tables.read(ScoredResponse.TABLE)
                            .where(Respondents.reasonLeftOut(
                                            asOf, job.satisfaction().get())
                                    .isNull()))
                    .forEach(warnings::add);
        }
        if (job.satisfaction().isPresent() && changes.touches(SourceKind.SURVEY)) {
            ofReleasedWaves(tables);
        }
    }

    private void ofReleasedWaves(Scheduler tables) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        for (Row row : tables.read(LaterResponse.TABLE)
                .groupBy(Landing.WAVE.col(), LaterResponse.CHANGE.col())
                .agg(count(lit(1)))
                .collectAsList()) {
            counts.computeIfAbsent(row.getString(0), wave -> new TreeMap<>()).put(row.getString(1), row.getLong(2));
        }
        counts.forEach((wave, since) -> warnings.add("survey: wave " + wave + " stays as it was released; since then "
                + since.getOrDefault(LaterResponse.ARRIVED, 0L) + " responses have arrived, "
                + since.getOrDefault(LaterResponse.CHANGED, 0L) + " have changed and "
                + since.getOrDefault(LaterResponse.GONE, 0L)
                + " are gone. To publish a revision with them, name the wave in satisfaction.restate_waves"));
    }
}
