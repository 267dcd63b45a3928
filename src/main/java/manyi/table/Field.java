package manyi.table;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * A column of a table: its name, its type, what it means and in which unit.
 *
 * @param meaning a sentence; it becomes the column's comment and its line in the data dictionary
 * @param unit the unit, or an empty string for names, flags and texts
 * @param isRequired whether a null breaks the table
 * @param isVolatile whether the value may differ between two equal runs (a run's name, a file's modification time);
 *     such columns stay out of content digests
 */
public record Field(String name, DataType type, String meaning, String unit, boolean isRequired, boolean isVolatile) {

    public Field {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a column's name is lower case with underscores: " + name);
        }
        if (meaning.isBlank()) {
            throw new IllegalArgumentException("column " + name + " has no meaning");
        }
    }

    /** A column that is never null. */
    public static Field required(String name, DataType type, String meaning) {
        return new Field(name, type, meaning, "", true, false);
    }

    /** A column that may be null; its meaning says when. */
    public static Field optional(String name, DataType type, String meaning) {
        return new Field(name, type, meaning, "", false, false);
    }

    /** The same column with a unit. */
    public Field in(String newUnit) {
        return new Field(name, type, meaning, newUnit, isRequired, isVolatile);
    }

    /** The same column, left out of content digests. */
    public Field leftOutOfDigests() {
        return new Field(name, type, meaning, unit, isRequired, true);
    }

    /** The column of a dataset that holds this field. */
    public Column col() {
        return org.apache.spark.sql.functions.col(name);
    }

    /** The column of the dataset with this alias that holds this field. */
    public Column of(String alias) {
        return col(alias, name);
    }

    /** Meaning and unit in one line, as it stands in the column's comment. */
    public String comment() {
        return unit.isEmpty() ? meaning : meaning + " [" + unit + "]";
    }

    /** The type in the words of documents: text, flag, day, timestamp, whole number, number. */
    public String typeName() {
        if (type.equals(Types.TEXT)) {
            return "text";
        } else if (type.equals(Types.FLAG)) {
            return "flag";
        } else if (type.equals(Types.DAY)) {
            return "day";
        } else if (type.equals(Types.INSTANT)) {
            return "timestamp";
        }
        return type.equals(Types.WHOLE) ? "whole number" : "number";
    }

    /** This field in Spark's words: nullable always, since "required" is a rule that the audit keeps. */
    public StructField structField() {
        return new StructField(
                name,
                type,
                true,
                new MetadataBuilder().putString("comment", comment()).build());
    }

    Optional<String> audit() {
        return isRequired ? Optional.of(name + " is not null") : Optional.empty();
    }

    private static Column col(String alias, String name) {
        return org.apache.spark.sql.functions.col(alias + "." + name);
    }
}
