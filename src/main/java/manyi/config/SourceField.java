package manyi.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyi.table.Field;

/**
 * A field that a source maps below {@code columns:}.
 *
 * @param name the key below {@code columns:}
 * @param reading how its values are read
 * @param column the column that holds them; none where the field only identifies rows
 * @param need who has to map it
 * @param with another field without which it means nothing
 * @param isAttribute whether segments may name it
 * @param otherwise the value where the field is not mapped, or a text is blank; empty for none
 * @param meaning its line in the job reference, as Markdown
 * @param rules what rejects a row, in order
 */
public record SourceField(
        String name,
        Reading reading,
        Optional<Field> column,
        Need need,
        Optional<String> with,
        boolean isAttribute,
        String otherwise,
        String meaning,
        List<Rule> rules) {

    /** How a value is read. */
    public enum Reading {
        /** Not at all: the mapped value is part of the key alone. */
        KEY("any"),
        /** As it is; blank to null. */
        TEXT("text"),
        /** Without the blanks around it. */
        IDENTIFIER("text"),
        /** One word of a list, in lower case, {@code _} for blanks and hyphens. */
        WORD("word"),
        /** A currency of ISO 4217; the job's where there is none. */
        CURRENCY("currency"),
        /** A year, a month or a day; it fills two columns. */
        PERIOD("period"),
        /** By the type of its column. */
        TYPED("");

        private final String word;

        Reading(String word) {
            this.word = word;
        }
    }

    /** Who has to map a field. */
    public enum Need {
        OPTIONAL,
        REQUIRED,
        /** Required of surveys with a row per answer, optional otherwise. */
        REQUIRED_PER_ANSWER,
        /** Required of surveys with a row per answer, refused otherwise. */
        ONLY_PER_ANSWER
    }

    /**
     * A reason to reject a row.
     *
     * @param condition SQL over the kind's columns
     */
    public record Rule(String condition, String reason) {}

    public SourceField {
        rules = List.copyOf(rules);
    }

    /** A field that is kept as text, as it is. */
    public static SourceField text(Field column) {
        return of(column, Reading.TEXT);
    }

    /** A field that is kept as text without the blanks around it. */
    public static SourceField identifier(Field column) {
        return of(column, Reading.IDENTIFIER);
    }

    /** A field that is read by the type of its column. */
    public static SourceField typed(Field column) {
        return of(column, Reading.TYPED);
    }

    /** A field whose column has another name: one that others are computed from. */
    public static SourceField typed(String name, Field column) {
        return of(name, column, Reading.TYPED);
    }

    /** One of these words. */
    public static SourceField word(Field column, String reason, List<String> words) {
        return of(column, Reading.WORD)
                .reject(column.name() + " not in ('" + String.join("', '", words) + "')", column.name() + " " + reason);
    }

    /** A field that serves the key and is not kept. */
    public static SourceField key(String name) {
        return new SourceField(
                name,
                Reading.KEY,
                Optional.empty(),
                Need.OPTIONAL,
                Optional.empty(),
                false,
                "",
                "Part of the `key` only; not kept.",
                List.of());
    }

    /** A currency; rows in another than the job's are rejected. */
    public static SourceField currency(Field column) {
        return of(column, Reading.CURRENCY);
    }

    /** A year, a month or a day of this name, kept as its first day in this column, and as its unit in another. */
    public static SourceField period(String name, Field column) {
        return of(name, column, Reading.PERIOD);
    }

    private static SourceField of(String name, Field column, Reading reading) {
        return new SourceField(
                name,
                reading,
                Optional.of(column),
                Need.OPTIONAL,
                Optional.empty(),
                false,
                "",
                column.meaning(),
                List.of());
    }

    private static SourceField of(Field column, Reading reading) {
        return of(column.name(), column, reading);
    }

    /** The same field, mapped by every source of the kind; a row without a value is rejected. */
    public SourceField required() {
        return needed(Need.REQUIRED);
    }

    /** The same field with other words on who has to map it. */
    public SourceField needed(Need newNeed) {
        return new SourceField(name, reading, column, newNeed, with, isAttribute, otherwise, meaning, rules);
    }

    /** The same field, which means nothing where another is not mapped. */
    public SourceField with(String other) {
        return new SourceField(name, reading, column, need, Optional.of(other), isAttribute, otherwise, meaning, rules);
    }

    /** The same field, which segments may name. */
    public SourceField attribute() {
        return new SourceField(name, reading, column, need, with, true, otherwise, meaning, rules);
    }

    /** The same field with a value for rows that give none. */
    public SourceField otherwise(String value) {
        return new SourceField(name, reading, column, need, with, isAttribute, value, meaning, rules);
    }

    /** The same field with another line in the job reference. */
    public SourceField meaning(String newMeaning) {
        return new SourceField(name, reading, column, need, with, isAttribute, otherwise, newMeaning, rules);
    }

    /** The same field with one more reason to reject a row. */
    public SourceField reject(String condition, String reason) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(condition, reason));
        return new SourceField(name, reading, column, need, with, isAttribute, otherwise, meaning, more);
    }

    /** Whether a source has to map it. */
    boolean isRequired(Source.Layout layout) {
        return need == Need.REQUIRED || (layout == Source.Layout.LONG && need != Need.OPTIONAL);
    }

    /** The type in the job reference. */
    String type() {
        return reading == Reading.TYPED ? column.orElseThrow().typeName() : reading.word;
    }
}
