package manyi.mart.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the code of CONTRIBUTING.md equal to the code that is tested. */
final class WorkedExamples {

    private static final int MOST_LINES = 60;

    private WorkedExamples() {}

    /**
     * Fails where the page does not show the class from one place to another.
     *
     * @param end where the part that is shown ends; empty for the end of the file
     */
    static void standInContributing(String name, String start, String end) throws IOException {
        String code = Files.readString(Path.of("src/test/java/manyi/mart/example/" + name + ".java"));
        int last = end.isEmpty() ? code.length() : code.indexOf(end);
        String shown = code.substring(code.indexOf(start), last).stripTrailing().stripIndent();
        assertThat(Files.readString(Path.of("CONTRIBUTING.md"))).contains(shown);
        assertThat(shown.lines().count()).isLessThan(MOST_LINES);
    }
}
