package manyi.testing;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyi.table.Field;
import manyi.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tables as pictures: rows drawn in a text block, and datasets drawn back. */
public final class Rows {

    private Rows() {}

    /**
     * The rows of a picture: a header line, then a line per row, cells between bars. Columns left out and cells left
     * empty are null; the elements of an array are separated by commas, an empty one is null.
     */
    public static Dataset<Row> rows(Table table, String picture) {
        List<String> lines =
                picture.strip().lines().filter(line -> !line.isBlank()).toList();
        String[] header = cells(lines.get(0));
        StructType texts = new StructType(Arrays.stream(header)
                .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true))
                .toArray(StructField[]::new));
        List<Row> data = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = cells(line);
            if (cells.length > header.length) {
                throw new IllegalArgumentException("more cells than columns: " + line);
            }
            Object[] values = IntStream.range(0, header.length)
                    .mapToObj(i -> i < cells.length && !cells[i].isEmpty() ? cells[i] : null)
                    .toArray();
            data.add(RowFactory.create(values));
        }
        for (String name : header) {
            if (!table.has(name)) {
                throw new IllegalArgumentException("table " + table.name() + " has no column " + name);
            }
        }
        Dataset<Row> read = Sparks.session().createDataFrame(data, texts);
        Column[] columns = table.fields().stream()
                .map(field -> typed(field, Arrays.asList(header).contains(field.name())))
                .toArray(Column[]::new);
        return table.conform(read.select(columns));
    }

    /** The dataset drawn: columns in the table's order, rows sorted by their text, doubles with four decimals. */
    public static String picture(Table table, Dataset<Row> rows) {
        return picture(rows.select(table.fields().stream().map(Field::col).toArray(Column[]::new)));
    }

    /** The chosen columns of the dataset drawn. */
    public static String picture(Dataset<Row> rows, String... columns) {
        Dataset<Row> shown = columns.length == 0
                ? rows
                : rows.select(Arrays.stream(columns).map(name -> col(name)).toArray(Column[]::new));
        List<String> lines = new ArrayList<>();
        for (Row row : shown.collectAsList()) {
            lines.add(IntStream.range(0, row.size())
                    .mapToObj(i -> drawn(row.get(i)))
                    .collect(Collectors.joining(" | "))
                    .stripTrailing());
        }
        Collections.sort(lines);
        return String.join(" | ", shown.columns()) + "\n" + String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
    }

    private static Column typed(Field field, boolean isDrawn) {
        if (!isDrawn) {
            return expr("cast(null as " + field.type().sql() + ")").as(field.name());
        }
        if (field.type() instanceof ArrayType array) {
            Column elements = transform(
                    split(field.col(), ","),
                    element -> when(trim(element).notEqual(""), trim(element)).cast(array.elementType()));
            return elements.as(field.name());
        }
        return field.col().cast(field.type()).as(field.name());
    }

    private static String[] cells(String line) {
        return Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
    }

    private static String drawn(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.4f", number);
        }
        if (value instanceof BigDecimal number) {
            BigDecimal plain = number.stripTrailingZeros();
            return (plain.scale() < 0 ? plain.setScale(0) : plain).toPlainString();
        }
        return String.valueOf(value);
    }
}
