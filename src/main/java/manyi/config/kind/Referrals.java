package manyi.config.kind;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;

import manyi.config.SourceField;
import manyi.config.SourceKind;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Types;

/** Who recommended the company to whom. */
public final class Referrals {

    public static final Field REFERRED_CUSTOMER_ID = optional(
            "referred_customer_id", Types.TEXT, "Who was referred, in the source's words; null where unknown.");
    public static final Field REFERRED_ON =
            required("referred_on", Types.DAY, "The day of the referral in the job's time zone.");

    private static final Field REFERRED_AT = required("referred_at", Types.INSTANT, "When.");

    private static final Table LANDING = Landed.table("landing_referral", "Every accepted referral as it was read.")
            .with(Landed.CUSTOMER_ID, REFERRED_CUSTOMER_ID, REFERRED_ON);

    private Referrals() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        "referrals",
                        LANDING,
                        SourceField.key("referral_id"),
                        Landed.customer("Who recommended.").required(),
                        SourceField.identifier(REFERRED_CUSTOMER_ID)
                                .meaning("Who was referred, where known. A pair counts once, the others are in"
                                        + " `exclusion`; who was referred by several is credited to the first. Rows"
                                        + " that name nobody count one by one: give a `referral_id` and a `key`, so that"
                                        + " a file that comes twice counts once.")
                                .reject("customer_id = referred_customer_id", "a customer refers to itself"),
                        SourceField.typed(REFERRED_AT).required(),
                        Landed.updatedAt())
                .derive(REFERRED_ON, "cast(referred_at as date)")
                .done();
    }
}
