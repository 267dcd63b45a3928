package manyi.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all verbs share. */
@Command(mixinStandardHelpOptions = true, versionProvider = Main.Version.class, sortOptions = false)
abstract class Verb implements Callable<Integer> {

    @Option(
            names = "--verbose",
            description = "On failure also print the stack trace (without messages, which may quote rows).")
    private boolean verbose;

    boolean isVerbose() {
        return verbose;
    }
}
