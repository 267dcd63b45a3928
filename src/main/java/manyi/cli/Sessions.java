package manyi.cli;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import manyi.config.Job;
import manyi.source.Landing;
import manyi.store.LocalFiles;
import manyi.store.Warehouse;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens Spark: on all cores of this machine, or where spark-submit says. */
final class Sessions {

    private Sessions() {}

    /** A session in which days begin and end in this zone. */
    static SparkSession open(String name, ZoneId zone) {
        // spark-submit leaves its settings in the system properties; they take precedence over ours
        SparkConf submitted = new SparkConf();
        boolean isLocal = !submitted.contains("spark.master")
                || submitted.get("spark.master").startsWith("local");
        SparkSession.Builder builder = SparkSession.builder().appName("manyi " + name);
        if (!submitted.contains("spark.master")) {
            builder.master("local[*]");
        }
        if (isLocal) {
            // Spark reads it whenever it creates a temporary file
            System.setProperty("java.io.tmpdir", Scratch.ofThisProcess().toString());
            setUnlessSubmitted(builder, submitted, local());
        }
        setUnlessSubmitted(builder, submitted, everywhere());
        // settings that results depend on cannot be overridden
        builder.config("spark.sql.session.timeZone", zone.getId())
                .config("spark.sql.datetime.java8API.enabled", "true")
                .config("spark.sql.ansi.enabled", "true")
                .config("spark.sql.legacy.javaCharsets", "true")
                .config("spark.sql.caseSensitive", "false")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        return builder.getOrCreate();
    }

    /** The rows of a published table, which consists of exactly the Parquet files of its folder. */
    static Dataset<Row> read(SparkSession spark, Path folder) {
        return spark.read().parquet(folder.toString());
    }

    /** The rejected rows of the job's sources; for the warehouse's owner. */
    static Dataset<Row> rejected(SparkSession spark, Job job) {
        return spark.read()
                .format("delta")
                .load(Warehouse.at(job.warehouse())
                        .state()
                        .resolve(Landing.REJECTED_ROW.name())
                        .toString());
    }

    /** Whether the driver runs inside a cluster, where an exit code reaches nobody. */
    static boolean isClusterDriver() {
        return "cluster".equals(System.getProperty("spark.submit.deployMode"));
    }

    private static void setUnlessSubmitted(
            SparkSession.Builder builder, SparkConf submitted, Map<String, String> settings) {
        settings.forEach((key, value) -> {
            if (!submitted.contains(key)) {
                builder.config(key, value);
            }
        });
    }

    private static Map<String, String> local() {
        int cores = Runtime.getRuntime().availableProcessors();
        Map<String, String> settings = new LinkedHashMap<>(LocalFiles.SETTINGS);
        settings.put("spark.ui.enabled", "false");
        // plans are sent to listeners as text; the short form costs less, and without the UI nobody reads it
        settings.put("spark.sql.ui.explainMode", "simple");
        // without it the bytes read from local files are not counted
        settings.put("spark.hadoop.parquet.hadoop.vectored.io.enabled", "false");
        // every column of a small table costs a buffer, and the tables of a day are many
        settings.put("spark.buffer.size", "8192");
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.sql.shuffle.partitions", String.valueOf(16 * cores));
        settings.put("spark.databricks.delta.snapshotPartitions", "1");
        // folders are listed by Spark tasks, thousands of them by default
        settings.put("spark.sql.sources.parallelPartitionDiscovery.threshold", "1000");
        settings.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", String.valueOf(2 * cores));
        settings.put(
                "spark.sql.warehouse.dir",
                Path.of(System.getProperty("java.io.tmpdir"), "manyi-spark-warehouse")
                        .toUri()
                        .toString());
        return settings;
    }

    private static Map<String, String> everywhere() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.sql.adaptive.enabled", "true");
        // small tables in few files: merge small shuffle partitions
        settings.put("spark.sql.adaptive.coalescePartitions.parallelismFirst", "false");
        // a task writes its months side by side instead of sorting its rows by month first
        settings.put("spark.sql.maxConcurrentOutputFileWriters", "64");
        settings.put("spark.sql.parquet.compression.codec", "zstd");
        settings.put("spark.databricks.delta.snapshotPartitions", "2");
        settings.put("spark.ui.showConsoleProgress", "false");
        settings.put("spark.sql.maxMetadataStringLength", "100");
        return settings;
    }
}
