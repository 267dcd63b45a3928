package manyi.config.kind;

import manyi.config.SourceKind;
import manyi.table.Table;

/** What customers spend in the whole category, ours and everybody else's. */
public final class Spending {

    private static final Table LANDING = Landed.table(
                    "landing_spending", "Every accepted row of category spending as it was read.")
            .with(Landed.CUSTOMER_ID, Landed.PERIOD_FROM, Landed.PERIOD_UNIT, Landed.AMOUNT, Landed.CURRENCY);

    private Spending() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        "spending",
                        LANDING,
                        Landed.customer("The same text as in purchases.").required(),
                        Landed.period("The year or month, written as for [costs](#costs); a day stands for its month."),
                        Landed.amount("The customer's spending.").reject("amount < 0", "amount is below 0"),
                        Landed.currency(),
                        Landed.updatedAt())
                .derive(Landed.PERIOD_UNIT, "if(period_unit = 'day', 'month', period_unit)")
                .derive(Landed.PERIOD_FROM, "trunc(period_from, 'month')")
                .latestPer("customer_id", "period_from", "period_unit")
                .done();
    }
}
