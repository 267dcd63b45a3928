package manyi.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A few rows as text for people or programs.
 *
 * @param isCut whether there were more rows than were asked for
 */
record Sheet(List<String> columns, List<List<Object>> rows, boolean isCut) {

    /** How rows are written. */
    enum Format {
        TABLE,
        CSV,
        JSON
    }

    Sheet {
        columns = List.copyOf(columns);
    }

    /** The first rows of a dataset. */
    static Sheet of(Dataset<Row> data, int limit) {
        List<List<Object>> rows = new ArrayList<>();
        for (Row row : data.limit(limit + 1).collectAsList()) {
            List<Object> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                cells.add(row.get(i));
            }
            rows.add(cells);
        }
        boolean isCut = rows.size() > limit;
        return new Sheet(List.of(data.columns()), isCut ? rows.subList(0, limit) : rows, isCut);
    }

    /** The rows in this format, each line ended. */
    String text(Format format) {
        return switch (format) {
            case TABLE -> table();
            case CSV -> csv();
            case JSON -> json();
        };
    }

    private String table() {
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns);
        for (List<Object> row : rows) {
            cells.add(row.stream().map(Sheet::shown).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < cells.size(); line++) {
            StringBuilder drawn = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = cells.get(line).get(i);
                String blanks = " ".repeat(widths[i] - width(cell));
                drawn.append(i == 0 ? "" : "  ").append(isNumeric(i) ? blanks + cell : cell + blanks);
            }
            text.append(drawn.toString().stripTrailing()).append('\n');
            if (line == 0) {
                StringBuilder rule = new StringBuilder();
                for (int i = 0; i < widths.length; i++) {
                    rule.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
                }
                text.append(rule).append('\n');
            }
        }
        return text.toString();
    }

    private String csv() {
        StringBuilder text = new StringBuilder();
        line(text, columns, Sheet::quoted);
        for (List<Object> row : rows) {
            line(text, row.stream().map(Sheet::exact).toList(), Sheet::quoted);
        }
        return text.toString();
    }

    private String json() {
        StringBuilder text = new StringBuilder();
        for (List<Object> row : rows) {
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                pairs.add(jsonText(columns.get(i)) + ":" + jsonValue(row.get(i)));
            }
            text.append('{').append(String.join(",", pairs)).append("}\n");
        }
        return text.toString();
    }

    private boolean isNumeric(int column) {
        return rows.stream().map(row -> row.get(column)).allMatch(value -> value == null || value instanceof Number)
                && !rows.isEmpty();
    }

    private static void line(StringBuilder text, List<String> cells, UnaryOperator<String> quoting) {
        text.append(String.join(",", cells.stream().map(quoting).toList())).append("\r\n");
    }

    private static String quoted(String cell) {
        boolean needs = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return needs ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    /** For people: doubles with four decimals, nulls empty, no control characters. */
    private static String shown(Object value) {
        if (value instanceof Double number && !number.isNaN() && !number.isInfinite()) {
            return String.format(Locale.ROOT, "%.4f", number);
        }
        return exact(value).replaceAll("\\p{Cntrl}", " ");
    }

    private static String exact(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        return nested(value);
    }

    private static String nested(Object value) {
        if (value instanceof scala.collection.Seq<?> several) {
            return scala.jdk.javaapi.CollectionConverters.asJava(several).toString();
        }
        return String.valueOf(value);
    }

    private static String jsonValue(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
            return "null";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return exact(value);
        }
        if (value instanceof scala.collection.Seq<?> several) {
            List<?> elements = scala.jdk.javaapi.CollectionConverters.asJava(several);
            return "["
                    + String.join(",", elements.stream().map(Sheet::jsonValue).toList()) + "]";
        }
        return jsonText(String.valueOf(value));
    }

    private static String jsonText(String text) {
        return '"'
                + new String(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance()
                        .quoteAsString(text))
                + '"';
    }

    /** Columns of a terminal: characters of East Asia take two. */
    private static int width(String text) {
        return text.codePoints().map(point -> isWide(point) ? 2 : 1).sum();
    }

    private static boolean isWide(int point) {
        return (point >= 0x1100 && point <= 0x115F)
                || (point >= 0x2E80 && point <= 0xA4CF)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0xF900 && point <= 0xFAFF)
                || (point >= 0xFE30 && point <= 0xFE6F)
                || (point >= 0xFF00 && point <= 0xFF60)
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x20000 && point <= 0x3FFFD);
    }

    /** A sheet of given cells. */
    static Sheet of(List<String> columns, List<List<Object>> rows) {
        return new Sheet(columns, Collections.unmodifiableList(rows), false);
    }
}
