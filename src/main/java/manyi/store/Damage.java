package manyi.store;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Optional;
import manyi.source.UnreadableFile;
import manyi.table.Causes;
import manyi.table.Failure;

/** Damage to the files of a warehouse, each in one sentence with its remedy. */
public final class Damage {

    /** The remedy for state, which can be derived again. */
    static final String RELOAD = "run with --reload to read the sources again";

    private static final String MISSING_DATA = "a data file is missing or damaged";

    private Damage() {}

    /** The damage where a file of this warehouse could not be read, among the causes of what was thrown. */
    public static Optional<Failure> in(Warehouse warehouse, Throwable thrown) {
        Path root = warehouse.root();
        return UnreadableFile.behind(thrown)
                .map(Path::of)
                .filter(file -> file.startsWith(root))
                .map(file -> {
                    Path below = root.relativize(file);
                    if (file.startsWith(warehouse.runs())) {
                        return new Failure(
                                Failure.Kind.FAULT,
                                "table " + file.getParent().getFileName() + " of the run " + below.getName(1)
                                        + " cannot be read: " + MISSING_DATA
                                        + "; run the job again with --full-refresh to replace it",
                                thrown);
                    }
                    return of(root.resolve(below.subpath(0, 2)), MISSING_DATA, thrown);
                });
    }

    /** The failure for a table's log that cannot be read. */
    static RuntimeException ofLog(Path table, Exception thrown) {
        // a thread that was stopped because other work failed
        boolean isInterrupted = Causes.of(thrown).stream()
                .anyMatch(
                        cause -> cause instanceof ClosedByInterruptException || cause instanceof InterruptedException);
        return isInterrupted && thrown instanceof RuntimeException runtime
                ? runtime
                : of(table, "its log " + table.resolve("_delta_log") + " is damaged", thrown);
    }

    /** The failure for a data file that is not there. */
    static Failure ofData(Path table, Exception thrown) {
        return of(table, MISSING_DATA, thrown);
    }

    private static Failure of(Path table, String what, Throwable thrown) {
        Path folder = table.getParent();
        String kind = folder.getFileName().toString();
        String remedy = switch (kind) {
            case "state" -> RELOAD;
            case "history" ->
                "restore " + table
                        + " from a backup, or move it away (the table then starts again from the next run), and run again";
            // derived by this run
            default -> "run again";
        };
        return new Failure(
                Failure.Kind.FAULT,
                kind + " table " + table.getFileName() + " cannot be read: " + what + "; " + remedy,
                thrown);
    }
}
