package manyi.run;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does several pieces of work at a time: of a small query most is planned by one thread, and a large one leaves cores idle
 * at its end. When it is closed, all work has ended.
 */
final class Workers<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final SparkContext context;
    private final ExecutorService pool;
    private final CompletionService<T> running;

    Workers(SparkContext context) {
        this.context = context;
        this.pool = Executors.newFixedThreadPool(number(context));
        this.running = new ExecutorCompletionService<>(pool);
    }

    /** As many as the machine has cores, two at least; on a cluster what is configured. */
    private static int number(SparkContext context) {
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        return context.getConf().getInt("spark.manyi.workers", cores);
    }

    /** Does all pieces and returns when the last has ended, or throws what the first to fail has thrown. */
    static void run(SparkContext context, List<Runnable> pieces) {
        try (Workers<Void> workers = new Workers<>(context)) {
            pieces.forEach(piece -> workers.submit(() -> {
                piece.run();
                return null;
            }));
            pieces.forEach(piece -> workers.next());
        }
    }

    void submit(Callable<T> work) {
        running.submit(work);
    }

    /** What the next piece to end gives; throws what it has thrown. */
    T next() {
        try {
            return running.take().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        // nobody may write on when the warehouse is let go
        pool.shutdownNow();
        context.cancelAllJobs();
        try {
            if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("workers did not stop within a minute of being interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
