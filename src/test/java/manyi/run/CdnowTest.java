package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.store.Warehouse;
import manyi.testing.ReferenceData;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of the literature on the CDNOW customers, from published tables. */
class CdnowTest {

    @TempDir
    Path folder;

    private Path published(String name) {
        Path reference = ReferenceData.folderWith("cdnow");
        Job job = JobFile.read(
                Path.of("src/test/resources/reference/" + name + ".yaml"),
                Map.of(
                        "MANYI_REFERENCE",
                        reference.toString(),
                        "MANYI_WAREHOUSE",
                        folder.resolve(name).toString()));
        Run.execute(
                Sparks.session(),
                RunRequest.of(job, job.asOf().orElseThrow(), Instant.parse("2026-05-01T00:00:00Z")),
                Progress.SILENT);
        return Warehouse.at(job.warehouse()).published();
    }

    private static Dataset<Row> table(Path published, String name) {
        return Sparks.session().read().parquet(published.resolve(name).toString());
    }

    /** FHL: Fader, Hardie, Lee (2005), Marketing Science 24(2) and J. of Marketing Research 42(4). */
    @Test
    void agreesWithFaderHardieLeeOnTheCalibrationPeriod() {
        Path published = published("cdnow");
        Map<String, Double> found = new HashMap<>();
        table(published, "lifetime_value_model")
                .where("purpose = 'score'")
                .collectAsList()
                .forEach(row -> {
                    String model = row.getAs("model");
                    found.put(model + "." + row.getAs("parameter"), row.getAs("value"));
                    found.put(model + ".log_likelihood", row.getAs("log_likelihood"));
                    found.put(model + ".customers", (double) row.<Long>getAs("customers"));
                    found.put(model + ".cells", (double) row.<Long>getAs("cells"));
                });
        Map.of(
                        "bg_nbd.r", .2425945,
                        "bg_nbd.alpha", 4.4136020,
                        "bg_nbd.a", .7929220,
                        "bg_nbd.b", 2.4259068,
                        "bg_nbd.log_likelihood", -9582.429207,
                        "bg_nbd.cells", 1016.0,
                        "bg_nbd.customers", 2357.0,
                        "gamma_gamma.customers", 946.0)
                .forEach((figure, value) ->
                        assertThat(found.get(figure)).as(figure).isCloseTo(value, within(1e-6)));
        Map.of(
                        "pareto_nbd.r", .55328,
                        "pareto_nbd.alpha", 10.5777,
                        "pareto_nbd.s", .60624,
                        "pareto_nbd.beta", 11.6687,
                        "pareto_nbd.log_likelihood", -9594.976,
                        "gamma_gamma.p", 6.25,
                        "gamma_gamma.q", 3.74,
                        "gamma_gamma.gamma", 15.44)
                .forEach((figure, value) ->
                        assertThat(found.get(figure)).as(figure).isCloseTo(value, within(5e-3)));
    }

    @Test
    void findsTheHoldoutPurchasesAndBeatsTheNaiveForecast() {
        Path published = published("cdnow-holdout");
        Map<String, Row> found = new HashMap<>();
        table(published, "forecast_holdout")
                .where("model = 'bg_nbd'")
                .collectAsList()
                .forEach(row -> found.put(row.getAs("measure"), row));
        assertThat(found.get("total_actual").<Double>getAs("value")).isEqualTo(1882.0);
        assertThat(found.get("total_expected").<Double>getAs("value")).isCloseTo(1653.41, within(0.05));
        assertThat(found.get("mae").<Double>getAs("value"))
                .isLessThan(found.get("mae").getAs("baseline_value"));
        Row last = table(published, "forecast_tracking")
                .where("model = 'bg_nbd' and week_end_on = date'1998-06-30'")
                .head();
        Row cut = table(published, "forecast_tracking")
                .where("model = 'bg_nbd' and week_end_on = date'1997-09-30'")
                .head();
        assertThat(last.<Long>getAs("cumulative_actual") - cut.<Long>getAs("cumulative_actual"))
                .isEqualTo(1882);
        Row calibration = table(published, "forecast_calibration")
                .where("model = 'bg_nbd' and grouping = 'decile'")
                .selectExpr("sum(customers)", "sum(customers * actual_mean)")
                .head();
        assertThat(calibration.getLong(0)).isEqualTo(2357);
        assertThat(calibration.getDouble(1)).isCloseTo(1882, within(1e-6));
    }
}
