package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import manyi.config.Job;
import manyi.config.JobFile;
import manyi.testing.ReferenceData;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Half a million real invoice lines: it does not matter in how many runs and in which order they arrive. Each of the
 * thirteen runs brings the state and the cohort cells up to date; the first, the seventh and the last derive and publish
 * every table.
 */
@Tag("slow")
class OnlineRetailTest {

    private static final LocalDate AS_OF = LocalDate.of(2011, 12, 9);
    private static final List<String> SHUFFLED = List.of(
            "2011-07", "2010-12", "2011-11", "2011-03", "2011-12", "2011-01", "2011-09", "2011-05", "2011-02",
            "2011-10", "2011-06", "2011-04", "2011-08");

    /** What the runs between derive: the tables that leave something in the state for those that come after. */
    private static final Set<String> CARRIED = Set.of("cohort_retention");

    @TempDir
    Path folder;

    @Test
    void givesTheSameTablesInOneRunAndInThirteenWhateverTheOrderOfMonths() throws IOException {
        Path reference = ReferenceData.folderWith("online-retail/by-day");
        Path days = reference.resolve("online-retail/by-day");
        Path once = folder.resolve("once");
        run(reference, once, 0, Set.of());

        Path arriving = folder.resolve("reference");
        Path arrived = Files.createDirectories(arriving.resolve("online-retail/by-day"));
        Path monthly = folder.resolve("monthly");
        int number = 0;
        for (String month : SHUFFLED) {
            try (Stream<Path> files = Files.list(days)) {
                for (Path file : files.filter(
                                path -> path.getFileName().toString().startsWith(month))
                        .toList()) {
                    Files.copy(file, arrived.resolve(file.getFileName()));
                }
            }
            number++;
            // all tables of every run would be thirteen times the same marts; that each is as if it were the first is
            // RunTest's matter
            run(arriving, monthly, number, number % 6 == 1 ? Set.of() : CARRIED);
        }

        assertThat(Shop.state(monthly)).isEqualTo(Shop.state(once));
        assertThat(Shop.published(monthly)).isEqualTo(Shop.published(once));
    }

    private static void run(Path reference, Path warehouse, int number, Set<String> select) {
        Job job = JobFile.read(
                Path.of("src/test/resources/reference/online-retail.yaml"),
                Map.of("MANYI_REFERENCE", reference.toString(), "MANYI_WAREHOUSE", warehouse.toString()));
        Run.execute(
                Sparks.session(),
                new RunRequest(
                        job,
                        AS_OF,
                        Instant.parse("2026-05-01T00:00:00Z").plusSeconds(number),
                        select,
                        false,
                        false,
                        false,
                        Set.of()),
                Progress.SILENT);
    }
}
