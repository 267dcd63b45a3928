package manyi.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a table says of itself, once: name, meaning, grain, columns and the rules its rows keep. Comments, dictionary,
 * audit and schema all come from here.
 *
 * @param meaning a sentence: what the table holds
 * @param grain what one row stands for, to follow "one row per"
 * @param key the columns that tell rows apart; empty where a table has no key
 * @param fields all columns in their published order, the key's included
 * @param expectations SQL conditions that every row keeps (a null result counts as kept)
 * @param partitions columns by which a state table lies in folders; empty for all that is published
 * @param order columns by which the rows of each file are sorted where that makes the files smaller; often empty
 * @param version raised with every change of meaning; state of an older version is rebuilt
 */
public record Table(
        String name,
        String meaning,
        Visibility visibility,
        String grain,
        List<Field> key,
        List<Field> fields,
        List<String> expectations,
        List<Field> partitions,
        List<Field> order,
        int version) {

    /** The column by which tables are kept by month: its first day. */
    public static final String MONTH = "month";

    /** The column by which tables are kept by survey wave. */
    public static final String WAVE = "wave";

    public Table {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
        expectations = List.copyOf(expectations);
        partitions = List.copyOf(partitions);
        order = List.copyOf(order);
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a table's name is lower case with underscores: " + name);
        }
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("table " + name + " has two columns " + field.name());
            }
            boolean nested = field.type() instanceof ArrayType
                    || field.type() instanceof MapType
                    || field.type() instanceof StructType;
            if (nested && visibility != Visibility.INTERNAL) {
                throw new IllegalArgumentException("table " + name + " is not flat: " + field.name());
            }
        }
    }

    /** A published table of aggregates; move it to another visibility with {@link #on}. */
    public static Table named(String name, String meaning) {
        return new Table(
                name, meaning, Visibility.PUBLISHED, "", List.of(), List.of(), List.of(), List.of(), List.of(), 1);
    }

    /** The same table on another visibility. */
    public Table on(Visibility newVisibility) {
        return new Table(name, meaning, newVisibility, grain, key, fields, expectations, partitions, order, version);
    }

    /** Says what a row stands for, and adds the columns of its key. */
    public Table oneRowPer(String newGrain, Field... newKey) {
        return new Table(
                name,
                meaning,
                visibility,
                newGrain,
                List.of(newKey),
                joined(fields, List.of(newKey)),
                expectations,
                partitions,
                order,
                version);
    }

    /** Adds columns. */
    public Table with(Field... more) {
        return new Table(
                name,
                meaning,
                visibility,
                grain,
                key,
                joined(fields, List.of(more)),
                expectations,
                partitions,
                order,
                version);
    }

    /** Adds rules, each an SQL condition over the table's columns. */
    public Table expect(String... rules) {
        return new Table(
                name,
                meaning,
                visibility,
                grain,
                key,
                fields,
                joined(expectations, List.of(rules)),
                partitions,
                order,
                version);
    }

    /** Lays the table in folders by these columns (state tables only). */
    public Table partitionedBy(Field... columns) {
        return new Table(name, meaning, visibility, grain, key, fields, expectations, List.of(columns), order, version);
    }

    /** Sorts the rows of each file by these columns (work and state): a name beside its neighbours takes less room. */
    public Table sortedBy(Field... columns) {
        return new Table(
                name, meaning, visibility, grain, key, fields, expectations, partitions, List.of(columns), version);
    }

    /** Sets the version, 1 until said otherwise. */
    public Table version(int newVersion) {
        return new Table(name, meaning, visibility, grain, key, fields, expectations, partitions, order, newVersion);
    }

    /** This table as one that is derived from these. */
    public Lineage from(Table... inputs) {
        return from(List.of(inputs));
    }

    /** This table as one that is derived from these. */
    public Lineage from(List<Table> inputs) {
        return new Lineage(this, inputs);
    }

    /** The schema with its comments. */
    public StructType schema() {
        return new StructType(fields.stream().map(Field::structField).toArray(StructField[]::new));
    }

    /** All rules: required columns first, then the expectations. */
    public List<String> rules() {
        return Stream.concat(fields.stream().flatMap(field -> field.audit().stream()), expectations.stream())
                .toList();
    }

    /** Whether the rows lie in folders by this column. */
    public boolean isBy(String column) {
        return partitions.stream().anyMatch(field -> field.name().equals(column));
    }

    /** Whether the table has a column of this name. */
    public boolean has(String column) {
        return fields.stream().anyMatch(field -> field.name().equals(column));
    }

    /**
     * The dataset with just this table's columns, in order, commented.
     *
     * @throws IllegalStateException where a column is missing or has another type
     */
    public Dataset<Row> conform(Dataset<Row> rows) {
        StructType given = rows.schema();
        if (given.asNullable().equals(schema().asNullable())) {
            // every further plan is analysed anew
            return rows;
        }
        List<Column> columns = new ArrayList<>();
        for (Field field : fields) {
            var index = given.getFieldIndex(field.name());
            if (index.isEmpty()) {
                throw new IllegalStateException("table " + name + ": the derivation returns no column " + field.name());
            }
            var type = given.apply(field.name()).dataType();
            if (!type.asNullable().equals(field.type().asNullable())) {
                throw new IllegalStateException("table " + name + ": column " + field.name() + " is "
                        + type.catalogString() + ", declared " + field.type().catalogString());
            }
            columns.add(field.col().as(field.name(), field.structField().metadata()));
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
