package manyi.cli;

import java.nio.file.Path;
import java.util.Optional;
import manyi.config.Job;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A verb that works on a job document. */
abstract class JobVerb extends Verb {

    @Parameters(index = "0", paramLabel = "JOB", description = "The job document, a YAML file.")
    private Path file;

    @Option(
            names = "--warehouse",
            paramLabel = "DIR",
            description = "The warehouse's folder, instead of the one that the job names.")
    private String warehouse;

    /** The job, read and validated. */
    Job job() {
        return Jobs.read(file, Optional.ofNullable(warehouse), System.getenv(), Sessions.isClusterDriver());
    }

    /** The arguments that name this job on a command line. */
    String arguments() {
        return file + (warehouse == null ? "" : " --warehouse " + warehouse);
    }
}
