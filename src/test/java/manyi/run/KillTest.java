package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manyi.store.Warehouse;
import manyi.testing.Sparks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A run that dies, wherever it dies, leaves readers what they had, and the next run makes what it would have made. */
@Tag("slow")
class KillTest {

    private static final List<String> STEPS = List.of(
            "ingest",
            "landing",
            "conformed",
            "ledger",
            "cohort_retention",
            "derivation",
            "staging",
            "pins",
            "publishing",
            "published",
            "cleaned work");

    @TempDir
    static Path folder;

    private static Shop shop;
    private static Map<String, String> before;
    private static Map<String, String> after;
    private static Map<String, String> stateAfter;
    private static final Map<String, Future<Integer>> KILLED = new LinkedHashMap<>();
    private static final ExecutorService VICTIMS = Executors.newSingleThreadExecutor();

    /** Ends its process at a step, as a power cut would. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) {
            Path jobFile = Path.of(args[0]);
            Run.execute(
                    Sparks.session(),
                    RunRequest.of(
                            Shop.job(jobFile, Path.of(args[1])), Shop.AS_OF, Instant.parse("2026-05-02T00:00:00Z")),
                    (name, done, total) -> {
                        if (name.equals(args[2])) {
                            Runtime.getRuntime().halt(137);
                        }
                    });
        }
    }

    @BeforeAll
    static void runsTwice() {
        shop = new Shop(folder.resolve("shop"))
                .withCustomers()
                .withSurvey()
                .withMonth(1)
                .withMonth(2);
        Path template = folder.resolve("template");
        run(template, "2026-05-01T00:00:00Z");
        before = Shop.published(template);
        shop.withMonth(3);
        for (String step : STEPS) {
            Shop.copied(template, left(step));
            KILLED.put(step, VICTIMS.submit(() -> killedAt(step, left(step))));
        }
        Path straight = folder.resolve("straight");
        Shop.copied(template, straight);
        run(straight, "2026-05-02T00:00:00Z");
        after = Shop.published(straight);
        stateAfter = Shop.state(straight);
        assertThat(after).isNotEqualTo(before);
    }

    @AfterAll
    static void endsNoLaterThanItsVictims() throws InterruptedException {
        VICTIMS.shutdownNow();
        assertThat(VICTIMS.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    }

    /** The warehouse in which a run dies at a step. */
    private static Path left(String step) {
        return folder.resolve("killed-at-" + step.replace(' ', '-'));
    }

    /** Process after process dies while the test looks at what the one before has left. */
    @ParameterizedTest
    @FieldSource("STEPS")
    void losesNothingAndShowsNothingHalf(String step) throws Exception {
        Path warehouse = left(step);
        assertThat(KILLED.get(step).get()).isEqualTo(137);

        boolean isSwapped = step.equals("published") || step.equals("cleaned work");
        assertThat(Shop.published(warehouse)).isEqualTo(isSwapped ? after : before);
        assertThat(Shop.publishedByDelta(warehouse)).isEqualTo(isSwapped ? after : before);
        // after a week and more, and before rejected rows are due, the run also looks for files that no version needs
        run(warehouse, step.equals("cleaned work") ? "2026-05-20T00:00:00Z" : "2026-05-03T00:00:00Z");
        assertThat(Shop.published(warehouse)).isEqualTo(after);
        assertThat(Shop.state(warehouse)).isEqualTo(stateAfter);
        try (Stream<Path> runs = Files.list(warehouse.resolve("runs"))) {
            assertThat(runs.filter(run -> !Files.exists(run.resolve("run.json"))))
                    .isEmpty();
        }
        assertThat(Sparks.session()
                        .read()
                        .format("delta")
                        .load(warehouse.resolve("history/cohort_retention").toString())
                        .count())
                .isEqualTo(Sparks.session()
                        .read()
                        .format("delta")
                        .load(Warehouse.at(warehouse.toString()).published() + "/cohort_retention")
                        .count());
    }

    private static void run(Path warehouse, String startedAt) {
        Run.execute(
                Sparks.session(),
                RunRequest.of(shop.job(warehouse), Shop.AS_OF, Instant.parse(startedAt)),
                Progress.SILENT);
    }

    private static int killedAt(String step, Path warehouse) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx1g",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(),
                shop.jobFile().toString(),
                warehouse.toString(),
                step));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(warehouse
                        .resolveSibling(warehouse.getFileName() + ".log")
                        .toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
