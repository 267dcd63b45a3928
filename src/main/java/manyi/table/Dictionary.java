package manyi.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/** The data dictionary: what every table and column means, as a published table and as a page. */
public final class Dictionary {

    public static final Table TABLE = Table.named("data_dictionary", "What every published table and column means.")
            .oneRowPer(
                    "column",
                    Field.required("table_name", DataTypes.StringType, "The table."),
                    Field.required("column_name", DataTypes.StringType, "The column."))
            .with(
                    Field.required("position", DataTypes.IntegerType, "The column's place in the table, from 1."),
                    Field.required(
                            "visibility", DataTypes.StringType, "The visibility of the table: published or restricted."),
                    Field.required("table_meaning", DataTypes.StringType, "What the table holds."),
                    Field.required("grain", DataTypes.StringType, "What one row of the table stands for."),
                    Field.required("column_type", DataTypes.StringType, "The column's SQL type."),
                    Field.optional("unit", DataTypes.StringType, "The column's unit; null for names, flags and texts."),
                    Field.required("meaning", DataTypes.StringType, "What the column means."),
                    Field.required("is_key", DataTypes.BooleanType, "Whether the column is part of the key."),
                    Field.required("is_required", DataTypes.BooleanType, "Whether the column is never null."));

    private Dictionary() {}

    /** The dictionary's rows for these tables. */
    public static List<Row> rows(List<Table> tables) {
        List<Row> rows = new ArrayList<>();
        for (Table table : tables) {
            int position = 0;
            for (Field field : table.fields()) {
                position++;
                rows.add(RowFactory.create(
                        table.name(),
                        field.name(),
                        position,
                        table.visibility().name().toLowerCase(Locale.ROOT),
                        table.meaning(),
                        "one row per " + table.grain(),
                        field.type().sql(),
                        field.unit().isEmpty() ? null : field.unit(),
                        field.meaning(),
                        table.key().contains(field),
                        field.isRequired()));
            }
        }
        return rows;
    }

    /** The page for people: a chapter per table. */
    public static String page(List<Table> tables) {
        StringBuilder page = new StringBuilder("# Tables\n\n"
                + "Generated from the code by `DictionaryTest`; change the code, not this page.\n"
                + "Key columns are marked ●. Published tables are in `published/current/`; restricted "
                + "ones, with a row per customer, are in `restricted/current/`.\n");
        for (Table table : tables) {
            page.append("\n## ").append(table.name()).append("\n\n").append(table.meaning());
            page.append(" One row per ").append(table.grain()).append(".");
            page.append(" Visibility: ")
                    .append(table.visibility().name().toLowerCase(Locale.ROOT))
                    .append("; version ")
                    .append(table.version())
                    .append(".\n\n| column | type | unit | meaning |\n|---|---|---|---|\n");
            for (Field field : table.fields()) {
                page.append("| ")
                        .append(table.key().contains(field) ? "● " : "")
                        .append('`')
                        .append(field.name())
                        .append("` | ")
                        .append(field.type().sql().toLowerCase(Locale.ROOT))
                        .append(" | ")
                        .append(field.unit())
                        .append(" | ")
                        .append(field.meaning())
                        .append(" |\n");
            }
            if (!table.expectations().isEmpty()) {
                page.append("\nEvery row satisfies: ");
                page.append(String.join(
                        "; ",
                        table.expectations().stream()
                                .map(rule -> "`" + rule + "`")
                                .toList()));
                page.append(".\n");
            }
        }
        return page.toString();
    }
}
