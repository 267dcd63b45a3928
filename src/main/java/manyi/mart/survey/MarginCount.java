package manyi.mart.survey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import manyi.config.Weighting;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/**
 * How many customers had each value of a margin when a wave was published. Counted anew in every run they would move the
 * weights of closed waves day by day, and many days' figures would tell of small cells.
 */
public final class MarginCount {

    public static final Field COUNT = Field.required(
                    "population_count", DataTypes.DoubleType, "Customers with the value when the wave was published.")
            .in("customers");

    public static final Table TABLE = Table.named("margin_count", "The customers that published waves are raked to.")
            .on(Visibility.STATE)
            .oneRowPer("wave, margin and value", Landing.WAVE, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE)
            .with(COUNT);

    private MarginCount() {}

    /** The counts behind raking factors, of the margins that are counted from customers; sorted. */
    public static List<Row> of(Weighting weighting, List<Row> factors) {
        Map<String, Row> counts = new TreeMap<>();
        for (Row factor : factors) {
            String wave = factor.getAs(Landing.WAVE.name());
            List<String> levels = factor.getList(factor.fieldIndex(RakingFactor.LEVELS.name()));
            List<Double> population = factor.getList(factor.fieldIndex(RakingFactor.POPULATION_COUNTS.name()));
            for (int i = 0; i < levels.size(); i++) {
                Weighting.Margin margin = weighting.margins().get(i);
                if (margin.isOfCustomers()) {
                    counts.put(
                            String.join("\u0000", wave, margin.segment(), levels.get(i)),
                            RowFactory.create(wave, margin.segment(), levels.get(i), population.get(i)));
                }
            }
        }
        return new ArrayList<>(counts.values());
    }
}
