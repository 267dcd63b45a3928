package manyi.mart.survey;

import static manyi.mart.survey.SatisfactionCell.IS_SUPPRESSED;
import static org.apache.spark.sql.functions.lit;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A published table of a survey: one row per segment value and wave, with figures that are empty where the row is
 * suppressed.
 *
 * @param open the table without the column that says so
 * @param figures the columns that are emptied
 * @param estimates those of them that are read from an estimate
 */
public record SurveyTable(Table open, List<Field> figures, List<EstimateColumns> estimates) {

    public SurveyTable {
        figures = List.copyOf(figures);
        estimates = List.copyOf(estimates);
    }

    /** A table with one row per population, wave and segment value, and per what these columns say. */
    public static SurveyTable named(String name, String meaning, String grain, Field... more) {
        Field[] key = Stream.concat(
                        Stream.of(
                                SegmentColumns.AS_OF,
                                Landing.POPULATION,
                                Landing.WAVE,
                                SegmentColumns.SEGMENT,
                                SegmentColumns.SEGMENT_VALUE),
                        Arrays.stream(more))
                .toArray(Field[]::new);
        return of(Table.named(name, meaning).oneRowPer(grain, key));
    }

    /** A table whose key has all columns of a cell's. */
    public static SurveyTable of(Table table) {
        return new SurveyTable(table, List.of(), List.of());
    }

    /** Adds columns that are published of every row. */
    public SurveyTable with(Field... columns) {
        return new SurveyTable(open.with(columns), figures, estimates);
    }

    /** Adds columns that are empty where the row is suppressed. */
    public SurveyTable figures(Field... columns) {
        return new SurveyTable(open.with(columns), joined(figures, List.of(columns)), estimates);
    }

    /** Adds an estimate's columns and rules; they are empty where the row is suppressed. */
    public SurveyTable figures(EstimateColumns estimate) {
        Field[] columns = estimate.fields().toArray(Field[]::new);
        return new SurveyTable(
                open.with(columns).expect(estimate.rules().toArray(String[]::new)),
                joined(figures, List.of(columns)),
                joined(estimates, List.of(estimate)));
    }

    /** Adds rules. */
    public SurveyTable expect(String... rules) {
        return new SurveyTable(open.expect(rules), figures, estimates);
    }

    /** What is published. */
    public Table table() {
        return open.with(IS_SUPPRESSED);
    }

    /**
     * The rows of the table from rows of the same grain.
     *
     * @param columns all columns but the key of a cell, estimates and suppression
     */
    public Dataset<Row> rows(Dataset<Row> cells, LocalDate asOf, Column... columns) {
        List<Column> all = new ArrayList<>(List.of(
                lit(asOf).as(SegmentColumns.AS_OF.name()),
                Landing.POPULATION.col(),
                Landing.WAVE.col(),
                SegmentColumns.SEGMENT.col(),
                SegmentColumns.SEGMENT_VALUE.col(),
                IS_SUPPRESSED.col()));
        estimates.forEach(estimate -> all.addAll(estimate.columns()));
        all.addAll(List.of(columns));
        return table().conform(cells.select(all.toArray(Column[]::new)));
    }

    /** The rows with the figures of suppressed ones emptied. */
    public Dataset<Row> suppressed(Dataset<Row> audited) {
        return Figures.suppressed(table(), audited, figures);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
