package manyi.mart.account;

import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import manyi.config.Dimension;
import manyi.config.SourceKind;
import manyi.conformed.CategorySpending;
import manyi.conformed.CostMonth;
import manyi.conformed.CurrentVersions;
import manyi.conformed.CustomerMonth;
import manyi.conformed.CustomerSpan;
import manyi.conformed.LaterPurchase;
import manyi.conformed.PurchaseMonth;
import manyi.conformed.Referral;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.AcquisitionEconomics;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.loyalty.CohortRetention;
import manyi.mart.loyalty.CustomerCell;
import manyi.mart.loyalty.CustomerShare;
import manyi.mart.loyalty.ThreeR;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Who and what is accepted and yet left out of a table, and why.
 *
 * @param conformed the tables that the run derives: of costs, spending and referrals only those are told of that it uses
 * @param surveyExclusions the table of what survey marts leave out, where there is a survey
 */
public record Exclusion(LocalDate asOf, Set<Table> conformed, Optional<Table> surveyExclusions) implements Derivation {

    public static final Field TABLE_NAME = Field.text("table_name", "The table that leaves them out.");
    public static final Field REASON = Field.text("reason", "Why.");
    public static final Field CUSTOMERS =
            Field.optionalCountOf("customers", "Distinct customers left out; null where they are unknown.");
    public static final Field ROWS = Field.countOf(
            "rows", "Rows left out: purchase lines, responses, or rows of costs, spending and referrals.");

    public static final Table TABLE = Table.named("exclusion", "What is accepted and yet left out of a table, and why.")
            .oneRowPer("table and reason", SegmentColumns.AS_OF, TABLE_NAME, REASON)
            .with(CUSTOMERS, ROWS)
            .expect("rows >= 0", "customers >= 0");

    /** Tables with what they are made of. */
    private static final List<List<Table>> LANDED = List.of(
            List.of(CostMonth.TABLE, Landing.COST),
            List.of(CategorySpending.TABLE, Landing.SPENDING),
            List.of(Referral.TABLE, Landing.REFERRAL));

    public Exclusion {
        conformed = Set.copyOf(conformed);
    }

    @Override
    public String definition() {
        return asOf + " " + inputs().stream().map(Table::name).toList();
    }

