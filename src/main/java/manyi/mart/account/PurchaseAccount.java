package manyi.mart.account;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import manyi.config.SourceKind;
import manyi.conformed.CustomerMonth;
import manyi.conformed.PurchaseMonth;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** That no purchase line was lost or doubled between the files and the months. */
public record PurchaseAccount() implements Derivation {

    private static final Field LINES_OF_FILES =
            Field.whole("lines_of_files", "Purchase lines of all files, accepted and current.");
    private static final Field LINES_OF_MONTHS = Field.whole("lines_of_months", "Purchase lines of all months.");

    public static final Table TABLE = Table.named(
                    "purchase_account", "Purchase lines of all files against those of all months.")
            .on(Visibility.INTERNAL)
            .oneRowPer("run")
            .with(LINES_OF_FILES, LINES_OF_MONTHS)
            .expect("lines_of_files = lines_of_months");

    @Override
    public Lineage lineage() {
        return TABLE.from(FileAccount.TABLE, PurchaseMonth.TABLE);
    }

    @Override
    public boolean isUncut() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> files = inputs.read(FileAccount.TABLE)
                .where(FileAccount.kind().equalTo(SourceKind.PURCHASES.key()))
                .agg(coalesce(sum(FileAccount.ROWS_ACCEPTED.col()), lit(0L)).as(LINES_OF_FILES.name()));
        Dataset<Row> months = inputs.read(PurchaseMonth.TABLE)
                .agg(coalesce(sum(col(CustomerMonth.LINES.name())), lit(0L)).as(LINES_OF_MONTHS.name()));
        return files.crossJoin(months);
    }
}
