package manyi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manyi.table.Failure;

/**
 * The folder with all tables of a job, and its layout.
 *
 * <pre>
 * current -> runs/RUN              the one pointer, replaced by one rename
 * published/current                -> ../current/published
 * restricted/current               -> ../current/restricted
 * runs/RUN/published/TABLE/        one-commit Delta tables
 * runs/RUN/restricted/TABLE/
 * history/TABLE/                   segment tables of all days, by as_of
 * state/TABLE/, state/pins.json    what is kept from run to run, for the owner alone
 * backup/TABLE/                    state tables that a run rebuilds, kept until it has
 * work/                            what a run needs for itself, for the owner alone
 * scratch/                         what --select derived
 * </pre>
 */
public final class Warehouse {

    private static final Pattern RUN_ID = Pattern.compile("\\d{8}T\\d{9}Z-asof-\\d{4,}-\\d{2}-\\d{2}");

    /** Spark reads names of files as patterns, and these characters as parts of one. */
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[\\]{}\\\\]");

    private static final String NOT_WRITABLE =
            "is not writable by this user; name another folder, or change its permissions";

    private final Path root;

    private Warehouse(Path root) {
        this.root = root;
    }

    /**
     * The warehouse in this folder, which need not exist.
     *
     * @throws Failure where the address is no local path, or has characters that Spark would read as a pattern
     */
    public static Warehouse at(String address) {
        String path = address.startsWith("file:") ? address.replaceFirst("^file:/+", "/") : address;
        if (path.contains("://")) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "warehouse " + address
                            + " is not a local path; Manyi publishes to mounted file systems only, so name a"
                            + " folder");
        }
        Path root;
        try {
            root = Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "warehouse: not a valid path on this system (" + e.getReason() + "); name another folder",
                    e);
        }
        if (WILDCARD.matcher(root.toString()).find()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "warehouse " + root + " has one of the characters * ? [ ] { } \\ in its path, which Spark reads as"
                            + " a pattern; name a folder without them");
        }
        return new Warehouse(root);
    }

    /**
     * Checks that this user can write here, or create the folder where it does not exist yet. Writes nothing.
     *
     * @throws Failure of kind USAGE where that is not so
     */
    public void requireWritable() {
        Path there = root;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw refused(there, "is a file; name a folder");
        }
        if (!Files.isWritable(there)) {
            throw refused(there, NOT_WRITABLE);
        }
    }

    public Path root() {
        return root;
    }

    /** Working state. */
    public Path state() {
        return root.resolve("state");
    }

    /** The backup of state tables that a run rebuilds, until it has. */
    public Path backup() {
        return root.resolve("backup");
    }

    /** All runs. */
    public Path runs() {
        return root.resolve("runs");
    }

    /** One run. */
    public Path run(String runId) {
        return runs().resolve(runId);
    }

    /** Segment tables of all days. */
    public Path history() {
        return root.resolve("history");
    }

    /** Tables that were derived on request and never published. */
    public Path scratch() {
        return root.resolve("scratch");
    }

    /** Tables that a run needs for itself, rows of customers among them: for the owner alone, deleted with the run. */
    public Path work() {
        return root.resolve("work");
    }

    /** Where readers find the aggregates. */
    public Path published() {
        return root.resolve("published").resolve("current");
    }

    /** Where readers with a right to it find the tables of customers. */
    public Path restricted() {
        return root.resolve("restricted").resolve("current");
    }

    /**
     * The run that readers see.
     *
     * @throws Failure where something other than a link is in its place
     */
    public Optional<String> current() {
        try {
            requireLink(pointer());
            return Optional.of(Files.readSymbolicLink(pointer()).getFileName().toString());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a run that failed leaves to readers, for the end of an error message. */
    public String outcome(String runId) {
        Path link = pointer();
        if (!Files.isSymbolicLink(link)) {
            return Files.exists(link)
                    ? "Nothing was published."
                    : "Nothing was published; nothing has been published before.";
        }
        String seen = current().orElseThrow();
        return seen.equals(runId)
                ? "The run " + runId + " itself is complete and published; the next run finishes what is left to do."
                : "Nothing was published; readers still see the run " + seen + ".";
    }

    /** The folders that readers and runs expect; state is for the owner alone. */
    public void create() {
        try {
            Files.createDirectories(runs());
            Files.createDirectories(history());
            Files.createDirectories(state());
            Files.createDirectories(work());
            permit(state(), "rwx------");
            permit(work(), "rwx------");
            link(root.resolve("published"), "published");
            link(root.resolve("restricted"), "restricted");
            requireLink(pointer());
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Closes a run's tables of customers to all but the owner and the owner's group. */
    public void restrict(Path run) {
        try {
            permit(Files.createDirectories(run.resolve("restricted")), "rwxr-x---");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a run the one that readers see, by one rename. */
    public void point(String runId) {
        Path next = root.resolve("current.next");
        try {
            Files.deleteIfExists(next);
            Files.createSymbolicLink(next, Path.of("runs", runId));
            Files.move(next, pointer(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The runs there are, oldest first. */
    public List<String> runIds() {
        if (!Files.isDirectory(runs())) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(runs())) {
            // other files there are the owner's
            List<String> ids =
                    new ArrayList<>(found.map(path -> path.getFileName().toString())
                            .filter(name -> RUN_ID.matcher(name).matches())
                            .toList());
            Collections.sort(ids);
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a folder and all in it; links are removed, never followed. */
    public static void remove(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Locks the warehouse for one run. The lock is the operating system's and is released when the process ends.
     *
     * @param holder who takes it, for the message to whoever comes second
     * @throws Failure of kind BUSY where another run has it, of kind USAGE where this user cannot write there
     */
    public Lock lock(String holder) {
        Path file = root.resolve(".lock");
        requireWritable();
        try {
            Files.createDirectories(root);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Failure(
                        Failure.Kind.BUSY,
                        "warehouse " + root + " is in use by " + holder() + "; wait for it to end, or stop it");
            }
            Files.writeString(root.resolve(".lock-holder"), holder);
            return new Lock(channel);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** A lock on the warehouse; closing it releases the lock. */
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public String toString() {
            return channel.isOpen() ? "locked" : "free";
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Failure refused(Path path, String why) {
        String where = path.equals(root) ? " " : ": " + path + " ";
        return new Failure(Failure.Kind.USAGE, "warehouse " + root + where + why);
    }

    /** Says what is wrong with one file or folder; Java's message is the path alone where the class says the rest. */
    private Failure refused(IOException fault) {
        if (fault instanceof AccessDeniedException denied) {
            return refused(Path.of(denied.getFile()), NOT_WRITABLE);
        }
        if (fault instanceof FileAlreadyExistsException file) {
            return refused(
                    Path.of(file.getFile()),
                    "is a file where a folder is expected; name another folder, or move the file away");
        }
        return new Failure(
                Failure.Kind.USAGE,
                "warehouse " + root + " cannot be written to: " + fault.getMessage()
                        + "; name another folder, or repair this one",
                fault);
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    private String holder() {
        try {
            return Files.readString(root.resolve(".lock-holder"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException unknown) {
            return "another run";
        }
    }

    static void permit(Path folder, String permissions) throws IOException {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        }
    }

    private Path pointer() {
        return root.resolve("current");
    }

    private void link(Path folder, String visibility) throws IOException {
        Files.createDirectories(folder);
        Path link = folder.resolve("current");
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, Path.of("..", "current", visibility));
        }
        requireLink(link);
    }

    /** A copy that follows links leaves folders in their place, which no later run would replace. */
    private void requireLink(Path link) {
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
            throw refused(
                    link,
                    "is a " + (Files.isDirectory(link) ? "folder" : "file")
                            + ", not a link to a run; move it away and run again (`cp -a` copies links as links)");
        }
    }
}
