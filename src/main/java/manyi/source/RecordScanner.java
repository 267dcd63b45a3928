package manyi.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyi.config.Source;

/**
 * Cuts text into records and records into fields. A record that cannot be right (a wrong number of fields, text after a
 * closing quote, a quote that is never closed) ends at its first line break, so that one stray quote costs one line and
 * not the rest of the file. Empty lines are no records.
 */
final class RecordScanner implements Closeable {

    /** A quoted value that is longer than this was never meant to be one: its quote is a stray one. */
    private static final int LONGEST_QUOTED = 1 << 20;

    private static final int LONGEST_RECORD = 1 << 24;
    private static final int END = -1;

    private final Reader in;
    private final TextFormat format;
    private final List<String> fields = new ArrayList<>();
    private final StringBuilder quoted = new StringBuilder();
    private char[] buffer = new char[1 << 16];
    private int start;
    private int end;
    private boolean isExhausted;
    private boolean isMalformed;

    RecordScanner(Reader in, TextFormat format) {
        this.in = in;
        this.format = format;
    }

    /**
     * Reads the next record.
     *
     * @param expected the number of fields a record has; 0 for any
     * @return whether there was one
     */
    boolean next(int expected) throws IOException {
        while (at(0) != END) {
            int skip = lineBreak(0);
            if (skip > 0) {
                start += skip;
                continue;
            }
            fields.clear();
            isMalformed = false;
            int length = format.isPadded() ? scanPadded() : scanDelimited();
            if (format.isPadded() && fields.isEmpty()) {
                start += length;
                continue;
            }
            if (isMalformed || (expected > 0 && fields.size() != expected)) {
                isMalformed = true;
                length = takeLine();
            }
            start += length;
            return true;
        }
        return false;
    }

    /** The fields of the record; of a malformed one, its line. */
    List<String> fields() {
        return fields;
    }

    boolean isMalformed() {
        return isMalformed;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int takeLine() throws IOException {
        int i = endOfLine();
        fields.clear();
        fields.add(new String(buffer, start, i));
        return i + lineBreak(i);
    }

    private int endOfLine() throws IOException {
        int i = 0;
        int c = at(0);
        while (c != END && !isLineBreak(c, i)) {
            i++;
            c = at(i);
        }
        return i;
    }

    private int scanPadded() throws IOException {
        int length = endOfLine();
        int i = 0;
        while (i < length) {
            while (i < length && Character.isWhitespace(buffer[start + i])) {
                i++;
            }
            int from = i;
            while (i < length && !Character.isWhitespace(buffer[start + i])) {
                i++;
            }
            if (i > from) {
                fields.add(new String(buffer, start + from, i - from));
            }
        }
        return length + lineBreak(length);
    }

    private int scanDelimited() throws IOException {
        int i = 0;
        while (true) {
            int c = at(i);
            if (c == format.quote() && c != Source.OFF) {
                i = scanQuoted(i + 1);
                if (isMalformed) {
                    return i;
                }
            } else {
                int from = i;
                while (c != END && c != format.delimiter() && !isLineBreak(c, i)) {
                    i++;
                    c = at(i);
                }
                fields.add(new String(buffer, start + from, i - from));
            }
            if (at(i) != format.delimiter()) {
                return i + lineBreak(i);
            }
            i++;
        }
    }

    /** Reads a quoted value, up to what follows the closing quote. */
    private int scanQuoted(int from) throws IOException {
        quoted.setLength(0);
        int i = from;
        while (true) {
            int c = at(i);
            boolean isStray = c == END || i - from > LONGEST_QUOTED || (!format.isMultiline() && isLineBreak(c, i));
            if (isStray) {
                isMalformed = true;
                return i;
            }
            if (isEscape(c) && isEscaped(c, at(i + 1))) {
                quoted.append((char) at(i + 1));
                i += 2;
            } else if (c == format.quote()) {
                i++;
                break;
            } else {
                quoted.append((char) c);
                i++;
            }
        }
        while (isBlank(at(i))) {
            i++;
        }
        int c = at(i);
        isMalformed = c != END && c != format.delimiter() && lineBreak(i) == 0;
        fields.add(quoted.toString());
        return i;
    }

    /** A doubled quote is a quote in any file that escapes at all. */
    private boolean isEscape(int c) {
        return format.escape() != Source.OFF && (c == format.escape() || c == format.quote());
    }

    private boolean isEscaped(int escape, int next) {
        return next == format.quote() || (next == escape && escape != format.quote());
    }

    private boolean isBlank(int c) {
        return (c == ' ' || c == '\t') && c != format.delimiter();
    }

    private boolean isLineBreak(int c, int i) throws IOException {
        return c == '\n' || (c == '\r' && lineBreak(i) > 0);
    }

    /** The length of the line break at a place, 0 where there is none. */
    private int lineBreak(int i) throws IOException {
        int c = at(i);
        if (c == '\n') {
            return 1;
        }
        if (c != '\r') {
            return 0;
        }
        int next = at(i + 1);
        return next == '\n' ? 2 : next == END ? 1 : 0;
    }

    /** The character at a place of the record, read when it is asked for. */
    private int at(int i) throws IOException {
        while (start + i >= end) {
            if (isExhausted || !fill()) {
                return END;
            }
        }
        return buffer[start + i];
    }

    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            if (end >= LONGEST_RECORD) {
                throw new IOException("a record longer than " + LONGEST_RECORD
                        + " characters; check the delimiter, quote and encoding of the source");
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            isExhausted = true;
            return false;
        }
        end += read;
        return true;
    }
}
