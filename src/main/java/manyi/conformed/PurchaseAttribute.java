package manyi.conformed;

import manyi.source.Landing;
import manyi.table.Shelf;
import manyi.table.Table;

/** The attributes that a customer's latest purchase of a day shows, kept where a segment dimension asks for them. */
public final class PurchaseAttribute {

    public static final Table TABLE = Table.named(
                    "purchase_attribute", "The attributes shown by each customer's latest purchase of a day.")
            .on(Shelf.STATE)
            .oneRowPer("customer and day of purchase", CustomerAttribute.CUSTOMER_ID, Landing.PURCHASED_ON)
            .with(Landing.MONTH, Landing.ATTRIBUTES)
            .partitionedBy(Landing.MONTH);

    private PurchaseAttribute() {}
}
