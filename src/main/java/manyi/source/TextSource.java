package manyi.source;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import manyi.config.Source;
import manyi.table.Failure;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Delimited and blank-padded text files. Each is read whole by one task, so that a record's number is its place. */
final class TextSource {

    /** What one task reads: a compressed byte counts for several. */
    private static final long TASK_BYTES = 128L << 20;

    private static final int COMPRESSION = 4;

    private final SparkSession session;
    private final Source source;
    private final TextFormat format;
    private final Configuration hadoop;
    private final long cutAbove;
    private final Map<List<String>, List<SourceFile>> groups = new LinkedHashMap<>();

    /**
     * Reads the files' headers.
     *
     * @param cutAbove plain files of more bytes are read in pieces where a record is a line
     */
    TextSource(SparkSession session, Source source, List<SourceFile> files, long cutAbove) {
        this.session = session;
        this.source = source;
        this.cutAbove = cutAbove;
        this.format = TextFormat.of(source);
        this.hadoop = session.sessionState().newHadoopConf();
        List<List<String>> headers = files.parallelStream().map(this::header).toList();
        for (int i = 0; i < files.size(); i++) {
            if (!headers.get(i).isEmpty()) {
                groups.computeIfAbsent(headers.get(i), header -> new ArrayList<>())
                        .add(files.get(i));
            }
        }
    }

    Layout layout() {
        return new Layout(source, groups);
    }

    /**
     * Refuses files whose first line is no text and lacks a column that is read: a workbook or an archive under the name of
     * a text file, or another encoding than is declared. Nothing of that line is quoted.
     */
    void requireText(List<String> columns) {
        List<SourceFile> strange = layout().filesWhere(header -> format.hasHeader()
                && (header.stream().anyMatch(TextSource::holdsCarriageReturn)
                        || (header.stream().anyMatch(TextSource::isNoText) && !header.containsAll(columns))));
        if (!strange.isEmpty()) {
            SourceFile first = strange.get(0);
            long all = groups.values().stream().mapToLong(List::size).sum();
            throw new Failure(
                    Failure.Kind.QUALITY,
                    source.name() + ": " + strange.size() + " of " + all + (all == 1 ? " file" : " files")
                            + (strange.size() == 1 ? " is" : " are") + " not text in " + format.encoding() + " (first: "
                            + first.file() + "): " + advice(first)
                            + ". Repair or remove it, and run again.");
        }
    }

