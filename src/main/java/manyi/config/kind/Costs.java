package manyi.config.kind;

import static manyi.table.Field.required;

import java.util.List;
import manyi.config.SourceField;
import manyi.config.SourceKind;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Types;

/** What it cost to win customers and to keep them. */
public final class Costs {

    public static final Field PURPOSE =
            required("purpose", Types.TEXT, "What the cost was for: acquisition of customers, or retention.");

    private static final Table LANDING = Landed.table("landing_cost", "Every accepted cost row as it was read.")
            .with(Landed.PERIOD_FROM, Landed.PERIOD_UNIT, PURPOSE, Landed.AMOUNT, Landed.CURRENCY, Landed.ATTRIBUTES);

    private Costs() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        "costs",
                        LANDING,
                        SourceField.key("cost_id"),
                        Landed.period(
                                "What the amount is for: a year `2026`, a month `2026-03` or a day `2026-03-05` (a"
                                        + " date or timestamp is a day), whatever `timestamp_format` says. A year is spread"
                                        + " evenly over its months; a month counts whole from its first day."),
                        SourceField.word(
                                        PURPOSE, "is not acquisition or retention", List.of("acquisition", "retention"))
                                .required()
                                .meaning("`acquisition` or `retention`."),
                        Landed.amount("The cost. A refund is negative."),
                        Landed.currency(),
                        Landed.updatedAt())
                .attributes(SourceKind.Attributes.OF_SEGMENTS)
                .done();
    }
}
