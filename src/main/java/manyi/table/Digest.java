package manyi.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
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

    static final String FIRST = "one";
    static final String SECOND = "two";

    private Digest() {}

    /** Number of rows and content digest, from one pass. */
    public record Content(long rows, String digest) {}

    /** Digests all columns but the volatile ones. */
    public static Content of(Table table, Dataset<Row> rows) {
        Row seen = rows.agg(count(lit(1)), total(hash(table, FIRST)), total(hash(table, SECOND)))
                .head();
        return sealed(table, seen.getLong(0), seen.getDecimal(1), seen.getDecimal(2));
    }

    /** An aggregate: the content of a group of rows in one text, to tell whether it has changed. */
    public static Column ofGroup(Table table) {
        return concat_ws(" ", count(lit(1)), total(hash(table, FIRST)), total(hash(table, SECOND)));
    }

    /** A row's hash with one of the two seeds. */
    static Column hash(Table table, String seed) {
        List<Column> columns = new ArrayList<>(List.of(lit(seed)));
        for (Field field : table.fields()) {
            if (!field.isVolatile()) {
                // a null is skipped by the hash, so its place is hashed beside it
                columns.add(field.col().isNull());
                columns.add(field.col());
            }
        }
        return xxhash64(columns.toArray(Column[]::new));
    }

    /** The exact sum of hashes. */
    static Column total(Column hash) {
        return coalesce(
                sum(hash.cast(DataTypes.createDecimalType(20, 0))),
                lit(BigDecimal.ZERO).cast(DataTypes.createDecimalType(30, 0)));
    }

    /** The digest of a table with so many rows and these sums of their hashes. */
    static Content sealed(Table table, long rows, BigDecimal first, BigDecimal second) {
        StringBuilder shape = new StringBuilder(table.name());
        table.fields().stream()
                .filter(field -> !field.isVolatile())
                .forEach(field -> shape.append('\n')
                        .append(field.name())
                        .append(' ')
                        .append(field.type().catalogString()));
        String all = shape + "\n" + rows + "\n" + first.toPlainString() + "\n" + second.toPlainString();
        return new Content(rows, sha256(all).substring(0, 32));
    }

    /** SHA-256 of a text, in hexadecimal digits. */
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of bytes, in hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
