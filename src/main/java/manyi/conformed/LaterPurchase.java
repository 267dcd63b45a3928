package manyi.conformed;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import manyi.source.Landing;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many accepted purchase lines lie after as_of: no table of that day holds them, but they are accounted for. */
public final class LaterPurchase {

    public static final Table TABLE = Table.named("later_purchase", "The purchase lines after as_of, counted.")
            .on(Visibility.WORK)
            .oneRowPer("run")
            .with(CustomerMonth.LINES);

    private LaterPurchase() {}

    /** The count, from all purchase lines that stand. */
    public static Dataset<Row> of(Dataset<Row> purchases, LocalDate asOf) {
        // the months are folders: those before as_of are not looked at
        return purchases
                .where(Landing.MONTH.col().geq(lit(asOf.withDayOfMonth(1))))
                .where(Landing.PURCHASED_ON.col().gt(lit(asOf)))
                .agg(count(lit(1)).as(CustomerMonth.LINES.name()));
    }
}
