package manyi.testing;

import manyi.store.LocalFiles;
import org.apache.spark.sql.SparkSession;

/** The one session that all test classes share; starting another would cost them minutes. */
public final class Sparks {

    private static SparkSession session;

    private Sparks() {}

    /** The shared session: UTC, two shuffle partitions, Delta at hand. */
    public static synchronized SparkSession session() {
        if (session == null) {
            // as if it were submitted, so that runs keep it: with one partition the order of rows would not be tested
            System.setProperty("spark.sql.shuffle.partitions", "2");
            SparkSession.Builder builder = SparkSession.builder();
            LocalFiles.SETTINGS.forEach(builder::config);
            session = builder.master("local[2]")
                    .appName("manyi-tests")
                    .config("spark.ui.enabled", "false")
                    .config("spark.sql.ui.explainMode", "simple")
                    // pictures are small: interpreting their expressions is quicker than compiling them
                    .config("spark.sql.codegen.wholeStage", "false")
                    // and to plan them once is quicker than again after each stage
                    .config("spark.sql.adaptive.enabled", "false")
                    .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                    .config("spark.sql.session.timeZone", "UTC")
                    .config("spark.sql.datetime.java8API.enabled", "true")
                    .config("spark.sql.ansi.enabled", "true")
                    .config("spark.sql.legacy.javaCharsets", "true")
                    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                    .config("spark.databricks.delta.snapshotPartitions", "1")
                    .config("spark.sql.sources.parallelPartitionDiscovery.threshold", "1000")
                    .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
                    .config("spark.sql.warehouse.dir", "target/spark-warehouse")
                    .getOrCreate();
        }
        return session;
    }
}
