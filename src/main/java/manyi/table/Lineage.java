package manyi.table;

import java.util.List;

/** A table and the tables it is derived from. */
public record Lineage(Table table, List<Table> inputs) {

    public Lineage {
        inputs = List.copyOf(inputs);
    }
}
