package manyi.mart.path;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * From a row per figure to a row with a column per figure.
 *
 * @param of the column of the figures' first end; null for the whole model
 * @param on the column of the other end; null where there is none
 */
record Pivot(Table table, Field of, Field on, List<Cell> cells) {

    /** A column, the figure it takes, and which of the figure's columns. */
    record Cell(Field field, String measure, Field part) {}

    /** What tells the cells of a day apart. */
    static final List<Field> CELL =
            List.of(Landing.POPULATION, Landing.WAVE, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE);

    /** The columns that every table has behind its figures. */
    static final Field[] TAIL = {
        PathFigure.RESPONDENTS,
        PathFigure.REPLICATES,
        PathFigure.FAILED_REPLICATES,
        PathFigure.IS_SUPPRESSED,
        PathFigure.REASON
    };

    /** Why a figure of the whole model is not there. */
    static final String OF_MODEL = "reason_of_model";

    /** What a table is one row per, with the ends of its figures. */
    static Field[] key(Field... ends) {
        return Stream.of(Stream.of(SegmentColumns.AS_OF), CELL.stream(), Stream.of(ends))
                .flatMap(fields -> fields)
                .toArray(Field[]::new);
    }

    /** A row for each pair of ends. */
    Dataset<Row> from(Dataset<Row> figures, LocalDate asOf) {
        return from(figures, asOf, UnaryOperator.identity());
    }

    /** The same, with columns that come from elsewhere. */
    Dataset<Row> from(Dataset<Row> figures, LocalDate asOf, UnaryOperator<Dataset<Row>> more) {
        List<String> measures = cells.stream().map(Cell::measure).distinct().toList();
        List<Column> ends = new ArrayList<>(CELL.stream().map(Field::col).toList());
        ends.add(PathFigure.OF.col().as(of.name()));
        if (on != null) {
            ends.add(PathFigure.ON.col().as(on.name()));
        }
        List<Column> found = new ArrayList<>();
        for (Cell cell : cells) {
            found.add(max(when(
                            PathFigure.MEASURE.col().equalTo(cell.measure()),
                            cell.part().col()))
                    .as(cell.field().name()));
        }
        for (Field tail : TAIL) {
            found.add((tail == PathFigure.REASON ? reasons(tail.col()) : max(tail.col())).as(tail.name()));
        }
        return table.conform(more.apply(
                figures.where(PathFigure.MEASURE.col().isin(measures.stream().toArray()))
                        .groupBy(ends.toArray(Column[]::new))
                        .agg(found.get(0), found.subList(1, found.size()).toArray(Column[]::new))
                        .withColumn(SegmentColumns.AS_OF.name(), lit(asOf))));
    }

    /** All reasons of a row, each once; null where there is none. */
    private static Column reasons(Column reason) {
        return nullif(array_join(array_sort(collect_set(reason)), " "), lit(""));
    }

    /**
     * The figures of the whole model, one row per cell, under the names of their measures, with the reasons why any is not
     * there under {@link #OF_MODEL}.
     */
    static Dataset<Row> ofModel(Dataset<Row> figures, List<String> measures) {
        List<Column> found = new ArrayList<>();
        for (String measure : measures) {
            found.add(max(when(PathFigure.MEASURE.col().equalTo(measure), PathFigure.VALUE.col()))
                    .as(measure));
        }
        Column isTaken = PathFigure.MEASURE.col().isin(measures.toArray());
        found.add(reasons(when(isTaken, PathFigure.REASON.col())).as(OF_MODEL));
        return figures.where(PathFigure.OF.col().equalTo(lit("")))
                .groupBy(CELL.stream().map(field -> col(field.name())).toArray(Column[]::new))
                .agg(found.get(0), found.subList(1, found.size()).toArray(Column[]::new));
    }
}
