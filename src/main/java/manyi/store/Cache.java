package manyi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Working tables of earlier runs, each under a key: the digest of everything that determines its rows. What is found here
 * need not be derived again; a lost entry costs time and nothing else. One entry per table, the newest.
 */
public final class Cache {

    private static final String WRITING = ".writing";

    private final Path folder;

    /** The cache in this folder. */
    public Cache(Path folder) {
        this.folder = folder;
    }

    /**
     * Copies a table's files to where a run looks for them.
     *
     * @param key the digest of everything that determines the rows
     * @return whether the table was there
     */
    public boolean recall(String table, String key, Path to) {
        Path kept = folder.resolve(table).resolve(key);
        if (!Files.isDirectory(kept)) {
            return false;
        }
        copy(kept, to);
        return true;
    }

    /** Stores a table's files, in place of those that were stored before. */
    public void keep(String table, String key, Path from) {
        Path all = folder.resolve(table);
        Path writing = all.resolve(key + WRITING);
        Warehouse.remove(all);
        copy(from, writing);
        try {
            Files.move(writing, all.resolve(key), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes all entries. */
    public void clear() {
        try (Stream<Path> tables = Files.list(folder)) {
            tables.forEach(Warehouse::remove);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : List.copyOf(files.toList())) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
