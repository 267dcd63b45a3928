package manyi.table;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
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

    private static final String SHARE = "share, 0 to 1";

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

    /** A text that is never null. */
    public static Field text(String name, String meaning) {
        return required(name, Types.TEXT, meaning);
    }

    /** A text that may be null. */
    public static Field optionalText(String name, String meaning) {
        return optional(name, Types.TEXT, meaning);
    }

    /** A flag that is never null. */
    public static Field flag(String name, String meaning) {
        return required(name, Types.FLAG, meaning);
    }

    /** A flag that may be null. */
    public static Field optionalFlag(String name, String meaning) {
        return optional(name, Types.FLAG, meaning);
    }

    /** A day that is never null. */
    public static Field day(String name, String meaning) {
        return required(name, Types.DAY, meaning);
    }

    /** A day that may be null. */
    public static Field optionalDay(String name, String meaning) {
        return optional(name, Types.DAY, meaning);
    }

    /** A whole number that is never null. */
    public static Field whole(String name, String meaning) {
        return required(name, Types.WHOLE, meaning);
    }

    /** A whole number that may be null. */
    public static Field optionalWhole(String name, String meaning) {
        return optional(name, Types.WHOLE, meaning);
    }

    /** A number that is never null. */
    public static Field number(String name, String meaning) {
        return required(name, Types.NUMBER, meaning);
    }

    /** A number that may be null. */
    public static Field optionalNumber(String name, String meaning) {
        return optional(name, Types.NUMBER, meaning);
    }

    /** A count of what gives the column its name; never null. */
    public static Field countOf(String name, String meaning) {
        return whole(name, meaning).in(name);
    }

    /** A count of what gives the column its name; perhaps null. */
    public static Field optionalCountOf(String name, String meaning) {
        return optionalWhole(name, meaning).in(name);
    }

    /** A share that is never null. */
    public static Field share(String name, String meaning) {
        return number(name, meaning).in(SHARE);
    }

    /** A share that may be null. */
    public static Field optionalShare(String name, String meaning) {
        return optionalNumber(name, meaning).in(SHARE);
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
        return functions.col(name);
    }

    /** The column of the dataset with this alias that holds this field. */
    public Column of(String alias) {
        return functions.col(alias + "." + name);
    }

    /** Whether the column that holds this field has a value. */
    public Column is(Object value) {
        return col().equalTo(value);
    }

    /** The sum of this column in each group, under the same name. */
    public Column sum() {
        return functions.sum(col()).as(name);
    }

    /** The columns that hold these fields, in this order. */
    public static Column[] columns(Field... fields) {
        return Stream.of(fields).map(Field::col).toArray(Column[]::new);
    }

    /** The names of these fields, in this order. */
    public static String[] names(Field... fields) {
        return Stream.of(fields).map(Field::name).toArray(String[]::new);
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
}
