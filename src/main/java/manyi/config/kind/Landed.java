package manyi.config.kind;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;

import manyi.config.SourceField;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Types;
import manyi.table.Visibility;

/** Columns and fields that several kinds of input share. */
public final class Landed {

    public static final Field SOURCE = required("source", Types.TEXT, "The source entry of the job document.");
    public static final Field FILE =
            required("file", Types.TEXT, "The file, below the fixed part of the source's path.");
    public static final Field PLACE = required(
            "place",
            Types.WHOLE,
            "The record's number in its file from 1, or a hash of the record where the file is read in pieces.");
    public static final Field ROW_KEY =
            optional("row_key", Types.TEXT, "The values of the declared key; null where the source declares none.");
    public static final Field UPDATED_AT =
            optional("updated_at", Types.INSTANT, "When the row was last changed in the source system, where mapped.");

    public static final Field CUSTOMER_ID =
            optional("customer_id", Types.TEXT, "The customer in the source's words; null where unknown.");
    public static final Field AMOUNT = required("amount", Types.MONEY, "The line's amount; returns are negative.");
    public static final Field CURRENCY = required("currency", Types.TEXT, "The currency of the amount, ISO 4217.");
    public static final Field PRODUCT = optional("product", Types.TEXT, "The product sold.");
    public static final Field PRODUCT_GROUP = optional("product_group", Types.TEXT, "The group of the product.");
    public static final Field VALID_FROM =
            optional("valid_from", Types.DAY, "The first day on which the attributes hold; null where not given.");
    public static final Field ATTRIBUTES = optional(
            "attributes",
            Types.listOf(Types.TEXT),
            "Values of the mapped attributes, in alphabetical order of the attributes' names.");
    public static final Field PERIOD_FROM =
            required("period_from", Types.DAY, "The first day of the period that the amount is for.");
    public static final Field PERIOD_UNIT =
            required("period_unit", Types.TEXT, "The period's length: day, month, year.");

    private Landed() {}

    /** A landing table with the columns that every one has. */
    static Table table(String name, String meaning) {
        return Table.named(name, meaning)
                .on(Visibility.INTERNAL)
                .oneRowPer("accepted line of a file")
                .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT);
    }

    static SourceField customer(String meaning) {
        return SourceField.identifier(CUSTOMER_ID).meaning(meaning);
    }

    static SourceField updatedAt() {
        return SourceField.typed(UPDATED_AT)
                .meaning(
                        "When the row was last changed; of rows with one key, or about the same thing, the latest counts.");
    }

    /** A greater amount is a slip of the file, and a day of several would not fit into the ledger. */
    static SourceField amount(String meaning) {
        return SourceField.typed(AMOUNT)
                .required()
                .meaning(meaning)
                .reject("abs(amount) > 1000000000000", "amount is beyond 1,000,000,000,000");
    }

    static SourceField currency() {
        return SourceField.currency(CURRENCY)
                .meaning("ISO 4217; the job's where it is not mapped or blank. Rows in another currency are rejected as"
                        + " long as no rates are read.");
    }

    static SourceField period(String meaning) {
        return SourceField.period("period", PERIOD_FROM).required().meaning(meaning);
    }
}
