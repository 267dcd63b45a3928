package manyi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import manyi.table.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream standardOut = System.out;
    private final PrintStream standardErr = System.err;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setOut(standardOut);
        System.setErr(standardErr);
    }

    static Stream<String> verbs() {
        return new CommandLine(new Main()).getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbExplainsItselfWithExamples(String verb) {
        assertThat(Main.execute(verb, "--help")).isZero();
        assertThat(said(out))
                .contains("Usage: manyi " + verb)
                .contains("Examples:")
                .contains("  manyi " + verb);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "run", "run a.yaml --as-of yesterday", "sql a.yaml", "generate"})
    void aWrongCommandLineEndsWithTwo(String line) {
        assertThat(Main.execute(line.isEmpty() ? new String[0] : line.split(" ", -1)))
                .isEqualTo(2);
        assertThat(said(err)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20260230", "2026-02-30", "yesterday", "-0001-01-01", "+12026-01-01"})
    void aDayThatIsNoneIsAnsweredPlainly(String day) {
        assertThat(Main.execute("run", "a.yaml", "--as-of", day)).isEqualTo(2);
        assertThat(said(err))
                .contains("'" + day + "' is not a valid date; write it like 2026-10-31")
                .doesNotContain("java.");
    }

    @Test
    void aMissingJobDocumentEndsWithTwoAndIsNamed() {
        assertThat(Main.execute("run", "no-such-job.yaml")).isEqualTo(2);
        assertThat(said(err)).contains("no-such-job.yaml");
    }

    @Test
    void aClusterIsToldByAnException() {
        assertThatThrownBy(() -> Main.throwing("run", "no-such-job.yaml"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no-such-job.yaml");
        assertThatThrownBy(() -> Main.throwing("run", "--nonsense")).isInstanceOf(Failure.class);
    }

    @Test
    void saysItsVersionAndThoseItStandsOn() {
        assertThat(Main.execute("--version")).isZero();
        assertThat(said(out)).matches("manyi \\d+\\.\\d+\\.\\d+\\S* \\(Spark 4\\.1\\.0, Delta 4\\.4\\.0\\)\\s*");
    }

    @Test
    void theDoctorLooksAtTheMachine() {
        Main.execute("doctor");
        assertThat(said(out)).contains("JDK").contains("zstd (native)     yes").contains("Symbolic links    yes");
    }

    private static String said(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
