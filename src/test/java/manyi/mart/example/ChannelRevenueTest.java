package manyi.mart.example;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import manyi.conformed.Purchase;
import manyi.store.TableWriter;
import manyi.table.Audit;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first worked example of CONTRIBUTING.md is real code, and works. */
class ChannelRevenueTest {

    @Test
    void addsUpEachChannelsMonth(@TempDir Path run) {
        var purchases = rows(Purchase.TABLE, """
                month      | channel | amount
                2026-01-01 | web     | 150000
                2026-01-01 | web     | -50000
                2026-01-01 |         | 70000
                """);
        var mart = new ChannelRevenue(LocalDate.of(2026, 1, 31));

        var writer = new TableWriter(Sparks.session(), run, run.resolve("work"));
        writer.write(mart.table(), mart.from(table -> purchases));
        var published = writer.read(mart.table());

        assertThat(Audit.of(mart.table(), published).failed()).isEmpty();
        assertThat(picture(mart.table(), published)).isEqualTo("""
                as_of | month | channel | revenue
                2026-01-31 | 2026-01-01 | unknown | 7
                2026-01-31 | 2026-01-01 | web | 10
                """);
    }

    @Test
    void standsInContributingToTheLetter() throws IOException {
        WorkedExamples.standInContributing("ChannelRevenue", "/** Net revenue", "");
    }
}
