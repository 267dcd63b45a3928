package manyi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import manyi.store.Warehouse;
import manyi.table.Failure;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * A folder for Spark's temporary files, which can hold rows about people. It is deleted when the process ends; that of a
 * process that was killed stays until the next one of the same user deletes it. A file lock tells which processes are
 * alive.
 *
 * @param folder this process's own
 * @param alive locked as long as the process lives
 */
record Scratch(Path folder, FileChannel alive) {

    private static final String PROCESS = "process-";
    private static final String LOCK = ".lock";

    private static Scratch mine;

    /** This process's folder below the one for temporary files. */
    static synchronized Path ofThisProcess() {
        if (mine == null) {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
            try {
                mine = in(temporary);
            } catch (IOException fault) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "The folder for temporary files " + temporary + " cannot be used ("
                                + fault.getClass().getSimpleName()
                                + "); name another: MANYI_JAVA_OPTS=-Djava.io.tmpdir=FOLDER.",
                        fault);
            }
            // after Spark's own, which has the priority 40
            ShutdownHookManager.get().addShutdownHook(mine::remove, 1);
        }
        return mine.folder();
    }

    /** A new folder, after those of processes that have ended are deleted. */
    static Scratch in(Path temporary) throws IOException {
        Path shared = shared(temporary);
        // one process at a time: a folder that was just created is not locked yet
        try (FileChannel gate = channel(shared.resolve("gate"))) {
            gate.lock();
            for (Path folder : folders(shared)) {
                removeWhereEnded(folder);
            }
            Path folder = Files.createTempDirectory(shared, PROCESS);
            FileChannel alive = channel(lockOf(folder));
            alive.lock();
            return new Scratch(folder, alive);
        }
    }

    /** Deletes the folder and releases the lock. */
    void remove() {
        Warehouse.remove(folder);
        try {
            Files.deleteIfExists(lockOf(folder));
            alive.close();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** The user's folder; one of the process's own where another user has created one of that name. */
    private static Path shared(Path temporary) throws IOException {
        Path shared =
                temporary.resolve("manyi-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_"));
        Path fresh = Files.createTempDirectory(temporary, "manyi-");
        try {
            Files.createDirectory(
                    shared, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException known) {
            boolean isOurs = Files.isDirectory(shared, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(shared, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(fresh));
            if (!isOurs) {
                return fresh;
            }
        }
        Files.delete(fresh);
        return shared;
    }

    private static List<Path> folders(Path shared) throws IOException {
        try (Stream<Path> found = Files.list(shared)) {
            return found.filter(path -> path.getFileName().toString().startsWith(PROCESS)
                            && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static void removeWhereEnded(Path folder) throws IOException {
        try (FileChannel alive = channel(lockOf(folder))) {
            if (alive.tryLock() != null) {
                Warehouse.remove(folder);
                Files.deleteIfExists(lockOf(folder));
            }
        } catch (OverlappingFileLockException ofThisProcess) {
            // alive: it is asking
            return;
        }
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
