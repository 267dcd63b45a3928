package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseRulesTest {

    private static final String JOB = """
            job: shop
            warehouse: warehouse/shop
            time_zone: Europe/London
            currency: GBP
            sources:
              survey:
                path: answers.csv
                skip_after_header: 2
                columns: {wave: "'2026Q3'", disposition: state, duration_seconds: took}
            satisfaction:
              questionnaire: questions.yaml
            """;

    private static final String QUESTIONS = """
            questionnaire: shop
            scale: [0, 10]
            items:
              - {id: STAFF, text: "How friendly is the staff?"}
            waves:
              - {name: 2026Q3, end: 2026-09-30}
            """;

    @TempDir
    private Path folder;

    @Test
    void flagsAndLeavesNothingOutUnlessTold() throws IOException {
        var job = read("");

        assertThat(job.satisfaction().orElseThrow().quality()).isEqualTo(ResponseRules.STANDARD);
        assertThat(read("  quality: {}\n").digest()).isEqualTo(job.digest());
        assertThat(read("  quality: {missing: {above: 0.50, then: flag}, partial: count}\n")
                        .digest())
                .isEqualTo(job.digest());
        assertThat(read("  quality: {partial: exclude}\n").digest()).isNotEqualTo(job.digest());
        assertThat(job.sources().get(0).options().skippedAfterHeader()).isEqualTo(2);
    }

    @Test
    void readsWhatIsFlaggedAndWhatIsLeftOut() throws IOException {
        assertThat(read("""
                  quality:
                    partial: exclude
                    straight_lining: {answers: 8, then: exclude}
                    speeding: {below_seconds: 60.50, then: exclude}
                    missing: {above: 0.25, then: exclude}
                """).satisfaction().orElseThrow().quality())
                .isEqualTo(new ResponseRules(
                        true, 8, true, Optional.of(new BigDecimal("60.5")), true, new BigDecimal("0.25"), true));
        assertThat(read("  quality: {speeding: {below_seconds: 60}}\n")
                        .satisfaction()
                        .orElseThrow()
                        .quality())
                .isEqualTo(new ResponseRules(
                        false, 5, false, Optional.of(new BigDecimal("60")), false, new BigDecimal("0.5"), false));
    }

    @Test
    void tellsEveryFaultWithItsLineAndTheNearestWord() {
        assertThat(faults("""
                  quality:
                    partial: cuont
                    straight_linning: {then: flag}
                    straight_lining: {answers: 1, then: exclud}
                    speeding: {then: flag}
                    missing: {above: 1, than: flag}
                """))
                .contains(
                        ":13: satisfaction.quality.partial: 'cuont' is not one of count, exclude; did you mean 'count'?",
                        ":14: unknown key 'straight_linning' in satisfaction.quality; did you mean 'straight_lining'?",
                        ":15: satisfaction.quality.straight_lining.answers: '1' is not a whole number from 2 up",
                        ":15: satisfaction.quality.straight_lining.then: 'exclud' is not one of flag, exclude; did you mean"
                                + " 'exclude'?",
                        ":16: satisfaction.quality.speeding.below_seconds: is missing; give the fewest seconds that"
                                + " an honest response takes, such as 60",
                        ":17: satisfaction.quality.missing.above: 1 is not between 0 and 1, 1 excluded",
                        ":17: unknown key 'than' in satisfaction.quality.missing; did you mean 'then'?");
        assertThat(faults("  quality: {speeding: {below_seconds: 0}}\n")).contains("0 is not above 0");
    }

    @Test
    void refusesLinesToSkipWhereThereIsNoHeader() throws IOException {
        Files.writeString(folder.resolve("questions.yaml"), QUESTIONS);
        Path file = Files.writeString(
                folder.resolve("job.yaml"),
                JOB.replace("skip_after_header: 2", "skip_after_header: 2\n    header: false\n    names: [state]"));

        assertThatThrownBy(() -> JobFile.read(file, Map.of()))
                .hasMessageContaining(
                        ":8: sources.survey.skip_after_header: counts records after a header line, but header is false");
    }

    private Job read(String more) throws IOException {
        Files.writeString(folder.resolve("questions.yaml"), QUESTIONS);
        return JobFile.read(Files.writeString(folder.resolve("job.yaml"), JOB + more), Map.of());
    }

    private String faults(String more) {
        return catchThrowable(() -> read(more)).getMessage();
    }
}
