package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manyi.store.Warehouse;
import manyi.table.Digest;
import manyi.testing.Sparks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A run that dies, wherever it dies, leaves readers what they had, and the next run makes what it would have made.
 *
 * <p>A process that dies leaves its files and nothing else. So one process runs, is stopped as a whole at each step while
 * its warehouse is copied, and goes on; each copy is what it would have left had it died there. At the last step it dies.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "whether a process stands still is read in /proc")
class KillTest {

    private static final List<String> STEPS = List.of(
            "ingest",
            "landing",
            "purchase",
            "customer_month",
            "cohort_retention",
            "derivation",
            "staging",
            "pins",
            "publishing",
            "published",
            "cleaned work");
    private static final String LAST = STEPS.get(STEPS.size() - 1);
    private static final int POWER_CUT = 137;

    @TempDir
    static Path folder;

    private static Shop shop;
    private static Path template;
    private static Map<String, String> after;
    private static Map<String, String> stateAfter;
    private static Process victim;
    /** By step, done once the warehouse lies there as the step left it. */
    private static final Map<String, CompletableFuture<Void>> LEFT = new LinkedHashMap<>();

    /** Runs, says at each step where it is and waits to be let on, and ends at the last as by a power cut. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) {
            Set<String> ahead = new HashSet<>(STEPS);
            Run.execute(
                    Sparks.session(),
                    RunRequest.of(
                            Shop.job(Path.of(args[0]), Path.of(args[1])),
                            Shop.AS_OF,
                            Instant.parse("2026-05-02T00:00:00Z")),
                    (name, done, total) -> {
                        if (ahead.remove(name)) {
                            System.out.println(name);
                            if (name.equals(LAST)) {
                                Runtime.getRuntime().halt(POWER_CUT);
                            }
                            awaitWord();
                        }
                    });
        }

        private static void awaitWord() {
            try {
                if (System.in.read() < 0) {
                    Runtime.getRuntime().halt(1);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    static void runsTwice() throws IOException {
        shop = new Shop(folder.resolve("shop"))
                .withCustomers()
                .withSurvey()
                .withMonth(1)
                .withMonth(2);
        template = folder.resolve("template");
        run(template, "2026-05-01T00:00:00Z");
        var before = Shop.published(template);
        assertThat(Shop.publishedByDelta(template)).isEqualTo(before);
        shop.withMonth(3);
        Path straight = Shop.copied(template, folder.resolve("straight"));
        STEPS.forEach(step -> LEFT.put(step, new CompletableFuture<>()));
        victim = started(Shop.copied(template, left(LAST)));
        Thread watch = new Thread(KillTest::watchesItDie, "watch");
        watch.setDaemon(true);
        watch.start();
        run(straight, "2026-05-02T00:00:00Z");
        after = Shop.published(straight);
        stateAfter = Shop.state(straight);
        assertThat(after).isNotEqualTo(before);
    }

    @AfterAll
    static void leavesNoProcessBehind() {
        if (victim != null) {
            victim.destroyForcibly();
        }
    }

    /** The warehouse of a run that died at a step. */
    private static Path left(String step) {
        return folder.resolve("died-at-" + step.replace(' ', '-'));
    }

    @ParameterizedTest
    @FieldSource("STEPS")
    void losesNothingAndShowsNothingHalf(String step) throws Exception {
        Path warehouse = left(step);
        LEFT.get(step).get(10, TimeUnit.MINUTES);

        if (step.equals("published") || step.equals(LAST)) {
            assertThat(Shop.published(warehouse)).isEqualTo(after);
            assertThat(Shop.publishedByDelta(warehouse)).isEqualTo(after);
        } else {
            assertThat(shown(warehouse)).isNotEmpty().isEqualTo(shown(template));
        }
        // after a week and more, and before rejected rows are due, the run also looks for files that no version needs
        run(warehouse, step.equals(LAST) ? "2026-05-20T00:00:00Z" : "2026-05-03T00:00:00Z");
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

    /** All files behind the pointer, byte for byte, with the run that it points to. */
    private static Map<String, String> shown(Path warehouse) throws IOException {
        Warehouse house = Warehouse.at(warehouse.toString());
        Path run = house.run(house.current().orElseThrow());
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(run)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                files.put(run.getParent().relativize(file).toString(), Digest.sha256(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static void run(Path warehouse, String startedAt) {
        Run.execute(
                Sparks.session(),
                RunRequest.of(shop.job(warehouse), Shop.AS_OF, Instant.parse(startedAt)),
                Progress.SILENT);
    }

    private static Process started(Path warehouse) throws IOException {
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
                warehouse.toString()));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("victim.log").toFile())
                .start();
    }

    /** Copies the warehouse at each step that the run says, and lets it go on. */
    private static void watchesItDie() {
        try (BufferedReader steps = victim.inputReader()) {
            for (String step = steps.readLine(); step != null; step = steps.readLine()) {
                if (!step.equals(LAST)) {
                    signal("STOP");
                    while (!standsStill()) {
                        Thread.sleep(5);
                    }
                    Shop.copied(left(LAST), left(step));
                    signal("CONT");
                    victim.getOutputStream().write('\n');
                    victim.getOutputStream().flush();
                    LEFT.get(step).complete(null);
                }
            }
            assertThat(victim.waitFor()).isEqualTo(POWER_CUT);
            LEFT.get(LAST).complete(null);
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            LEFT.values().forEach(left -> left.completeExceptionally(e));
        }
        LEFT.values()
                .forEach(left -> left.completeExceptionally(new AssertionError("the run never came to this step")));
    }

    private static void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + victim.pid())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Whether no thread of the victim moves. */
    private static boolean standsStill() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(victim.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String status = Files.readString(thread.resolve("status"));
                if (!status.contains("State:\tT")) {
                    return false;
                }
            }
            return true;
        }
    }
}
