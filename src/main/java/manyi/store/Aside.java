package manyi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * State tables that a run builds anew, laid aside until it has built them: a run that fails before is followed by one that
 * finds them where they were. They are moved by renames, with the pins as they were beside them; as long as these are
 * there, what was laid aside is what counts.
 */
public final class Aside {

    private final Path state;
    private final Path folder;

    /**
     * @param state where the tables lie
     * @param folder where they are laid, on the same file system
     */
    public Aside(Path state, Path folder) {
        this.state = state;
        this.folder = folder;
    }

    /** Whether tables are laid aside. */
    public boolean isHolding() {
        return Files.exists(Pins.file(folder));
    }

    /** Lays tables aside; without pins they are no whole state, and stay. */
    public void put(Collection<String> tables) {
        Path pins = Pins.file(state);
        if (!Files.exists(pins)) {
            return;
        }
        try {
            Warehouse.remove(folder);
            Files.createDirectories(folder);
            Warehouse.permit(folder, "rwx------");
            Pins.write(Pins.file(folder), Files.readString(pins));
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
                Pins.write(Pins.file(state), Files.readString(Pins.file(folder)));
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

    private List<Path> tables() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory).sorted().toList();
        }
    }
}
