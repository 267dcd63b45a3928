package manyi.source;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/** Rows on their way into a landing table: columns are added in steps, reasons to reject gather in order. */
final class RowBuilder {

    private final Map<String, Column> first = new LinkedHashMap<>();
    private final Map<String, Column> second = new LinkedHashMap<>();
    private final List<Column> conditions = new ArrayList<>();
    private final List<Column> reasons = new ArrayList<>();
    private Dataset<Row> rows;

    RowBuilder(Dataset<Row> rows) {
        this.rows = rows;
    }

    /** A column of the next step that others of the step build on, so that it is computed once. */
    void first(String name, Column column) {
        first.put(name, column);
    }

    /** A column of the next step. */
    void then(String name, Column column) {
        second.put(name, column);
    }

    /** Ends a step: what was added can be read by what follows. */
    void step() {
        for (Map<String, Column> columns : List.of(first, second)) {
            if (!columns.isEmpty()) {
                rows = rows.withColumns(columns);
                columns.clear();
            }
        }
    }

    /** Rejects rows where the condition is true and none before it was. */
    void reject(Column condition, String reason) {
        reject(condition, lit(reason));
    }

    void reject(Column condition, Column reason) {
        conditions.add(condition);
        reasons.add(reason);
    }

    /** The first reason that applies; null where none does. */
    Column reason() {
        Column reason = when(conditions.get(0), reasons.get(0));
        for (int i = 1; i < conditions.size(); i++) {
            reason = reason.when(conditions.get(i), reasons.get(i));
        }
        return reason;
    }

    Dataset<Row> rows() {
        return rows;
    }

    DataType type(String column) {
        return rows.schema().apply(column).dataType();
    }
}
