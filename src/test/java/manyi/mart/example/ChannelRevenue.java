package manyi.mart.example;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Net revenue of each channel and month. */
public record ChannelRevenue(LocalDate asOf) implements Derivation {

    public static final Field CHANNEL = Field.text("channel", "The channel of the sale; 'unknown' where not given.");
    public static final Field REVENUE = CustomerMonth.money("revenue", "Net amount of the lines, returns deducted.");

    public static final Table TABLE = Table.named("channel_revenue", "Net revenue of each channel and month.")
            .oneRowPer("month and channel", SegmentColumns.AS_OF, Landing.MONTH, CHANNEL)
            .with(REVENUE)
            .expect("day(month) = 1");

    @Override
    public Lineage lineage() {
        return TABLE.from(Purchase.TABLE);
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(Purchase.TABLE)
                .groupBy(
                        SegmentColumns.asOf(asOf),
                        Landing.MONTH.col(),
                        coalesce(CHANNEL.col(), lit("unknown")).as(CHANNEL.name()))
                .agg(CustomerMonth.money(sum(Purchase.AMOUNT_HELD.col())).as(REVENUE.name()));
    }
}
