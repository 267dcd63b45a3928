package manyi.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import manyi.table.Failure;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Reads text files record by record, in an executor.
 *
 * @param source the entry's name, for errors
 * @param headers for each header: which field of a record stands where in {@code raw}
 * @param read how many of the first fields of {@code raw} the mapping reads
 */
record TextRecords(String source, TextFormat format, List<int[]> headers, int read, SerializableConfiguration hadoop)
        implements FlatMapFunction<List<TextUnit>, Row>, Serializable {

    /**
     * A file, a record's place in it, what is wrong with it as text, which header it follows, and its fields; of a
     * malformed record its line, behind the fields that are read.
     */
    static final StructType SCHEMA = new StructType()
            .add("file", DataTypes.StringType)
            .add("place", DataTypes.LongType)
            .add("fault", DataTypes.StringType)
            .add("header", DataTypes.IntegerType)
            .add("raw", DataTypes.createArrayType(DataTypes.StringType));

    static final String MALFORMED = "malformed record";
    static final char UNDECODABLE = '\uFFFD';

    @Override
    public Iterator<Row> call(List<TextUnit> units) {
        return new Records(units.iterator());
    }

    private final class Records implements Iterator<Row> {
        private final Iterator<TextUnit> units;
        private final Configuration conf = hadoop.value();
        private TextUnit unit;
        private RecordScanner scanner;
        private long number;
        private boolean isAhead;

        Records(Iterator<TextUnit> units) {
            this.units = units;
            TaskContext task = TaskContext.get();
            if (task != null) {
                TaskCompletionListener closing = done -> close();
                task.addTaskCompletionListener(closing);
            }
        }

        @Override
        public boolean hasNext() {
            while (!isAhead) {
                if (scanner == null) {
                    if (!units.hasNext()) {
                        return false;
                    }
                    open(units.next());
                }
                try {
                    isAhead = scanner.next(headers.get(unit.header()).length);
                } catch (IOException unreadable) {
                    throw unreadable(unreadable);
                }
                if (!isAhead) {
                    close();
                }
            }
            return true;
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            isAhead = false;
            number++;
            List<String> fields = scanner.fields();
            Object place = unit.isPiece() ? digest(fields) : number;
            if (scanner.isMalformed()) {
                // nobody knows what its fields are, so none stands where a column is read
                String[] apart = new String[read + 1];
                apart[read] = fields.get(0);
                return RowFactory.create(unit.file(), place, MALFORMED, unit.header(), apart);
            }
            int[] order = headers.get(unit.header());
            String[] raw = new String[order.length];
            for (int i = 0; i < order.length; i++) {
                String field = fields.get(order[i]);
                raw[i] = isNothing(field) ? null : field;
            }
            return RowFactory.create(unit.file(), place, fault(raw), unit.header(), raw);
        }

        private boolean isNothing(String field) {
            return field.isEmpty()
                    || (!format.nulls().isEmpty() && format.nulls().contains(field.strip()));
        }

        private String fault(String[] raw) {
            for (int i = 0; i < read; i++) {
                if (raw[i] != null && raw[i].indexOf(UNDECODABLE) >= 0) {
                    return "text is not " + format.encoding();
                }
                if (raw[i] != null && raw[i].indexOf('\0') >= 0) {
                    return "text holds a NUL character";
                }
            }
            return null;
        }

        private static long digest(List<String> fields) {
            return XXH64.hashUTF8String(UTF8String.fromString(String.join("\u001f", fields)), 42L);
        }

        private void open(TextUnit next) {
            unit = next;
            number = 0;
            try {
                scanner = TextInput.open(unit, format, conf);
                if (format.hasHeader() && unit.from() == 0) {
                    for (int i = 0; i <= format.skippedAfterHeader(); i++) {
                        scanner.next(0);
                    }
                }
            } catch (IOException unreadable) {
                throw unreadable(unreadable);
            }
        }

        private Failure unreadable(IOException failure) {
            close();
            return new Failure(
                    Failure.Kind.QUALITY,
                    source + ": cannot read " + unit.file() + ": " + TextInput.reason(failure)
                            + ". Repair or remove the file, and run again.",
                    failure);
        }

        private void close() {
            if (scanner != null) {
                try {
                    scanner.close();
                } catch (IOException ignored) {
                    // it was only read; all that was read is whole
                }
                scanner = null;
                TaskContext task = TaskContext.get();
                if (task != null) {
                    task.taskMetrics().inputMetrics().incBytesRead(unit.bytes());
                    task.taskMetrics().inputMetrics().incRecordsRead(number);
                }
            }
        }
    }
}
