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
 * Does pieces of work two at a time: of a small query most is planned by one thread, and a large one leaves cores idle
 * at its end. When it is closed, nobody works on.
 */
final class Workers<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final SparkContext context;
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final CompletionService<T> running = new ExecutorCompletionService<>(pool);

    Workers(SparkContext context) {
        this.context = context;
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
                LOG.warn("work did not end within a minute of being told to");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
