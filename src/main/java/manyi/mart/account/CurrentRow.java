package manyi.mart.account;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import manyi.config.Job;
import manyi.config.SourceKind;
import manyi.conformed.CurrentVersions;
import manyi.conformed.CustomerAttribute;
import manyi.conformed.Purchase;
import manyi.source.Landing;
import manyi.table.Derivation;
import manyi.table.Field;
import manyi.table.Inputs;
import manyi.table.Keeping;
import manyi.table.Lineage;
import manyi.table.Table;
import manyi.table.Visibility;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many rows of each file are current, that is, not replaced by a later row of the same key.
 *
 * @param kinds the kinds of source whose rows can be replaced; of all others every accepted row is current
 */
public record CurrentRow(List<SourceKind> kinds) implements Derivation {

    public static final Field ROWS_CURRENT = Field.whole("rows_current", "Accepted records that no later one replaced.")
            .in("rows");

    public static final Table TABLE = Table.named("current_row", "How many rows of each file are current.")
            .on(Visibility.INTERNAL)
            .oneRowPer("file", Landing.SOURCE, Landing.FILE)
            .with(ROWS_CURRENT);

    public CurrentRow {
        kinds = List.copyOf(kinds);
    }

    /** That of a job: rows can be replaced where keys are declared, or where the kind itself says what a row is about. */
    public static CurrentRow of(Job job) {
        return new CurrentRow(SourceKind.all().stream()
                .filter(kind -> !job.sources(kind).isEmpty())
                .filter(kind -> job.sources(kind).stream()
                                .anyMatch(source -> !source.key().isEmpty())
                        || !kind.identity().isEmpty())
                .toList());
    }

    @Override
    public Lineage lineage() {
        return TABLE.from(kinds.stream().map(CurrentRow::input).toList());
    }

    @Override
    public String definition() {
        return kinds.stream().map(SourceKind::key).toList().toString();
    }

    @Override
    public Keeping keeping() {
        return Keeping.ON_CHANGE;
    }

    @Override
    public boolean isKeyedByPlan() {
        return true;
    }

    private static Table input(SourceKind kind) {
        if (kind.equals(SourceKind.CUSTOMERS)) {
            return CustomerAttribute.TABLE;
        }
        return kind.equals(SourceKind.PURCHASES) ? Purchase.TABLE : kind.landing();
    }

    @Override
    public Dataset<Row> from(Inputs inputs) {
        List<Dataset<Row>> counts = new ArrayList<>();
        for (SourceKind kind : kinds) {
            Dataset<Row> rows = inputs.read(input(kind));
            Dataset<Row> current = input(kind).equals(kind.landing()) ? CurrentVersions.of(kind, rows) : rows;
            counts.add(current.groupBy(Landing.SOURCE.col(), Landing.FILE.col())
                    .agg(count(lit(1)).as(ROWS_CURRENT.name())));
        }
        return counts.stream().reduce(Dataset::unionByName).orElseGet(() -> inputs.create(TABLE, List.of()));
    }
}
