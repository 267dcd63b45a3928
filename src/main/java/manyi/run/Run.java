package manyi.run;

import org.apache.spark.sql.SparkSession;

/** One run of a job: read, derive, audit, stage, publish. */
public final class Run {

    private Run() {}

    /** Runs the job and says how it ended. */
    @SuppressWarnings("DoNotCallSuggester")
    public static RunResult execute(SparkSession spark, RunRequest request, Progress progress) {
        throw new UnsupportedOperationException("not built yet: " + spark + request + progress);
    }
}
