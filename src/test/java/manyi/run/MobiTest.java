package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.store.Warehouse;
import manyi.testing.ReferenceData;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Path model and drivers of the mobile phone survey, from published tables. */
class MobiTest {

    private static final Offset<Double> CLOSE = within(1e-6);

    @TempDir
    static Path folder;

    private static Path published;

    @BeforeAll
    static void publish() {
        Path reference = ReferenceData.folderWith("mobi");
        Job job = JobFile.read(
                Path.of("src/test/resources/reference/mobi.yaml"),
                Map.of(
                        "MANYI_REFERENCE",
                        reference.toString(),
                        "MANYI_WAREHOUSE",
                        folder.resolve("mobi").toString()));
        Run.execute(
                Sparks.session(),
                RunRequest.of(job, job.asOf().orElseThrow(), Instant.parse("2026-05-01T00:00:00Z")),
                Progress.SILENT);
        published = Warehouse.at(job.warehouse()).published();
    }

    private static Row row(String table, String condition) {
        Dataset<Row> rows = Sparks.session()
                .read()
                .parquet(published.resolve(table).toString())
                .where("segment = 'all' and population = 'customer' and not is_suppressed and reason is null")
                .where(condition);
        assertThat(rows.count()).as(condition).isEqualTo(1);
        return rows.head();
    }

    private static double value(String table, String condition, String column) {
        return row(table, condition).getAs(column);
    }

    /** The model of Tenenhaus, Esposito Vinzi, Chatelin, Lauro (2005), mode A, path scheme. */
    @Test
    void agreesWithTheEuropeanIndexOfTheLiterature() {
        Map.of("image", .178739500, "expectation", .062522870, "quality", .512023940, "value", .194765104)
                .forEach((from, coefficient) -> assertThat(value(
                                "path_coefficient",
                                "to_construct = 'satisfaction' and from_construct = '" + from + "'",
                                "coefficient"))
                        .as(from)
                        .isCloseTo(coefficient, CLOSE));
        Map.of("CUSA1", .364864858, "CUSA2", .383156041, "CUSA3", .450961201)
                .forEach((item, weight) -> assertThat(value("path_indicator", "indicator = '" + item + "'", "weight"))
                        .as(item)
                        .isCloseTo(weight, CLOSE));
        assertThat(value("construct_score", "construct = 'satisfaction'", "r_squared"))
                .isCloseTo(.681078291, CLOSE);
        assertThat(value("construct_score", "construct = 'satisfaction'", "score"))
                .isCloseTo(72.454118, CLOSE);
    }

    @Test
    void saysHowSureItIs() {
        Row path = row("path_coefficient", "to_construct = 'satisfaction' and from_construct = 'quality'");
        assertThat(path.<Long>getAs("respondents")).isEqualTo(250);
        assertThat(path.<Integer>getAs("replicates")).isEqualTo(500);
        assertThat(path.<Integer>getAs("failed_replicates")).isZero();
        assertThat(path.<Double>getAs("standard_error")).isBetween(0.055, 0.075);
        assertThat(path.<Double>getAs("low")).isBetween(0.36, 0.41);
        assertThat(path.<Double>getAs("percentile_high")).isBetween(0.6, 0.68);
        Row score = row("construct_score", "construct = 'satisfaction'");
        // the linearised error of a mean with these weights is 0.94
        assertThat(score.<Double>getAs("score_standard_error")).isBetween(0.9, 1.1);
        assertThat(value("construct_validity", "construct = 'quality' and other_construct = 'satisfaction'", "htmt"))
                .isBetween(0.8, 1.0);
    }

    @Test
    void agreesWithJohnsonOnWhatDrivesSatisfaction() {
        Map.of("image", .16564365, "expectation", .08149925, "quality", .28145359, "value", .14084482)
                .forEach((predictor, johnson) -> {
                    Row row = row("satisfaction_driver", "predictor = '" + predictor + "'");
                    assertThat(row.<Double>getAs("johnson")).as(predictor).isCloseTo(johnson, CLOSE);
                    assertThat(row.<Double>getAs("r_squared")).isCloseTo(.6694413095, CLOSE);
                    assertThat(row.<Double>getAs("low")).isLessThan(johnson);
                    assertThat(row.<Double>getAs("high")).isGreaterThan(johnson);
                });
        assertThat(row("satisfaction_driver", "predictor = 'quality'").<String>getAs("quadrant"))
                .isEqualTo("keep up");
    }
}
