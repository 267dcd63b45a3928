package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** In which months each customer bought a product group for the first time. */
public record CustomerAddition(LocalDate asOf) implements Derivation {

    public static final Field ADDED_MONTHS = Field.whole(
                    "added_months",
                    "Bit k is set where the customer first bought some product group in the month k months before that of"
                            + " as_of.")
            .in("63 bits");

    public static final Table TABLE = Table.named(
                    "customer_addition", "In which months each customer bought a product group for the first time.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer", CustomerMonth.CUSTOMER)
            .with(ADDED_MONTHS);

    @Override
    public Lineage lineage() {
        return TABLE.from(Purchase.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(Purchase.TABLE)
                .where(Landing.CUSTOMER_ID.col().isNotNull().and(Purchase.isPurchase()))
                .where(Landing.PRODUCT_GROUP.col().isNotNull())
                .groupBy(CustomerMonth.CUSTOMER.col(), Landing.PRODUCT_GROUP.col())
                .agg(min(Landing.PURCHASED_ON.col()).as("first_on"))
                .withColumn("months_ago", new LoyaltyPeriod(asOf, 1).monthsAgo(col("first_on")))
                .groupBy(CustomerMonth.CUSTOMER.col())
                .agg(bit_or(when(col("months_ago").lt(CustomerStatus.MONTHS_KEPT), expr("shiftleft(1L, months_ago)"))
                                .otherwise(lit(0L)))
                        .as(ADDED_MONTHS.name()));
    }
}
