package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import manyi.conformed.Customer;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * What is left of each cohort's first month of revenue: of every customer no more than that month brought, and no less
 * than nothing. So nobody's growth makes up for another's decline.
 */
public record KeptRevenue() implements Derivation {

    public static final Field KEPT = Purchase.held(
            "kept",
            "Sum over customers of the month's net, at most that of the month of the first purchase, at least 0.");

    public static final Table TABLE = Table.named(
                    "kept_revenue", "What is left of each cohort's first month of revenue, by month and segments.")
            .on(Visibility.INTERNAL)
            .oneRowPer(
                    "cohort, month and combination of segments", CohortCell.COHORT_ON, Landing.MONTH, Customer.SEGMENTS)
            .with(KEPT)
            .expect("kept >= 0", "month >= cohort_on");

    @Override
    public Lineage lineage() {
        return TABLE.from(CustomerMonth.TABLE, Customer.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column net = CustomerMonth.NET.col();
        Column isFirst = Landing.MONTH.is(CohortCell.COHORT_ON.col());
        Column first =
                greatest(max(when(isFirst, net)).over(Window.partitionBy(CustomerMonth.CUSTOMER.col())), lit(0L));
        return inputs.read(CustomerMonth.TABLE)
                .select(CustomerMonth.CUSTOMER.col(), Landing.MONTH.col(), net)
                .join(
                        inputs.read(Customer.TABLE)
                                .where(Customer.COHORT_ON.col().isNotNull())
                                .select(Field.columns(CustomerMonth.CUSTOMER, Customer.COHORT_ON, Customer.SEGMENTS)),
                        CustomerMonth.CUSTOMER.name(),
                        "inner")
                .where(Landing.MONTH.col().geq(CohortCell.COHORT_ON.col()))
                .withColumn(KEPT.name(), greatest(least(net, first), lit(0L)))
                .groupBy(Field.columns(CohortCell.COHORT_ON, Landing.MONTH, Customer.SEGMENTS))
                .agg(KEPT.sum());
    }
}
