package manyi.mart.account;

import java.time.LocalDate;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.source.ReadFile;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where every input row went: accepted, rejected or a named duplicate. */
public record IngestAccount(LocalDate asOf) implements Derivation {

    public static final Table TABLE = Table.named(
                    "ingest_account", "Where every input row went: accepted, rejected or a named duplicate.")
            .oneRowPer("file", SegmentColumns.AS_OF, Landing.SOURCE, Landing.FILE)
            .with(ReadFile.ROWS_IN, FileAccount.ROWS_ACCEPTED, ReadFile.ROWS_REJECTED, FileAccount.ROWS_DUPLICATE)
            .expect("rows_in = rows_accepted + rows_rejected + rows_duplicate", "rows_accepted >= 0");

    /** The account of purchases is among them for its expectation: it fails where a line is lost or doubled. */
    @Override
    public Lineage lineage() {
        return TABLE.from(FileAccount.TABLE, PurchaseAccount.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(FileAccount.TABLE).withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf));
    }
}
