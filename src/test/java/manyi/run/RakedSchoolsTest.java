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

/** Four samples of schools, raked to the schools by type and by whether the whole school met its target. */
class RakedSchoolsTest {

    private static final Offset<Double> CLOSE = within(1e-6);

    @TempDir
    static Path folder;

    private static Path published;

    @BeforeAll
    static void publish() {
        Path reference = ReferenceData.folderWith("api");
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

    /** Recomputed independently: least squares on the indicators with the base weights (numpy). */
    @Test
    void agreesWithTheFormulasUnderEveryDesign() {
        agrees(performance("1-srs", "all", "all"), 657.791546, 8.825679);
        agrees(performance("1-srs", "stype", "E"), 666.928024, 11.037514);
        agrees(performance("1-srs", "wide", "No"), 573.995081, 19.826317);
        agrees(performance("2-strat", "all", "all"), 662.211650, 9.269548);
        agrees(performance("2-strat", "stype", "E"), 674.394548, 12.326218);
        agrees(performance("2-strat", "wide", "No"), 593.767338, 18.583970);
        agrees(performance("3-clus1", "stype", "E"), 647.446579, 22.808412);
        agrees(performance("3-clus1", "wide", "No"), 611.845094, 27.505304);
        agrees(performance("4-clus2", "all", "all"), 681.702228, 25.997541);
        agrees(performance("4-clus2", "stype", "E"), 696.023258, 29.417329);
        agrees(performance("4-clus2", "wide", "No"), 568.256865, 12.564768);
    }

    @Test
    void showsTheMarginsBeforeAndAfter() {
        Row high = row("survey_weighting", "wave = '3-clus1' and segment_value = 'H'");
        assertThat(high.<Double>getAs("population_count")).isEqualTo(755);
        assertThat(high.<Long>getAs("counted_responses")).isEqualTo(14);
        assertThat(high.<Double>getAs("weight_before")).isCloseTo(473.857948, CLOSE);
        assertThat(high.<Double>getAs("weight_after")).isCloseTo(755, CLOSE);
        assertThat(high.<Double>getAs("weighting_design_effect")).isCloseTo(1.051657, CLOSE);
        Row quality = row("response_quality", "wave = '3-clus1' and segment_value = 'H'");
        assertThat(quality.<Double>getAs("respondents_share")).isCloseTo(14 / 183.0, CLOSE);
        assertThat(quality.<Double>getAs("weighted_respondents_share")).isCloseTo(755 / 6194.0, CLOSE);
    }
}
