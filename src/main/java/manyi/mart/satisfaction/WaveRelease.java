package manyi.mart.satisfaction;

import java.time.LocalDate;
import manyi.conformed.ReleasedWave;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Inputs;
import manyi.table.Lineage;
import manyi.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** When each survey wave was released, and which revisions took the place of earlier releases. */
public record WaveRelease(LocalDate asOf) implements Derivation {

    public static final Table TABLE = Table.named(
                    "wave_release", "When each survey wave was released, and its revisions since.")
            .oneRowPer("wave and revision", SegmentColumns.AS_OF, Landing.WAVE, ReleasedWave.REVISION)
            .with(ReleasedWave.RELEASED_ON, ReleasedWave.WITHDRAWN_ON)
            .expect("revision >= 0");

    @Override
    public Lineage lineage() {
        return TABLE.from(ReleasedWave.TABLE);
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        return inputs.read(ReleasedWave.TABLE)
                .where(ReleasedWave.RELEASED_ON.col().leq(functions.lit(asOf)))
                .withColumn(SegmentColumns.AS_OF.name(), SegmentColumns.asOf(asOf));
    }
}
