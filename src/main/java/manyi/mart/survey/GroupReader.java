package manyi.mart.survey;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/**
 * Reads the sorted rows of a partition group by group. A group may give any number of rows, at once or when the partition
 * ends; they leave before the next group is read, so that memory holds what the reader itself keeps.
 */
public abstract class GroupReader implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Deque<Row> ready = new ArrayDeque<>();
    private Row next;

    protected GroupReader(Iterator<Row> rows) {
        this.rows = rows;
        advance();
    }

    /** Takes the rows of a group, at least one. */
    protected abstract void readGroup();

    /** Gives what is left once all groups are read; nothing when called again. */
    protected void finish() {}

    /** The row that is taken next; null where none is left. */
    protected final Row peek() {
        return next;
    }

    /** Takes a row. */
    protected final Row take() {
        Row taken = next;
        advance();
        return taken;
    }

    /** Takes the next row and those behind it that are of its group. */
    protected final List<Row> takeWhile(Predicate<Row> isOfTheGroup) {
        List<Row> taken = new ArrayList<>(1);
        takeWhile(isOfTheGroup, taken::add);
        return taken;
    }

    /** The same one by one, for groups whose rows are not kept. */
    protected final void takeWhile(Predicate<Row> isOfTheGroup, Consumer<Row> each) {
        do {
            each.accept(take());
        } while (next != null && isOfTheGroup.test(next));
    }

    /** Lets a row leave. */
    protected final void give(Row row) {
        ready.add(row);
    }

    @Override
    public final boolean hasNext() {
        while (ready.isEmpty() && next != null) {
            readGroup();
        }
        if (ready.isEmpty()) {
            finish();
        }
        return !ready.isEmpty();
    }

    @Override
    public final Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.removeFirst();
    }

    private void advance() {
        next = rows.hasNext() ? rows.next() : null;
    }
}
