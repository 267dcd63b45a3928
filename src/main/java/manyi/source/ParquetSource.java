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
import manyi.config.Source;
import manyi.table.Failure;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

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
        schemas.values().forEach(files -> groups.add(read(files, columns)));
        return groups;
    }

    private Raw read(List<SourceFile> files, List<String> columns) {
        Dataset<Row> rows = session.read()
                // the paths are names of files, not globs
                .option("__globPaths__", "false")
                .option("recursiveFileLookup", "true")
                .parquet(files.stream().map(SourceFile::path).toArray(String[]::new));
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
            throw new Failure(
                    Failure.Kind.QUALITY,
                    source.name() + ": cannot read " + file.file() + " as Parquet: "
                            + MappingCheck.firstLine(unreadable)
                            + ". Put the file right, or take it away, and run again.",
                    unreadable);
        }
    }
}
