package manyi.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import manyi.config.Job;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.run.Secrets;
import manyi.source.SourceFile;
import manyi.source.SourceReader;
import manyi.store.Warehouse;
import manyi.table.Failure;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks a job and a sample of each of its sources, and writes nothing. */
@Command(
        name = "check",
        description =
                "Check a job: its document, its warehouse, its secret, and a sample of each source. Writes nothing.",
        footer = {"", "Examples:", "  manyi check jobs/shop.yaml", "  manyi check jobs/shop.yaml --rows 100000"})
final class Check extends JobVerb {

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many rows of each source are read (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Override
    public Integer call() throws IOException {
        if (rows < 1) {
            throw new Failure(Failure.Kind.USAGE, "--rows must be at least 1, not " + rows + ".");
        }
        Job job = job();
        System.out.println("The job document " + job.file() + " is valid: " + sources(job) + ", warehouse "
                + job.warehouse() + ".");
        List<Failure> failures = new ArrayList<>();
        try {
            Warehouse.at(job.warehouse()).requireWritable();
        } catch (Failure unusable) {
            failures.add(unusable);
        }
        try {
            Secrets.of(job, System.getenv());
            System.out.println(
                    job.customerKey().isDemo()
                            ? "customer_key uses the demonstration secret, which everybody knows."
                            : "The secret of customer_key is set.");
        } catch (Failure missing) {
            failures.add(missing);
        }
        try (SparkSession spark = Sessions.open(job.name(), job.timeZone())) {
            SourceReader reader = new SourceReader(spark, job);
            for (Source source : job.sources()) {
                System.out.println();
                try {
                    System.out.print(sample(reader, source));
                } catch (Exception thrown) {
                    Failure failure =
                            SourceReader.failureIn(thrown, List.of(source)).orElseThrow(() -> thrown);
                    System.out.println(source.name() + ": failed, see below");
                    failures.add(failure);
                }
            }
            reader.warnings().forEach(warning -> System.out.println("! " + warning));
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
        System.out.println();
        if (failures.isEmpty()) {
            System.out.println("No problems found. Next: manyi run " + arguments());
            return 0;
        }
        System.out.flush();
        failures.forEach(failure -> System.err.println("manyi: " + failure.getMessage()));
        return failures.get(0).kind().exitCode();
    }

    private String sample(SourceReader reader, Source source) {
        List<SourceFile> files = reader.files(source);
        reader.check(source);
        Dataset<Row> sample = reader.sample(source, rows);
        long accepted = 0;
        long rejected = 0;
        StringBuilder reasons = new StringBuilder();
        List<Row> counts = sample.groupBy(col("reject_reason"))
                .agg(count(lit(1)))
                .orderBy(col("reject_reason"))
                .collectAsList();
        for (Row row : counts) {
            if (row.isNullAt(0)) {
                accepted = row.getLong(1);
            } else {
                rejected += row.getLong(1);
                reasons.append("    ")
                        .append(Summary.count(row.getLong(1)))
                        .append("  ")
                        .append(row.getString(0))
                        .append('\n');
            }
        }
        long bytes = files.stream().mapToLong(SourceFile::bytes).sum();
        String text = source.name() + ": " + Summary.count(files.size())
                + (files.size() == 1 ? " file, " : " files, ") + Summary.count(bytes)
                + " bytes; of the first " + Summary.count(accepted + rejected) + " rows " + Summary.count(accepted)
                + " are accepted, " + Summary.count(rejected) + " rejected\n" + reasons;
        if (rejected > source.maximumRejectedShare() * (accepted + rejected)) {
            text += "    ! a run would stop: at most " + source.maximumRejectedShare() * 100
                    + " percent may be rejected\n";
        }
        return text;
    }

    private static String sources(Job job) {
        return job.sources().stream()
                .map(Source::kind)
                .distinct()
                .map(SourceKind::key)
                .collect(Collectors.joining(", "));
    }
}
