package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.sum;

import manyi.conformed.Customer;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Which customers the cohort cells are made of, by the month of their first line. */
public record CohortFingerprint() implements Derivation {

    public static final Field FINGERPRINT = Field.required(
            "fingerprint",
            DataTypes.createDecimalType(38, 0),
            "The exact sum of hashes of the customers with their cohorts and segments.");

    public static final Table TABLE = Table.named(
                    "cohort_fingerprint", "Which customers the cohort cells are made of, by month of the first line.")
            .on(Visibility.INTERNAL)
            .oneRowPer("month of the first line", Customer.FIRST_MONTH)
            .with(FINGERPRINT);

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerCell.TABLE);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(CustomerCell.TABLE)
                .where(Customer.FIRST_MONTH.col().isNotNull())
                .groupBy(Customer.FIRST_MONTH.col())
                .agg(sum(CustomerCell.FINGERPRINT.col())
                        .cast(FINGERPRINT.type())
                        .as(FINGERPRINT.name()));
    }
}
