package manyi.conformed;

import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Shelf;
import manyi.table.Table;
import org.apache.spark.sql.types.DataTypes;

/** The attributes of customers as their source gives them, with the day from which they hold. */
public final class CustomerAttribute {

    public static final Field CUSTOMER_ID =
            Field.required("customer_id", DataTypes.StringType, "The customer in the source's words.");

    public static final Table TABLE = Table.named(
                    "customer_attribute", "The attributes of customers and the day from which they hold.")
            .on(Shelf.STATE)
            .oneRowPer("customer and first day of validity", CUSTOMER_ID, Landing.VALID_FROM)
            .with(Landing.ATTRIBUTES);

    private CustomerAttribute() {}
}
