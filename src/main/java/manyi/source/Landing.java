package manyi.source;

import static manyi.table.Field.optional;
import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createDecimalType;

import manyi.config.SourceKind;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;

/** The landing tables: every accepted row with its file and place, losers of a key included. */
public final class Landing {

    /** Money of one line: ten-thousandths of the currency's unit at most. */
    public static final org.apache.spark.sql.types.DataType MONEY = createDecimalType(18, 4);
    /** Survey weights. */
    public static final org.apache.spark.sql.types.DataType WEIGHT_TYPE = createDecimalType(18, 9);
    /** A raw answer. */
    public static final org.apache.spark.sql.types.DataType ANSWER_TYPE = createDecimalType(9, 4);

    public static final Field SOURCE = required("source", StringType, "The source entry of the job document.");
    public static final Field FILE =
            required("file", StringType, "The file, below the fixed part of the source's path.");
    public static final Field PLACE = required(
            "place",
            LongType,
            "The record's number in its file from 1, or a hash of the record where the file is read in pieces.");
    public static final Field ROW_KEY =
            optional("row_key", StringType, "The values of the declared key; null where the source declares none.");
    public static final Field UPDATED_AT =
            optional("updated_at", TimestampType, "When the row was last changed in the source system, where mapped.");
    public static final Field MONTH = required("month", DateType, "The first day of the month of the event.");

    public static final Field CUSTOMER_ID =
            optional("customer_id", StringType, "The customer in the source's words; null where unknown.");
    public static final Field ORDER_ID = optional("order_id", StringType, "The order or invoice.");
    public static final Field PURCHASED_AT =
            required("purchased_at", TimestampType, "When the line was sold or returned.");
    public static final Field PURCHASED_ON =
            required("purchased_on", DateType, "The day of the purchase in the job's time zone.");
    public static final Field AMOUNT = required("amount", MONEY, "The line's amount; returns are negative.");
    public static final Field CURRENCY = required("currency", StringType, "The currency of the amount, ISO 4217.");
    public static final Field IS_RETURN = required("is_return", BooleanType, "Whether the line takes goods back.");
    public static final Field PRODUCT = optional("product", StringType, "The product sold.");
    public static final Field PRODUCT_GROUP = optional("product_group", StringType, "The group of the product.");
    public static final Field QUANTITY = optional("quantity", MONEY, "Units sold; returns are negative.");
    public static final Field MARGIN =
            optional("margin", MONEY, "What the line earned after its own cost, where mapped; returns are negative.");
    public static final Field CHANNEL = optional("channel", StringType, "The channel of the sale.");
    public static final Field BRANCH = optional("branch", StringType, "The branch or shop of the sale.");
    public static final Field COUNTRY = optional("country", StringType, "The country of the sale.");
    public static final Field REGION = optional("region", StringType, "The region of the sale.");

