package manyi.run;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import manyi.mart.satisfaction.SegmentSatisfaction;
import manyi.store.DeltaStore;
import manyi.store.Warehouse;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A survey wave is released once; only a revision that many have changed takes its place, and then everywhere. */
class ReleasesTest {

    private static final List<String> OF_THE_WAVE =
            List.of("segment_satisfaction", "indicator_satisfaction", "grouped_satisfaction", "satisfaction_trend");

    private static int minutes;

    @TempDir
    Path folder;

    private Shop shop;
    private Path warehouse;

    @BeforeEach
    void released() {
        shop = new Shop(folder.resolve("shop")).withCustomers().withSurvey().withMonth(1);
        rewrite("job.yaml", "segments: [region, [region, channel]]", "segments: [region]");
        warehouse = folder.resolve("w");
    }

    private void rewrite(String file, String from, String to) {
        try {
            Path path = shop.folder().resolve(file);
            String before = Files.readString(path);
            assertThat(before).contains(from);
            shop.write(file, before.replace(from, to));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private RunResult run(LocalDate asOf) {
        return run(asOf, false, false);
    }

    private RunResult run(LocalDate asOf, boolean isFullRefresh, boolean isReload) {
        minutes++;
        return Run.execute(
                Sparks.session(),
                new RunRequest(
                        shop.job(warehouse),
                        asOf,
                        Instant.parse("2026-06-01T00:00:00Z").plusSeconds(60L * minutes),
                        Set.of(),
                        isFullRefresh,
                        isReload,
                        false,
                        Set.of()),
                Progress.SILENT);
    }

    private Map<String, String> ofTheWave() {
        Map<String, String> digests = new TreeMap<>(Shop.published(warehouse));
        digests.keySet().retainAll(OF_THE_WAVE);
        return digests;
    }

    private Dataset<Row> published(String table) {
        return Sparks.session()
                .read()
                .parquet(Warehouse.at(warehouse.toString())
                        .published()
                        .resolve(table)
                        .toString());
    }

    @Test
    void nothingMovesAReleasedWave() {
        run(Shop.AS_OF);
        var before = ofTheWave();

        // one corrects an answer, one more arrives, all are of other segments, and the index weighs otherwise
        rewrite("survey/q1.csv", "r1,c1,2026-03-02 10:00:00,2", "r1,c1,2026-03-02 10:00:00,7");
        shop.write("survey/more.csv", "response_id,who,at,q1,q2,q3,q4\nr90,c25,2026-03-30 10:00:00,1,1,1,0\n");
        rewrite("job.yaml", "segments: [region]", "segments: [channel, region]");
        rewrite("questionnaire.yaml", "groups: {quality: 2, service: 1}", "groups: {quality: 1, service: 3}");

        RunResult again = run(Shop.AS_OF);
        assertThat(ofTheWave()).isEqualTo(before);
        assertThat(again.warnings())
                .contains("survey: wave 2026Q1 stays as it was released; since then 1 responses have arrived, 1 have"
                        + " changed and 0 are gone. To publish a revision with them, name the wave in"
                        + " satisfaction.restate_waves");
        assertThat(picture(published("exclusion")
                        .where("table_name = 'segment_satisfaction'")
                        .select("reason", "customers", "rows")))
                .isEqualTo("""
                reason | customers | rows
                arrived after the wave was released | 1 | 1
                changed after the wave was released | 1 | 1
                """);

        run(Shop.AS_OF, true, false);
        assertThat(ofTheWave()).as("derived anew").isEqualTo(before);
        run(Shop.AS_OF, false, true);
        assertThat(ofTheWave()).as("read anew").isEqualTo(before);
    }

    @Test
    void aRevisionOfFewIsRefusedAndOneOfManyTakesThePlaceOfTheRelease() {
        run(Shop.AS_OF.minusDays(1));
        var before = ofTheWave();
        rewrite("survey/q1.csv", "r1,c1,2026-03-02 10:00:00,2", "r1,c1,2026-03-02 10:00:00,7");
        rewrite("job.yaml", "minimum_respondents: 2", "minimum_respondents: 2, restate_waves: [2026Q1]");

        assertThatThrownBy(() -> run(Shop.AS_OF))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("wave 2026Q1 has changed by fewer than minimum_respondents (2) respondents");
        assertThat(ofTheWave()).isEqualTo(before);

        // now all answer otherwise
        StringBuilder rows = new StringBuilder("response_id,who,at,q1,q2,q3,q4\n");
        for (int i = 0; i < 24; i++) {
            rows.append("r%d,c%d,2026-03-%02d 10:00:00,%d,%d,%d,%d\n"
                    .formatted(i, i, 1 + i % 28, 1 + (i + 1) % 7, 1 + (i * 2) % 7, 1 + (i * 3) % 7, i % 11));
        }
        shop.write("survey/q1.csv", rows.toString());
        run(Shop.AS_OF);
        var revised = ofTheWave();
        assertThat(revised.get("segment_satisfaction")).isNotEqualTo(before.get("segment_satisfaction"));
        assertThat(picture(published("wave_release").select("wave", "revision", "released_on", "withdrawn_on")))
                .isEqualTo("""
                wave | revision | released_on | withdrawn_on
                2026Q1 | 0 | 2026-04-09 | 2026-04-10
                2026Q1 | 1 | 2026-04-10 |
                """);
        Warehouse house = Warehouse.at(warehouse.toString());
        assertThat(house.runIds()).as("the run with the first release is gone").hasSize(1);
        DeltaStore history = new DeltaStore(Sparks.session(), house.history());
        assertThat(history.read(SegmentSatisfaction.TABLE)
                        .select("as_of")
                        .distinct()
                        .collectAsList())
                .extracting(row -> row.getLocalDate(0))
                .containsExactly(Shop.AS_OF);
        assertThat(Sparks.session()
                        .read()
                        .parquet(house.history().resolve("segment_satisfaction").toString())
                        .where("as_of < '2026-04-10'")
                        .isEmpty())
                .as("nor is it in a file of the history")
                .isTrue();

        // the next run asks for the same revision, which is there
        run(Shop.AS_OF.plusDays(1));
        assertThat(published("wave_release").count()).isEqualTo(2);
    }

    @Test
    void tryingATableReleasesNothing() {
        minutes++;
        Run.execute(
                Sparks.session(),
                new RunRequest(
                        shop.job(warehouse),
                        Shop.AS_OF,
                        Instant.parse("2026-06-01T00:00:00Z").plusSeconds(60L * minutes),
                        Set.of("segment_satisfaction"),
                        false,
                        false,
                        false,
                        Set.of()),
                Progress.SILENT);
        rewrite("survey/q1.csv", "r1,c1,2026-03-02 10:00:00,2", "r1,c1,2026-03-02 10:00:00,7");

        assertThat(run(Shop.AS_OF).warnings()).noneMatch(warning -> warning.contains("stays as it was released"));
    }
}
