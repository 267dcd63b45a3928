package manyi.table;

/** An end that has a name: what is wrong, how much of it, and what to do now. Its kind decides the exit code. */
public class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a run ended, and the exit code of each. */
    public enum Kind {
        /** A fault of Manyi's own. */
        FAULT(1),
        /** Wrong usage or configuration. */
        USAGE(2),
        /** Data quality stopped the run. */
        QUALITY(3),
        /** An input is missing. */
        INPUT_MISSING(4),
        /** Another run holds the warehouse. */
        BUSY(5);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The exit code of the process. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public Failure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Failure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why the run ended. */
    public Kind kind() {
        return kind;
    }
}
