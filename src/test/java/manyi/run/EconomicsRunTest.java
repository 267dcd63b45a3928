package manyi.run;

import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import manyi.store.Warehouse;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Costs, margins, spending and referrals through whole runs, and a model of an earlier day where none can be fitted. */
class EconomicsRunTest {

    private static int minutes;

    @TempDir
    Path folder;

    private static RunResult run(Shop shop, Path warehouse, LocalDate asOf, String... select) {
        minutes++;
        Instant start = Instant.parse("2026-05-03T00:00:00Z").plusSeconds(60L * minutes);
        return Run.execute(
                Sparks.session(),
                new RunRequest(shop.job(warehouse), asOf, start, Set.of(select), false, false, false, Set.of()),
                Progress.SILENT);
    }

    private static Dataset<Row> published(Path warehouse, String table) {
        Path path = Warehouse.at(warehouse.toString()).published().resolve(table);
        return Sparks.session().read().parquet(path + "/*.parquet");
    }

    private Shop shop(String name) {
        return new Shop(folder.resolve(name))
                .withCustomers()
                .withSurvey()
                .withMonth(1)
                .withMonth(2);
    }

    @Test
    void whenTheFilesComeChangesNothing() {
        Path once = folder.resolve("w1");
        Path later = folder.resolve("w2");
        var whole = run(shop("s1").withEconomics(), once, Shop.AS_OF);

        Shop second = shop("s2").withEconomics();
        second.write("margins.csv", "group,share,since\nshop,0.9,\n")
                .write("costs.csv", "period,purpose,amount,region\n")
                .write("referrals.csv", "who,told,at\nc1,c1,2026-01-01\nc1,c2,2026-01-01\n")
                .write("spending.csv", "who,period,amount\nc2,2026,7\nc2,2026,8\n");
        run(second, later, LocalDate.of(2026, 3, 5), "cohort_retention", "customer_share");
        run(second.withEconomics(), later, Shop.AS_OF);

        assertThat(Shop.published(later)).isEqualTo(Shop.published(once));
        assertThat(Shop.state(later)).isEqualTo(Shop.state(once));
        assertThat(picture(
                        published(once, "ingest_account").where("source not in ('purchases', 'survey', 'customers')"),
                        "source",
                        "rows_in",
                        "rows_accepted",
                        "rows_rejected",
                        "rows_duplicate"))
                .isEqualTo("""
                source | rows_in | rows_accepted | rows_rejected | rows_duplicate
                costs | 2 | 2 | 0 | 0
                margins | 2 | 2 | 0 | 0
                referrals | 20 | 20 | 0 | 0
                spending | 20 | 20 | 0 | 0
                """);
        assertThat(published(once, "customer_share")
                        .where("segment = 'all' and period_from = '2026-01-01'")
                        .head()
                        .<Long>getAs("customers"))
                .isEqualTo(20);
        assertThat(published(once, "cohort_retention")
                        .where("margin is not null and revenue_with_margin < revenue")
                        .count())
                .isPositive();
        assertThat(whole.warnings()).isEmpty();
    }

    @Test
    void aModelOfAnEarlierDayIsNamedAsAnInput() {
        Shop shop = new Shop(folder.resolve("crowd")).write("job.yaml", """
                job: crowd
                warehouse: ${WAREHOUSE}
                time_zone: UTC
                currency: CNY
                customer_key: demo
                sources:
                  purchases:
                    path: ${SHOP}/purchases/*.csv
                    columns: {customer_id: who, purchased_at: at, amount: amount}
                lifetime_value: {proof_weeks: 2}
                """);
        StringBuilder crowd = new StringBuilder("who,at,amount\n");
        LocalDate first = LocalDate.of(2026, 1, 1);
        for (int i = 0; i < 200; i++) {
            int born = (i * 37) % 60;
            int repeats = i % 3 == 0 ? 0 : (i * 7) % 9;
            int gap = 1 + (i * 11) % 9;
            for (int k = 0; k <= repeats && born + k * gap < 98; k++) {
                crowd.append("c%d,%s,%d%n".formatted(i, first.plusDays(born + k * (long) gap), 10 + (i * 7919) % 40));
            }
        }
        Path warehouse = folder.resolve("w");
        run(shop.write("purchases/all.csv", crowd.toString()), warehouse, Shop.AS_OF.minusDays(1));
        assertThat(published(warehouse, "lifetime_value_model")
                        .where("value is not null and purpose = 'score'")
                        .count())
                .isPositive();

        // the file is replaced by one of which nothing can be learnt
        var result = run(
                shop.write("purchases/all.csv", "who,at,amount\nc1,2026-03-01,10\nc1,2026-03-05,20\nc2,2026-03-07,5\n"),
                warehouse,
                Shop.AS_OF);

        assertThat(result.warnings())
                .anyMatch(warning -> warning.contains("no model could be fitted for score")
                        && warning.contains("fitted on 2026-04-09 is used instead"));
        assertThat(picture(published(warehouse, "run_manifest").where("entry = 'input'"), "name"))
                .isEqualTo("""
                name
                history/lifetime_value_model/as_of=2026-04-09
                purchases/all.csv
                """);
        assertThat(published(warehouse, "segment_lifetime_value")
                        .where("lifetime_value > 0 and valued_customers = 2")
                        .count())
                .isEqualTo(1);
    }
}
