import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import manyi.config.LifetimeValue;
import manyi.conformed.Customer;
import manyi.conformed.CustomerHistory;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.mart.value.CustomerValue;
import manyi.mart.value.LifetimeValueModel;
import manyi.math.clv.BgNbd;
import manyi.math.clv.Cell;
import manyi.math.clv.Fit;
import manyi.math.clv.GammaGamma;
import manyi.math.clv.ParetoNbd;
import manyi.math.clv.SpendCell;
import manyi.table.Derivation;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Times Manyi's derivations of lifetime values on a world of {@code lifetime_world.py}, each written as Parquet as in a
 * run, and the fits by themselves. Prints a line of JSON per stage.
 *
 * <p>Arguments: the world, a folder for the tables, the model that scores (bg_nbd, pareto_nbd).
 */
final class Lifetime {

    private static final LocalDate AS_OF = LocalDate.of(2025, 12, 30);
    private static final double BIN = StrictMath.log(1.005);

    private final SparkSession spark;
    private final String out;
    private final Map<String, Dataset<Row>> tables = new HashMap<>();

    private Lifetime(SparkSession spark, String out) {
        this.spark = spark;
        this.out = out;
    }

    public static void main(String[] arguments) {
        long begun = System.nanoTime();
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("lifetime")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                // as manyi.cli.Sessions has them on two cores
                .config("spark.sql.shuffle.partitions", "32")
                .config("spark.sql.adaptive.coalescePartitions.parallelismFirst", "false")
                .config("spark.sql.maxConcurrentOutputFileWriters", "64")
                .config("spark.sql.parquet.compression.codec", "zstd")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", "true")
                .getOrCreate();
        spark.range(1000).groupBy(col("id").mod(7)).count().collectAsList();
        tell("start", System.nanoTime() - begun, cpu(), "");
        new Lifetime(spark, arguments[1]).run(arguments[0], LifetimeValue.Model.of(arguments[2]));
        spark.stop();
    }

    private void run(String world, LifetimeValue.Model model) {
        var settings = new LifetimeValue(
                Optional.of(model), 52, 0.1, Optional.empty(), 12, Optional.empty(), 0.5, 0.1, Optional.empty());
        if (Files.isDirectory(Path.of(world, CustomerHistory.TABLE.name()))) {
            tables.put(
                    CustomerHistory.TABLE.name(),
                    spark.read().schema(CustomerHistory.TABLE.schema()).parquet(world + "/customer_history"));
        } else {
            // by their schemas: what the world does not know is null
            tables.put(Purchase.TABLE.name(), spark.read().schema(Purchase.TABLE.schema()).parquet(world + "/purchase"));
            tables.put(Customer.TABLE.name(), spark.read().schema(Customer.TABLE.schema()).parquet(world + "/customer"));
            derive("ledger", new CustomerMonth());
            derive("histories", CustomerHistory.of(AS_OF, settings));
        }
        Dataset<Row> history = CustomerHistory.at(
                tables.get(CustomerHistory.TABLE.name()), CustomerHistory.Cutoff.SCORE, AS_OF, settings.proofWeeks());
        List<Cell> cells = timed("cells", () -> cells(history), some -> some.size() + " cells");
        List<SpendCell> spends = timed("spend cells", () -> spends(history), some -> some.size() + " cells");
        timed("fit BG/NBD", () -> BgNbd.fit(cells), Lifetime::told);
        timed("fit Pareto/NBD", () -> ParetoNbd.fit(cells), Lifetime::told);
        timed("fit Gamma-Gamma", () -> GammaGamma.fit(spends), Lifetime::told);
        derive("models", new LifetimeValueModel(AS_OF, settings, List.of(), "EUR"));
        derive("score", new CustomerValue(AS_OF, settings, List.of()));
    }

    private void derive(String stage, Derivation derivation) {
        String name = derivation.table().name();
        timed(
                stage,
                () -> {
                    derivation
                            .table()
                            .conform(derivation.from(table -> tables.get(table.name())))
                            .write()
                            // as Shelving has them for the run's own tables
                            .option("parquet.writer.version", "PARQUET_2_0")
                            .parquet(out + "/" + name);
                    return name;
                },
                any -> any);
        tables.put(name, spark.read().schema(derivation.table().schema()).parquet(out + "/" + name));
    }

    /** As the derivation has them above a million. */
    private static List<Cell> cells(Dataset<Row> history) {
        Column last = when(col("x").equalTo(0), lit(0)).otherwise(greatest(halfWeeks("last_age"), lit(1)));
        Dataset<Row> weeks = history.withColumn("last_age", last)
                .withColumn("age", greatest(halfWeeks("age"), col("last_age")));
        List<Cell> cells = new ArrayList<>();
        for (Row row : weeks.groupBy("x", "last_age", "age").agg(count(lit(1))).collectAsList()) {
            cells.add(new Cell(row.getLong(0), row.getInt(1) / 2.0, row.getInt(2) / 2.0, row.getLong(3)));
        }
        return cells;
    }

    private static Column halfWeeks(String days) {
        return expr("cast((" + days + " + 3) div 7 as int)").multiply(2);
    }

    private static List<SpendCell> spends(Dataset<Row> history) {
        List<SpendCell> cells = new ArrayList<>();
        for (Row row : history.where(col("x").gt(0).and(col("repeat_net").gt(0)))
                .withColumn("bin", floor(log(col("repeat_net").divide(col("x"))).divide(BIN)))
                .groupBy("x", "bin")
                .agg(count(lit(1)), sum(col("repeat_net")))
                .collectAsList()) {
            double mean = (double) row.getLong(3) / ((double) row.getLong(0) * row.getLong(2)) / Purchase.PER_UNIT;
            cells.add(new SpendCell(row.getLong(0), mean, row.getLong(2)));
        }
        return cells;
    }

    private static String told(Fit<?> fit) {
        return fit.model() + (fit.converged() ? "" : ": " + fit.reason()) + ", " + fit.iterations() + " steps";
    }

    private static <T> T timed(String stage, Supplier<T> work, Function<T, String> told) {
        long wall = System.nanoTime();
        long cpu = cpu();
        T made = work.get();
        tell(stage, System.nanoTime() - wall, cpu() - cpu, told.apply(made));
        return made;
    }

    private static void tell(String stage, long wall, long cpu, String besides) {
        System.out.printf(
                Locale.ROOT,
                "{\"stage\": \"%s\", \"wall_s\": %.3f, \"cpu_s\": %.3f, \"said\": \"%s\"}%n",
                stage,
                wall / 1e9,
                cpu / 1e9,
                besides);
    }

    /** The whole process, collector and compiler included. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
