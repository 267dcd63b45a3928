package manyi.mart.value;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** What a borrowed model is made of, its segment value apart; all else is of today's attempt. */
    private static final List<Field> BORROWED = List.of(
            LifetimeValueModel.PARAMETER,
            LifetimeValueModel.PARAMETER_NUMBER,
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

    private final Map<List<String>, List<Row>> models;

    private EarlierModel(List<Row> rows) {
        models = byModel(rows);
    }

    /** Whether a row of the history may serve: fitted on its own day, before this one, under these settings. */
    public static Column serves(LocalDate asOf, String settingsDigest) {
        return SegmentColumns.AS_OF
                .col()
                .lt(functions.lit(asOf))
                .and(LifetimeValueModel.FITTED_ON.is(SegmentColumns.AS_OF.col()))
                .and(LifetimeValueModel.SETTINGS_DIGEST.is(settingsDigest));
    }

    /**
     * The latest day's models of a purpose.
     *
     * @param earlier rows of earlier days that may serve, however many the history has: one day's reach the driver
     * @param isWanted the models: those of purchases, or that of spend
     */
    static Optional<EarlierModel> latest(Dataset<Row> earlier, String purpose, Column isWanted) {
        Dataset<Row> wanted = earlier.where(LifetimeValueModel.PURPOSE.is(purpose))
                .where(isWanted)
                .where(LifetimeValueModel.PARAMETER_NUMBER.col().gt(0));
        Row last = wanted.where(LifetimeValueModel.IS_CHOSEN.col())
                .where(LifetimeValueModel.VALUE.col().isNotNull())
                .agg(functions.max(SegmentColumns.AS_OF.col()))
                .head();
        if (last.isNullAt(0)) {
            return Optional.empty();
        }
        List<Row> ofLast = wanted.where(SegmentColumns.AS_OF.is(functions.lit(last.getLocalDate(0))))
                .select(TABLE.fields().stream().map(Field::col).toArray(Column[]::new))
                .collectAsList();
        return Optional.of(new EarlierModel(ofLast));
    }

    /**
     * Models without a fit, by the earlier ones, whose parameters may be others (a model at an edge of its range has fewer);
     * a segment value that was not there then takes the pooled model.
     */
    List<Row> filled(List<Row> failed) {
        List<Row> filled = new ArrayList<>();
        byModel(failed).forEach((key, attempt) -> {
            List<Row> pooled = models.getOrDefault(List.of(key.get(0), Dimension.ALL, Dimension.ALL), List.of());
            List<Row> given = models.getOrDefault(key, pooled);
            boolean isUsable = given.stream().noneMatch(row -> row.isNullAt(index(LifetimeValueModel.VALUE)));
            filled.addAll(
                    given.isEmpty() || !isUsable
                            ? attempt
                            : given.stream()
                                    .map(row -> filled(attempt.get(0), row))
                                    .toList());
        });
        return filled;
    }

    private static Row filled(Row attempt, Row given) {
        return RowFactory.create(TABLE.fields().stream()
                .map(field -> (BORROWED.contains(field) ? given : attempt).get(index(field)))
                .toArray());
    }

    /** By model, segment and segment value. */
    private static Map<List<String>, List<Row>> byModel(List<Row> rows) {
        Map<List<String>, List<Row>> models = new LinkedHashMap<>();
        for (Row row : rows) {
            models.computeIfAbsent(
                            Stream.of(LifetimeValueModel.MODEL, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE)
                                    .map(field -> row.getString(index(field)))
                                    .toList(),
                            any -> new ArrayList<>())
                    .add(row);
        }
        return models;
    }

    private static int index(Field field) {
        return TABLE.fields().indexOf(field);
    }
}
