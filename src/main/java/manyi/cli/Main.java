package manyi.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Properties;
import manyi.table.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line. Each verb is a class of its own; this one lists them and turns failures into exit codes. */
@Command(
        name = "manyi",
        description = {"A customer-satisfaction lakehouse: reads what customers did and said, publishes tables.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {Demo.class, RunVerb.class, Check.class, Tables.class, Sql.class, Generate.class, Doctor.class},
        footer = {
            "",
            "Start with @|bold manyi demo|@; then @|bold manyi check JOB|@ and @|bold manyi run JOB|@ on your own data.",
            "",
            "Exit codes: 0 success, 1 internal error or damaged files, 2 usage or configuration, 3 data quality,",
            "4 input missing, 5 warehouse busy. In cluster mode the driver throws instead."
        })
public final class Main implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Starts Manyi and ends the process with its exit code. */
    public static void main(String... args) {
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        if (Sessions.isClusterDriver()) {
            throwing(args);
        } else {
            System.exit(execute(args));
        }
    }

    /** Runs a command line and returns the exit code. */
    static int execute(String... args) {
        try {
            return commandLine().execute(args);
        } catch (Error error) {
            return ExitStatus.of(error).report(false);
        }
    }

    /** Runs a command line and throws where it fails, since a cluster has no exit codes. */
    static void throwing(String... args) {
        CommandLine line = commandLine();
        ExitStatus[] status = new ExitStatus[1];
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            status[0] = ExitStatus.of(exception);
            return status[0].exitCode();
        });
        int code = line.execute(args);
        if (status[0] != null) {
            throw status[0].exception();
        }
        if (code != 0) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the command line is not valid (exit code " + code + "); --help shows the options");
        }
    }

    private static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(LocalDate.class, Main::day)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((exception, command, parsed) ->
                        ExitStatus.of(exception).report(command.getCommand() instanceof Verb verb && verb.isVerbose()));
    }

    private static LocalDate day(String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            // years that tables can write
            if (day.getYear() >= 1 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeParseException none) {
            throw invalidDay(text);
        }
        throw invalidDay(text);
    }

    private static CommandLine.TypeConversionException invalidDay(String text) {
        return new CommandLine.TypeConversionException("'" + text + "' is not a valid date; write it like 2026-10-31");
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command, for example demo.");
    }

    /** Manyi's version, as the build wrote it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"manyi " + of("version") + " (Spark " + of("spark") + ", Delta " + of("delta") + ")"};
        }

        /** The version of {@code version} (Manyi itself), {@code spark} or {@code delta}. */
        static String of(String what) {
            Properties properties = new Properties();
            try (InputStream in = Main.class.getResourceAsStream("/manyi/version.properties")) {
                properties.load(in);
            } catch (java.io.IOException fault) {
                throw new UncheckedIOException(fault);
            }
            return properties.getProperty(what);
        }
    }
}
