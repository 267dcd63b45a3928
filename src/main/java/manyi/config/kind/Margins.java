package manyi.config.kind;

import static manyi.table.Field.required;

import manyi.config.SourceField;
import manyi.config.SourceKind;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Types;

/** Margins of products and product groups, for lines that do not give their own. */
public final class Margins {

    public static final Field MARGIN_SHARE = required("margin_share", Types.SHARE, "Margin over amount.");

    private static final Table LANDING = Landed.table("landing_margin", "Every accepted margin row as it was read.")
            .with(Landed.PRODUCT, Landed.PRODUCT_GROUP, MARGIN_SHARE, Landed.VALID_FROM);

    private Margins() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        "margins",
                        LANDING,
                        SourceField.text(Landed.PRODUCT)
                                .meaning("The product that it is the margin of.")
                                .reject(
                                        "product is null and product_group is null",
                                        "product and product_group are missing"),
                        SourceField.text(Landed.PRODUCT_GROUP)
                                .meaning("A row with only a group applies to all products of the group that have no row"
                                        + " of their own."),
                        SourceField.typed(MARGIN_SHARE)
                                .required()
                                .meaning("Margin over amount, six decimals.")
                                .reject("abs(margin_share) > 1", "margin_share is not between -1 and 1"),
                        SourceField.typed(Landed.VALID_FROM)
                                .meaning("The first day on which it holds; it holds until the next of the same."),
                        Landed.updatedAt())
                .oneOf("", "product", "product_group")
                .latestPer("product", "if(product is null, product_group, null)", "valid_from")
                .done();
    }
}
