package manyi.store;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionBuilder;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.types.ArrayType;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/**
 * The log of a Delta table in a folder, read and written by Delta Kernel. Kernel needs no Spark job for it, and those
 * jobs are most of what reading and writing small tables through Spark's Delta costs. No minima and maxima are written:
 * they would keep personal values in the log after the rows are gone.
 */
final class DeltaLog {

    private static final String ENGINE = "Manyi";

    private final Path folder;
    private final Engine engine;

    DeltaLog(Path folder, Configuration hadoop) {
        this.folder = folder.toAbsolutePath();
        this.engine = DefaultEngine.create(hadoop);
    }

    /**
     * A data file of the newest version.
     *
     * @param partition the values of the partition columns; null for a null
     */
    record DataFile(String path, Map<String, String> partition, AddFile entry) {}

    /** The data files of the newest version. */
    List<DataFile> files() {
        return read(() -> files(table().getLatestSnapshot(engine)));
    }

    /** Kernel throws exceptions of many classes on a log that is cut off or not JSON, most of them without its name. */
    private <T> T read(Supplier<T> reading) {
        try {
            refuseEmptyCommits();
            return reading.get();
        } catch (RuntimeException unreadable) {
            throw Damage.ofLog(folder, unreadable);
        }
    }

    /** Kernel passes over a commit that is empty, as a crash of the machine leaves it, and with it over its files. */
    private void refuseEmptyCommits() {
        try (Stream<Path> files = Files.list(folder.resolve("_delta_log"))) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".json") && Files.size(file) == 0) {
                    throw new IllegalStateException(file + " is empty");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<DataFile> files(Snapshot snapshot) {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches =
                snapshot.getScanBuilder().build().getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        Row row = rows.next();
                        files.add(new DataFile(
                                new org.apache.hadoop.fs.Path(InternalScanFileUtils.getAddFileStatus(row)
                                                .getPath())
                                        .toUri()
                                        .getPath(),
                                InternalScanFileUtils.getPartitionValues(row),
                                new AddFile(row.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL))));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The names of the columns of the newest version. */
    List<String> columns() {
        return read(() -> table().getLatestSnapshot(engine).getSchema().fieldNames());
    }

    /** Creates the table from these data files in its folder. */
    void create(Table table, List<Path> added) {
        commit(
                builder(Operation.CREATE_TABLE)
                        .withSchema(engine, schema(table))
                        .withPartitionColumns(
                                engine,
                                table.partitions().stream().map(Field::name).toList()),
                table,
                added,
                List.of());
    }

    /** Adds data files of the table's folder and removes others, in one commit; none where nothing changes. */
    void change(Table table, List<Path> added, Predicate<DataFile> isRemoved) {
        List<AddFile> removed =
                files().stream().filter(isRemoved).map(DataFile::entry).toList();
        if (!added.isEmpty() || !removed.isEmpty()) {
            commit(builder(Operation.WRITE), table, added, removed);
        }
    }

    /**
     * Restores the data files of an earlier version, in one commit; columns added since then stay.
     *
     * @throws NoSuchFileException where one of them is no longer there
     */
    void restore(long version) throws NoSuchFileException {
        Map<String, DataFile> then = byPath(read(() -> files(table().getSnapshotAsOfVersion(engine, version))));
        Map<String, DataFile> now = byPath(files());
        List<Row> actions = new ArrayList<>();
        for (DataFile file : then.values()) {
            if (!Files.exists(Path.of(file.path()))) {
                throw new NoSuchFileException(file.path());
            }
            if (!now.containsKey(file.path())) {
                actions.add(SingleAction.createAddFileSingleAction(again(file.entry())));
            }
        }
        now.forEach((path, file) -> {
            if (!then.containsKey(path)) {
                actions.add(removal(file.entry()));
            }
        });
        if (!actions.isEmpty()) {
            commit(builder(Operation.WRITE).build(engine), actions);
        }
    }

    private static Map<String, DataFile> byPath(List<DataFile> files) {
        Map<String, DataFile> byPath = new TreeMap<>();
        files.forEach(file -> byPath.put(file.path(), file));
        return byPath;
    }

    private static Row again(AddFile file) {
        return AddFile.createAddFileRow(
                new StructType(),
                file.getPath(),
                file.getPartitionValues(),
                file.getSize(),
                file.getModificationTime(),
                true,
                file.getDeletionVector(),
                file.getTags(),
                file.getBaseRowId(),
                file.getDefaultRowCommitVersion(),
                Optional.empty());
    }

    private static Row removal(AddFile file) {
        return SingleAction.createRemoveFileSingleAction(file.toRemoveFileRow(true, Optional.empty()));
    }

    private void commit(TransactionBuilder builder, Table table, List<Path> added, List<AddFile> removed) {
        Transaction transaction = builder.build(engine);
        Row state = transaction.getTransactionState(engine);
        List<Row> actions = new ArrayList<>();
        Map<Map<String, Literal>, List<DataFileStatus>> byPartition = new LinkedHashMap<>();
        added.forEach(file -> byPartition
                .computeIfAbsent(partition(table, file), values -> new ArrayList<>())
                .add(status(file)));
        try {
            for (var part : byPartition.entrySet()) {
                try (CloseableIterator<Row> adds = Transaction.generateAppendActions(
                        engine,
                        state,
                        closeable(part.getValue().iterator()),
                        Transaction.getWriteContext(engine, state, part.getKey()))) {
                    adds.forEachRemaining(actions::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        removed.forEach(file -> actions.add(removal(file)));
        commit(transaction, actions);
    }

    private void commit(Transaction transaction, List<Row> actions) {
        try {
            TransactionCommitResult result =
                    transaction.commit(engine, CloseableIterable.inMemoryIterable(closeable(actions.iterator())));
            for (PostCommitHook hook : result.getPostCommitHooks()) {
                hook.threadSafeInvoke(engine);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private io.delta.kernel.Table table() {
        return io.delta.kernel.Table.forPath(engine, folder.toString());
    }

    private TransactionBuilder builder(Operation operation) {
        return table().createTransactionBuilder(engine, ENGINE, operation);
    }

    /**
     * The values in the names of a file's folders; null for a null.
     *
     * @param file the file's path below the table's folder
     */
    static Map<String, String> partition(Path file) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < file.getNameCount(); i++) {
            String[] pair = file.getName(i).toString().split("=", 2);
            values.put(
                    pair[0],
                    pair[1].equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME())
                            ? null
                            : ExternalCatalogUtils.unescapePathName(pair[1]));
        }
        return values;
    }

    private Map<String, Literal> partition(Table table, Path file) {
        Map<String, String> named = partition(folder.relativize(file.toAbsolutePath()));
        Map<String, Literal> values = new LinkedHashMap<>();
        table.partitions().forEach(field -> values.put(field.name(), literal(field, named.get(field.name()))));
        return values;
    }

    private static Literal literal(Field field, String value) {
        if (value == null) {
            return Literal.ofNull(type(field.type()));
        }
        return switch (field.type().typeName()) {
            case "date" -> Literal.ofDate((int) LocalDate.parse(value).toEpochDay());
            case "boolean" -> Literal.ofBoolean(Boolean.parseBoolean(value));
            case "string" -> Literal.ofString(value);
            default ->
                throw new IllegalArgumentException("tables are not partitioned by " + field.name() + ", a "
                        + field.type().catalogString());
        };
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
        if (type instanceof org.apache.spark.sql.types.ArrayType array) {
            return new ArrayType(type(array.elementType()), array.containsNull());
        }
        return switch (type.typeName()) {
            case "string" -> io.delta.kernel.types.StringType.STRING;
            case "long" -> io.delta.kernel.types.LongType.LONG;
            case "integer" -> io.delta.kernel.types.IntegerType.INTEGER;
            case "double" -> io.delta.kernel.types.DoubleType.DOUBLE;
            case "boolean" -> io.delta.kernel.types.BooleanType.BOOLEAN;
            case "date" -> io.delta.kernel.types.DateType.DATE;
            case "timestamp" -> io.delta.kernel.types.TimestampType.TIMESTAMP;
            case "binary" -> io.delta.kernel.types.BinaryType.BINARY;
            default -> throw new IllegalArgumentException("tables have no columns of the type " + type.catalogString());
        };
    }

    private static DataFileStatus status(Path file) {
        try {
            return new DataFileStatus(
                    // Kernel encodes names itself
                    "file:" + file.toAbsolutePath(),
                    Files.size(file),
                    Files.getLastModifiedTime(file).toMillis(),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> CloseableIterator<T> closeable(Iterator<T> elements) {
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public T next() {
                return elements.next();
            }

            @Override
            public void close() {
                // nothing is open: the elements are in memory
            }
        };
    }
}
