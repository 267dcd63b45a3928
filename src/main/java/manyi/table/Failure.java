package manyi.table;

/**
 * A failure that is reported as it is: what is wrong, how much of it, and what to do now. Its kind decides the exit code.
 * Its message holds no credentials, whatever it quotes.
 */
public class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a command failed, and the exit code of each kind. */
    public enum Kind {
        /** A fault of Manyi itself, or damage to its files. */
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
        super(Credentials.hidden(message));
        this.kind = kind;
    }

    public Failure(Kind kind, String message, Throwable cause) {
        super(Credentials.hidden(message), cause);
        this.kind = kind;
    }

    /** Why the command failed. */
    public Kind kind() {
        return kind;
    }
}
