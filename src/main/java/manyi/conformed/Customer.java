package manyi.conformed;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trunc;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Dimension;
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
import org.apache.spark.sql.types.DataTypes;

/**
 * Every customer known at as_of, by purchase or by name, with the cohort and the segments of that day.
 *
 * @param asOf the last day that exists
 */
public record Customer(LocalDate asOf, Attributes attributes) implements Derivation {

    public static final Field COHORT_ON = Field.optionalDay(
            "cohort_on", "The month of the first purchase, by its first day; null without a purchase.");
    public static final Field LAST_MONTH =
            Field.optionalDay("last_month", "The month of the last purchase, by its first day.");
    public static final Field FIRST_MONTH =
            Field.optionalDay("first_month", "The first month with a line of any kind; null without any.");
    public static final Field SEGMENTS = Field.required(
            "segments",
            DataTypes.createArrayType(DataTypes.StringType),
            "The customer's value in each configured dimension, in the job's order.");

    public static final Table TABLE = Table.named("customer", "Every customer known at as_of.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer", CustomerMonth.CUSTOMER)
            .sortedBy(CustomerMonth.CUSTOMER)
            .with(COHORT_ON, LAST_MONTH, FIRST_MONTH, CustomerSpan.FIRST_PURCHASE_ON, CustomerSpan.LINES, SEGMENTS);

    @Override
    public Lineage lineage() {
        List<Table> inputs = new ArrayList<>(List.of(CustomerSpan.TABLE));
        if (!attributes.fromCustomers().isEmpty()) {
            inputs.add(CustomerAttribute.TABLE);
        }
        if (!attributes.fromPurchases().isEmpty()) {
            inputs.add(PurchaseAttribute.TABLE);
        }
        return TABLE.from(inputs);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        String id = CustomerMonth.CUSTOMER.name();
        Dataset<Row> customers = inputs.read(CustomerSpan.TABLE);
        if (!attributes.fromCustomers().isEmpty()) {
            Dataset<Row> given = latest(
                    inputs.read(CustomerAttribute.TABLE)
                            .where(Landing.VALID_FROM
                                    .col()
                                    .isNull()
                                    .or(Landing.VALID_FROM.col().leq(lit(asOf)))),
                    Landing.VALID_FROM,
                    "given");
            customers = customers.join(given, id, "full_outer");
        }
        if (!attributes.fromPurchases().isEmpty()) {
            Dataset<Row> shown = latest(inputs.read(PurchaseAttribute.TABLE), Landing.PURCHASED_ON, "shown");
            customers = customers.join(shown, id, "left_outer");
        }
        List<Column> segments = new ArrayList<>();
        for (Dimension dimension : attributes.dimensions()) {
            Column[] parts = dimension.attributes().stream().map(this::value).toArray(Column[]::new);
            segments.add(concat_ws(Dimension.CROSS, parts));
        }
        return customers
                .withColumn(
                        SEGMENTS.name(), array(segments.toArray(Column[]::new)).cast(SEGMENTS.type()))
                .withColumn(COHORT_ON.name(), trunc(CustomerSpan.FIRST_PURCHASE_ON.col(), "month"))
                .withColumn(LAST_MONTH.name(), trunc(CustomerSpan.LAST_PURCHASE_ON.col(), "month"));
    }

    private Column value(String attribute) {
        Column unknown = lit(Dimension.UNKNOWN);
        int given = attributes.fromCustomers().indexOf(attribute);
        if (given >= 0) {
            return Attributes.plain(coalesce(col("given").getItem(given), unknown));
        }
        int shown = attributes.fromPurchases().indexOf(attribute);
        return shown >= 0 ? Attributes.plain(coalesce(col("shown").getItem(shown), unknown)) : unknown;
    }

    /** The attributes of the greatest day per customer; null days come before all others. */
    private static Dataset<Row> latest(Dataset<Row> rows, Field day, String as) {
        return rows.groupBy(CustomerMonth.CUSTOMER.col())
                .agg(max(struct(day.col(), Landing.ATTRIBUTES.col())).as("latest"))
                .select(
                        CustomerMonth.CUSTOMER.col(),
                        col("latest").getField(Landing.ATTRIBUTES.name()).as(as));
    }
}
