package manyi.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/** The data dictionary: what every table and column means, as a published table. */
public final class Dictionary {

    public static final Table TABLE = Table.named("data_dictionary", "What every published table and column means.")
            .oneRowPer("column", Field.text("table_name", "The table."), Field.text("column_name", "The column."))
            .with(
                    Field.required("position", DataTypes.IntegerType, "The column's place in the table, from 1."),
                    Field.text("visibility", "The visibility of the table: published or restricted."),
                    Field.text("table_meaning", "What the table holds."),
                    Field.text("grain", "What one row of the table stands for."),
                    Field.text("column_type", "The column's SQL type."),
                    Field.optionalText("unit", "The column's unit; null for names, flags and texts."),
                    Field.text("meaning", "What the column means."),
                    Field.flag("is_key", "Whether the column is part of the key."),
                    Field.flag("is_required", "Whether the column is never null."));

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
}
