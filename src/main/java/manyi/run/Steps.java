package manyi.run;

import java.util.concurrent.Callable;
import org.apache.spark.SparkContext;

/** Measures the steps of a run and reports their progress. */
final class Steps {

    private final SparkContext context;
    private final Progress progress;
    private final Meter meter = new Meter();
    private int done;
    private int total = 8;

    Steps(SparkContext context, Progress progress) {
        this.context = context;
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

    /** Does a piece of work under a name, so that its cost is known. */
    <T> T timed(String step, Callable<T> work) {
        long start = System.nanoTime();
        String outer = Meter.mark(context, step);
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            meter.took(step, System.nanoTime() - start);
            Meter.mark(context, outer);
        }
    }
}
