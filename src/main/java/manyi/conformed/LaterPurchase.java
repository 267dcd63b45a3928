package manyi.conformed;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many accepted purchase lines lie after as_of: no table of that day has them, but they are accounted for. */
public record LaterPurchase(LocalDate asOf) implements Derivation {

    public static final Table TABLE = Table.named("later_purchase", "The purchase lines after as_of, counted.")
            .on(Visibility.INTERNAL)
            .oneRowPer("run")
            .with(CustomerMonth.LINES);

    @Override
    public Lineage lineage() {
        return TABLE.from(Purchase.TABLE);
    }

    @Override
    public boolean isUncut() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        // the months are folders: those before as_of are not read
        return inputs.read(Purchase.TABLE)
                .where(Landing.MONTH.col().geq(lit(asOf.withDayOfMonth(1))))
                .where(Landing.PURCHASED_ON.col().gt(lit(asOf)))
                .agg(count(lit(1)).as(CustomerMonth.LINES.name()));
    }
}
