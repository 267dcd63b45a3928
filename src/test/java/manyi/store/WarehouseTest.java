package manyi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarehouseTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a*b", "a?b", "a[1]", "a]b", "{a}", "a}b", "a\\b"})
    void signsThatSparkReadsAsAPatternAreRefused(String name) {
        assertThatThrownBy(() -> Warehouse.at(folder.resolve(name).resolve("w").toString()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE))
                .hasMessageContaining(name)
                .hasMessageContaining("name a folder without them");
    }

    @Test
    void otherSignsPass() {
        Path awkward = folder.resolve("a b%20c=d,满意");
        assertThat(Warehouse.at(awkward.toString()).root()).isEqualTo(awkward);
    }

    @Test
    void aFolderThatIsNotThereYetIsLookedForAboveAndNotMade() {
        Path below = folder.resolve("not/there/yet");
        Warehouse.at(below.toString()).requireWritable();
        assertThat(folder.resolve("not")).doesNotExist();
    }

    @Test
    void aFileIsNoWarehouseNorHoldsOne() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Warehouse itself = Warehouse.at(file.toString());
        assertThatThrownBy(itself::requireWritable).hasMessage("warehouse " + file + " is a file; name a folder");
        assertThatThrownBy(() -> itself.lock("me")).hasMessage("warehouse " + file + " is a file; name a folder");
        Path below = file.resolve("w");
        assertThatThrownBy(Warehouse.at(below.toString())::requireWritable)
                .hasMessage("warehouse " + below + ": " + file + " is a file; name a folder");
    }

    @Test
    void aFileInTheWayOfAFolderOfTheWarehouseIsNamedOnce() throws IOException {
        Path runs = Files.writeString(folder.resolve("runs"), "x");
        assertThatThrownBy(Warehouse.at(folder.toString())::create)
                .hasMessage("warehouse " + folder + ": " + runs + " is a file where a folder is expected; name another"
                        + " folder, or move the file away");
    }

    @Test
    void aFolderOfAnotherUserIsNamedOnce() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        // nothing is closed to root
        assumeFalse(Files.isWritable(closed));
        assertThatThrownBy(() -> Warehouse.at(closed.toString()).lock("me"))
                .hasMessage("warehouse " + closed
                        + " is not writable by this user; name another folder, or change its permissions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"current", "published/current", "restricted/current"})
    void aCopyThatFollowedLinksIsRefused(String link) throws IOException {
        Warehouse warehouse = Warehouse.at(folder.toString());
        warehouse.create();
        Path copied = folder.resolve(link);
        Files.deleteIfExists(copied);
        Files.createDirectories(copied.resolve("published"));
        assertThatThrownBy(warehouse::create)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE))
                .hasMessage(
                        "warehouse " + folder + ": " + copied + " is a folder, not a link to a run; move it away and"
                                + " run again (`cp -a` copies links as links)");
    }

    @Test
    void saysWhatReadersSeeAfterARunThatFailed() throws IOException {
        Warehouse warehouse = Warehouse.at(folder.toString());
        warehouse.create();
        assertThat(warehouse.outcome("b")).isEqualTo("Nothing was published; nothing has been published before.");
        warehouse.point("a");
        assertThat(warehouse.outcome("b")).isEqualTo("Nothing was published; readers still see the run a.");
        assertThat(warehouse.outcome("a"))
                .isEqualTo("The run a itself is complete and published; the next run finishes what is left to do.");
        Files.delete(folder.resolve("current"));
        Files.createDirectory(folder.resolve("current"));
        assertThat(warehouse.outcome("b")).isEqualTo("Nothing was published.");
    }
}
