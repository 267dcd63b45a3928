package manyi.mart.value;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Dimension;
import manyi.mart.SegmentColumns;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;

/**
 * Models that runs of earlier days fitted under the same settings: a purpose for which nothing can be fitted takes the
 * latest of them. They come from {@code history/lifetime_value_model}, so that what is published is a function of the
 * sources, the job, as_of and those rows.
 */
public final class EarlierModel {

    /** The rows of earlier days, in the shape of the models themselves. */
    public static final Table TABLE = new Table(
            "earlier_lifetime_value_model",
            "Models that runs of earlier days fitted.",
            Visibility.INTERNAL,
            LifetimeValueModel.TABLE.grain(),
            LifetimeValueModel.TABLE.key(),
            LifetimeValueModel.TABLE.fields(),
            List.of(),
            List.of(),
            List.of(),
            1);

    /** What a borrowed model is made of; all else is said of today's attempt. */
    private static final List<Field> BORROWED = List.of(
            LifetimeValueModel.VALUE,
            LifetimeValueModel.STANDARD_ERROR,
            LifetimeValueModel.LOW,
            LifetimeValueModel.HIGH,
            LifetimeValueModel.COVARIANCE_1,
            LifetimeValueModel.COVARIANCE_2,
            LifetimeValueModel.COVARIANCE_3,
            LifetimeValueModel.COVARIANCE_4,
            LifetimeValueModel.IS_CHOSEN,
            LifetimeValueModel.FITTED_ON);

    private final Map<List<String>, Row> rows = new HashMap<>();

    private EarlierModel(List<Row> rows) {
        rows.forEach(row -> this.rows.put(key(row, text(row, SegmentColumns.SEGMENT_VALUE)), row));
    }

    /** Whether a row of the history may serve: fitted on its own day, before this one, under these settings. */
    public static Column serves(LocalDate asOf, String settingsDigest) {
        return SegmentColumns.AS_OF
                .col()
                .lt(functions.lit(asOf))
                .and(LifetimeValueModel.FITTED_ON.col().equalTo(SegmentColumns.AS_OF.col()))
                .and(LifetimeValueModel.SETTINGS_DIGEST.col().equalTo(settingsDigest));
    }

    /**
     * The latest day's models of a purpose.
     *
     * @param earlier rows of earlier days that may serve, however many the history has: one day's reach the driver
     * @param isWanted the models: those of purchases, or that of spend
     */
    static Optional<EarlierModel> latest(Dataset<Row> earlier, String purpose, Column isWanted) {
        Dataset<Row> wanted = earlier.where(LifetimeValueModel.PURPOSE.col().equalTo(purpose))
                .where(isWanted)
                .where(LifetimeValueModel.PARAMETER_NUMBER.col().gt(0));
        Row last = wanted.where(LifetimeValueModel.IS_CHOSEN.col())
                .where(LifetimeValueModel.VALUE.col().isNotNull())
                .agg(functions.max(SegmentColumns.AS_OF.col()))
                .head();
        if (last.isNullAt(0)) {
            return Optional.empty();
        }
        List<Row> ofLast = wanted.where(SegmentColumns.AS_OF.col().equalTo(functions.lit(last.getLocalDate(0))))
                .select(TABLE.fields().stream().map(Field::col).toArray(Column[]::new))
                .collectAsList();
        return Optional.of(new EarlierModel(ofLast));
    }

    /** A row without a fit, filled with the earlier one's; a value that was not there then takes the pooled model. */
    Row filled(Row failed) {
        Row own = rows.get(key(failed, text(failed, SegmentColumns.SEGMENT_VALUE)));
        Row given = own == null ? rows.get(pooled(failed)) : own;
        if (given == null || given.isNullAt(place(LifetimeValueModel.VALUE))) {
            return failed;
        }
        List<Object> filled = new ArrayList<>();
        for (Field field : TABLE.fields()) {
            filled.add((BORROWED.contains(field) ? given : failed).get(place(field)));
        }
        return RowFactory.create(filled.toArray());
    }

    private static String text(Row row, Field field) {
        return row.getString(place(field));
    }

    private static int place(Field field) {
        return TABLE.fields().indexOf(field);
    }

    private static List<String> pooled(Row row) {
        List<String> key = new ArrayList<>(key(row, Dimension.ALL));
        key.set(0, Dimension.ALL);
        return key;
    }

    private static List<String> key(Row row, String value) {
        return List.of(
                text(row, SegmentColumns.SEGMENT),
                value,
                text(row, LifetimeValueModel.MODEL),
                text(row, LifetimeValueModel.PARAMETER));
    }
}
