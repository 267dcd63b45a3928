package manyi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void aQueryThatEndsInTimeGivesItsRows() throws Exception {
        assertThat(Deadline.within(60, () -> {}, () -> "rows")).isEqualTo("rows");
    }

    @Test
    void aQueryThatTakesLongerIsStoppedAndSaysHowToGiveItMore() {
        CountDownLatch stopped = new CountDownLatch(1);
        assertThatThrownBy(() -> Deadline.within(1, stopped::countDown, () -> {
                    Thread.sleep(60_000);
                    return "rows";
                }))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE))
                .hasMessage("The query was stopped after 1 s. Narrow it, or allow more time: --timeout SECONDS.");
        assertThat(stopped.getCount()).isZero();
    }

    @Test
    void aFaultOfTheQueryIsItsOwn() {
        IOException fault = new IOException("x");
        assertThatThrownBy(() -> Deadline.within(60, () -> {}, () -> {
                    throw fault;
                }))
                .isSameAs(fault);
    }
}
