package manyi.source;

import manyi.config.SourceKind;
import manyi.config.kind.Costs;
import manyi.config.kind.Landed;
import manyi.config.kind.Margins;
import manyi.config.kind.Purchases;
import manyi.config.kind.Referrals;
import manyi.config.kind.Survey;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;

/**
 * The landing tables by the names under which derivations read them: every accepted row with its file and row number,
 * superseded ones included. What their columns are the kinds of {@code config.kind} declare.
 */
public final class Landing {

    public static final Table PURCHASE = SourceKind.PURCHASES.landing();
    public static final Table CUSTOMER = SourceKind.CUSTOMERS.landing();
    public static final Table SURVEY = SourceKind.SURVEY.landing();
    public static final Table COST = SourceKind.COSTS.landing();
    public static final Table MARGINS = SourceKind.MARGINS.landing();
    public static final Table SPENDING = SourceKind.SPENDING.landing();
    public static final Table REFERRAL = SourceKind.REFERRALS.landing();

    public static final Field AMOUNT = Landed.AMOUNT;
    public static final Field ANSWER = Survey.ANSWER;
    public static final Field ANSWERED_ON = Survey.ANSWERED_ON;
    public static final Field ANSWERS = Survey.ANSWERS;
    public static final Field ATTRIBUTES = Landed.ATTRIBUTES;
    public static final Field BRANCH = Purchases.BRANCH;
    public static final Field CHANNEL = Purchases.CHANNEL;
    public static final Field COUNTRY = Purchases.COUNTRY;
    public static final Field CURRENCY = Landed.CURRENCY;
    public static final Field CUSTOMER_ID = Landed.CUSTOMER_ID;
    public static final Field DISPOSITION = Survey.DISPOSITION;
    public static final Field DURATION_SECONDS = Survey.DURATION_SECONDS;
    public static final Field FILE = Landed.FILE;
    public static final Field IS_RETURN = Purchases.IS_RETURN;
    public static final Field ITEM = Survey.ITEM;
    public static final Field MARGIN = Purchases.MARGIN;
    public static final Field MARGIN_SHARE = Margins.MARGIN_SHARE;
    public static final Field MONTH = Purchases.MONTH;
    public static final Field ORDER_ID = Purchases.ORDER_ID;
    public static final Field PERIOD_FROM = Landed.PERIOD_FROM;
    public static final Field PERIOD_UNIT = Landed.PERIOD_UNIT;
    public static final Field PLACE = Landed.PLACE;
    public static final Field POPULATION = Survey.POPULATION;
    public static final Field PRODUCT = Landed.PRODUCT;
    public static final Field PRODUCT_GROUP = Landed.PRODUCT_GROUP;
    public static final Field PSU = Survey.PSU;
    public static final Field PSU_SIZE = Survey.PSU_SIZE;
    public static final Field PURCHASED_AT = Purchases.PURCHASED_AT;
    public static final Field PURCHASED_ON = Purchases.PURCHASED_ON;
    public static final Field PURPOSE = Costs.PURPOSE;
    public static final Field QUANTITY = Purchases.QUANTITY;
    public static final Field RECEIVED_ON = Survey.RECEIVED_ON;
    public static final Field REFERRED_CUSTOMER_ID = Referrals.REFERRED_CUSTOMER_ID;
    public static final Field REFERRED_ON = Referrals.REFERRED_ON;
    public static final Field REGION = Purchases.REGION;
    public static final Field RESPONSE_ID = Survey.RESPONSE_ID;
    public static final Field ROW_KEY = Landed.ROW_KEY;
    public static final Field SOURCE = Landed.SOURCE;
    public static final Field STRATUM = Survey.STRATUM;
    public static final Field STRATUM_SIZE = Survey.STRATUM_SIZE;
    public static final Field UPDATED_AT = Landed.UPDATED_AT;
    public static final Field VALID_FROM = Landed.VALID_FROM;
    public static final Field WAVE = Survey.WAVE;
    public static final Field WEIGHT = Survey.WEIGHT;

    public static final Field REJECT_REASON = Field.text("reason", "Why the row was rejected.");
    public static final Field RECORD = Field.optionalText("record", "The row as it was read.");

    public static final Field REJECTED_ON = Field.day(
                    "rejected_on", "The day of the run that rejected the row, from which its retention counts.")
            .leftOutOfDigests();

    /** Rejected rows. The only table that holds what a source said in its own words; for the warehouse's owner. */
    public static final Table REJECTED_ROW = Table.named(
                    "rejected_row", "Every rejected row with its file, record number and reason.")
            .on(Visibility.INTERNAL)
            .oneRowPer("rejected line of a file")
            .with(Landed.SOURCE, Landed.FILE, Landed.PLACE, REJECT_REASON, RECORD, REJECTED_ON)
            .partitionedBy(REJECTED_ON)
            .version(2);

    private Landing() {}
}
