package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import manyi.store.Warehouse;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run over a damaged warehouse says what to do, leaves readers the run before, and ends well where that is done. */
class DamageTest {

    private static final Instant STARTED = Instant.parse("2026-05-01T00:00:00Z");
    private static final String FIRST = "20260501T000000000Z-asof-2026-04-10";
    private static final String COMMIT = "_delta_log/00000000000000000000.json";

    @TempDir
    Path folder;

    private void run(Path warehouse, int second, boolean isReload) {
        RunRequest request = new RunRequest(
                Shop.job(folder.resolve("shop/job.yaml"), warehouse),
                Shop.AS_OF,
                STARTED.plusSeconds(second),
                Set.of(),
                false,
                isReload,
                false,
                Set.of());
        Run.execute(Sparks.session(), request, Progress.SILENT);
    }

    private static void cut(Path file) throws IOException {
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() / 2));
    }

    @Test
    void saysWhatToDoAndLeavesReadersTheRunBefore() throws Exception {
        new Shop(folder.resolve("shop")).withCustomers().withSurvey().withMonth(1);
        Path warehouse = Files.createDirectory(folder.resolve("w"));
        run(warehouse, 0, false);
        var published = Shop.published(warehouse);

        Path registry = warehouse.resolve("state/read_file");
        cut(registry.resolve(COMMIT));
        assertThatThrownBy(() -> run(warehouse, 1, false))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.FAULT))
                .hasMessage("state table read_file cannot be read: its log " + registry.resolve("_delta_log")
                        + " is damaged; run with --reload to read the sources again\nNothing was published; readers still"
                        + " see the run " + FIRST + ".");
        assertThat(Shop.published(warehouse)).isEqualTo(published);

        Path history = warehouse.resolve("history/segment_satisfaction");
        cut(history.resolve(COMMIT));
        assertThatThrownBy(() -> run(warehouse, 2, true))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("history table segment_satisfaction cannot be read: its log ")
                .hasMessageEndingWith(
                        "\nThe run 20260501T000002000Z-asof-2026-04-10 itself is complete and published; the"
                                + " next run finishes what is left to do.");
        Files.move(history, folder.resolve("moved"));

        Path current = warehouse.resolve("current");
        Path target = Files.readSymbolicLink(current);
        Files.delete(current);
        Files.createDirectory(current);
        assertThatThrownBy(() -> run(warehouse, 3, false))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "warehouse " + warehouse + ": " + current + " is a folder, not a link to a run; move it away"
                                + " and run again (`cp -a` copies links as links)\nNothing was published.");
        Files.delete(current);
        Files.createSymbolicLink(current, target);

        run(warehouse, 4, false);
        assertThat(Shop.published(warehouse)).isEqualTo(published);
        assertThat(Warehouse.at(warehouse.toString()).current())
                .hasValueSatisfying(id -> assertThat(id).startsWith("20260501T000004"));
        assertThat(history).isDirectory();
    }
}
