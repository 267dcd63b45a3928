package manyi.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import manyi.config.Source;
import org.junit.jupiter.api.Test;

class RecordScannerTest {

    @Test
    void readsQuotedValuesWithDelimitersQuotesAndLineBreaks() throws IOException {
        assertThat(records(csv(true), "a,\"b,\"\"c\"\"\nd\",\n\"\",\"x\" ,y\r\n", 3))
                .containsExactly("[a, b,\"c\"\nd, ]", "[, x, y]");
    }

    @Test
    void losesOneLineToAStrayQuoteAndNotTheRestOfTheFile() throws IOException {
        assertThat(records(csv(true), "1,\"a\n2,b\n3,\"c\"\n4,d\n", 2))
                .containsExactly("malformed [1,\"a]", "[2, b]", "[3, c]", "[4, d]");
        assertThat(records(csv(true), "1,\"a\n2,b\n", 2)).containsExactly("malformed [1,\"a]", "[2, b]");
        assertThat(records(csv(true), "1,\"" + "x".repeat(2_000_000) + "\n2,b", 2))
                .hasSize(2)
                .last()
                .isEqualTo("[2, b]");
    }

    @Test
    void endsEveryRecordAtItsLineWhereValuesHoldNoLineBreaks() throws IOException {
        assertThat(records(csv(false), "1,\"a\nb\"\n2,c\n", 2))
                .containsExactly("malformed [1,\"a]", "malformed [b\"]", "[2, c]");
    }

    @Test
    void skipsEmptyLinesAndTakesEveryLineBreak() throws IOException {
        assertThat(records(csv(true), "\r\n\na,b\r\n\n\nc,d\r", 2)).containsExactly("[a, b]", "[c, d]");
    }

    @Test
    void readsBackslashEscapes() throws IOException {
        TextFormat format = new TextFormat(false, ',', '"', '\\', "UTF-8", true, List.of(), true, List.of(), 0);
        assertThat(records(format, "\"a\\\"b\\\\\",\"c\\d\"\"\"\n", 2)).containsExactly("[a\"b\\, c\\d\"]");
    }

    @Test
    void takesQuotesAsTheyAreWhereQuotingIsOff() throws IOException {
        TextFormat format =
                new TextFormat(false, ',', Source.OFF, Source.OFF, "UTF-8", true, List.of(), true, List.of(), 0);
        assertThat(records(format, "\"a,b\"\n", 2)).containsExactly("[\"a, b\"]");
    }

    @Test
    void splitsAtRunsOfBlanks() throws IOException {
        TextFormat format = new TextFormat(true, ',', '"', '"', "UTF-8", true, List.of(), true, List.of(), 0);
        assertThat(records(format, "  00001  19970101\t1   11.77 \r\n   \n a b\n", 4))
                .containsExactly("[00001, 19970101, 1, 11.77]", "malformed [ a b]");
    }

    @Test
    void refusesARecordThatNeverEnds() {
        assertThatThrownBy(() -> records(csv(true), "x".repeat(20_000_000), 1))
                .hasMessageContaining("a record longer than");
    }

    private static TextFormat csv(boolean isMultiline) {
        return new TextFormat(false, ',', '"', '"', "UTF-8", true, List.of(), isMultiline, List.of(), 0);
    }

    private static List<String> records(TextFormat format, String text, int expected) throws IOException {
        List<String> records = new ArrayList<>();
        try (RecordScanner scanner = new RecordScanner(new StringReader(text), format)) {
            while (scanner.next(expected)) {
                records.add((scanner.isMalformed() ? "malformed " : "") + scanner.fields());
            }
        }
        return records;
    }
}
