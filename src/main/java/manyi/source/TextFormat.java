package manyi.source;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.List;
import manyi.config.Source;
import manyi.table.Failure;

/**
 * How the text files of a source are written, in a form that travels to the executors.
 *
 * @param isPadded whether columns are separated by runs of blanks instead of a delimiter
 * @param skippedAfterHeader records behind the header that are none of the data
 */
record TextFormat(
        boolean isPadded,
        char delimiter,
        char quote,
        char escape,
        String encoding,
        boolean hasHeader,
        List<String> names,
        boolean isMultiline,
        List<String> nulls,
        int skippedAfterHeader)
        implements Serializable {

    static TextFormat of(Source source) {
        Source.Options options = source.options();
        try {
            Charset.forName(options.encoding());
        } catch (IllegalArgumentException unknown) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    source.name() + ": unknown encoding " + options.encoding()
                            + "; try UTF-8, UTF-16, GBK or ISO-8859-1",
                    unknown);
        }
        return new TextFormat(
                source.format() == Source.Format.WHITESPACE,
                options.delimiter(),
                options.quote(),
                options.escape(),
                options.encoding(),
                options.hasHeader(),
                List.copyOf(options.names()),
                options.isMultiline(),
                List.copyOf(options.nulls()),
                options.skippedAfterHeader());
    }

    Charset charset() {
        return Charset.forName(encoding);
    }

    /** Whether a file may be cut at line ends: no quoted line breaks, and a line feed is always the byte 10. */
    boolean canBeCut() {
        String name = charset().name();
        return (isPadded || !isMultiline) && !name.startsWith("UTF-16") && !name.startsWith("UTF-32");
    }
}
