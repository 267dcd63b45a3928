package manyi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import manyi.generate.Generation;
import manyi.generate.Generator;
import manyi.table.Failure;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes synthetic data whose effects are known. */
@Command(
        name = "generate",
        description = {
            "Write synthetic customers, purchases and survey responses. Satisfaction has a planted effect on later",
            "purchases; truth.json says what was planted. The same seed gives the same bytes."
        },
        footer = {
            "",
            "Examples:",
            "  manyi generate --customers 10000 --purchases 100000 --responses 4000 --to world",
            "  manyi generate --customers 5000000 --purchases 50000000 --responses 2000000 --to big --format parquet"
        })
final class Generate extends Verb {

    @Option(
            names = "--customers",
            paramLabel = "N",
            defaultValue = "10000",
            description = "customers; default: ${DEFAULT-VALUE}")
    private long customers;

    @Option(
            names = "--purchases",
            paramLabel = "N",
            defaultValue = "100000",
            description = "purchase lines, including returns; default: ${DEFAULT-VALUE}")
    private long purchases;

    @Option(
            names = "--responses",
            paramLabel = "N",
            defaultValue = "4000",
            description = "survey responses; default: ${DEFAULT-VALUE}")
    private long responses;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "seed of the random numbers; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "the folder to fill, new or empty")
    private Path to;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "csv", description = "csv (default) or parquet")
    private Generation.Format format;

    @Option(names = "--from", paramLabel = "DATE", description = "the first day; default: 2024-01-01")
    private LocalDate from = Generation.FIRST_DAY;

    @Option(names = "--days", paramLabel = "N", description = "how many days; default: 730")
    private int days = Generation.DAYS;

    @Option(names = "--dirty", description = "add broken rows on purpose (CSV only)")
    private boolean isDirty;

    @Override
    public Integer call() throws IOException {
        Generation generation = generation();
        Generator.Written written;
        try (SparkSession spark = Sessions.open("generate", ZoneOffset.UTC)) {
            written = Generator.write(spark, generation);
        }
        System.out.println(Summary.count(written.customers()) + " customers, " + Summary.count(written.purchases())
                + " purchase lines, " + Summary.count(written.responses()) + " responses in "
                + Summary.count(written.files()) + " files, " + Summary.count(written.bytes()) + " bytes: " + to);
        System.out.println("All of it is synthetic; " + to.resolve("truth.json") + " says what was planted.");
        return 0;
    }

    private Generation generation() {
        try {
            return new Generation(customers, purchases, responses, seed, to, format, from, days, isDirty);
        } catch (IllegalArgumentException refused) {
            throw new Failure(Failure.Kind.USAGE, "generate: " + refused.getMessage() + ".", refused);
        }
    }
}
