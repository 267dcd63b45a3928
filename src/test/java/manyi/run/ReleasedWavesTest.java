package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.testing.Attacker;
import manyi.testing.Sparks;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody learns who has kept the published tables of every run. */
class ReleasedWavesTest {

    private static final LocalDate FIRST = LocalDate.of(2025, 3, 30);
    private static final List<String> TABLES =
            List.of("segment_satisfaction", "indicator_satisfaction", "grouped_satisfaction", "satisfaction_trend");

    private static final String JOB = """
            job: crossed
            warehouse: ${WAREHOUSE}
            time_zone: Europe/Berlin
            currency: EUR
            customer_key: demo
            sources:
              customers:
                path: ${FOLDER}/customers.csv
                columns: {customer_id: customer_id, region: region, tier: tier}
              survey:
                path: ${FOLDER}/survey.csv
                key: response_id
                columns: {response_id: response_id, customer_id: customer_id, wave: wave, answered_at: answered_at}
            segments: %s
            satisfaction: {questionnaire: questionnaire.yaml, minimum_respondents: 10, decimals: full}
            """;

    private static final String QUESTIONNAIRE = """
            questionnaire: crossed
            scale: [0, 10]
            items:
              - {id: A, text: 'How good are the goods?'}
              - {id: B, text: 'How kind is the service?'}
              - {id: O, text: 'How satisfied are you?', role: overall}
            waves:
              - {name: W1, start: 2025-01-01, end: 2025-01-31}
            """;

    @TempDir
    static Path folder;

    /**
     * A region's tier of two respondents is hidden, with another. When the job also publishes tiers, others are hidden, and
     * the two releases together would tell how many the first ones have and what they answered.
     */
    @Test
    void aChangedListOfSegmentsTellsNothingOfAHiddenCell() throws IOException {
        List<Attacker.Respondent> respondents = respondents();
        Path warehouse = folder.resolve("warehouse");
        String first = "[region, [region, tier]]";
        String second = "[region, tier, [region, tier]]";

        run(warehouse, first, FIRST);
        List<Attacker.Release> releases = new ArrayList<>(releases(warehouse));
        Job job = run(warehouse, second, FIRST.plusDays(1));
        releases.addAll(releases(warehouse));

        Attacker attacker = new Attacker(job.satisfaction().orElseThrow().questionnaire(), respondents);
        assertThat(attacker.counted(releases)).isEmpty();
        assertThat(attacker.learned(releases)).isEmpty();
    }

    private static List<Attacker.Respondent> respondents() throws IOException {
        var random = new Random(42);
        List<Attacker.Respondent> respondents = new ArrayList<>();
        StringBuilder customers = new StringBuilder("customer_id,region,tier\n");
        StringBuilder survey = new StringBuilder("response_id,customer_id,wave,answered_at,A,B,O\n");
        for (int of = 0; of < 9; of++) {
            String region = "r" + of / 3;
            String tier = "c" + of % 3;
            int count = of == 8 ? 2 : of == 0 ? 12 : 31 + of;
            for (int i = 0; i < count; i++) {
                int[] answers = {random.nextInt(11), random.nextInt(11), random.nextInt(11)};
                int number = respondents.size();
                customers.append("P%d,%s,%s%n".formatted(number, region, tier));
                survey.append("r%d,P%d,W1,2025-01-%02d 12:00:00,%d,%d,%d%n"
                        .formatted(number, number, 1 + number % 28, answers[0], answers[1], answers[2]));
                respondents.add(new Attacker.Respondent(
                        "W1",
                        Map.of("region", region, "tier", tier, "region × tier", region + " × " + tier),
                        Map.of("A", (double) answers[0], "B", (double) answers[1], "O", (double) answers[2])));
            }
        }
        Files.writeString(folder.resolve("customers.csv"), customers);
        Files.writeString(folder.resolve("survey.csv"), survey);
        Files.writeString(folder.resolve("questionnaire.yaml"), QUESTIONNAIRE);
        return respondents;
    }

    private static Job run(Path warehouse, String segments, LocalDate asOf) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), JOB.formatted(segments));
        Job job = JobFile.read(file, Map.of("FOLDER", folder.toString(), "WAREHOUSE", warehouse.toString()));
        Run.execute(Sparks.session(), RunRequest.of(job, asOf, Instant.parse(asOf + "T09:00:00Z")), Progress.SILENT);
        return job;
    }

    /** What readers see now, and every run that is kept. */
    private static List<Attacker.Release> releases(Path warehouse) throws IOException {
        List<Attacker.Release> releases = new ArrayList<>();
        try (Stream<Path> runs = Files.list(warehouse.resolve("runs"))) {
            for (Path run : runs.sorted().toList()) {
                Map<String, List<Row>> tables = TABLES.stream()
                        .filter(table ->
                                Files.isDirectory(run.resolve("published").resolve(table)))
                        .collect(Collectors.toMap(
                                table -> table,
                                table -> Sparks.session()
                                        .read()
                                        .format("delta")
                                        .load(run.resolve("published")
                                                .resolve(table)
                                                .toString())
                                        .collectAsList(),
                                (one, other) -> one,
                                TreeMap::new));
                releases.add(new Attacker.Release(tables, 0));
            }
        }
        return releases;
    }
}
