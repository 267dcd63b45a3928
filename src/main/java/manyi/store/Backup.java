package manyi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A backup of the state tables that a run rebuilds, kept until it has rebuilt them: where it fails, the next run restores
 * them. They are moved by renames, with a copy of the pins beside them; as long as that copy is there, the backup is what
 * counts.
 */
public final class Backup {

    private final Path state;
    private final Path folder;

    /**
     * @param state the folder of the tables
     * @param folder the folder of the backup, on the same file system
     */
    public Backup(Path state, Path folder) {
        this.state = state;
        this.folder = folder;
    }

    /** Whether there is a backup. */
    public boolean exists() {
        return Files.exists(Pins.file(folder));
    }

    /** Moves tables into the backup; without pins they are not a complete state, and stay. */
    public void put(Collection<String> tables) {
        if (!Files.exists(Pins.file(state))) {
            return;
        }
        try {
            Warehouse.remove(folder);
            Files.createDirectories(folder);
            Warehouse.permit(folder, "rwx------");
            copyPins(state, folder);
            for (String table : tables) {
                Files.move(state.resolve(table), folder.resolve(table));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Restores what a run that did not end well had moved away. */
    public void restore() {
        try {
            if (exists()) {
                for (Path table : tables()) {
                    Path original = state.resolve(table.getFileName());
                    Warehouse.remove(original);
                    Files.move(table, original);
                }
                copyPins(folder, state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        drop();
    }

    /** Deletes the backup. */
    public void drop() {
        try {
            Files.deleteIfExists(Pins.file(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Warehouse.remove(folder);
    }

    /** Atomically, and whatever is in them: they may be damaged, where all sources are read again. */
    private static void copyPins(Path from, Path to) throws IOException {
        Path next = to.resolve("pins.next");
        Files.copy(Pins.file(from), next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, Pins.file(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Path> tables() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory).sorted().toList();
        }
    }
}
