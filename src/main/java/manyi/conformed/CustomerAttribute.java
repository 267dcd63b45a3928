package manyi.conformed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The attributes of customers as their source gives them, with the day from which they hold. Of rows with one customer
 * and one day the latest stands.
 */
public record CustomerAttribute() implements Derivation {

    public static final Field CUSTOMER_ID = Field.text("customer_id", "The customer in the source's words.");

    public static final Table TABLE = Table.named(
                    "customer_attribute", "The attributes of customers and the day from which they hold.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer and first day of validity", CUSTOMER_ID, Landing.VALID_FROM)
            .with(Landing.SOURCE, Landing.FILE, Landing.PLACE, Landing.ATTRIBUTES)
            .sortedBy(CUSTOMER_ID);

    @Override
    public Lineage lineage() {
        return TABLE.from(Landing.CUSTOMER);
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(Landing.CUSTOMER)
                .groupBy(CUSTOMER_ID.col(), Landing.VALID_FROM.col())
                .agg(max(struct(Field.columns(
                                Landing.UPDATED_AT, Landing.FILE, Landing.PLACE, Landing.SOURCE, Landing.ATTRIBUTES)))
                        .as("latest"))
                .select(CUSTOMER_ID.col(), Landing.VALID_FROM.col(), col("latest.*"));
    }
}
