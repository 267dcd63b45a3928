package manyi.run;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings for sources so small that planning queries and compiling their code costs more than the work itself. They
 * change what a run costs, never what it computes.
 */
final class SmallData {

    private static final Logger LOG = LoggerFactory.getLogger(SmallData.class);
    /** Measured: docs/performance.md, "Small runs". */
    private static final long MOST_BYTES = 4 << 20;

    private static final Map<String, String> SETTINGS = Map.of(
            // plans are made once instead of once a stage
            "spark.sql.adaptive.enabled", "false",
            "spark.sql.shuffle.partitions", "1",
            "spark.sql.files.minPartitionNum", "1",
            "spark.sql.files.openCostInBytes", "65536",
            "spark.sql.leafNodeDefaultParallelism", "1",
            // expressions are interpreted
            "spark.sql.codegen.wholeStage", "false",
            "spark.sql.codegen.factoryMode", "NO_CODEGEN",
            "spark.sql.debug.maxToStringFields", "2");

    private SmallData() {}

    /**
     * Prepares the session for sources of this size, unless it runs on a cluster. What was submitted takes precedence.
     *
     * @param bytes of all source files
     */
    static void prepare(SparkSession spark, long bytes) {
        if (bytes <= MOST_BYTES && spark.sparkContext().isLocal()) {
            LOG.debug("{} bytes of sources: queries are interpreted by one task each", bytes);
            SparkConf submitted = new SparkConf();
            SETTINGS.forEach((key, value) -> {
                if (!submitted.contains(key)) {
                    spark.conf().set(key, value);
                }
            });
        }
    }
}
