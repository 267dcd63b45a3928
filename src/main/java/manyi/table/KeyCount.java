package manyi.table;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;

/**
 * Counts hashes of keys that occur again, of tables small enough to remember them all. It rides along while rows are
 * written, so that the keys of a small table need not be read again.
 */
final class KeyCount extends Aggregator<Long, KeyCount.Seen, Long> {

    private static final long serialVersionUID = 1L;
    /** Beyond so many keys the table is too large for this. */
    private static final int MOST_KEYS = 65_536;

    /** What {@link #finish} gives of a table that is too large. */
    static final long UNKNOWN = -1;

    /** The hashes so far, and how many rows had one that was there already. */
    public static final class Seen implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Set<Long> hashes = new HashSet<>();
        private long repeated;
        private boolean isTooLarge;

        private void add(long hash) {
            if (isTooLarge) {
                return;
            }
            if (!hashes.add(hash)) {
                repeated++;
            } else if (hashes.size() > MOST_KEYS) {
                isTooLarge = true;
                hashes.clear();
            }
        }
    }

    @Override
    public Seen zero() {
        return new Seen();
    }

    @Override
    public Seen reduce(Seen seen, Long hash) {
        seen.add(hash);
        return seen;
    }

    @Override
    public Seen merge(Seen one, Seen other) {
        if (other.isTooLarge) {
            return other;
        }
        other.hashes.forEach(one::add);
        one.repeated += other.repeated;
        return one;
    }

    @Override
    public Long finish(Seen seen) {
        return seen.isTooLarge ? UNKNOWN : seen.repeated;
    }

    @Override
    public Encoder<Seen> bufferEncoder() {
        return Encoders.javaSerialization(Seen.class);
    }

    @Override
    public Encoder<Long> outputEncoder() {
        return Encoders.LONG();
    }
}
