package manyi.config.kind;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;

import java.util.List;
import manyi.config.Disposition;
import manyi.config.SourceField;
import manyi.config.SourceField.Need;
import manyi.config.SourceKind;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Types;

/** Survey answers. The questionnaire decides the rest: its items are fields too, and its waves say where a row belongs. */
public final class Survey {

    public static final String KEY = "survey";

    public static final Field RESPONSE_ID =
            optional("response_id", Types.TEXT, "The response in the source's words; null where a row is a response.");
    public static final Field POPULATION =
            required("population", Types.TEXT, "Who was asked: customer, employee or dealer.");
    public static final Field WAVE = required("wave", Types.TEXT, "The survey wave; sorts in time.");
    public static final Field ANSWERED_AT = optional("answered_at", Types.INSTANT, "When the answers were given.");
    public static final Field ANSWERED_ON =
            optional("answered_on", Types.DAY, "The day of the answers in the job's time zone.");
    public static final Field RECEIVED_ON = optional(
            "received_on", Types.DAY, "The day the answers arrived, where mapped; later than end and grace is late.");
    public static final Field DISPOSITION = optional(
            "disposition", Types.TEXT, "The final disposition of the case; null where not given, which is complete.");
    public static final Field DURATION_SECONDS = optional(
                    "duration_seconds", Types.SECONDS, "How long the answers took.")
            .in("seconds");
    public static final Field WEIGHT =
            required("weight", Types.WEIGHT, "How many customers the respondent stands for; 1 where not given.");
    public static final Field STRATUM = optional("stratum", Types.TEXT, "The stratum of the sampling design.");
    public static final Field PSU = optional("psu", Types.TEXT, "The primary sampling unit of the design.");
    public static final Field STRATUM_SIZE = optional(
            "stratum_size",
            Types.WHOLE,
            "How many primary sampling units the population's stratum has; null where the design does not say.");
    public static final Field PSU_SIZE = optional(
            "psu_size",
            Types.WHOLE,
            "How many customers the population's primary sampling unit has; null where the design does not say.");
    public static final Field ITEM =
            optional("item", Types.TEXT, "The item answered, where the file has a row per answer.");
    public static final Field ANSWER =
            optional("answer", Types.ANSWER, "The answer to the item, where the file has a row per answer.");
    public static final Field ANSWERS = optional(
            "answers", Types.listOf(Types.ANSWER), "The answers in the questionnaire's order; null where missing.");

    private static final Field RECEIVED_AT = optional("received_at", Types.INSTANT, "When the answers arrived.");

    /** True of cases without answers that count: they stand for nobody, and may lack a weight, an item and an answer. */
    public static final String IS_SET_APART = "coalesce(disposition not in ('complete', 'partial'), false)";

    private static final Table LANDING = Landed.table("landing_survey", "Every accepted survey row as it was read.")
            .with(DISPOSITION, DURATION_SECONDS)
            .with(RESPONSE_ID, Landed.CUSTOMER_ID, POPULATION, WAVE, ANSWERED_AT, ANSWERED_ON, RECEIVED_ON)
            .with(WEIGHT, STRATUM, PSU, STRATUM_SIZE, PSU_SIZE, ITEM, ANSWER, ANSWERS, Landed.ATTRIBUTES);

    private Survey() {}

    public static SourceKind kind() {
        return SourceKind.named(
                        KEY,
                        LANDING,
                        SourceField.identifier(RESPONSE_ID)
                                .needed(Need.REQUIRED_PER_ANSWER)
                                .meaning("The response. Without it each row is one."),
                        Landed.customer(
                                "Who answered. Several answers of one customer in a wave count as one cluster."),
                        SourceField.word(
                                        POPULATION,
                                        "is not customer, employee or dealer",
                                        List.of("customer", "employee", "dealer"))
                                .otherwise("customer")
                                .meaning("`customer` (where not mapped or blank), `employee` or `dealer`."),
                        SourceField.identifier(WAVE)
                                .meaning("The wave's name. Without it the day of the answer decides the wave."),
                        SourceField.typed(ANSWERED_AT)
                                .meaning("When the answers were given. The customer's segment is the one that was valid"
                                        + " on that day."),
                        SourceField.typed(RECEIVED_AT)
                                .meaning("When the answers arrived; later than the wave's end and grace is late."),
                        SourceField.word(
                                        DISPOSITION,
                                        "is none of " + String.join(", ", Disposition.keys()),
                                        Disposition.keys())
                                .meaning("The final disposition of "
                                        + "the case: [dispositions](#dispositions-and-careless-responding). `complete` where it is"
                                        + " blank or not mapped."),
                        SourceField.typed(DURATION_SECONDS)
                                .meaning("How long the answers took, up to three decimals.")
                                .reject("duration_seconds < 0", "duration_seconds is below 0"),
                        SourceField.typed(WEIGHT)
                                .otherwise("1")
                                .meaning("How many customers the respondent stands for; 1 where not mapped.")
                                .reject("weight is null and not " + IS_SET_APART, "weight is missing")
                                .reject("weight <= 0", "weight is not above 0"),
                        SourceField.identifier(STRATUM)
                                .meaning("The stratum; see [sampling design](#sampling-design)."),
                        SourceField.identifier(PSU)
                                .meaning("The primary sampling unit within the stratum. Without it the customer is the"
                                        + " unit."),
                        SourceField.typed(STRATUM_SIZE)
                                .meaning("How many primary sampling units the population's stratum has.")
                                .reject("stratum_size < 1", "stratum_size is below 1"),
                        SourceField.typed(PSU_SIZE)
                                .with(PSU.name())
                                .meaning("How many customers the population's primary sampling unit has.")
                                .reject("psu_size < 1", "psu_size is below 1"),
                        SourceField.identifier(ITEM)
                                .needed(Need.ONLY_PER_ANSWER)
                                .meaning("Long layout: the item's `id`."),
                        SourceField.key(ANSWER.name())
                                .needed(Need.ONLY_PER_ANSWER)
                                .meaning("Long layout: the answer to the item."),
                        Landed.updatedAt())
                .attributes(SourceKind.Attributes.FREE)
                .oneOf("; one of them tells an answer's wave", "wave", "answered_at")
                .derive(ANSWERED_ON, "cast(answered_at as date)")
                .derive(RECEIVED_ON, "cast(received_at as date)")
                .derive(WEIGHT, "if(" + IS_SET_APART + ", coalesce(weight, 1), weight)")
                .done();
    }
}
