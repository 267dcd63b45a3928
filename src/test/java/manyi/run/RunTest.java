package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import manyi.store.Warehouse;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs over a small shop. Most begin from a copy of one warehouse, which is cheaper than making another. */
class RunTest {

    private static int minutes;

    @TempDir
    static Path common;

    /** A shop with three months of purchases, and the warehouse of one run over it. */
    private static Shop whole;

    private static Path once;
    private static RunResult onceResult;
    private static Map<String, String> published;
    private static Map<String, String> state;

    @TempDir
    Path folder;

    @BeforeAll
    static void runsOnce() {
        whole = new Shop(common.resolve("shop"))
                .withCustomers()
                .withSurvey()
                .withMonth(1)
                .withMonth(2)
                .withMonth(3);
        once = common.resolve("once");
        onceResult = run(whole, once, Shop.AS_OF);
        published = Shop.published(once);
        state = Shop.state(once);
    }

    /** Runs are named by when they began; each test run begins a minute after the one before. */
    private static Instant next() {
        minutes++;
        return Instant.parse("2026-05-01T00:00:00Z").plusSeconds(60L * minutes);
    }

    private static RunResult run(Shop shop, Path warehouse, LocalDate asOf, String... select) {
        return Run.execute(
                Sparks.session(),
                new RunRequest(shop.job(warehouse), asOf, next(), Set.of(select), false, false, false, Set.of()),
                Progress.SILENT);
    }

    private Shop shop(String name) {
        return new Shop(folder.resolve(name)).withCustomers().withSurvey();
    }

    /** The shop whose warehouse {@link #warehouse} is. */
    private Shop shop() {
        return whole.copiedTo(folder.resolve("shop"));
    }

    private Path warehouse() {
        return Shop.copied(once, folder.resolve("w"));
    }

    @Test
    void accountsForEveryRow() {
        assertThat(onceResult.accounts().stream()
                        .filter(account -> account.source().equals("purchases"))
                        .findFirst()
                        .orElseThrow())
                .isEqualTo(new RunResult.Account("purchases", 3, 3, 126, 121, 3, 2));
        assertThat(Shop.rejected(once)).isEqualTo(3);
    }

    @Test
    void theFilesOfATableAreWhatItsReadersByDeltaSee() {
        assertThat(Shop.publishedByDelta(once)).isEqualTo(published);
    }

    @Test
    void givesTheSameTablesMonthByMonth() {
        Path monthly = folder.resolve("monthly");
        Shop shop = shop("growing");
        // the first brings the state and the cohort cells up to date; the others derive and publish every table
        run(shop.withMonth(1), monthly, LocalDate.of(2026, 1, 28), "cohort_retention");
        run(shop.withMonth(2), monthly, LocalDate.of(2026, 2, 28));
        run(shop.withMonth(3), monthly, Shop.AS_OF);

        assertThat(Shop.published(monthly)).isEqualTo(published);
        assertThat(Shop.state(monthly)).isEqualTo(state);
    }

