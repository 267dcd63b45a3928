package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.conformed.IndicatorWeight;
import manyi.source.Landing;
import manyi.store.DeltaStore;
import manyi.store.Warehouse;
import manyi.table.Failure;
import manyi.table.Table;
import manyi.testing.ReferenceData;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are derived once and held: which they are, when they move, and what moves with them. */
class DerivedWeightsTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 7, 10);

    private static final String JOB = """
            job: weighed
            warehouse: ${WAREHOUSE}
            time_zone: Europe/Berlin
            currency: EUR
            customer_key: demo
            sources:
              survey:
                path: ${SHOP}/survey/*.csv
                key: response_id
                columns: {response_id: id, customer_id: who, wave: wave}
            satisfaction: {questionnaire: questionnaire.yaml, minimum_respondents: 2, decimals: full}
            """;

    private static final String GIVEN = """
            questionnaire: weighed
            scale: [1, 7]
            items:
              - {id: q1, text: Goods}
              - {id: q2, text: Service}
              - {id: q3, text: Overall, role: overall}
            waves:
              - {name: 2026Q1, end: 2026-03-31}
              - {name: 2026Q2, end: 2026-06-30}
            model:
              constructs: {goods: q1, service: q2, satisfaction: q3}
              paths: [goods -> satisfaction, service -> satisfaction]
            bootstrap: {replicates: 2}
            """;
    private static final String DERIVED = GIVEN + "weights: {derived: path, construct: satisfaction, waves: 2026Q1}\n";

    private static Instant clock = Instant.parse("2026-08-01T00:00:00Z");

    @TempDir
    static Path common;

    /** Weights derived from one wave, and the warehouse of one run over it. */
    private static Shop weighed;

    private static Path once;

    @TempDir
    Path folder;

    @BeforeAll
    static void runsOnce() {
        weighed = new Shop(common.resolve("shop"))
                .write("job.yaml", JOB)
                .write("questionnaire.yaml", DERIVED)
                .write("survey/q1.csv", answers("2026Q1", 5));
        once = common.resolve("once");
        assertThat(run(weighed.job(once), AS_OF).warnings())
                .contains("survey: closed waves without any response, and so without figures: 2026Q2");
    }

    /** The shop whose warehouse lies at {@code w}. */
    private Shop shop() {
        Shop.copied(once, folder.resolve("w"));
        return weighed.copiedTo(folder.resolve("shop"));
    }

    /** Answers of a wave in which so many parts of seven of satisfaction come from the goods. */
    private static String answers(String wave, int ofGoods) {
        StringBuilder rows = new StringBuilder("id,who,wave,q1,q2,q3\n");
        for (int i = 0; i < 28; i++) {
            int goods = 1 + i * 5 % 7;
            int service = 1 + (i * 3 + i / 7) % 7;
            int overall = Math.round((ofGoods * goods + (7 - ofGoods) * service + i % 3) / 7f);
            rows.append("%s-%d,c%d,%s,%d,%d,%d\n".formatted(wave, i, i, wave, goods, service, Math.min(7, overall)));
        }
        return rows.toString();
    }

    private RunResult run(Shop shop, String warehouse, LocalDate asOf, String... select) {
        return run(shop.job(folder.resolve(warehouse)), asOf, select);
    }

    private static RunResult run(Job job, LocalDate asOf, String... select) {
        clock = clock.plusSeconds(1);
        return Run.execute(
                Sparks.session(),
                new RunRequest(job, asOf, clock, Set.of(select), false, false, false, Set.of()),
                Progress.SILENT);
    }

    private DeltaStore store(String warehouse) {
        return new DeltaStore(
                Sparks.session(),
                Warehouse.at(folder.resolve(warehouse).toString()).state());
    }

    private long version(String warehouse, Table table) {
        return store(warehouse).version(table.name()).orElseThrow();
    }

    @Test
    void weightsComeFromTheReleasedBaseAloneWhateverArrivesLater() {
        Shop shop = shop();
        var weights = Shop.state(folder.resolve("w")).get("indicator_weight");
        long version = version("w", IndicatorWeight.TABLE);

        run(shop, "w", AS_OF, "segment_satisfaction");
        assertThat(version("w", IndicatorWeight.TABLE))
                .as("nothing has changed")
                .isEqualTo(version);

        // the base is delivered anew with other answers, and a wave is released after it
        shop.write("survey/q1.csv", answers("2026Q1", 3)).write("survey/q2.csv", answers("2026Q2", 2));
        RunResult after = run(shop, "w", AS_OF);
        assertThat(Shop.state(folder.resolve("w")).get("indicator_weight")).isEqualTo(weights);
        double csi = csi(after, "2026Q2");
        assertThat(derived(after, "indicator_satisfaction")
                        .where("wave = '2026Q2' and segment = 'all'")
                        .agg(Map.of("contribution", "sum"))
                        .head()
                        .getDouble(0))
                .isCloseTo(csi, within(1e-6));

        shop.write("questionnaire.yaml", GIVEN);
        assertThat(csi(run(shop, "w", AS_OF), "2026Q2"))
                .as("released by the derived weights")
                .isEqualTo(csi);

        // the files at once, by weights of the base as it is now
        run(weighed.copiedTo(folder.resolve("other")).write("survey/q1.csv", answers("2026Q1", 3)), "fresh", AS_OF);
        assertThat(Shop.state(folder.resolve("fresh")).get("indicator_weight")).isNotEqualTo(weights);
    }

    @Test
    void refusesABaseThatIsNotClosedEvenWhereItsWeightsAreHeld() {
        Shop shop = shop();
        var before = Shop.published(folder.resolve("w"));
        assertThatThrownBy(() -> run(shop, "w", LocalDate.of(2026, 3, 31)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("takes answers up to 2026-03-31 and is not closed on 2026-03-31");
        assertThat(Shop.published(folder.resolve("w"))).isEqualTo(before);
    }

    /** Estimated from the answers row by row in NumPy: PLS, regressions of the indices on 0 to 100, total effects. */
    private static final Map<String, Double> OF_PATHS = Map.ofEntries(
            Map.entry("IMAG1", 0.075122473),
            Map.entry("IMAG2", 0.065232417),
            Map.entry("IMAG3", 0.043326383),
            Map.entry("IMAG4", 0.075600142),
            Map.entry("IMAG5", 0.088367760),
            Map.entry("PERQ1", 0.101233224),
            Map.entry("PERQ2", 0.051654881),
            Map.entry("PERQ3", 0.074115827),
            Map.entry("PERQ4", 0.073328826),
            Map.entry("PERQ5", 0.082981051),
            Map.entry("PERQ6", 0.074192383),
            Map.entry("PERQ7", 0.078902407),
            Map.entry("PERV1", 0.046497691),
            Map.entry("PERV2", 0.069444535));

    @Test
    void weighsTheMobilePhoneSurveyByItsPathModel() throws IOException {
        RunResult run = mobi("weights: {derived: path, construct: satisfaction, waves: '2004'}\n");
        assertThat(indicators(run).count()).isEqualTo(OF_PATHS.size());
        indicators(run).collectAsList().forEach(row -> {
            String item = row.getAs("item");
            assertThat(row.<Double>getAs("weight")).as(item).isCloseTo(OF_PATHS.get(item), within(2e-9));
            assertThat(row.<String>getAs("weight_source")).isEqualTo("path");
            assertThat(row.<String>getAs("weight_waves")).isEqualTo("2004");
        });
        assertThat(csi(run, "2004")).isCloseTo(73.00863924, within(1e-6));
    }

    /** The American index: the weighted mean of the three items of satisfaction itself. */
    @Test
    void theIndexOfSatisfactionsOwnItemsIsThatOfTheConstruct() throws IOException {
        RunResult run = mobi(
                "weights: {derived: path, construct: satisfaction, waves: '2004'}\n",
                "    group: image\n",
                "    roles: []\n",
                "    group: quality\n    roles: [indicator, perceived]\n",
                "    role: perceived\n",
                "    group: quality\n",
                "    roles: []\n",
                "    group: value\n",
                "    roles: []\n",
                "    role: overall\n",
                "    roles: [overall, indicator]\n",
                "expected.\n    roles: []\n",
                "expected.\n    roles: indicator\n",
                "    role: ideal\n",
                "    roles: [ideal, indicator]\n");
        assertThat(indicators(run).count()).isEqualTo(3);
        assertThat(csi(run, "2004")).isCloseTo(72.454118, within(1e-6));
    }

    @Test
    void weighsTheMobilePhoneSurveyByItsDrivers() throws IOException {
        RunResult run = mobi(
                "weights: {derived: drivers, waves: '2004'}\n",
                "  predictors:\n    image: [IMAG1, IMAG2, IMAG3, IMAG4, IMAG5]\n    expectation: [CUEX1, CUEX2, CUEX3]\n",
                "  predictors:\n    image: [IMAG1, IMAG2, IMAG3, IMAG4, IMAG5]\n");
        Map<String, Double> each = Map.of("IMAG", 0.057230173, "PERQ", 0.069152591, "PERV", 0.114890500);
        indicators(run)
                .collectAsList()
                .forEach(row -> assertThat(row.<Double>getAs("weight"))
                        .as(row.<String>getAs("item"))
                        .isCloseTo(each.get(row.<String>getAs("item").substring(0, 4)), within(2e-9)));
        assertThat(csi(run, "2004")).isCloseTo(71.02441259, within(1e-6));
    }

    /** A run on the reference survey with derived weights and so many changes, in pairs. */
    private RunResult mobi(String weights, String... changes) throws IOException {
        Path reference = ReferenceData.folderWith("mobi");
        Path here = Path.of("src/test/resources/reference");
        String questionnaire = Files.readString(here.resolve("mobi-questionnaire.yaml"))
                .replace("groups: {image: 1, quality: 1, value: 1, service: 1}\n", "")
                .replace("    group: service\n", "    roles: []\n");
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(questionnaire).contains(changes[i]);
            questionnaire = questionnaire.replace(changes[i], changes[i + 1]);
        }
        Files.createDirectories(folder.resolve("mobi"));
        Files.writeString(
                folder.resolve("mobi/mobi-questionnaire.yaml"),
                questionnaire + weights + "bootstrap: {replicates: 2}\n");
        Files.writeString(folder.resolve("mobi/mobi.yaml"), Files.readString(here.resolve("mobi.yaml")));
        Job job = JobFile.read(
                folder.resolve("mobi/mobi.yaml"),
                Map.of(
                        "MANYI_REFERENCE",
                        reference.toAbsolutePath().toString(),
                        "MANYI_WAREHOUSE",
                        folder.resolve("w").toString()));
        return run(job, job.asOf().orElseThrow(), "indicator_satisfaction", "segment_satisfaction");
    }

    private static Dataset<Row> indicators(RunResult run) {
        return derived(run, "indicator_satisfaction").where("segment = 'all'");
    }

    private static double csi(RunResult run, String wave) {
        return derived(run, "segment_satisfaction")
                .where("segment = 'all'")
                .where(Landing.WAVE.col().equalTo(wave))
                .head()
                .<Double>getAs("csi");
    }

    private static Dataset<Row> derived(RunResult run, String table) {
        return Sparks.session()
                .read()
                .parquet(run.folder().resolve("published").resolve(table).toString());
    }
}
