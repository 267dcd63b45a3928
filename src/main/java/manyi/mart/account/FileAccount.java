package manyi.mart.account;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import manyi.config.SourceKind;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where every input row went, file by file, whatever the day.
 *
 * @param replaceable the kinds of source whose rows later ones can replace
 */
public record FileAccount(List<SourceKind> replaceable) implements Derivation {

    public static final Field ROWS_ACCEPTED = Field.whole(
                    "rows_accepted", "Records accepted and not replaced by a later one.")
            .in("rows");
    public static final Field ROWS_DUPLICATE = Field.whole(
                    "rows_duplicate", "Records replaced by a later one of the same key.")
            .in("rows");

    public static final Table TABLE = Table.named("file_account", "Where every input row went, file by file.")
            .on(Visibility.INTERNAL)
            .oneRowPer("file", Landing.SOURCE, Landing.FILE)
            .with(ReadFile.ROWS_IN, ROWS_ACCEPTED, ReadFile.ROWS_REJECTED, ROWS_DUPLICATE)
            .expect("rows_in = rows_accepted + rows_rejected + rows_duplicate", "rows_accepted >= 0");

    public FileAccount {
        replaceable = List.copyOf(replaceable);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(ReadFile.TABLE, CurrentRow.TABLE);
    }

    @Override
    public String definition() {
        return replaceable.stream().map(SourceKind::key).toList().toString();
    }

    @Override
    public boolean isUncut() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column landed = ReadFile.ROWS_IN.col().minus(ReadFile.ROWS_REJECTED.col());
        Column isReplaceable =
                kind().isin(replaceable.stream().map(SourceKind::key).toArray());
        Column current = when(isReplaceable, coalesce(CurrentRow.ROWS_CURRENT.col(), lit(0L)))
                .otherwise(landed);
        return inputs.read(ReadFile.TABLE)
                .join(inputs.read(CurrentRow.TABLE), Field.names(Landing.SOURCE, Landing.FILE), "left_outer")
                .withColumn(ROWS_ACCEPTED.name(), current)
                .withColumn(ROWS_DUPLICATE.name(), landed.minus(ROWS_ACCEPTED.col()));
    }

    /** The kind of a source, which its name begins with. */
    static Column kind() {
        return substring_index(Landing.SOURCE.col(), ":", 1);
    }
}
