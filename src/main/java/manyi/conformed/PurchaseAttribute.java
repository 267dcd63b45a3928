package manyi.conformed;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import java.util.List;
import java.util.Optional;
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
import org.apache.spark.sql.functions;

/**
 * The attributes that a customer's latest purchase of a day shows, kept where a segment dimension asks for them.
 *
 * @param names the purchase columns kept, in this order
 */
public record PurchaseAttribute(List<String> names) implements Derivation {

    public static final Table TABLE = Table.named(
                    "purchase_attribute", "The attributes shown by each customer's latest purchase of a day.")
            .on(Visibility.INTERNAL)
            .oneRowPer("customer and day of purchase", CustomerAttribute.CUSTOMER_ID, Landing.PURCHASED_ON)
            .with(Landing.MONTH, Landing.ATTRIBUTES)
            .partitionedBy(Landing.MONTH);

    public PurchaseAttribute {
        names = List.copyOf(names);
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(Purchase.TABLE);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Optional<Field> day() {
        return Optional.of(Landing.PURCHASED_ON);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        Column[] shown = names.stream().map(functions::col).toArray(Column[]::new);
        return inputs.read(Purchase.TABLE)
                // what is taken back elsewhere moves nobody
                .where(Landing.CUSTOMER_ID.col().isNotNull().and(Purchase.isPurchase()))
                .groupBy(Field.columns(Landing.CUSTOMER_ID, Landing.PURCHASED_ON, Landing.MONTH))
                // equal instants are told apart by the attributes themselves, so no order of rows matters
                .agg(max(struct(Landing.PURCHASED_AT.col(), array(shown).as("shown")))
                        .as("latest"))
                .select(
                        Landing.CUSTOMER_ID.col(),
                        Landing.PURCHASED_ON.col(),
                        Landing.MONTH.col(),
                        col("latest.shown").as(Landing.ATTRIBUTES.name()));
    }
}
