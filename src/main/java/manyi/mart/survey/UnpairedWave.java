package manyi.mart.survey;

import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.StringType;

import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;

/**
 * Waves whose expectations are not set beside the experiences of a later wave: they came after the later wave had been
 * published, and would add so few pairs to it that two runs would give these away.
 */
public final class UnpairedWave {

    public static final Field EARLIER =
            required("earlier_wave", StringType, "The wave whose answers to expected items are not taken.");

    public static final Table TABLE = Table.named(
                    "unpaired_wave", "Earlier waves that came too late to be paired with a published one.")
            .on(Visibility.STATE)
            .oneRowPer("wave and earlier wave", Landing.WAVE, EARLIER);

    private UnpairedWave() {}
}
