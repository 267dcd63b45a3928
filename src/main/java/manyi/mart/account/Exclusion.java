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

    private static final Column NUMBER = count(lit(1));
    private static final Column DISTINCT = countDistinct(Landing.CUSTOMER_ID.col());
    private static final Column UNKNOWN = lit(null).cast(DataTypes.LongType);

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
        Dataset<Row> unbought =
                inputs.read(CustomerCell.TABLE).where(CohortCell.COHORT_ON.col().isNull());
        Dataset<Row> months = inputs.read(CohortCell.TABLE).where(SegmentColumns.SEGMENT.is(Dimension.ALL));
        Column lines = sum(CustomerMonth.LINES.col());
        Column customers = coalesce(sum(CustomerCell.CUSTOMERS.col()), lit(0L));
        Table of = CohortRetention.TABLE;
        List<Dataset<Row>> counts = new ArrayList<>(List.of(
                counted(
                        inputs.read(PurchaseMonth.TABLE).where(PurchaseMonth.HAS_KNOWN_CUSTOMER.is(false)),
                        lines,
                        UNKNOWN,
                        of,
                        "no known customer"),
                counted(
                        unbought.where(CustomerSpan.LINES.col().isNotNull()),
                        sum(CustomerSpan.LINES.col()),
                        customers,
                        of,
                        "no day with a purchase line"),
                counted(
                        unbought.where(CustomerSpan.LINES.col().isNull()),
                        lit(0L),
                        customers,
                        of,
                        "named by the customers source and without any purchase line"),
                counted(
                        months.where(Landing.MONTH.col().lt(CohortCell.COHORT_ON.col())),
                        lines,
                        UNKNOWN,
                        of,
                        "lines in months before the customer's first purchase"),
                counted(inputs.read(LaterPurchase.TABLE), lines, UNKNOWN, of, "purchased after as_of")));
        if (conformed.contains(CostMonth.TABLE)) {
            counts.addAll(ofCosts(CurrentVersions.of(inputs.read(Landing.COST))));
        }
        if (conformed.contains(CategorySpending.TABLE)) {
            counts.add(counted(
                    CurrentVersions.of(SourceKind.SPENDING, inputs.read(Landing.SPENDING))
                            .where(Landing.PERIOD_FROM.col().gt(lit(asOf))),
                    NUMBER,
                    DISTINCT,
                    CustomerShare.TABLE,
                    "after as_of"));
        }
        if (conformed.contains(Referral.TABLE)) {
            counts.addAll(ofReferrals(CurrentVersions.of(inputs.read(Landing.REFERRAL))));
        }
        surveyExclusions.ifPresent(table ->
                counts.add(inputs.read(table).withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))));
        return counts.stream().reduce(Dataset::unionByName).orElseThrow();
    }

    /** Costs of days to come, and of years that have months to come. */
    private List<Dataset<Row>> ofCosts(Dataset<Row> rows) {
        Column from = Landing.PERIOD_FROM.col();
        Column lastMonth = add_months(trunc(from, "month"), 11);
        Column isCut = from.leq(lit(asOf)).and(Landing.PERIOD_UNIT.is("year")).and(lastMonth.gt(lit(asOf)));
        Table of = AcquisitionEconomics.TABLE;
        return List.of(
                counted(rows.where(from.gt(lit(asOf))), NUMBER, UNKNOWN, of, "after as_of"),
                counted(rows.where(isCut), NUMBER, UNKNOWN, of, "the months after as_of of a year's cost"));
    }

    private List<Dataset<Row>> ofReferrals(Dataset<Row> rows) {
        Column on = Landing.REFERRED_ON.col();
        Dataset<Row> again = rows.where(on.leq(lit(asOf)))
                .where(Landing.REFERRED_CUSTOMER_ID.col().isNotNull())
                .groupBy(Landing.CUSTOMER_ID.col(), Landing.REFERRED_CUSTOMER_ID.col())
                .agg(count(lit(1)).minus(1).as("number"))
                .where(col("number").gt(0));
        return List.of(
                counted(rows.where(on.gt(lit(asOf))), NUMBER, DISTINCT, ThreeR.TABLE, "after as_of"),
                counted(again, sum(col("number")), DISTINCT, ThreeR.TABLE, "pair already counted"));
    }

    /**
     * What a table leaves out for one reason.
     *
     * @param number of the rows that are left out, an aggregate
     * @param customers among them, an aggregate
     */
    private Dataset<Row> counted(Dataset<Row> leftOut, Column number, Column customers, Table table, String reason) {
        return leftOut.agg(coalesce(number, lit(0L)).as(ROWS.name()), customers.as(CUSTOMERS.name()))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf))
                .withColumn(TABLE_NAME.name(), lit(table.name()))
                .withColumn(REASON.name(), lit(reason));
    }
}
