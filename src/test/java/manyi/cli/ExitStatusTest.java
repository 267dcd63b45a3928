package manyi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitStatusTest {

    @ParameterizedTest
    @EnumSource(Failure.Kind.class)
    void aNamedEndHasItsExitCodeAndItsOwnWords(Failure.Kind kind) {
        ExitStatus ending =
                ExitStatus.of(new IllegalStateException("around it", new Failure(kind, "Said in our words.")));
        assertThat(ending.exitCode()).isEqualTo(kind.exitCode());
        assertThat(ending.line()).isEqualTo("Said in our words.");
    }

    @Test
    void sparkIsNamedByItsConditionAndQuotesNoRow() {
        Throwable thrown = null;
        try {
            Sparks.session()
                    .sql("select cast(name as int) from values ('Zhang Wei') as t(name)")
                    .collect();
        } catch (Exception quoting) {
            thrown = quoting;
        }
        assertThat(thrown).hasStackTraceContaining("Zhang Wei");
        ExitStatus ending = ExitStatus.of(new RuntimeException("reading Zhang Wei", thrown));
        assertThat(ending.exitCode()).isEqualTo(1);
        assertThat(ending.line()).contains("CAST_INVALID_INPUT").doesNotContain("Zhang");
        assertThat(ending.exception()).hasMessageNotContaining("Zhang").hasNoCause();
    }

    @Test
    void anUnknownFaultIsToldByClassAndPlaceAlone() {
        ExitStatus ending = ExitStatus.of(new SparkException("Zhang Wei", new ArithmeticException("Zhang Wei / 0")));
        assertThat(ending.line())
                .startsWith(
                        "A fault of Manyi's own: java.lang.ArithmeticException at manyi.cli.ExitStatusTest (ExitStatusTest.java:")
                .doesNotContain("Zhang");
    }

    @Test
    void whatADerivationRefusesIsAFaultOfTheDataInItsWords() {
        Throwable thrown = catchThrowable(() -> Sparks.session()
                .sql("select raise_error('the day of a customer exceeds the ledger')")
                .collect());
        ExitStatus ending = ExitStatus.of(thrown);
        assertThat(ending.exitCode()).isEqualTo(3);
        assertThat(ending.line())
                .isEqualTo(
                        "the day of a customer exceeds the ledger. Nothing was published; mend the files and run again.");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(ExitStatus.of(new NoSuchFileException("/data/x.csv")).line())
                .startsWith("java.nio.file.NoSuchFileException: /data/x.csv.");
    }

    @Test
    void aFullDiskIsNoFaultOfManyis() {
        ExitStatus ending = ExitStatus.of(new UncheckedIOException(new IOException("No space left on device")));
        assertThat(ending.exitCode()).isEqualTo(2);
        assertThat(ending.line()).startsWith("No space is left where the warehouse or the temporary files lie;");
    }

    @Test
    void tooLittleMemorySaysHowToGiveMore() {
        assertThat(ExitStatus.of(new RuntimeException(new OutOfMemoryError("heap")))
                        .line())
                .contains("MANYI_MEMORY=8g");
    }
}