    /** The file brings an order and another amount for one that is known, both of customers who were not asked. */
    @Test
    void forgetsAFileThatIsGoneAndNoOther() throws IOException {
        Path warehouse = warehouse();
        Shop shop = shop();
        shop.write("purchases/2026-03-late.csv", """
                order_id,who,at,amount,channel
                late,c25,2026-03-20 10:00:00,31.5,web
                o3-9,c24,2026-03-21 10:00:00,1234.5,web
                """);
        String file = accounted(warehouse, "2026-03").replace("2026-03", "2026-03-late");
        var late = run(shop, warehouse, Shop.AS_OF, "cohort_retention");
        assertThat(digest(late, "cohort_retention")).isNotEqualTo(digest(onceResult, "cohort_retention"));

        assertThatThrownBy(() -> forget(shop, warehouse, file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the file is still there");
        Files.delete(shop.folder().resolve("purchases/2026-03-late.csv"));
        assertThatThrownBy(() -> forget(shop, warehouse, "2026-3.csv"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no file of that name was read");
        forget(shop, warehouse, file);

        assertThat(Shop.published(warehouse)).isEqualTo(published);
        assertThat(Shop.state(warehouse)).isEqualTo(state);
    }

    /** The last month comes first, and beside it a file that is replaced when the others come. */
    @Test
    void givesTheSameTablesInAnotherOrderAndAReplacedFileTakesItsRowsBack() {
        Path shuffled = folder.resolve("shuffled");
        Shop shop = shop("shuffled-shop").withMonth(3);
        shop.write("purchases/2026-02.csv", "order_id,who,at,amount,channel\nz1,c4,2026-02-05 10:00:00,9.5,web\n");
        var other = run(shop, shuffled, Shop.AS_OF, "cohort_retention");
        assertThat(digest(other, "cohort_retention")).isNotEqualTo(digest(onceResult, "cohort_retention"));

        run(shop.withMonth(1).withMonth(2), shuffled, Shop.AS_OF);

        assertThat(Shop.published(shuffled)).isEqualTo(published);
        assertThat(Shop.state(shuffled)).isEqualTo(state);
    }

    @Test
    void readsNothingAgainAndMakesNothingAgainAndGivesTheSameDayAgain() {
        Path warehouse = warehouse();
        List<String> steps = new ArrayList<>();

        var again = Run.execute(
                Sparks.session(),
                RunRequest.of(shop().job(warehouse), Shop.AS_OF, next()),
                (name, done, total) -> steps.add(name));

        assertThat(again.accounts()).allMatch(account -> account.newFiles() == 0);
        assertThat(steps)
                .as("the counts of files are part of every summary; nothing else is made")
                .containsExactly(
                        "file_account",
                        "derivation",
                        "staging",
                        "pins",
                        "publishing",
                        "published",
                        "history",
                        "cleaned work",
                        "cleaning");
        assertThat(Shop.published(warehouse)).isEqualTo(published);
    }

    private static void forget(Shop shop, Path warehouse, String file) {
        Run.execute(
                Sparks.session(),
                new RunRequest(shop.job(warehouse), Shop.AS_OF, next(), Set.of(), false, false, false, Set.of(file)),
                Progress.SILENT);
    }

    private static String accounted(Path warehouse, String part) {
        return Sparks.session()
                .read()
                .parquet(warehouse.resolve("published/current/ingest_account").toString())
                .where("file like '%" + part + "%'")
                .select("file")
                .head()
                .getString(0);
    }

    @Test
    void anEarlierDayComesFromTheLedgerAndTheMonthOfTheCut() {
        Path early = folder.resolve("early");
        Path late = warehouse();
        Shop shop = shop();
        LocalDate day = LocalDate.of(2026, 2, 14);
        var current = Warehouse.at(late.toString()).current();

        var past = run(shop, late, day);
        assertThat(past.isCurrent()).isFalse();
        assertThat(Warehouse.at(late.toString()).current()).isEqualTo(current);

        // the same day, where the days after it were never read; two orders were moved by later rows of their keys
        Shop before = shop("s-before");
        for (String file : List.of("purchases/2026-01.csv", "purchases/2026-02.csv")) {
            StringBuilder known = new StringBuilder();
            read(shop.folder().resolve(file))
                    .lines()
                    .filter(line -> !line.matches(".*,2026-02-(1[5-9]|2\\d) .*|o[12]-3,.*"))
                    .forEach(line -> known.append(line).append('\n'));
            before.write(file, known.toString());
        }
        var straight = run(before, early, day, "cohort_retention", "customer_segment", "reconciliation", "exclusion");

        for (String table : List.of("cohort_retention", "customer_segment", "reconciliation")) {
            assertThat(digest(past, table)).as(table).isEqualTo(digest(straight, table));
        }
        // only the warehouse that read the later days can tell of lines that wait for them
        assertThat(excluded(past, "reason <> 'purchased after as_of'"))
                .isEqualTo(excluded(straight, "reason <> 'purchased after as_of'"));
        assertThat(excluded(straight, "reason = 'purchased after as_of' and rows = 0"))
                .hasSize(1);
        assertThat(excluded(past, "reason = 'purchased after as_of' and rows > 0"))
                .hasSize(1);
    }

    private static List<String> excluded(RunResult run, String condition) {
        return Sparks.session()
                .read()
                .parquet(run.folder().resolve("published/exclusion").toString())
                .where(condition)
                .orderBy("table_name", "reason")
                .collectAsList()
                .stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void aFullRefreshAndAReloadGiveWhatTheyReplace() {
        Path warehouse = warehouse();
        Shop shop = shop();
        for (boolean isReload : List.of(false, true)) {
            Run.execute(
                    Sparks.session(),
                    new RunRequest(
                            shop.job(warehouse), Shop.AS_OF, next(), Set.of(), !isReload, isReload, false, Set.of()),
                    Progress.SILENT);
            assertThat(Shop.published(warehouse)).isEqualTo(published);
            assertThat(Shop.state(warehouse)).isEqualTo(state);
        }
    }

    /** Lost would be the rows of a file that is gone, and with the segments what was kept of published waves. */
    @Test
    void anAttemptToBuildAnewCostsNothing() throws IOException {
        Path warehouse = warehouse();
        Shop shop = shop();
        Path gone = shop.folder().resolve("purchases/2026-03.csv");
        Files.delete(gone);
        shop.write("purchases/2026-04.csv", "what,is,this\n1,2,3\n");
        assertThatThrownBy(() -> Run.execute(
                        Sparks.session(),
                        new RunRequest(shop.job(warehouse), Shop.AS_OF, next(), Set.of(), false, true, false, Set.of()),
                        Progress.SILENT))
                .isInstanceOf(Failure.class);
        Files.delete(shop.folder().resolve("purchases/2026-04.csv"));
        String job = Files.readString(shop.folder().resolve("job.yaml"));
        shop.write("job.yaml", job.replaceFirst("segments: .*", "segments: []"));
        run(shop, warehouse, Shop.AS_OF, "exclusion");
        shop.write("job.yaml", job);

        run(shop, warehouse, Shop.AS_OF);

        assertThat(Shop.state(warehouse)).isEqualTo(state);
        assertThat(warehouse.resolve("backup")).doesNotExist();
    }

    @Test
    void tooManyRejectedRowsStopTheRunAndReadersSeeTheOneBefore() {
        Path warehouse = warehouse();
        Shop shop = shop();
        shop.write("purchases/2026-04.csv", "order_id,who,at,amount,channel\nx,c1,never,secret@example.org,web\n");

        assertThatThrownBy(() -> run(shop, warehouse, Shop.AS_OF)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.QUALITY);
            assertThat(failure)
                    .hasMessageContaining("purchases: 1 of 1 rows (100.0 %) were rejected")
                    .hasMessageContaining("2026-04.csv record 1")
                    .hasMessageContaining("Nothing was published; readers still see the run ")
                    .hasMessageNotContaining("example.org");
        });
        assertThat(Shop.published(warehouse)).isEqualTo(published);

        shop.write("purchases/2026-04.csv", "order_id,who,at,amount,channel\n");
        run(shop, warehouse, Shop.AS_OF);
        assertThat(Shop.published(warehouse).get("cohort_retention")).isEqualTo(published.get("cohort_retention"));
        assertThat(Shop.state(warehouse).get("landing_purchase")).isEqualTo(state.get("landing_purchase"));
    }

    @Test
    void aSecondRunAtTheSameTimeIsToldWhoHoldsTheWarehouse() {
        Path warehouse = folder.resolve("w");
        Shop shop = shop("s").withMonth(1);
        try (var held = Warehouse.at(warehouse.toString()).lock("run of Tuesday")) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> run(shop, warehouse, Shop.AS_OF))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY);
                        assertThat(failure).hasMessageContaining("run of Tuesday");
                    });
        }
    }

    @Test
    void selectedTablesGoToScratchAndAreNotPublished() {
        Path warehouse = warehouse();
        var current = Warehouse.at(warehouse.toString()).current();
        var result = run(shop(), warehouse, Shop.AS_OF, "cohort_retention");
        assertThat(result.tables()).extracting(RunResult.Written::table).containsExactly("cohort_retention");
        assertThat(Warehouse.at(warehouse.toString()).current())
                .isEqualTo(current)
                .isPresent();
        assertThat(Files.isDirectory(warehouse.resolve("scratch/published/cohort_retention")))
                .isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String digest(RunResult result, String table) {
        return result.tables().stream()
                .filter(written -> written.table().equals(table))
                .findFirst()
                .orElseThrow()
                .digest();
    }
}
