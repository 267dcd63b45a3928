package manyi.source;

import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;

/** What was read: a row per file, with its digest and its counts. */
public final class ReadFile {

    public static final Field DIGEST = Field.text("digest", "SHA-256 of the file's bytes, hexadecimal.");
    public static final Field MAPPING =
            Field.text("mapping", "Digest of everything that determines how the file becomes rows.");
    public static final Field BYTES = Field.countOf("bytes", "Size of the file.");
    public static final Field MODIFIED_AT = Field.whole(
                    "modified_at", "Modification time of the file when it was read.")
            .in("milliseconds since 1970")
            .leftOutOfDigests();
    public static final Field ROWS_IN =
            Field.whole("rows_in", "Records in the file.").in("rows");
    public static final Field ROWS_REJECTED =
            Field.whole("rows_rejected", "Records rejected with a reason.").in("rows");
    public static final Table TABLE = Table.named("read_file", "Every file that was read, with its counts.")
            .on(Visibility.INTERNAL)
            .oneRowPer("file", Landing.SOURCE, Landing.FILE)
            .with(DIGEST, MAPPING, BYTES, MODIFIED_AT, ROWS_IN, ROWS_REJECTED)
            .expect("rows_in >= rows_rejected");

    private ReadFile() {}
}
