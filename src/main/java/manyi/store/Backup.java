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
 * State tables that a run builds anew, laid aside until it has built them: a run that fails before is followed by one that
 * finds them where they were. They are moved by renames, with the pins as they were beside them; as long as these are
 * there, what was laid aside is what counts.
 */
public final class Backup {

    private final Path state;
    private final Path folder;

    /**
     * @param state where the tables lie
     * @param folder where they are laid, on the same file system
     */
    public Backup(Path state, Path folder) {
        this.state = state;
        this.folder = folder;
    }

    /** Whether tables are laid aside. */
    public boolean isHolding() {
        return Files.exists(Pins.file(folder));
    }

    /** Lays tables aside; without pins they are no whole state, and stay. */
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

    /** Puts back what a run that did not come to its end had laid aside. */
    public void restore() {
        try {
            if (isHolding()) {
                for (Path table : tables()) {
                    Path place = state.resolve(table.getFileName());
                    Warehouse.remove(place);
                    Files.move(table, place);
                }
                copyPins(folder, state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        drop();
    }

    /** Lets go of what was laid aside. */
    public void drop() {
        try {
            Files.deleteIfExists(Pins.file(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Warehouse.remove(folder);
    }

    /** Whole or not at all, and whatever is in them: they may be damaged, where all is read again. */
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
