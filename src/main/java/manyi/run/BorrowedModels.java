package manyi.run;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import manyi.mart.SegmentColumns;
import manyi.mart.value.LifetimeValueModel;
import manyi.store.DeltaStore;
import manyi.table.Digest;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;

/** Models of earlier days in the history, which a run takes where nothing can be fitted. */
final class BorrowedModels {

    private static final Table KEPT = LifetimeValueModel.TABLE.partitionedBy(SegmentColumns.AS_OF);

    private final DeltaStore history;
    private final LocalDate asOf;

    BorrowedModels(DeltaStore history, LocalDate asOf) {
        this.history = history;
        this.asOf = asOf;
    }

    /** All models of the history. */
    Dataset<Row> rows() {
        return history.read(KEPT);
    }

    /** What decides them: only days before as_of serve, so today's own models are no matter. */
    String identity() {
        return "days " + new TreeSet<>(history.partitions(KEPT)).headSet(asOf.toString());
    }

    /** Warns of each model that is an earlier day's, and gives the inputs of the manifest for them. */
    List<Row> used(Dataset<Row> models, String runId, Warnings warnings) {
        Column fittedOn = LifetimeValueModel.FITTED_ON.col();
        Set<LocalDate> days = new TreeSet<>();
        for (Row row : models.where(fittedOn.lt(functions.lit(asOf)).and(LifetimeValueModel.IS_CHOSEN.col()))
                .select(LifetimeValueModel.PURPOSE.col(), LifetimeValueModel.MODEL.col(), fittedOn)
                .distinct()
                .orderBy(LifetimeValueModel.PURPOSE.name(), LifetimeValueModel.MODEL.name())
                .collectAsList()) {
            days.add(row.getLocalDate(2));
            warnings.add("lifetime_value_model: no model could be fitted for " + row.getString(0) + "; the "
                    + row.getString(1) + " fitted on " + row.getLocalDate(2)
                    + " is used instead (lifetime_value_model has the reasons)");
        }
        List<Row> inputs = new ArrayList<>();
        for (LocalDate day : days) {
            Digest.Content content = Digest.of(
                    LifetimeValueModel.TABLE,
                    rows().where(SegmentColumns.AS_OF.col().equalTo(functions.lit(day))));
            inputs.add(RowFactory.create(
                    asOf,
                    "input",
                    "history/" + LifetimeValueModel.TABLE.name() + "/as_of=" + day,
                    runId,
                    content.rows(),
                    content.digest(),
                    null));
        }
        return inputs;
    }
}
