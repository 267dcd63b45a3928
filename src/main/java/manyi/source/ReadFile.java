package manyi.source;

import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.types.DataTypes;

/** What was read: a row per file, with its digest and its counts. */
public final class ReadFile {

    public static final Field DIGEST =
            Field.required("digest", DataTypes.StringType, "SHA-256 of the file's bytes, hexadecimal.");
    public static final Field MAPPING =
            Field.required("mapping", DataTypes.StringType, "Digest of everything that determines how the file becomes rows.");
    public static final Field BYTES =
            Field.required("bytes", DataTypes.LongType, "Size of the file.").in("bytes");
    public static final Field MODIFIED_AT = Field.required(
                    "modified_at", DataTypes.LongType, "Modification time of the file when it was read.")
            .in("milliseconds since 1970")
            .leftOutOfDigests();
    public static final Field ROWS_IN = Field.required("rows_in", DataTypes.LongType, "Records in the file.")
            .in("rows");
    public static final Field ROWS_REJECTED = Field.required(
                    "rows_rejected", DataTypes.LongType, "Records rejected with a reason.")
            .in("rows");
    public static final Table TABLE = Table.named("read_file", "Every file that was read, with its counts.")
            .on(Visibility.INTERNAL)
            .oneRowPer("file", Landing.SOURCE, Landing.FILE)
            .with(DIGEST, MAPPING, BYTES, MODIFIED_AT, ROWS_IN, ROWS_REJECTED)
            .expect("rows_in >= rows_rejected");

    private ReadFile() {}
}