    @Override
    public Lineage lineage() {
        List<Table> inputs = new ArrayList<>(
                List.of(PurchaseMonth.TABLE, LaterPurchase.TABLE, CustomerCell.TABLE, CohortCell.TABLE));
        surveyExclusions.ifPresent(inputs::add);
        LANDED.stream().filter(pair -> conformed.contains(pair.get(0))).forEach(pair -> inputs.add(pair.get(1)));
        return TABLE.from(inputs);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column none = lit(null).cast(DataTypes.LongType);
        Dataset<Row> unknown = counted(
                inputs.read(PurchaseMonth.TABLE)
                        .where(PurchaseMonth.HAS_KNOWN_CUSTOMER.is(false))
                        .agg(sum(CustomerMonth.LINES.col()).as("counted_rows"))
                        .withColumn("counted_customers", none),
                "no known customer");
        Dataset<Row> returnsOnly = counted(
                inputs.read(CustomerCell.TABLE)
                        .where(CohortCell.COHORT_ON
                                .col()
                                .isNull()
                                .and(CustomerSpan.LINES.col().isNotNull()))
                        .agg(
                                sum(CustomerSpan.LINES.col()).as("counted_rows"),
                                coalesce(sum(CustomerCell.CUSTOMERS.col()), lit(0L))
                                        .as("counted_customers")),
                "no day with a purchase line");
        Dataset<Row> neverBought = counted(
                inputs.read(CustomerCell.TABLE)
                        .where(CohortCell.COHORT_ON
                                .col()
                                .isNull()
                                .and(CustomerSpan.LINES.col().isNull()))
                        .agg(
                                lit(0L).as("counted_rows"),
                                coalesce(sum(CustomerCell.CUSTOMERS.col()), lit(0L))
                                        .as("counted_customers")),
                "named by the customers source and without any purchase line");
        Dataset<Row> early = counted(
                inputs.read(CohortCell.TABLE)
                        .where(SegmentColumns.SEGMENT.is(Dimension.ALL))
                        .where(Landing.MONTH.col().lt(CohortCell.COHORT_ON.col()))
                        .agg(sum(CustomerMonth.LINES.col()).as("counted_rows"))
                        .withColumn("counted_customers", none),
                "lines in months before the customer's first purchase");
        Dataset<Row> later = counted(
                inputs.read(LaterPurchase.TABLE)
                        .agg(sum(CustomerMonth.LINES.col()).as("counted_rows"))
                        .withColumn("counted_customers", none),
                "purchased after as_of");
        Dataset<Row> all = unknown.unionByName(returnsOnly)
                .unionByName(neverBought)
                .unionByName(early)
                .unionByName(later);
        if (conformed.contains(CostMonth.TABLE)) {
            all = all.unionByName(ofCosts(inputs.read(Landing.COST)));
        }
        if (conformed.contains(CategorySpending.TABLE)) {
            all = all.unionByName(ofSpending(inputs.read(Landing.SPENDING)));
        }
        if (conformed.contains(Referral.TABLE)) {
            all = all.unionByName(ofReferrals(inputs.read(Landing.REFERRAL)));
        }
        if (surveyExclusions.isPresent()) {
            all = all.unionByName(inputs.read(surveyExclusions.get())
                    .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf)));
        }
        return all;
    }

    /** Costs of days to come, and of years that have months to come. */
    private Dataset<Row> ofCosts(Dataset<Row> landed) {
        Dataset<Row> rows = CurrentVersions.of(landed);
        Column from = Landing.PERIOD_FROM.col();
        Column none = lit(null).cast(DataTypes.LongType);
        Column lastMonth = add_months(trunc(from, "month"), 11);
        Column isCut = from.leq(lit(asOf)).and(Landing.PERIOD_UNIT.is("year")).and(lastMonth.gt(lit(asOf)));
        return counted(
                        rows.where(from.gt(lit(asOf)))
                                .agg(count(lit(1)).as("counted_rows"))
                                .withColumn("counted_customers", none),
                        AcquisitionEconomics.TABLE,
                        "after as_of")
                .unionByName(counted(
                        rows.where(isCut).agg(count(lit(1)).as("counted_rows")).withColumn("counted_customers", none),
                        AcquisitionEconomics.TABLE,
                        "the months after as_of of a year's cost"));
    }

    private Dataset<Row> ofSpending(Dataset<Row> landed) {
        return counted(
                ofCustomers(CurrentVersions.of(SourceKind.SPENDING, landed)
                        .where(Landing.PERIOD_FROM.col().gt(lit(asOf)))),
                CustomerShare.TABLE,
                "after as_of");
    }

    private Dataset<Row> ofReferrals(Dataset<Row> landed) {
        Dataset<Row> rows = CurrentVersions.of(landed);
        Column on = Landing.REFERRED_ON.col();
        Dataset<Row> again = rows.where(on.leq(lit(asOf)))
                .where(Landing.REFERRED_CUSTOMER_ID.col().isNotNull())
                .groupBy(Landing.CUSTOMER_ID.col(), Landing.REFERRED_CUSTOMER_ID.col())
                .agg(count(lit(1)).minus(1).as("number"))
                .where(col("number").gt(0))
                .agg(
                        sum(col("number")).as("counted_rows"),
                        countDistinct(Landing.CUSTOMER_ID.col()).as("counted_customers"));
        return counted(ofCustomers(rows.where(on.gt(lit(asOf)))), ThreeR.TABLE, "after as_of")
                .unionByName(counted(again, ThreeR.TABLE, "pair already counted"));
    }

    private static Dataset<Row> ofCustomers(Dataset<Row> rows) {
        return rows.agg(
                count(lit(1)).as("counted_rows"),
                countDistinct(Landing.CUSTOMER_ID.col()).as("counted_customers"));
    }

    private Dataset<Row> counted(Dataset<Row> counts, String reason) {
        return counted(counts, CohortRetention.TABLE, reason);
    }

    private Dataset<Row> counted(Dataset<Row> counts, Table table, String reason) {
        return counts.select(
                SegmentColumns.asOf(asOf),
                lit(table.name()).as(TABLE_NAME.name()),
                lit(reason).as(REASON.name()),
                col("counted_customers").as(CUSTOMERS.name()),
                coalesce(col("counted_rows"), lit(0L)).as(ROWS.name()));
    }
}
