package manyi.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import manyi.table.Causes;
import manyi.table.Credentials;
import manyi.table.Failure;
import org.apache.spark.SparkThrowable;

/**
 * The exit code and the message of a command that failed. A message is repeated only where it is ours or names a file;
 * Spark's quote values of rows, so of those only the class and the error condition are printed.
 */
record ExitStatus(int exitCode, String line, List<Throwable> causes) {

    ExitStatus {
        line = Credentials.hidden(line);
    }

    static ExitStatus of(Throwable thrown) {
        List<Throwable> causes = Causes.of(thrown);
        for (Throwable cause : causes) {
            if (cause instanceof Failure failure) {
                return new ExitStatus(failure.kind().exitCode(), failure.getMessage(), causes);
            }
        }
        int code = Failure.Kind.FAULT.exitCode();
        if (isGoingDown()) {
            return new ExitStatus(
                    code,
                    "Stopped by a signal. Readers still see the last complete run; run again to continue.",
                    causes);
        }
        for (Throwable cause : causes) {
            if (cause instanceof IOException
                    && String.valueOf(cause.getMessage()).startsWith("No space left")) {
                return new ExitStatus(
                        Failure.Kind.USAGE.exitCode(),
                        "No space left on the disk of the warehouse or of the temporary files; `manyi doctor FOLDER` shows"
                                + " how much is free. Free some and run again.",
                        causes);
            }
            if (cause instanceof SparkThrowable spark && "USER_RAISED_EXCEPTION".equals(spark.getCondition())) {
                // only our own derivations raise one, and theirs quote no row
                return new ExitStatus(
                        Failure.Kind.QUALITY.exitCode(),
                        spark.getMessageParameters().get("errorMessage")
                                + ". Nothing was published; fix the files and run again.",
                        causes);
            }
        }
        for (Throwable cause : causes) {
            if (cause instanceof OutOfMemoryError) {
                long heap = Runtime.getRuntime().maxMemory() >> 20;
                return new ExitStatus(
                        code,
                        "Out of memory with a heap of " + heap
                                + " MB. Set MANYI_MEMORY (for example MANYI_MEMORY=8g) and run again.",
                        causes);
            }
            if (cause instanceof IOException io) {
                return new ExitStatus(code, of(io) + more(), causes);
            }
        }
        for (Throwable cause : causes) {
            if (cause instanceof SparkThrowable spark && spark.getCondition() != null) {
                return new ExitStatus(
                        code, "Spark stopped: " + spark.getCondition() + place(causes) + "." + more(), causes);
            }
        }
        return new ExitStatus(
                code,
                "An error inside Manyi: " + name(causes.get(causes.size() - 1)) + place(causes) + "." + more(),
                causes);
    }

    private static String of(IOException fault) {
        if (fault instanceof NoSuchFileException missing) {
            return "There is no file " + missing.getFile() + ".";
        }
        if (fault instanceof AccessDeniedException denied) {
            return "This user has no permission for " + denied.getFile() + ".";
        }
        return "A file could not be read or written: " + fault.getMessage() + " (" + name(fault) + ").";
    }

    /** Prints the line, and where asked the stack traces without their messages; returns the exit code. */
    int report(boolean isVerbose) {
        PrintStream err = System.err;
        err.println("manyi: " + line);
        if (isVerbose) {
            for (Throwable cause : causes) {
                err.println(cause.getClass().getName());
                for (StackTraceElement element : cause.getStackTrace()) {
                    err.println("    at " + element);
                }
            }
        }
        return exitCode;
    }

    /** The same as an exception that quotes no row, for a driver that must throw. */
    RuntimeException exception() {
        for (Throwable cause : causes) {
            if (cause instanceof Failure failure && failure.getCause() == null) {
                return failure;
            }
        }
        RuntimeException exception = new IllegalStateException(line);
        exception.setStackTrace(causes.get(causes.size() - 1).getStackTrace());
        return exception;
    }

    /** Whether the process is shutting down, so that whatever fails now fails because of that. */
    private static boolean isGoingDown() {
        Thread hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException goingDown) {
            return true;
        }
    }

    private static String place(List<Throwable> causes) {
        for (int i = causes.size() - 1; i >= 0; i--) {
            for (StackTraceElement element : causes.get(i).getStackTrace()) {
                if (element.getClassName().startsWith("manyi.")) {
                    return " at " + element.getClassName() + " (" + element.getFileName() + ":"
                            + element.getLineNumber() + ")";
                }
            }
        }
        return "";
    }

    private static String name(Throwable cause) {
        return cause.getClass().getName();
    }

    private static String more() {
        return " --verbose prints the stack trace; MANYI_LOG_LEVEL=warn shows Spark's own log, which may quote rows.";
    }
}
