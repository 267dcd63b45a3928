package manyi.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The content of a table in one word: equal for equal multisets of rows, whatever their order, files or partitions.
 * Two 64-bit hashes per row with different seeds are summed exactly and sealed with the schema by SHA-256.
 */
public final class Digest {

    private Digest() {}

    /** Number of rows and content digest, from one pass. */
    public record Content(long rows, String digest) {}

    /** Digests all columns but the volatile ones. */
    public static Content of(Table table, Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        StringBuilder shape = new StringBuilder(table.name());
        for (Field field : table.fields()) {
            if (!field.isVolatile()) {
                // a null is skipped by the hash, so its place is hashed beside it
                columns.add(field.col().isNull());
                columns.add(field.col());
                shape.append('\n')
                        .append(field.name())
                        .append(' ')
                        .append(field.type().catalogString());
            }
        }
        Row seen = rows.agg(count(lit(1)), sumOfHashes("one", columns), sumOfHashes("two", columns))
                .head();
        String sealed = shape + "\n" + seen.getLong(0) + "\n"
                + seen.getDecimal(1).toPlainString() + "\n" + seen.getDecimal(2).toPlainString();
        return new Content(seen.getLong(0), sha256(sealed).substring(0, 32));
    }

    /** SHA-256 of a text, in hexadecimal digits. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static Column sumOfHashes(String seed, List<Column> columns) {
        List<Column> seeded = new ArrayList<>();
        seeded.add(lit(seed));
        seeded.addAll(columns);
        Column hash = xxhash64(seeded.toArray(Column[]::new)).cast(DataTypes.createDecimalType(20, 0));
        return coalesce(sum(hash), lit(BigDecimal.ZERO).cast(DataTypes.createDecimalType(30, 0)));
    }
}
