package manyi.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Measures what each step of a run cost: time, bytes and rows, as Spark counts them. */
final class Meter extends SparkListener {

    private static final String STEP = "manyi.step";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<Integer, String> stepOfStage = new ConcurrentHashMap<>();
    private final Map<String, Cost> costs = new LinkedHashMap<>();

    private static final class Cost {
        private long wallNanos;
        private long cpuNanos;
        private long bytesRead;
        private long rowsRead;
        private long bytesWritten;
        private long rowsWritten;
        private long shuffleBytes;
        private long spilledBytes;
        private long tasks;
    }

    /** Marks the jobs that this thread starts from now on; gives the mark before. */
    static String mark(SparkContext context, String step) {
        String before = context.getLocalProperty(STEP);
        context.setLocalProperty(STEP, step);
        return before;
    }

    /** Adds wall time to a step. */
    synchronized void took(String step, long nanos) {
        cost(step).wallNanos += nanos;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        Object step = job.properties() == null ? null : job.properties().get(STEP);
        String name = step == null ? "other" : step.toString();
        job.stageIds().foreach(stage -> stepOfStage.put((Integer) stage, name));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        TaskMetrics metrics = task.taskMetrics();
        if (metrics == null) {
            return;
        }
        Cost cost = cost(stepOfStage.getOrDefault(task.stageId(), "other"));
        cost.tasks++;
        cost.cpuNanos += metrics.executorCpuTime();
        cost.bytesRead += metrics.inputMetrics().bytesRead();
        cost.rowsRead += metrics.inputMetrics().recordsRead();
        cost.bytesWritten += metrics.outputMetrics().bytesWritten();
        cost.rowsWritten += metrics.outputMetrics().recordsWritten();
        cost.shuffleBytes += metrics.shuffleWriteMetrics().bytesWritten();
        cost.spilledBytes += metrics.diskBytesSpilled();
    }

    /** All that was measured, a step at a time, as JSON. */
    synchronized String json() {
        List<Map<String, Object>> steps = new ArrayList<>();
        costs.forEach((name, cost) -> {
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("name", name);
            step.put("wall_s", cost.wallNanos / 1e9);
            step.put("cpu_s", cost.cpuNanos / 1e9);
            step.put("tasks", cost.tasks);
            step.put("bytes_read", cost.bytesRead);
            step.put("rows_read", cost.rowsRead);
            step.put("bytes_written", cost.bytesWritten);
            step.put("rows_written", cost.rowsWritten);
            step.put("shuffle_bytes", cost.shuffleBytes);
            step.put("spilled_bytes", cost.spilledBytes);
            steps.add(step);
        });
        try {
            return JSON.writeValueAsString(Map.of("steps", steps));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Cost cost(String step) {
        return costs.computeIfAbsent(step, name -> new Cost());
    }
}
