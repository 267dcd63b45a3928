package manyi.cli;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import manyi.config.Job;
import manyi.run.Run;
import manyi.run.RunRequest;
import manyi.run.RunResult;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads what is new, derives every table, and publishes them all together. */
@Command(
        name = "run",
        description = {
            "Read what is new in the sources, derive every table and publish them all together.",
            "Readers see the complete new run or the complete one before it, whatever happens."
        },
        footer = {
            "",
            "Examples:",
            "  manyi run jobs/shop.yaml                       as of yesterday, or of the job's as_of",
            "  manyi run jobs/shop.yaml --as-of 2026-10-31    as of a day",
            "  manyi run jobs/shop.yaml --select segment_satisfaction   try one table, publish nothing",
            "",
            "Under spark-submit:",
            "  spark-submit --class manyi.cli.Main manyi-spark.jar run jobs/shop.yaml"
        })
final class RunVerb extends JobVerb {

    @Option(
            names = "--as-of",
            paramLabel = "DATE",
            description = "The reporting date: later rows are left out (default: the job's as_of, else yesterday).")
    private LocalDate asOf;

    @Option(
            names = "--select",
            paramLabel = "TABLE",
            split = ",",
            description = "Derive only these tables, into scratch/ of the warehouse; nothing is published.")
    private Set<String> select = Set.of();

    @Option(names = "--full-refresh", description = "Derive all state again from the rows that were read before.")
    private boolean isFullRefresh;

    @Option(names = "--reload", description = "Discard what was read before, and read the sources again.")
    private boolean isReload;

    @Option(names = "--make-current", description = "Publish this run even if the current one has a later as_of.")
    private boolean isMadeCurrent;

    @Option(
            names = "--forget",
            paramLabel = "FILE",
            split = ",",
            description = "Retract the rows of files that no longer exist, named as in ingest_account.")
    private Set<String> forgotten = Set.of();

    @Override
    public Integer call() throws IOException {
        Job job = job();
        Clock clock = Clock.systemUTC();
        LocalDate day = Jobs.asOf(Optional.ofNullable(asOf), job, clock);
        RunRequest request =
                new RunRequest(job, day, Instant.now(clock), select, isFullRefresh, isReload, isMadeCurrent, forgotten);
        RunResult result;
        try (SparkSession spark = Sessions.open(job.name(), job.timeZone());
                Bar bar = Bar.open(job.name())) {
            result = Run.execute(spark, request, bar);
        }
        System.out.print(Summary.of(result, arguments()));
        return 0;
    }
}
