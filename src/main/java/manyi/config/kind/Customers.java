package manyi.config.kind;

import manyi.config.SourceField;
import manyi.config.SourceKind;
import manyi.table.Table;

/** Customers and their attributes. */
public final class Customers {

    private static final Table LANDING = Landed.table("landing_customer", "Every accepted customer row as it was read.")
            .with(Landed.CUSTOMER_ID, Landed.VALID_FROM, Landed.ATTRIBUTES);

    private Customers() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        "customers",
                        LANDING,
                        Landed.customer("The same text as in purchases and surveys.")
                                .required(),
                        SourceField.typed(Landed.VALID_FROM)
                                .meaning("The first day on which the attributes hold; several rows per customer "
                                        + "then give a history."),
                        Landed.updatedAt())
                .attributes(SourceKind.Attributes.FREE)
                .latestPer("customer_id", "valid_from")
                .done();
    }
}