    private String advice(SourceFile file) {
        Path path = new Path(file.path());
        try (InputStream in = path.getFileSystem(hadoop).open(path)) {
            boolean isOfCarriageReturns = header(file).stream().noneMatch(TextSource::isNoText);
            return TextInput.nature(in.readNBytes(4))
                    .orElse(
                            isOfCarriageReturns
                                    ? "its lines end with a carriage return only; save it with line feeds"
                                    : "its first line has bytes that are not text; set `encoding:` to how it is"
                                            + " written, such as UTF-16 or GBK");
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private static boolean isNoText(String name) {
        return name.chars().anyMatch(c -> c == TextRecords.UNDECODABLE || (c < ' ' && "\t\n\r".indexOf(c) < 0));
    }

    /** A name between quotes may be of two lines; a carriage return of its own ends lines that nobody else sees. */
    private static boolean holdsCarriageReturn(String name) {
        return name.replace("\r\n", "").indexOf('\r') >= 0;
    }

    /** All records of all files. */
    Raw read(List<String> columns) {
        List<int[]> orders = new ArrayList<>();
        List<TextUnit> units = new ArrayList<>();
        Column names = lit(null).cast("array<string>");
        for (Map.Entry<List<String>, List<SourceFile>> group : groups.entrySet()) {
            int header = orders.size();
            int[] order = order(group.getKey(), columns);
            orders.add(order);
            names = when(col("header").equalTo(header), names(group.getKey(), order))
                    .otherwise(names);
            for (SourceFile file : group.getValue()) {
                units.addAll(units(file, header));
            }
        }
        List<List<TextUnit>> tasks = tasks(units);
        var records =
                new TextRecords(source.name(), format, orders, columns.size(), new SerializableConfiguration(hadoop));
        var context = JavaSparkContext.fromSparkContext(session.sparkContext());
        var rows = session.createDataFrame(
                context.parallelize(tasks, Math.max(1, tasks.size())).flatMap(records), TextRecords.SCHEMA);
        List<Column> selected =
                new ArrayList<>(List.of(col("file"), col("place"), col("fault"), col("header"), col("raw")));
        for (int i = 0; i < columns.size(); i++) {
            selected.add(get(col("raw"), lit(i)).as("r" + i));
        }
        return new Raw(columns, rows.select(selected.toArray(Column[]::new)), record(names, columns.size()));
    }

    /**
     * The record as JSON. Of what people are asked, and of customers, only the columns that the mapping reads are kept:
     * names, addresses and the like would else lie among rejected rows. In a malformed record nobody knows which field is
     * which, so nothing of it is.
     */
    private Column record(Column names, int read) {
        Column isMalformed = col("fault").equalTo(TextRecords.MALFORMED);
        if (!source.kind().isAboutPeople()) {
            return when(isMalformed, to_json(slice(col("raw"), read + 1, 1)))
                    .otherwise(to_json(map_from_arrays(names, col("raw"))));
        }
        Column mapped = map_from_arrays(slice(names, 1, read), slice(col("raw"), 1, read));
        return when(coalesce(isMalformed, lit(false)).equalTo(lit(false)), to_json(mapped));
    }

    /** The columns of a file; empty where the file has no record at all. */
    private List<String> header(SourceFile file) {
        if (file.bytes() == 0) {
            return List.of();
        }
        TextUnit whole = new TextUnit(file.file(), file.path(), 0, -1, file.bytes(), 0);
        try {
            refuseContradiction(file);
            try (RecordScanner scanner = TextInput.open(whole, format, hadoop)) {
                if (!scanner.next(0)) {
                    return List.of();
                }
                List<String> first = scanner.fields();
                if (format.hasHeader()) {
                    return first.stream().map(String::strip).toList();
                }
                return format.names().isEmpty()
                        ? IntStream.range(0, first.size())
                                .mapToObj(i -> "_c" + i)
                                .toList()
                        : format.names();
            }
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private Failure unreadable(SourceFile file, IOException fault) {
        return new Failure(
                Failure.Kind.QUALITY,
                source.name() + ": cannot read " + file.file() + ": " + TextInput.reason(fault)
                        + ". Repair or remove the file, and run again.",
                fault);
    }

    private void refuseContradiction(SourceFile file) throws IOException {
        if (TextInput.isCompressed(file.path(), hadoop)) {
            return;
        }
        Path path = new Path(file.path());
        try (InputStream in = path.getFileSystem(hadoop).open(path)) {
            String seen = TextInput.contradiction(in.readNBytes(2), format.charset());
            if (!seen.isEmpty()) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        source.name() + ": " + file.file() + " is " + seen + " by its byte order mark, declared "
                                + format.encoding() + ". Write `encoding: " + seen + "` in the source.");
            }
        }
    }

    /** Which field of a record stands where: those that are read first, then the others. */
    private static int[] order(List<String> header, List<String> read) {
        List<Integer> order = new ArrayList<>();
        for (String column : read) {
            order.add(header.indexOf(column));
        }
        Set<Integer> taken = new HashSet<>(order);
        for (int i = 0; i < header.size(); i++) {
            if (!taken.contains(i)) {
                order.add(i);
            }
        }
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The columns' names in that order, each once. */
    private static Column names(List<String> header, int[] order) {
        Set<String> used = new HashSet<>();
        List<Column> names = new ArrayList<>();
        for (int field : order) {
            String name = header.get(field).isEmpty() ? "_c" + field : header.get(field);
            while (!used.add(name)) {
                name = name + "_" + field;
            }
            names.add(lit(name));
        }
        return array(names.toArray(Column[]::new));
    }

    private List<TextUnit> units(SourceFile file, int header) {
        boolean isWhole = file.bytes() <= cutAbove || !format.canBeCut() || TextInput.isCompressed(file.path(), hadoop);
        if (isWhole) {
            return List.of(new TextUnit(file.file(), file.path(), 0, -1, file.bytes(), header));
        }
        List<TextUnit> pieces = new ArrayList<>();
        long step = Math.min(TASK_BYTES, cutAbove);
        for (long from = 0; from < file.bytes(); from += step) {
            long to = Math.min(file.bytes(), from + step);
            pieces.add(new TextUnit(file.file(), file.path(), from, to, to - from, header));
        }
        return pieces;
    }

    /** Shares the files out: many small ones to a task, none cut here, the same way each time. */
    private List<List<TextUnit>> tasks(List<TextUnit> units) {
        if (units.isEmpty()) {
            return List.of();
        }
        long total = units.stream().mapToLong(this::work).sum();
        long wanted = Math.max(session.sparkContext().defaultParallelism(), total / TASK_BYTES + 1);
        int number = (int) Math.min(units.size(), wanted);
        List<List<TextUnit>> tasks = new ArrayList<>();
        long[] load = new long[number];
        for (int i = 0; i < number; i++) {
            tasks.add(new ArrayList<>());
        }
        List<TextUnit> sorted = new ArrayList<>(units);
        sorted.sort(Comparator.comparingLong(this::work).reversed());
        for (TextUnit unit : sorted) {
            int least = 0;
            for (int i = 1; i < number; i++) {
                if (load[i] < load[least]) {
                    least = i;
                }
            }
            load[least] += work(unit);
            tasks.get(least).add(unit);
        }
        return tasks;
    }

    private long work(TextUnit unit) {
        // opening a file costs about as much as reading some of it
        return (1L << 20) + unit.bytes() * (TextInput.isCompressed(unit.path(), hadoop) ? COMPRESSION : 1);
    }
}
