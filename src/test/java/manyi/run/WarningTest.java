package manyi.run;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import manyi.store.Warehouse;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says besides its tables: surprising days and files, and how damage to the state ends. */
class WarningTest {

    private static final Instant STARTED = Instant.parse("2026-05-01T00:00:00Z");

    @TempDir
    Path folder;

    private RunResult exclusionOf(LocalDate asOf, boolean isReload) {
        RunRequest request = new RunRequest(
                Shop.job(folder.resolve("shop/job.yaml"), folder.resolve("w")),
                asOf,
                STARTED,
                Set.of("exclusion"),
                false,
                isReload,
                false,
                Set.of());
        return Run.execute(Sparks.session(), request, Progress.SILENT);
    }

    private String linesAfterAsOf(RunResult result) {
        return picture(Sparks.session()
                .read()
                .parquet(result.folder().resolve("published/exclusion").toString())
                .where("reason = 'purchased after as_of'")
                .select("table_name", "customers", "rows"));
    }

    @Test
    void daysAndFilesThatSurpriseAreTold() throws Exception {
        Shop shop =
                new Shop(folder.resolve("shop")).withCustomers().withSurvey().withMonth(1);

        RunResult future = exclusionOf(LocalDate.of(2026, 6, 1), false);
        assertThat(future.warnings())
                .contains("as_of 2026-06-01 is after today, which is 2026-05-01 in Asia/Shanghai; the days between"
                        + " count as days without purchases and answers");
        assertThat(linesAfterAsOf(future)).isEqualTo("""
                table_name | customers | rows
                cohort_retention |  | 0
                """);

        RunResult past = exclusionOf(LocalDate.of(2025, 12, 31), false);
        assertThat(past.warnings())
                .contains("purchases: there is no line up to as_of 2025-12-31, so the tables from purchases are"
                        + " empty; set a later day with --as-of");
        assertThat(linesAfterAsOf(past)).isEqualTo("""
                table_name | customers | rows
                cohort_retention |  | 41
                """);

        shop.write("purchases/2026-01.csv", "order_id,who,at,amount,channel\n");
        assertThat(exclusionOf(Shop.AS_OF, false).warnings())
                .contains("purchases: 2026-01.csv is empty now; the 42 rows that were read from it before are"
                        + " retracted");

        Path state = Warehouse.at(folder.resolve("w").toString()).state();
        // not even text
        Files.write(state.resolve("pins.json"), new byte[] {'{', (byte) 0xff});
        assertThatThrownBy(() -> exclusionOf(Shop.AS_OF, false))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("pins.json is damaged; run with --reload");
        assertThat(exclusionOf(Shop.AS_OF, true).accounts()).isNotEmpty();
    }
}
