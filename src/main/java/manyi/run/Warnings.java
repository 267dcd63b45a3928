package manyi.run;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what the summary of a run warns of. */
final class Warnings {

    private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);

    private final List<String> all = new ArrayList<>();

    synchronized void add(String warning) {
        LOG.warn(warning);
        all.add(warning);
    }

    synchronized List<String> all() {
        return List.copyOf(all);
    }
}
