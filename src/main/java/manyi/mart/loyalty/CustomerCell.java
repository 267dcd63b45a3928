package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Customers condensed to cells of cohort, last month and segments, with a fingerprint of who is in a cell: it tells
 * whether what was condensed for these customers before still holds.
 */
public record CustomerCell() implements Derivation {

    public static final Field CUSTOMERS = Field.countOf("customers", "Customers.");
    public static final Field FINGERPRINT = Field.required(
            "fingerprint", DataTypes.createDecimalType(30, 0), "The exact sum of hashes of the cell's customers.");

    public static final Table TABLE = Table.named("customer_cell", "Customers by cohort, last month and segments.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "first month, cohort, last month and combination of segments",
                    Customer.FIRST_MONTH,
                    Customer.COHORT_ON,
                    Customer.LAST_MONTH,
                    Customer.SEGMENTS)
            .with(CUSTOMERS, CustomerSpan.LINES, FINGERPRINT);

    @Override
    public Lineage lineage() {
        return TABLE.from(Customer.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column hash = xxhash64(Field.columns(CustomerMonth.CUSTOMER, Customer.COHORT_ON, Customer.SEGMENTS))
                .cast(DataTypes.createDecimalType(20, 0));
        return inputs.read(Customer.TABLE)
                .groupBy(
                        Field.columns(Customer.FIRST_MONTH, Customer.COHORT_ON, Customer.LAST_MONTH, Customer.SEGMENTS))
                .agg(
                        count(lit(1)).as(CUSTOMERS.name()),
                        CustomerSpan.LINES.sum(),
                        sum(hash).as(FINGERPRINT.name()));
    }
}
