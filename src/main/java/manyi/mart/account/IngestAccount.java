package manyi.mart.account;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.List;
import manyi.config.SourceKind;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Where every input row went: accepted, rejected or a named duplicate.
 *
 * @param replaceable the kinds of source whose rows later ones can replace
 */
public record IngestAccount(LocalDate asOf, List<SourceKind> replaceable) implements Derivation {

    public static final Field ROWS_ACCEPTED = Field.required(
                    "rows_accepted", DataTypes.LongType, "Records accepted and not replaced by a later one.")
            .in("rows");
    public static final Field ROWS_DUPLICATE = Field.required(
                    "rows_duplicate", DataTypes.LongType, "Records replaced by a later one of the same key.")
            .in("rows");

    public static final Table TABLE = Table.named(
                    "ingest_account", "Where every input row went: accepted, rejected or a named duplicate.")
            .oneRowPer("file", SegmentColumns.AS_OF, Landing.SOURCE, Landing.FILE)
            .with(ReadFile.ROWS_IN, ROWS_ACCEPTED, ReadFile.ROWS_REJECTED, ROWS_DUPLICATE)
            .expect("rows_in = rows_accepted + rows_rejected + rows_duplicate", "rows_accepted >= 0");

    public IngestAccount {
        replaceable = List.copyOf(replaceable);
    }

    @Override
    public Table table() {
        return TABLE;
    }

    /** The account of purchases is among them for its expectation: it fails where a line is lost or doubled. */
    @Override
    public List<Table> inputs() {
        return List.of(ReadFile.TABLE, CurrentRow.TABLE, PurchaseAccount.TABLE);
    }

    @Override
    public boolean isUncut() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return accounts(inputs, replaceable).withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf));
    }

    /** The accounts of files, as_of aside. */
    static Dataset<Row> accounts(Inputs inputs, List<SourceKind> replaceable) {
        Column landed = ReadFile.ROWS_IN.col().minus(ReadFile.ROWS_REJECTED.col());
        Column isReplaceable =
                kind().isin(replaceable.stream().map(SourceKind::key).toArray());
        Column current = when(isReplaceable, coalesce(CurrentRow.ROWS_CURRENT.col(), lit(0L)))
                .otherwise(landed);
        return inputs.read(ReadFile.TABLE)
                .join(
                        inputs.read(CurrentRow.TABLE),
                        new String[] {Landing.SOURCE.name(), Landing.FILE.name()},
                        "left_outer")
                .withColumn(ROWS_ACCEPTED.name(), current)
                .withColumn(ROWS_DUPLICATE.name(), landed.minus(ROWS_ACCEPTED.col()));
    }

    /** The kind of a source, which its name begins with. */
    static Column kind() {
        return substring_index(Landing.SOURCE.col(), ":", 1);
    }
}
