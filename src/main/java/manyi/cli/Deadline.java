package manyi.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyi.table.Failure;

/** Stops a query that takes too long, be it in Spark's tasks or while it is planned. */
final class Deadline {

    private Deadline() {}

    /**
     * The result of a query.
     *
     * @param seconds how long it may take
     * @param stopping stops what it has started elsewhere
     * @throws Failure of kind USAGE where it takes longer
     */
    static <T> T within(int seconds, Runnable stopping, Callable<T> query) throws Exception {
        FutureTask<T> task = new FutureTask<>(query);
        // planning cannot be interrupted: the process does not wait for it
        Thread thread = new Thread(task, "query");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            stopping.run();
            throw new Failure(
                    Failure.Kind.USAGE,
                    "The query was stopped after " + Summary.count(seconds)
                            + " s. Narrow it, or allow more time: --timeout SECONDS.",
                    late);
        } catch (ExecutionException thrown) {
            if (thrown.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw new IllegalStateException(thrown.getCause());
        }
    }
}
