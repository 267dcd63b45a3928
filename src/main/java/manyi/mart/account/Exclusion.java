package manyi.mart.account;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyi.config.Dimension;
import manyi.conformed.CustomerMonth;
import manyi.conformed.LaterPurchase;
import manyi.conformed.PurchaseMonth;
import manyi.mart.SegmentColumns;
import manyi.mart.loyalty.CohortCell;
import manyi.mart.loyalty.CohortRetention;
import manyi.mart.loyalty.CustomerCell;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Who and what is accepted and yet left out of a table, and why.
 *
 * @param surveyExclusions the table of what survey marts leave out, where there is a survey
 */
public record Exclusion(LocalDate asOf, Optional<Table> surveyExclusions) implements Derivation {

    public static final Field TABLE_NAME =
            Field.required("table_name", DataTypes.StringType, "The table that leaves them out.");
    public static final Field REASON = Field.required("reason", DataTypes.StringType, "Why.");
    public static final Field CUSTOMERS = Field.optional(
                    "customers", DataTypes.LongType, "Distinct customers left out; null where they are unknown.")
            .in("customers");
    public static final Field ROWS = Field.required(
                    "rows", DataTypes.LongType, "Rows left out: purchase lines or responses.")
            .in("rows");

    public static final Table TABLE = Table.named("exclusion", "What is accepted and yet left out of a table, and why.")
            .oneRowPer("table and reason", SegmentColumns.AS_OF, TABLE_NAME, REASON)
            .with(CUSTOMERS, ROWS)
            .expect("rows >= 0", "customers >= 0");

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        List<Table> inputs = new ArrayList<>(
                List.of(PurchaseMonth.TABLE, LaterPurchase.TABLE, CustomerCell.TABLE, CohortCell.TABLE));
        surveyExclusions.ifPresent(inputs::add);
        return inputs;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column none = lit(null).cast(DataTypes.LongType);
        Dataset<Row> unknown = counted(
                inputs.read(PurchaseMonth.TABLE)
                        .where(PurchaseMonth.HAS_KNOWN_CUSTOMER.col().equalTo(false))
                        .agg(sum(CustomerMonth.LINES.col()).as("counted_rows"))
                        .withColumn("counted_customers", none),
                "no known customer");
        Dataset<Row> returnsOnly = counted(
                inputs.read(CustomerCell.TABLE)
                        .where(CohortCell.COHORT_ON
                                .col()
                                .isNull()
                                .and(col("lines").isNotNull()))
                        .agg(
                                sum(CustomerCell.LINES.col()).as("counted_rows"),
                                coalesce(sum(CustomerCell.CUSTOMERS.col()), lit(0L))
                                        .as("counted_customers")),
                "no day with a positive purchase line");
        Dataset<Row> neverBought = counted(
                inputs.read(CustomerCell.TABLE)
                        .where(CohortCell.COHORT_ON
                                .col()
                                .isNull()
                                .and(col("lines").isNull()))
                        .agg(
                                lit(0L).as("counted_rows"),
                                coalesce(sum(CustomerCell.CUSTOMERS.col()), lit(0L))
                                        .as("counted_customers")),
                "named by the customers source and without any purchase line");
        Dataset<Row> early = counted(
                inputs.read(CohortCell.TABLE)
                        .where(SegmentColumns.SEGMENT.col().equalTo(Dimension.ALL))
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
        if (surveyExclusions.isPresent()) {
            all = all.unionByName(inputs.read(surveyExclusions.get())
                    .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf)));
        }
        return all;
    }

    private Dataset<Row> counted(Dataset<Row> counts, String reason) {
        return counts.select(
                SegmentColumns.asOf(asOf),
                lit(CohortRetention.TABLE.name()).as(TABLE_NAME.name()),
                lit(reason).as(REASON.name()),
                col("counted_customers").as(CUSTOMERS.name()),
                coalesce(col("counted_rows"), lit(0L)).as(ROWS.name()));
    }
}
