package manyi.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.url_decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Source;
import manyi.table.Failure;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.StructType;

/** Parquet files, grouped by their schema; a record's place is its row index from 1. */
final class ParquetSource {

    private final SparkSession session;
    private final Source source;
    private final Configuration hadoop;
    private final Map<MessageType, List<SourceFile>> schemas = new LinkedHashMap<>();

    /** Reads the files' footers. */
    ParquetSource(SparkSession session, Source source, List<SourceFile> files) {
        this.session = session;
        this.source = source;
        this.hadoop = session.sessionState().newHadoopConf();
        List<MessageType> found = files.parallelStream().map(this::schema).toList();
        for (int i = 0; i < files.size(); i++) {
            schemas.computeIfAbsent(found.get(i), schema -> new ArrayList<>()).add(files.get(i));
        }
    }

    Layout layout() {
        Map<List<String>, List<SourceFile>> groups = new LinkedHashMap<>();
        schemas.forEach((schema, files) -> groups.computeIfAbsent(
                        schema.getFields().stream().map(Type::getName).toList(), header -> new ArrayList<>())
                .addAll(files));
        return new Layout(source, groups);
    }

    /** All rows of all files, a group per schema. */
    List<Raw> read(List<String> columns) {
        List<Raw> groups = new ArrayList<>();
        schemas.forEach((schema, files) -> groups.add(read(schema, files, columns)));
        return groups;
    }

    private Raw read(MessageType schema, List<SourceFile> files, List<String> columns) {
        DataFrameReader reader = session.read()
                // the paths are names of files, not globs
                .option("__globPaths__", "false")
                .option("recursiveFileLookup", "true")
                .option(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, "true");
        readable(schema, files, columns).ifPresent(reader::schema);
        Dataset<Row> rows = reader.parquet(files.stream().map(SourceFile::path).toArray(String[]::new));
        List<Column> selected = new ArrayList<>();
        selected.add(file(files).as("file"));
        selected.add(col("_metadata.row_index").plus(1L).as("place"));
        selected.add(expr("cast(null as string)").as("fault"));
        List<Column> record = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            selected.add(rows.col("`" + columns.get(i).replace("`", "``") + "`").as("r" + i));
            record.add(col("r" + i).as(columns.get(i)));
        }
        Column json = record.isEmpty() ? lit("{}") : to_json(struct(record.toArray(Column[]::new)));
        return new Raw(columns, rows.select(selected.toArray(Column[]::new)), json);
    }

    /**
     * The columns that Spark reads, where there are others too.
     *
     * @throws Failure where one of the others is mapped
     */
    private Optional<StructType> readable(MessageType schema, List<SourceFile> files, List<String> columns) {
        StructType readable = new StructType();
        List<String> refused = new ArrayList<>();
        for (Type field : schema.getFields()) {
            Optional<StructType> known = sparkType(new MessageType(schema.getName(), field));
            if (known.isPresent()) {
                readable = readable.add(known.get().fields()[0]);
            } else {
                refused.add(field.getName());
            }
        }
        for (Type field : schema.getFields()) {
            if (refused.contains(field.getName()) && columns.contains(field.getName())) {
                throw new Failure(
                        Failure.Kind.QUALITY,
                        source.name() + ": " + files.size() + (files.size() == 1 ? " file has" : " files have")
                                + " the column " + field.getName() + " of a type that Spark does not read, "
                                + named(field) + " (first: " + files.get(0).file() + "); write it as text, a number, or"
                                + " a timestamp in microseconds, or do not map it");
            }
        }
        return refused.isEmpty() ? Optional.empty() : Optional.of(readable);
    }

    private static String named(Type field) {
        String type = field.isPrimitive()
                ? field.asPrimitiveType().getPrimitiveTypeName().name()
                : "a group";
        return field.getLogicalTypeAnnotation() == null ? type : type + " as " + field.getLogicalTypeAnnotation();
    }

    private Optional<StructType> sparkType(MessageType field) {
        try {
            return Optional.of(
                    new ParquetToSparkSchemaConverter(session.sessionState().conf()).convert(field));
        } catch (Exception refused) {
            // Spark's checked exceptions are not declared
            if (refused instanceof AnalysisException) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** The name below the fixed part of the path. */
    private static Column file(List<SourceFile> files) {
        SourceFile first = files.get(0);
        String encoded = encoded(first.path());
        String folder = encoded.substring(0, encoded.length() - tail(first).length());
        Column path = col("_metadata.file_path");
        Column below = substring(path, lit(folder.length() + 1), length(path));
        boolean isPlain = files.stream().allMatch(file -> encoded(file.path()).endsWith(file.file()));
        return isPlain ? below : url_decode(replace(below, lit("+"), lit("%2B")));
    }

    /** The encoded form of the file's name: as many segments of the encoded path. */
    private static String tail(SourceFile file) {
        String[] segments = encoded(file.path()).split("/", -1);
        int count = file.file().split("/", -1).length;
        return String.join("/", Arrays.copyOfRange(segments, segments.length - count, segments.length));
    }

    private static String encoded(String path) {
        return new Path(path).toUri().toString();
    }

    private MessageType schema(SourceFile file) {
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file.path()), hadoop))) {
            return reader.getFileMetaData().getSchema();
        } catch (IOException | RuntimeException unreadable) {
            throw unreadable(source.name(), file.file(), unreadable);
        }
    }

    /** The fault where this is a Parquet file of one of these sources; it quotes no value. */
    static Optional<Failure> unreadable(String file, List<Source> sources, Throwable thrown) {
        return sources.stream()
                .filter(source -> source.format() == Source.Format.PARQUET
                        && file.contains(FileList.fixedPart(new Path(source.path()))
                                .toUri()
                                .getPath()))
                .findFirst()
                .map(source -> unreadable(source.name(), new Path(file).getName(), thrown));
    }

    private static Failure unreadable(String source, String file, Throwable thrown) {
        return new Failure(
                Failure.Kind.QUALITY,
                source + ": cannot read " + file
                        + " as Parquet: it is damaged or not a Parquet file. Repair or remove the"
                        + " file, and run again.",
                thrown);
    }
}
