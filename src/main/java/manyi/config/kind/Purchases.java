package manyi.config.kind;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;

import manyi.config.SourceField;
import manyi.config.SourceKind;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Types;

/** Lines of purchases and returns. */
public final class Purchases {

    public static final Field MONTH = required("month", Types.DAY, "The first day of the month of the event.");
    public static final Field ORDER_ID = optional("order_id", Types.TEXT, "The order or invoice.");
    public static final Field PURCHASED_AT =
            required("purchased_at", Types.INSTANT, "When the line was sold or returned.");
    public static final Field PURCHASED_ON =
            required("purchased_on", Types.DAY, "The day of the purchase in the job's time zone.");
    public static final Field IS_RETURN = required("is_return", Types.FLAG, "Whether the line takes goods back.");
    public static final Field QUANTITY = optional("quantity", Types.MONEY, "Units sold; returns are negative.");
    public static final Field MARGIN = optional(
            "margin", Types.MONEY, "What the line earned after its own cost, where mapped; returns are negative.");
    public static final Field CHANNEL = optional("channel", Types.TEXT, "The channel of the sale.");
    public static final Field BRANCH = optional("branch", Types.TEXT, "The branch or shop of the sale.");
    public static final Field COUNTRY = optional("country", Types.TEXT, "The country of the sale.");
    public static final Field REGION = optional("region", Types.TEXT, "The region of the sale.");

    private static final Field FLAG = optional("flag", Types.FLAG, "Whether goods are taken back, where mapped.");

    private static final Table LANDING = Landed.table(
                    "landing_purchase", "Every accepted purchase line as it was read.")
            .with(MONTH)
            .with(Landed.CUSTOMER_ID, ORDER_ID, PURCHASED_AT, PURCHASED_ON, Landed.AMOUNT, Landed.CURRENCY, IS_RETURN)
            .with(Landed.PRODUCT, Landed.PRODUCT_GROUP, QUANTITY, CHANNEL, BRANCH, COUNTRY, REGION, MARGIN)
            .partitionedBy(MONTH);

    private Purchases() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        "purchases",
                        LANDING,
                        SourceField.identifier(ORDER_ID),
                        SourceField.key("line").meaning("The line in its order. Part of the `key` only; not kept."),
                        Landed.customer("Who bought. Purchases without one count in totals and never among customers."),
                        SourceField.typed(PURCHASED_AT)
                                .required()
                                .meaning("When it was sold or returned: a timestamp, or a day. Many systems write days"
                                        + " before 1970-01-02 for a missing one."),
                        Landed.amount("The line's amount, returns negative. Rounded half up to four decimals."),
                        Landed.currency(),
                        SourceField.typed("is_return", FLAG)
                                .meaning("Whether goods are taken back; where not mapped "
                                        + "or blank, a negative amount is a return."),
                        SourceField.text(Landed.PRODUCT),
                        SourceField.text(Landed.PRODUCT_GROUP),
                        SourceField.typed(QUANTITY),
                        SourceField.typed(MARGIN)
                                .meaning("What the line earned after its own cost, returns negative. Lines without one"
                                        + " take it from a [margins](#margins) source."),
                        SourceField.text(CHANNEL).attribute(),
                        SourceField.text(BRANCH).attribute(),
                        SourceField.text(COUNTRY).attribute(),
                        SourceField.text(REGION).attribute(),
                        Landed.updatedAt())
                .notAboutPeople()
                .derive(IS_RETURN, "coalesce(flag, amount < 0)")
                .derive(PURCHASED_ON, "cast(purchased_at as date)")
                .derive(MONTH, "trunc(purchased_on, 'month')")
                // earlier days would make cohorts of many centuries
                .reject("purchased_on < date'1970-01-02'", "purchased_at lies before 1970-01-02")
                .done();
    }
}
