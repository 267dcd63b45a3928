package manyi.conformed;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;

import java.time.LocalDate;
import manyi.config.SourceKind;
import manyi.source.Landing;
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
 * What customers spent in the whole category in a month or a year, and what of it with us. Periods that begin after
 * as_of are left out.
 */
public record CategorySpending(LocalDate asOf) implements Derivation {

    public static final Field CATEGORY =
            Purchase.held("category_spending", "The customer's spending in the whole category.");
    public static final Field OWN =
            Purchase.held("own_spending", "Net amount of the customer's purchases in the period.");

    public static final Table TABLE = Table.named(
                    "category_spending", "What customers spent in the category, and what of it with us.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer and period", CustomerMonth.CUSTOMER, Landing.PERIOD_FROM, Landing.PERIOD_UNIT)
            .with(CATEGORY, OWN)
            .expect("category_spending >= 0", "period_unit in ('month', 'year')");

    @Override
    public Lineage lineage() {
        return TABLE.from(Landing.SPENDING, CustomerMonth.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Dataset<Row> ledger = inputs.read(CustomerMonth.TABLE);
        Dataset<Row> own = own(ledger, Landing.MONTH.col(), "month")
                .unionByName(own(ledger, trunc(Landing.MONTH.col(), "year"), "year"));
        return CurrentVersions.of(SourceKind.SPENDING, inputs.read(Landing.SPENDING))
                .where(Landing.PERIOD_FROM.col().leq(lit(asOf)))
                .withColumn(CATEGORY.name(), Purchase.held(Landing.AMOUNT))
                .join(own, Field.names(CustomerMonth.CUSTOMER, Landing.PERIOD_FROM, Landing.PERIOD_UNIT), "left_outer")
                .na()
                .fill(0L, new String[] {OWN.name()});
    }

    private static Dataset<Row> own(Dataset<Row> ledger, Column from, String unit) {
        return ledger.groupBy(CustomerMonth.CUSTOMER.col(), from.as(Landing.PERIOD_FROM.name()))
                .agg(sum(CustomerMonth.NET.col()).as(OWN.name()))
                .withColumn(Landing.PERIOD_UNIT.name(), lit(unit));
    }
}
