package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.store.Warehouse;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four samples of schools, raked to the schools by type and by whether the whole school met its target. */
class RakedSchoolsTest {

    private static final Offset<Double> CLOSE = within(1e-6);

    @TempDir
    static Path folder;

    private static Path published;

    @BeforeAll
    static void publish() {
        Path reference = Path.of(System.getenv().getOrDefault("MANYI_REFERENCE", "../shared/reference"));
        assumeTrue(Files.isDirectory(reference.resolve("api")), "no reference data at " + reference);
        Job job = JobFile.read(
                Path.of("src/test/resources/reference/api-raked.yaml"),
                Map.of(
                        "MANYI_REFERENCE",
                        reference.toString(),
                        "MANYI_WAREHOUSE",
                        folder.resolve("api-raked").toString()));
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
                .where(condition);
        assertThat(rows.count()).as(condition).isEqualTo(1);
        return rows.head();
    }

    private static Row performance(String wave, String segment, String value) {
        return row(
                "indicator_satisfaction",
                "item = 'api00' and wave = '" + wave + "' and segment = '" + segment + "' and segment_value = '" + value
                        + "'");
    }

    private static void agrees(Row found, double mean, double error) {
        assertThat(found.<Double>getAs("mean_answer")).isCloseTo(mean, CLOSE);
        assertThat(found.<Double>getAs("mean_answer_standard_error")).isCloseTo(error, CLOSE);
    }

    /** R's survey package prints 641.23 and 23.704 (rakecheck); the further digits were recomputed independently. */
    @Test
    void agreesWithSurveyForR() {
        agrees(performance("3-clus1", "all", "all"), 641.230321, 23.703617);
    }
}
