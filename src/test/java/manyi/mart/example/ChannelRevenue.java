package manyi.mart.example;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.time.LocalDate;
import java.util.List;
import manyi.conformed.CustomerMonth;
import manyi.conformed.Purchase;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Net revenue of each channel and month. */
public record ChannelRevenue(LocalDate asOf) implements Derivation {

    public static final Field CHANNEL =
            Field.required("channel", DataTypes.StringType, "The channel of the sale; 'unknown' where not given.");
    public static final Field REVENUE = Field.required(
                    "revenue", CustomerMonth.PUBLISHED_MONEY, "Net amount of the lines, returns deducted.")
            .in("units of currency");

    public static final Table TABLE = Table.named("channel_revenue", "Net revenue of each channel and month.")
            .oneRowPer("month and channel", SegmentColumns.AS_OF, Landing.MONTH, CHANNEL)
            .with(REVENUE)
            .expect("day(month) = 1");

    @Override
    public Table table() {
        return TABLE;
    }

    @Override
    public List<Table> inputs() {
        return List.of(Purchase.TABLE);
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
