package manyi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
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
    void aFailureHasItsExitCodeAndItsOwnMessage(Failure.Kind kind) {
        ExitStatus status =
                ExitStatus.of(new IllegalStateException("around it", new Failure(kind, "Said in our words.")));
        assertThat(status.exitCode()).isEqualTo(kind.exitCode());
        assertThat(status.line()).isEqualTo("Said in our words.");
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
        ExitStatus status = ExitStatus.of(new RuntimeException("reading Zhang Wei", thrown));
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.line()).contains("CAST_INVALID_INPUT").doesNotContain("Zhang");
        assertThat(status.exception()).hasMessageNotContaining("Zhang").hasNoCause();
    }

    @Test
    void anUnknownFaultIsReportedByClassAndPlaceAlone() {
        ExitStatus status = ExitStatus.of(new SparkException("Zhang Wei", new ArithmeticException("Zhang Wei / 0")));
        assertThat(status.line())
                .startsWith(
                        "An error inside Manyi: java.lang.ArithmeticException at manyi.cli.ExitStatusTest (ExitStatusTest.java:")
                .doesNotContain("Zhang");
    }

    @Test
    void whatADerivationRefusesIsAFaultOfTheDataInItsWords() {
        Throwable thrown = catchThrowable(() -> Sparks.session()
                .sql("select raise_error('the day of a customer exceeds the ledger')")
                .collect());
        ExitStatus status = ExitStatus.of(thrown);
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(status.line())
                .isEqualTo(
                        "the day of a customer exceeds the ledger. Nothing was published; fix the files and run again.");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(ExitStatus.of(new NoSuchFileException("/data/x.csv")).line())
                .startsWith("There is no file /data/x.csv. --verbose");
        assertThat(ExitStatus.of(new AccessDeniedException("/data/x.csv")).line())
                .startsWith("This user has no permission for /data/x.csv. --verbose");
    }

    @Test
    void noExceptionOfALibraryPrintsCredentials() {
        assertThat(ExitStatus.of(new IOException("HTTP 403 from s3a://AKIA:geheim@bucket/x"))
                        .line())
                .contains("s3a://***@bucket/x")
                .doesNotContain("geheim");
    }

    @Test
    void aFullDiskIsNoFaultOfManyis() {
        ExitStatus status = ExitStatus.of(new UncheckedIOException(new IOException("No space left on device")));
        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.line()).startsWith("No space left on the disk of the warehouse or of the temporary files;");
    }

    @Test
    void tooLittleMemorySaysHowToGiveMore() {
        assertThat(ExitStatus.of(new RuntimeException(new OutOfMemoryError("heap")))
                        .line())
                .contains("MANYI_MEMORY=8g");
    }
}
