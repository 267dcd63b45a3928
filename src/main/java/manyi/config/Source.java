package manyi.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry below {@code sources:}: files of one shape and how their columns become ours.
 *
 * @param name names the entry in accounts and errors: {@code purchases}, or {@code purchases:NAME} where it has a name
 * @param path a path or glob, with environment values filled in
 * @param types their column → Spark SQL type, read by {@code try_cast}; columns not named stay text
 * @param columns our field → SQL expression over their columns, in the document's order
 * @param key our fields that identify a row; empty where a row is identified by file and place
 * @param options how the file is written
 * @param maximumRejectedShare above this share of rejected rows the run stops, 0 to 1
 */
public record Source(
        SourceKind kind,
        String name,
        String path,
        Format format,
        Map<String, String> types,
        Map<String, String> columns,
        List<String> key,
        Options options,
        double maximumRejectedShare) {

    /** File formats. */
    public enum Format {
        CSV,
        WHITESPACE,
        PARQUET
    }

    /** Survey layouts: a column per item, or a row per answer. */
    public enum Layout {
        WIDE,
        LONG
    }

    /** Turns quoting, or escaping, off. */
    public static final char OFF = '\0';

    /**
     * How a text file is written.
     *
     * @param quote opens and closes a value, {@link #OFF} for none
     * @param escape stands before a quote inside a quoted value, {@link #OFF} for none
     * @param encoding a charset name: UTF-8 (with or without BOM), GBK, UTF-16, ...
     * @param hasHeader whether the first record names the columns
     * @param names the columns' names where there is no header
     * @param decimal the decimal mark of numbers, {@code .} or {@code ,}
     * @param isMultiline whether a quoted value may hold a line break; files are then read whole
     * @param nulls texts that mean "no value", beside the empty one
     * @param layout how survey answers lie
     * @param timestampFormat a Spark pattern for timestamps and dates that are not ISO 8601
     * @param skippedAfterHeader records behind the header that are none of the data
     */
    public record Options(
            char delimiter,
            char quote,
            char escape,
            String encoding,
            boolean hasHeader,
            List<String> names,
            char decimal,
            boolean isMultiline,
            List<String> nulls,
            Layout layout,
            Optional<String> timestampFormat,
            int skippedAfterHeader) {
        public Options {
            names = List.copyOf(names);
            nulls = List.copyOf(nulls);
            if (skippedAfterHeader < 0) {
                throw new IllegalArgumentException("records to skip are counted from 0, not " + skippedAfterHeader);
            }
        }
    }

    public Source {
        types = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(types));
        columns = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(columns));
        key = List.copyOf(key);
        if (maximumRejectedShare < 0 || maximumRejectedShare > 1) {
            throw new IllegalArgumentException("a share lies between 0 and 1: " + maximumRejectedShare);
        }
    }

    /** All that decides how a file of this source becomes rows, in one line; a changed one re-reads the files. */
    public String mapping() {
        return String.join(
                "|", format.name(), types.toString(), columns.toString(), key.toString(), options.toString());
    }
}
