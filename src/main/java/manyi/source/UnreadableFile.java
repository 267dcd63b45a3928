package manyi.source;

import java.net.URI;
import java.util.Optional;
import manyi.table.Causes;
import org.apache.spark.SparkThrowable;

/** The file that a task of Spark could not read to its end. */
public final class UnreadableFile {

    private UnreadableFile() {}

    /** Its path without scheme and host, where that is why a Spark action failed. */
    public static Optional<String> behind(Throwable thrown) {
        for (Throwable cause : Causes.of(thrown)) {
            if (cause instanceof SparkThrowable spark
                    && String.valueOf(spark.getCondition()).startsWith("FAILED_READ_FILE")) {
                return Optional.ofNullable(
                        URI.create(spark.getMessageParameters().getOrDefault("path", ""))
                                .getPath());
            }
        }
        return Optional.empty();
    }
}
