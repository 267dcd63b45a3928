package manyi.cli;

import manyi.run.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows progress: a bar on a terminal, a line per step in a log. */
final class Bar implements Progress, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("manyi");

    private final ProgressBar bar;

    private Bar(ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar where the launcher saw a terminal. */
    static Bar open(String task) {
        if (!Boolean.getBoolean("manyi.terminal")) {
            return new Bar(null);
        }
        return new Bar(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .clearDisplayOnFinish()
                .build());
    }

    @Override
    public synchronized void step(String name, int done, int total) {
        if (bar == null) {
            LOG.info("step {} of {}: {}", done, total, name);
        } else {
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(" " + name);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
