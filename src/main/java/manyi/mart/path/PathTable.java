package manyi.mart.path;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyi.mart.SegmentColumns;
import manyi.mart.survey.EstimateColumns;
import manyi.mart.survey.EstimateColumns.Part;
import manyi.mart.survey.Scale;
import manyi.math.pls.Measure;
import manyi.source.Landing;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A published table of figures of path model or drivers: from a row per figure to a row with a column per figure.
 *
 * @param open the table without the columns that all of them end with
 * @param ends the columns of the figures' ends, one or two
 * @param columns what is read of the figures of these ends
 * @param ofModel what is read of the figures of the whole model, the same for all ends
 */
record PathTable(Table open, List<Field> ends, List<Cell> columns, List<Cell> ofModel) {

    /** A column, the figure it takes, and which of the figure's columns. */
    record Cell(Field field, String measure, Field part) {
        private Column found() {
            return max(when(PathFigure.MEASURE.is(measure), part.col())).as(field.name());
        }
    }

    /** An index, which rounding may carry past the ends of its scale. */
    static final Scale INDEX = Scale.unbounded("points, 0 to 100", "points");
    /** A part of a variance, likewise. */
    static final Scale EXPLAINED = Scale.unbounded("share, 0 to 1", "");

    /** Why a figure of the whole model is not there. */
    private static final String REASON_OF_MODEL = "reason_of_model";
    /** What tells the cells of a day apart. */
    private static final List<Field> CELL =
            List.of(Landing.POPULATION, Landing.WAVE, SegmentColumns.SEGMENT, SegmentColumns.SEGMENT_VALUE);

    private static final Field[] TAIL = {
        PathFigure.RESPONDENTS,
        PathFigure.REPLICATES,
        PathFigure.FAILED_REPLICATES,
        PathFigure.IS_SUPPRESSED,
        PathFigure.REASON
    };

    PathTable {
        ends = List.copyOf(ends);
        columns = List.copyOf(columns);
        ofModel = List.copyOf(ofModel);
    }

    /** A table with one row per segment value and these ends. */
    static PathTable named(String name, String meaning, String grain, Field... ends) {
        Field[] key = Stream.of(Stream.of(SegmentColumns.AS_OF), CELL.stream(), Arrays.stream(ends))
                .flatMap(fields -> fields)
                .toArray(Field[]::new);
        return new PathTable(Table.named(name, meaning).oneRowPer(grain, key), List.of(ends), List.of(), List.of());
    }

    /** Adds a figure with its error and limits. */
    PathTable figure(String measure, EstimateColumns estimate) {
        PathTable wider = column(measure, estimate.value(), PathFigure.VALUE);
        for (Part part : estimate.meanings().keySet()) {
            wider = wider.column(measure, estimate.field(part), PathFigure.of(part));
        }
        return wider.expect(estimate.rules().toArray(String[]::new));
    }

    PathTable figure(Measure measure, EstimateColumns estimate) {
        return figure(CellFits.key(measure), estimate);
    }

    /** Adds the value of a figure. */
    PathTable figure(String measure, Field value) {
        return column(measure, value, PathFigure.VALUE);
    }

    PathTable figure(Measure measure, Field value) {
        return figure(CellFits.key(measure), value);
    }

    /** Adds a column of a figure. */
    PathTable column(String measure, Field field, Field part) {
        return new PathTable(open.with(field), ends, joined(columns, new Cell(field, measure, part)), ofModel);
    }

    /** Adds the value of a figure of the whole model. */
    PathTable figureOfModel(String measure, Field value) {
        return new PathTable(
                open.with(value), ends, columns, joined(ofModel, new Cell(value, measure, PathFigure.VALUE)));
    }

    /** Adds rules. */
    PathTable expect(String... rules) {
        return new PathTable(open.expect(rules), ends, columns, ofModel);
    }

    /** What is published. */
    Table table() {
        return open.with(TAIL)
                .expect("not is_suppressed or (" + columns.get(0).field().name()
                        + " is null and respondents is null and reason is null)");
    }

    /** A row for each of the ends. */
    Dataset<Row> from(Dataset<Row> figures, LocalDate asOf) {
        List<Column> keys = cell();
        keys.add(PathFigure.OF.col().as(ends.get(0).name()));
        if (ends.size() > 1) {
            keys.add(PathFigure.ON.col().as(ends.get(1).name()));
        }
        List<Column> found = new ArrayList<>(columns.stream().map(Cell::found).toList());
        for (Field tail : TAIL) {
            found.add((tail.equals(PathFigure.REASON) ? reasons(tail.col()) : max(tail.col())).as(tail.name()));
        }
        Object[] measures = columns.stream().map(Cell::measure).distinct().toArray();
        Dataset<Row> rows = grouped(figures.where(PathFigure.MEASURE.col().isin(measures)), keys, found)
                .withColumn(SegmentColumns.AS_OF.name(), lit(asOf));
        if (!ofModel.isEmpty()) {
            Object[] read = ofModel.stream().map(Cell::measure).toArray();
            Column reason = when(PathFigure.MEASURE.col().isin(read), PathFigure.REASON.col());
            Dataset<Row> whole = grouped(
                    figures.where(PathFigure.OF.is(lit(""))),
                    cell(),
                    Stream.concat(
                                    ofModel.stream().map(Cell::found),
                                    Stream.of(reasons(reason).as(REASON_OF_MODEL)))
                            .toList());
            rows = rows.join(whole, CELL.stream().map(Field::name).toArray(String[]::new), "left")
                    .withColumn(PathFigure.REASON.name(), joined(PathFigure.REASON.col(), col(REASON_OF_MODEL)));
        }
        for (Cell one : ofModel) {
            // what the whole model is or is not is a figure of 1 or 0
            rows = rows.withColumn(
                    one.field().name(),
                    one.field().type().equals(PathFigure.VALUE.type())
                            ? one.field().col()
                            : one.field().col().equalTo(1));
        }
        return table().conform(rows);
    }

    /** All reasons of a row, each once; null where there is none. */
    private static Column reasons(Column reason) {
        return nullif(array_join(array_sort(collect_set(reason)), " "), lit(""));
    }

    /** The reasons of a row and of the model; neither twice. */
    private static Column joined(Column reason, Column ofModel) {
        return when(reason.isNull().or(ofModel.contains(reason)), ofModel)
                .when(ofModel.isNull().or(reason.contains(ofModel)), reason)
                .otherwise(concat_ws(" ", reason, ofModel));
    }

    private static List<Column> cell() {
        return new ArrayList<>(CELL.stream().map(field -> col(field.name())).toList());
    }

    private static Dataset<Row> grouped(Dataset<Row> figures, List<Column> keys, List<Column> found) {
        return figures.groupBy(keys.toArray(Column[]::new))
                .agg(found.get(0), found.subList(1, found.size()).toArray(Column[]::new));
    }

    private static List<Cell> joined(List<Cell> cells, Cell more) {
        return Stream.concat(cells.stream(), Stream.of(more)).toList();
    }
}
