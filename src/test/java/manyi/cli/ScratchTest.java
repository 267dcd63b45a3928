package manyi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    @TempDir
    Path temporary;

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatALivingOneHasIsNot() throws IOException {
        Scratch living = Scratch.in(temporary);
        Scratch killed = Scratch.in(temporary);
        Files.writeString(
                Files.createDirectories(killed.folder().resolve("blockmgr/0c")).resolve("shuffle"), "rows");
        killed.alive().close();

        Scratch next = Scratch.in(temporary);

        assertThat(living.folder()).isDirectory();
        assertThat(killed.folder()).doesNotExist();
        assertThat(next.folder()).isEmptyDirectory();
        living.remove();
        next.remove();
        assertThat(temporary)
                .isDirectoryContaining(path -> path.getFileName().toString().startsWith("manyi-"));
        try (Stream<Path> left = Files.walk(temporary)) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(path -> path.getFileName().toString()))
                    .containsExactly("gate");
        }
    }

    @Test
    void isForTheOwnerAloneAndNoLinkIsFollowed() throws IOException {
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere/process-1"));
        String name = "manyi-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_");
        Files.createSymbolicLink(temporary.resolve(name), elsewhere.getParent());

        Scratch scratch = Scratch.in(temporary);

        assertThat(scratch.folder()
                        .toRealPath()
                        .startsWith(elsewhere.getParent().toRealPath()))
                .isFalse();
        assertThat(elsewhere).exists();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(scratch.folder())))
                .isEqualTo("rwx------");
        scratch.remove();
    }
}
