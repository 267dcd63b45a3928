package manyi.mart.account;

import java.time.LocalDate;
import java.util.List;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Where every input row went: accepted, rejected or a named duplicate. */
public record IngestAccount(LocalDate asOf) implements Derivation {

    public static final Field ROWS_ACCEPTED = Field.required(
                    "rows_accepted", DataTypes.LongType, "Records accepted and not taken over by a later one.")
            .in("rows");

    public static final Table TABLE = Table.named(
                    "ingest_account", "Where every input row went: accepted, rejected or a named duplicate.")
            .oneRowPer("file", SegmentColumns.AS_OF, Landing.SOURCE, Landing.FILE)
            .with(ReadFile.ROWS_IN, ROWS_ACCEPTED, ReadFile.ROWS_REJECTED, ReadFile.ROWS_DUPLICATE)
            .expect("rows_in = rows_accepted + rows_rejected + rows_duplicate", "rows_accepted >= 0");

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(ReadFile.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(ReadFile.TABLE)
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(
                        ROWS_ACCEPTED.name(),
                        ReadFile.ROWS_IN
                                .col()
                                .minus(ReadFile.ROWS_REJECTED.col())
                                .minus(ReadFile.ROWS_DUPLICATE.col()));
    }
}