    /** Lines of purchases and returns. */
    public static final Table PURCHASE = Table.named("landing_purchase", "Every accepted purchase line as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT, MONTH)
            .with(CUSTOMER_ID, ORDER_ID, PURCHASED_AT, PURCHASED_ON, AMOUNT, CURRENCY, IS_RETURN)
            .with(PRODUCT, PRODUCT_GROUP, QUANTITY, CHANNEL, BRANCH, COUNTRY, REGION, MARGIN)
            .partitionedBy(MONTH);

    public static final Field VALID_FROM =
            optional("valid_from", DateType, "The first day on which the attributes hold; null where not given.");
    public static final Field ATTRIBUTES = optional(
            "attributes",
            createArrayType(StringType),
            "Values of the mapped attributes, in alphabetical order of the attributes' names.");

    /** Customers and their attributes. */
    public static final Table CUSTOMER = Table.named("landing_customer", "Every accepted customer row as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT)
            .with(CUSTOMER_ID, VALID_FROM, ATTRIBUTES);

    public static final Field RESPONSE_ID =
            optional("response_id", StringType, "The response in the source's words; null where a row is a response.");
    public static final Field POPULATION =
            required("population", StringType, "Who was asked: customer, employee or dealer.");
    public static final Field WAVE = required("wave", StringType, "The survey wave; sorts in time.");
    public static final Field ANSWERED_AT = optional("answered_at", TimestampType, "When the answers were given.");
    public static final Field ANSWERED_ON =
            optional("answered_on", DateType, "The day of the answers in the job's time zone.");
    public static final Field RECEIVED_ON = optional(
            "received_on", DateType, "The day the answers arrived, where mapped; later than end and grace is late.");
    public static final Field DISPOSITION = optional(
            "disposition", StringType, "What became of the case in the end; null where not given, which is complete.");
    public static final Field DURATION_SECONDS = optional(
                    "duration_seconds", createDecimalType(12, 3), "How long the answers took.")
            .in("seconds");
    public static final Field WEIGHT =
            required("weight", WEIGHT_TYPE, "How many customers the respondent stands for; 1 where not given.");
    public static final Field STRATUM = optional("stratum", StringType, "The stratum of the sampling design.");
    public static final Field PSU = optional("psu", StringType, "The primary sampling unit of the design.");
    public static final Field STRATUM_SIZE = optional(
            "stratum_size",
            LongType,
            "How many primary sampling units the population's stratum has; null where the design does not say.");
    public static final Field PSU_SIZE = optional(
            "psu_size",
            LongType,
            "How many customers the population's primary sampling unit has; null where the design does not say.");
    public static final Field ITEM =
            optional("item", StringType, "The item answered, where the file has a row per answer.");
    public static final Field ANSWER =
            optional("answer", ANSWER_TYPE, "The answer to the item, where the file has a row per answer.");
    public static final Field ANSWERS = optional(
            "answers", createArrayType(ANSWER_TYPE), "The answers in the questionnaire's order; null where missing.");

    /** Survey answers. */
    public static final Table SURVEY = Table.named("landing_survey", "Every accepted survey row as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT)
            .with(DISPOSITION, DURATION_SECONDS)
            .with(RESPONSE_ID, CUSTOMER_ID, POPULATION, WAVE, ANSWERED_AT, ANSWERED_ON, RECEIVED_ON)
            .with(WEIGHT, STRATUM, PSU, STRATUM_SIZE, PSU_SIZE, ITEM, ANSWER, ANSWERS, ATTRIBUTES);

    public static final Field PERIOD_FROM =
            required("period_from", DateType, "The first day of the period that the amount is for.");
    public static final Field PERIOD_UNIT =
            required("period_unit", StringType, "The period's length: day, month, year.");
    public static final Field PURPOSE =
            required("purpose", StringType, "What the cost was for: acquisition of customers, or retention.");

    /** Costs of winning and keeping customers. */
    public static final Table COST = Table.named("landing_cost", "Every accepted cost row as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT)
            .with(PERIOD_FROM, PERIOD_UNIT, PURPOSE, AMOUNT, CURRENCY, ATTRIBUTES);

    /** A share with enough digits for a margin in per cent with four behind the point. */
    public static final org.apache.spark.sql.types.DataType SHARE_TYPE = createDecimalType(9, 6);

    public static final Field MARGIN_SHARE = required("margin_share", SHARE_TYPE, "Margin over amount.");

    /** Margins of products and product groups. */
    public static final Table MARGINS = Table.named("landing_margin", "Every accepted margin row as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT)
            .with(PRODUCT, PRODUCT_GROUP, MARGIN_SHARE, VALID_FROM);

    /** What customers spend in the whole category. */
    public static final Table SPENDING = Table.named(
                    "landing_spending", "Every accepted row of category spending as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT)
            .with(CUSTOMER_ID, PERIOD_FROM, PERIOD_UNIT, AMOUNT, CURRENCY);

    public static final Field REFERRED_CUSTOMER_ID = optional(
            "referred_customer_id", StringType, "Who was referred, in the source's words; null where unknown.");
    public static final Field REFERRED_ON =
            required("referred_on", DateType, "The day of the referral in the job's time zone.");

    /** Who told whom. */
    public static final Table REFERRAL = Table.named("landing_referral", "Every accepted referral as it was read.")
            .on(Visibility.INTERNAL)
            .oneRowPer("accepted line of a file")
            .with(SOURCE, FILE, PLACE, ROW_KEY, UPDATED_AT)
            .with(CUSTOMER_ID, REFERRED_CUSTOMER_ID, REFERRED_ON);

    public static final Field REJECT_REASON = required("reason", StringType, "Why the row was rejected.");
    public static final Field RECORD = optional("record", StringType, "The row as it was read.");

    public static final Field REJECTED_ON = Field.required(
                    "rejected_on",
                    DateType,
                    "The day of the run that rejected the row; it is kept for some days from then.")
            .leftOutOfDigests();

    /** Rejected rows. The only table that holds what a source said in its own words; for the warehouse's owner. */
    public static final Table REJECTED_ROW = Table.named(
                    "rejected_row", "Every rejected row with its place and reason.")
            .on(Visibility.INTERNAL)
            .oneRowPer("rejected line of a file")
            .with(SOURCE, FILE, PLACE, REJECT_REASON, RECORD, REJECTED_ON)
            .partitionedBy(REJECTED_ON)
            .version(2);

    private Landing() {}

    /** The landing table of a kind of source. */
    public static Table of(SourceKind kind) {
        return switch (kind) {
            case PURCHASES -> PURCHASE;
            case CUSTOMERS -> CUSTOMER;
            case SURVEY -> SURVEY;
            case COSTS -> COST;
            case MARGINS -> MARGINS;
            case SPENDING -> SPENDING;
            case REFERRALS -> REFERRAL;
            default -> throw new IllegalArgumentException("no landing table for " + kind.key());
        };
    }
}
