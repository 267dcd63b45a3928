package manyi.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import manyi.table.Failure;
import org.apache.spark.SparkThrowable;

/**
 * How a command that failed ends: an exit code and one line. A message is repeated only where it is ours or names a file;
 * Spark's quote values of rows, so of those only the class and the error condition are told.
 */
record ExitStatus(int exitCode, String line, List<Throwable> causes) {

    static ExitStatus of(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable each = thrown; each != null && !causes.contains(each); each = each.getCause()) {
            causes.add(each);
        }
        for (Throwable cause : causes) {
            if (cause instanceof Failure failure) {
                return new ExitStatus(failure.kind().exitCode(), failure.getMessage(), causes);
            }
        }
        int code = Failure.Kind.FAULT.exitCode();
        if (isGoingDown()) {
            return new ExitStatus(
                    code, "Stopped from outside. Readers see a whole run, as before; run again to go on.", causes);
        }
        for (Throwable cause : causes) {
            if (cause instanceof IOException
                    && String.valueOf(cause.getMessage()).startsWith("No space left")) {
                return new ExitStatus(
                        Failure.Kind.USAGE.exitCode(),
                        "No space is left where the warehouse or the temporary files lie; `manyi doctor FOLDER` says how"
                                + " much there is. Free some, and run again.",
                        causes);
            }
            if (cause instanceof SparkThrowable spark && "USER_RAISED_EXCEPTION".equals(spark.getCondition())) {
                // nobody but our own derivations may raise one, and theirs quote no row
                return new ExitStatus(
                        Failure.Kind.QUALITY.exitCode(),
                        spark.getMessageParameters().get("errorMessage")
                                + ". Nothing was published; mend the files and run again.",
                        causes);
            }
        }
        for (Throwable cause : causes) {
            if (cause instanceof OutOfMemoryError) {
                long heap = Runtime.getRuntime().maxMemory() >> 20;
                return new ExitStatus(
                        code,
                        "Out of memory with a heap of " + heap
                                + " MB. Set MANYI_MEMORY (such as MANYI_MEMORY=8g) and run again.",
                        causes);
            }
            if (cause instanceof IOException || cause instanceof UncheckedIOException) {
                return new ExitStatus(code, name(cause) + ": " + cause.getMessage() + "." + more(), causes);
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
                "A fault of Manyi's own: " + name(causes.get(causes.size() - 1)) + place(causes) + "." + more(),
                causes);
    }

    /** Prints the line, and where asked the stack traces without their messages; returns the exit code. */
    int told(boolean isVerbose) {
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

    /** The same end as an exception that quotes no row, for a driver that must throw. */
    RuntimeException exception() {
        for (Throwable cause : causes) {
            if (cause instanceof Failure failure && failure.getCause() == null) {
                return failure;
            }
        }
        RuntimeException told = new IllegalStateException(line);
        told.setStackTrace(causes.get(causes.size() - 1).getStackTrace());
        return told;
    }

    /** Whether the process was told to end, so that whatever fails now fails for that. */
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
        return " With --verbose the stack trace follows; MANYI_LOG_LEVEL=warn shows Spark's own log, which may quote"
                + " rows.";
    }
}
