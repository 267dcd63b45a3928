package manyi.store;

import io.delta.kernel.Operation;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes a folder of Parquet files a Delta table of one commit. Delta Kernel writes the log without a Spark job, which
 * for small tables is most of what a Delta write through Spark costs.
 */
final class Commit {

    private static final String ENGINE = "Manyi";

    private Commit() {}

    /** Commits exactly the Parquet files that lie in the folder. */
    static void of(Table table, Path folder, Configuration hadoop) {
        Engine engine = DefaultEngine.create(hadoop);
        Transaction transaction = io.delta.kernel.Table.forPath(engine, folder.toString())
                .createTransactionBuilder(engine, ENGINE, Operation.CREATE_TABLE)
                .withSchema(engine, schema(table))
                .build(engine);
        Row state = transaction.getTransactionState(engine);
        List<DataFileStatus> files = files(folder);
        try (CloseableIterator<Row> actions = Transaction.generateAppendActions(
                engine, state, closeable(files.iterator()), Transaction.getWriteContext(engine, state, Map.of()))) {
            transaction.commit(engine, CloseableIterable.inMemoryIterable(actions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StructType schema(Table table) {
        StructType schema = new StructType();
        for (Field field : table.fields()) {
            schema = schema.add(
                    field.name(),
                    type(field.type()),
                    true,
                    FieldMetadata.builder()
                            .putString("comment", field.comment())
                            .build());
        }
        return schema;
    }

    private static DataType type(org.apache.spark.sql.types.DataType type) {
        if (type instanceof org.apache.spark.sql.types.DecimalType decimal) {
            return new DecimalType(decimal.precision(), decimal.scale());
        }
        return switch (type.typeName()) {
            case "string" -> io.delta.kernel.types.StringType.STRING;
            case "long" -> io.delta.kernel.types.LongType.LONG;
            case "integer" -> io.delta.kernel.types.IntegerType.INTEGER;
            case "double" -> io.delta.kernel.types.DoubleType.DOUBLE;
            case "boolean" -> io.delta.kernel.types.BooleanType.BOOLEAN;
            case "date" -> io.delta.kernel.types.DateType.DATE;
            case "timestamp" -> io.delta.kernel.types.TimestampType.TIMESTAMP;
            default -> throw new IllegalArgumentException("published tables hold no " + type.catalogString());
        };
    }

    private static List<DataFileStatus> files(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> path.toString().endsWith(".parquet"))
                    .sorted()
                    .map(Commit::status)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataFileStatus status(Path file) {
        try {
            return new DataFileStatus(
                    file.toUri().toString(),
                    Files.size(file),
                    Files.getLastModifiedTime(file).toMillis(),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CloseableIterator<DataFileStatus> closeable(Iterator<DataFileStatus> files) {
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return files.hasNext();
            }

            @Override
            public DataFileStatus next() {
                return files.next();
            }

            @Override
            public void close() {
                // nothing is open: the names are in memory
            }
        };
    }
}
