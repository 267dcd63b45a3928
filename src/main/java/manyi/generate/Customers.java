package manyi.generate;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The customers' attributes as a customer register would list them. */
record Customers(Society society, LocalDate from) implements Serializable {

    static final StructType SCHEMA = new StructType()
            .add("customer_id", StringType)
            .add("region", StringType)
            .add("tier", StringType)
            .add("channel_preference", StringType)
            .add("age_band", StringType)
            .add("joined_on", DateType);

    /** The customers from number {@code first} up to, not including, number {@code end}. */
    Iterator<Row> rows(long first, long end) {
        return LongStream.range(first, end).mapToObj(this::row).iterator();
    }

    static String id(long customer) {
        return "C" + Purchases.padded(customer + 1, 7);
    }

    private Row row(long customer) {
        int region = society.region(customer);
        return RowFactory.create(
                id(customer),
                region == Society.NO_REGION ? null : Society.REGIONS.get(region),
                Society.TIERS.get(society.tier(customer)),
                Society.CHANNELS.get(society.channel(customer)),
                Society.AGE_BANDS.get(society.ageBand(customer)),
                from.plusDays(society.joined(customer)));
    }
}
