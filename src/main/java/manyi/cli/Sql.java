package manyi.cli;

import manyi.config.Job;
import manyi.store.Damage;
import manyi.store.Warehouse;
import manyi.table.Failure;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers one query over the published tables. */
@Command(
        name = "sql",
        description = {
            "Run one SQL query on the published tables. It can only read them: no other table, no file,",
            "no statement that writes, and only functions without side effects."
        },
        footer = {
            "",
            "Examples:",
            "  manyi sql jobs/demo.yaml \"select segment_value, csi from segment_satisfaction where segment = 'region'\"",
            "  manyi sql jobs/demo.yaml \"table ingest_account\" --format csv > accounts.csv"
        })
final class Sql extends JobVerb {

    @Parameters(index = "1", paramLabel = "QUERY", description = "The query.")
    private String query;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (default), csv, or json with an object per line.")
    private Sheet.Format format;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            defaultValue = "1000",
            description = "Print at most this many rows (default: ${DEFAULT-VALUE}); a note says so if there are more.")
    private int limit;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "Stop the query after this many seconds (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > 10_000_000) {
            throw new Failure(Failure.Kind.USAGE, "--limit must be between 1 and 10,000,000, not " + limit + ".");
        }
        if (timeout < 1) {
            throw new Failure(Failure.Kind.USAGE, "--timeout must be at least 1 second, not " + timeout + ".");
        }
        Job job = job();
        Published published = Published.of(job);
        Query parsed = Deadline.within(
                timeout, () -> {}, () -> Query.of(query, published.tables().keySet()));
        Sheet sheet;
        try (SparkSession spark = Sessions.open(job.name(), job.timeZone())) {
            sheet = Deadline.within(
                    timeout,
                    () -> spark.sparkContext().cancelAllJobs(),
                    () -> Sheet.of(published.answer(parsed, spark), limit));
        } catch (Exception thrown) {
            throw Query.fault(thrown)
                    .or(() -> Damage.in(Warehouse.at(job.warehouse()), thrown))
                    .orElseThrow(() -> thrown);
        }
        System.out.print(sheet.text(format));
        if (sheet.isCut()) {
            System.err.println(
                    "manyi: only the first " + Summary.count(limit) + " rows are shown; raise --limit for more");
        }
        return 0;
    }
}
