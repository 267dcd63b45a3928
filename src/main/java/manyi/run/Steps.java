package manyi.run;

import java.util.Optional;
import java.util.concurrent.Callable;
import manyi.source.SourceReader;
import manyi.store.DeltaStore;
import manyi.store.Warehouse;
import manyi.table.Failure;
import org.apache.spark.SparkContext;

/** Measures the steps of a run, tells of their progress, and says in words why one failed. */
final class Steps {

    private final SparkContext context;
    private final Warehouse warehouse;
    private final DeltaStore store;
    private final Progress progress;
    private final Meter meter = new Meter();
    private int done;
    private int total = 8;

    Steps(SparkContext context, Warehouse warehouse, DeltaStore store, Progress progress) {
        this.context = context;
        this.warehouse = warehouse;
        this.store = store;
        this.progress = progress;
    }

    Meter meter() {
        return meter;
    }

    /** Expects so many steps more. */
    synchronized void expect(int more) {
        total = done + more;
    }

    synchronized void done(String name) {
        done++;
        total = Math.max(total, done);
        progress.step(name, done, total);
    }

    void run(String step, Runnable work) {
        timed(step, () -> {
            work.run();
            return null;
        });
    }

    /**
     * Does a piece of work under a name, so that its cost is known.
     *
     * @throws Failure where it failed for a reason that has words
     */
    <T> T timed(String step, Callable<T> work) {
        long start = System.nanoTime();
        String outer = Meter.mark(context, step);
        try {
            return work.call();
        } catch (FailedAudit e) {
            throw new Failure(Failure.Kind.QUALITY, unpublished(e.getMessage()), e);
        } catch (RuntimeException e) {
            // what a task found in a file comes wrapped in Spark's words
            Optional<Failure> found = e instanceof Failure
                    ? Optional.empty()
                    : SourceReader.failureIn(e).or(() -> store.damage(e));
            if (found.isPresent()) {
                throw new Failure(found.get().kind(), unpublished(found.get().getMessage()), e);
            }
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            meter.took(step, System.nanoTime() - start);
            Meter.mark(context, outer);
        }
    }

    private String unpublished(String reason) {
        return reason + "\nNothing was published; " + warehouse.seen() + ".";
    }
}
