package manyi.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Opens text files: decompressed by their name's ending, decoded, without a byte order mark. */
final class TextInput {

    private static final int MARK = '\uFEFF';

    /** How files begin that are often taken for text. */
    private static final Map<String, String> NATURES = Map.of(
            "504b0304", "it is a zip archive, as Excel workbooks are: save the sheet as CSV, or unzip it",
            "d0cf11e0", "it is a workbook of an old version of Excel: save the sheet as CSV",
            "1f8b", "it is compressed: rename it to end in .gz",
            "50415231", "it is Parquet: write `format: parquet`, or rename it to end in .parquet");

    private TextInput() {}

    /** Whether the file's name says that it is compressed. */
    static boolean isCompressed(String path, Configuration hadoop) {
        return new CompressionCodecFactory(hadoop).getCodec(new Path(path)) != null;
    }

    /** Opens the lines that begin at or after one byte and before another. */
    static RecordScanner open(TextUnit unit, TextFormat format, Configuration hadoop) throws IOException {
        Path path = new Path(unit.path());
        FSDataInputStream raw = path.getFileSystem(hadoop).open(path);
        try {
            var codec = new CompressionCodecFactory(hadoop).getCodec(path);
            InputStream bytes = raw;
            if (codec != null) {
                bytes = codec.createInputStream(raw);
            } else if (unit.isPiece()) {
                bytes = new Lines(new BufferedInputStream(raw, 1 << 16), raw, unit.from(), unit.to());
            }
            Reader reader = new InputStreamReader(bytes, decoder(format.charset()));
            return new RecordScanner(unit.from() == 0 ? unmarked(reader) : reader, format);
        } catch (IOException | RuntimeException unreadable) {
            raw.close();
            throw unreadable;
        }
    }

    /** What the first bytes of a plain file say of its encoding, where they contradict what was declared. */
    static String contradiction(byte[] first, Charset declared) {
        boolean isUtf16 = first.length > 1
                && ((first[0] == (byte) 0xFE && first[1] == (byte) 0xFF)
                        || (first[0] == (byte) 0xFF && first[1] == (byte) 0xFE));
        return isUtf16
                        && !declared.name().startsWith("UTF-16")
                        && !declared.name().startsWith("UTF-32")
                ? "UTF-16"
                : "";
    }

    /** What a file is that begins so and is no text, with what to do; empty where nobody knows. */
    static Optional<String> nature(byte[] first) {
        String begins = HexFormat.of().formatHex(first);
        return NATURES.entrySet().stream()
                .filter(nature -> begins.startsWith(nature.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static java.nio.charset.CharsetDecoder decoder(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith("\uFFFD");
    }

    private static Reader unmarked(Reader reader) throws IOException {
        PushbackReader pushback = new PushbackReader(reader, 1);
        int first = pushback.read();
        if (first >= 0 && first != MARK) {
            pushback.unread(first);
        }
        return pushback;
    }

    /** The whole lines of a file that begin within a range of bytes. */
    private static final class Lines extends FilterInputStream {
        private final long to;
        private long position;
        private boolean isDone;

        Lines(BufferedInputStream in, FSDataInputStream raw, long from, long to) throws IOException {
            super(in);
            this.to = to;
            if (from > 0) {
                raw.seek(from - 1);
                position = from - 1;
                int read;
                do {
                    read = in.read();
                    position++;
                } while (read >= 0 && read != '\n');
                isDone = read < 0 || position >= to;
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (isDone) {
                return -1;
            }
            int read = super.read(target, offset, length);
            if (read < 0) {
                isDone = true;
                return -1;
            }
            // the line that is under way at the end of the range belongs to it
            long firstEnd = Math.max(0, to - 1 - position);
            for (long i = firstEnd; i < read; i++) {
                if (target[offset + (int) i] == '\n') {
                    isDone = true;
                    position += i + 1;
                    return (int) i + 1;
                }
            }
            position += read;
            return read;
        }
    }

    /** Says in plain words why a file could not be read. */
    static String reason(IOException failure) {
        return failure instanceof EOFException
                ? "it ends too early; perhaps it was not copied completely"
                : String.valueOf(failure.getMessage());
    }
}
