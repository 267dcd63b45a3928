package manyi.conformed;

import static manyi.table.Field.required;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;

/** The survey waves that were released, each revision of them; written by runs, not derived. */
public final class ReleasedWave {

    public static final Field REVISION =
            required("revision", IntegerType, "0 for the first release, then one more for each revision.");
    public static final Field RELEASED_ON =
            Field.day("released_on", "The as_of of the run that released the wave in this revision.");
    public static final Field WITHDRAWN_ON = Field.optionalDay(
            "withdrawn_on", "The as_of of the run whose revision replaced it; null for the current one.");

    public static final Table TABLE = Table.named("released_wave", "The revisions in which survey waves were released.")
            .on(Visibility.INTERNAL)
            .oneRowPer("wave and revision", Landing.WAVE, REVISION)
            .with(RELEASED_ON, WITHDRAWN_ON)
            .expect("revision >= 0");

    private ReleasedWave() {}
}
