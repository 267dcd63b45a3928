package manyi.run;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.conformed.SurveyResponse;
import manyi.store.DeltaStore;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closed wave whose answers stand in pairs of a later one. */
class PublishedPairsTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);
    private static final Job.Satisfaction SATISFACTION =
            Surveys.satisfaction(Surveys.expectedAndMet(new Questionnaire.Gap("service", "e", "p")), 2);

    private static final String HEADER =
            "response_key | customer_id | population | wave | answered_on | weight | answers | csi | segments\n";

    @TempDir
    Path folder;

    /** Ann, bob and cid answer in both waves, dan in the first alone. */
    private static String answers(int ann, int bob, int cid, int dan) {
        return HEADER + """
                1 | ann | customer | w1 | 2026-01-10 | 1 | %d, | 50 | East
                2 | bob | customer | w1 | 2026-01-10 | 1 | %d, | 50 | East
                3 | cid | customer | w1 | 2026-01-10 | 1 | %d, | 50 | East
                4 | dan | customer | w1 | 2026-01-10 | 1 | %d, | 50 | East
                1 | ann | customer | w2 | 2026-04-10 | 1 | , 5 | 50 | East
                2 | bob | customer | w2 | 2026-04-10 | 1 | , 6 | 50 | East
                3 | cid | customer | w2 | 2026-04-10 | 1 | , 7 | 50 | East
                """.formatted(ann, bob, cid, dan);
    }

    private List<String> warned(DeltaStore store, String answers) {
        List<String> warnings = new ArrayList<>();
        store.overwrite(SurveyResponse.TABLE, rows(SurveyResponse.TABLE, answers));
        PublishedWaves waves = new PublishedWaves(Sparks.session(), store, List.of());
        waves.note();
        waves.settle(AS_OF, SATISFACTION, Set.of(), warnings::add);
        waves.keep();
        return warnings;
    }

    /** A shop that asks before and after; what it publishes is taken from the cache on the day after. */
    @Test
    void aRunPublishesPairsOfTwoWaves() throws IOException {
        Shop shop = new Shop(folder.resolve("shop")).withCustomers().withMonth(1);
        StringBuilder before = new StringBuilder("response_id,who,at,q1,q2,q3,q4\n");
        StringBuilder after = new StringBuilder("response_id,who,at,q1,q2,q3,q4\n");
        for (int i = 0; i < 150; i++) {
            before.append("b%d,d%d,2025-12-%02d 10:00:00,%d,,,\n".formatted(i, i, 1 + i % 28, 1 + i % 5));
            after.append("a%d,d%d,2026-03-%02d 10:00:00,%d,%d,,\n".formatted(i, i, 1 + i % 28, 1 + i % 5, 3 + i % 5));
        }
        shop.write("survey/before.csv", before.toString()).write("survey/after.csv", after.toString());
        String asked = Files.readString(shop.folder().resolve("questionnaire.yaml"));
        shop.write("questionnaire.yaml", asked.replace("waves:\n", """
                expectation: {service: {expected: q1, perceived: q2}}
                waves:
                  - {name: 2025Q4, end: 2025-12-31, grace_days: 3}
                """));

        List<Row> first = gaps(shop, Shop.AS_OF);
        List<Row> second = gaps(shop, Shop.AS_OF.plusDays(1));

        // i % 5 and i % 5 + 2, over and over
        assertThat(first).isNotEmpty().isEqualTo(second);
        assertThat(first.get(0).getString(0)).isEqualTo("2026Q1");
        assertThat(first.get(0).getLong(1)).isBetween(110L, 149L);
        assertThat(first.get(0).getDouble(2)).isCloseTo(5 / 3.0, within(0.1));
    }

    private List<Row> gaps(Shop shop, LocalDate asOf) {
        Path warehouse = folder.resolve("w");
        RunResult result = Run.execute(
                Sparks.session(),
                RunRequest.of(shop.job(warehouse), asOf, Instant.parse(asOf + "T20:00:00Z")),
                Progress.SILENT);
        return Sparks.session()
                .read()
                .parquet(result.folder().resolve("published/expectation_gap").toString())
                .where("pairing = 'before and after' and not is_suppressed and segment = 'all'")
                .select("wave", "respondents", "ratio")
                .collectAsList();
    }

    @Test
    void staysAsItWasWhereThePairsOfFewWouldChange() {
        DeltaStore store = new DeltaStore(Sparks.session(), folder.resolve("state"));

        assertThat(warned(store, answers(1, 2, 3, 4))).isEmpty();
        // two answers have changed, and two are enough; but only cid's stands in a pair
        assertThat(warned(store, answers(1, 2, 8, 9)))
                .hasSize(1)
                .first()
                .asString()
                .contains("w1");
        assertThat(warned(store, answers(1, 8, 8, 9))).isEmpty();
    }
}
