package manyi.cli;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import manyi.config.Job;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedTest {

    @TempDir
    Path folder;

    @Test
    void readsTheAggregatesOfTheRunThatThePointerNames() throws IOException {
        publish("one", "score", "select 'East' as segment, 80 as csi");
        publish("two", "score", "select 'West' as segment, 40 as csi");
        point("one");
        var published = Published.of(job(Map.of()));
        point("two");
        var rows = published.answer("select * from score", Sparks.session());
        assertThat(picture(rows)).isEqualTo("segment | csi\nEast | 80\n");
        assertThat(picture(Published.of(job(Map.of())).answer("table SCORE", Sparks.session())))
                .isEqualTo("segment | csi\nWest | 40\n");
    }

    @Test
    void aQuerySeesNoTableWithARowPerCustomer() throws IOException {
        publish("one", "score", "select 1 as csi");
        Sparks.session()
                .sql("select 'k' as customer_key")
                .write()
                .parquet(folder.resolve("runs/one/restricted/customer_segment").toString());
        point("one");
        var published = Published.of(job(Map.of()));
        assertThat(published.restricted()).containsOnlyKeys("customer_segment");
        assertThatThrownBy(() -> published.answer("select * from customer_segment", Sparks.session()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("there is no published table customer_segment; the tables are score");
    }

    @Test
    void anEmptyWarehouseSaysWhatToDo() throws IOException {
        Job job = job(Map.of());
        assertThatThrownBy(() -> Published.of(job))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT_MISSING))
                .hasMessageContaining("manyi run");
    }

    @Test
    void asOfIsTheArgumentThenTheJobsThenYesterdayInTheJobsZone() throws IOException {
        Clock clock = Clock.fixed(Instant.parse("2026-10-31T18:00:00Z"), ZoneOffset.UTC);
        Job without = job(Map.of());
        Job with = job(Map.of("AS_OF", "as_of: 2026-01-31"));
        assertThat(Jobs.asOf(Optional.of(LocalDate.of(2025, 1, 1)), with, clock))
                .isEqualTo("2025-01-01");
        assertThat(Jobs.asOf(Optional.empty(), with, clock)).isEqualTo("2026-01-31");
        assertThat(Jobs.asOf(Optional.empty(), without, clock))
                .as("in Shanghai it is the first of November already")
                .isEqualTo("2026-10-31");
    }

    @Test
    void aClusterRefusesRelativePaths() throws IOException {
        Path file = document(Map.of());
        assertThatThrownBy(() -> Jobs.read(file, Optional.of("warehouse"), Map.of(), true))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("1 are relative: warehouse: warehouse.");
        assertThat(Jobs.read(file, Optional.of("s3a://bucket/shop"), Map.of(), true)
                        .warehouse())
                .isEqualTo("s3a://bucket/shop");
    }

    @Test
    void anotherWarehouseLiesWithinTheAllowedRoots() throws IOException {
        Path file = document(Map.of());
        Map<String, String> environment = Map.of("MANYI_ALLOWED_ROOTS", folder.toString());
        assertThatThrownBy(() -> Jobs.read(file, Optional.of("/elsewhere"), environment, false))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--warehouse");
    }

    private void publish(String run, String table, String rows) {
        Sparks.session()
                .sql(rows)
                .write()
                .parquet(folder.resolve("runs/" + run + "/published/" + table).toString());
    }

    private void point(String run) throws IOException {
        Path published = Files.createDirectories(folder.resolve("published"));
        Files.deleteIfExists(published.resolve("current"));
        Files.createSymbolicLink(published.resolve("current"), Path.of("..", "current", "published"));
        Files.deleteIfExists(folder.resolve("current"));
        Files.createSymbolicLink(folder.resolve("current"), Path.of("runs", run));
    }

    private Job job(Map<String, String> values) throws IOException {
        return Jobs.read(document(values), Optional.empty(), Map.of(), false);
    }

    private Path document(Map<String, String> values) throws IOException {
        return Files.writeString(
                folder.resolve("shop.yaml"), """
                job: shop
                warehouse: %s
                time_zone: Asia/Shanghai
                currency: CNY
                customer_key: demo
                sources:
                  purchases:
                    - path: %s/purchases/*.csv
                      format: csv
                      types: {at: timestamp, sum: "decimal(18,4)"}
                      columns: {customer_id: customer, purchased_at: at, amount: sum}
                %s
                """.formatted(folder, folder, values.getOrDefault("AS_OF", "")));
    }
}
