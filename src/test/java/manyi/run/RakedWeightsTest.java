package manyi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import manyi.store.Warehouse;
import manyi.testing.Sparks;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weights of the index that are derived from answers, where the answers' own weights are raked: λ rests on the weights of
 * the sample, every published figure on the raked ones. The sample has too many from the East, where satisfaction is of
 * the goods, so it matters. All figures were recomputed from the answers row by row in NumPy: PLS and regressions by
 * either weights, margins fitted in turn until nothing moves, residuals by least squares with the sample's weights.
 */
class RakedWeightsTest {

    private static final Offset<Double> CLOSE = within(1e-6);

    private static final String JOB = """
            job: raked
            warehouse: ${WAREHOUSE}
            time_zone: Europe/Berlin
            currency: EUR
            customer_key: demo
            sources:
              survey:
                path: ${SHOP}/survey.csv
                key: response_id
                columns: {response_id: id, customer_id: who, wave: wave, weight: w, region: region, tier: tier}
            segments: [region, tier]
            satisfaction:
              questionnaire: questionnaire.yaml
              minimum_respondents: 2
              decimals: full
              weighting:
                margins:
                  region: {East: 300, West: 700}
                  tier: {gold: 200, basic: 800}
            """;

    private static final String QUESTIONNAIRE = """
            questionnaire: raked
            scale: [1, 7]
            items:
              - {id: q1, text: Goods, group: goods}
              - {id: q2, text: Range of goods, group: goods}
              - {id: q3, text: Service, group: service}
              - {id: q4, text: Speed of service, group: service}
              - {id: q5, text: Overall, role: overall}
            waves:
              - {name: 2026Q1, end: 2026-03-31}
              - {name: 2026Q2, end: 2026-06-30}
            model:
              constructs: {goods: [q1, q2], service: [q3, q4], satisfaction: q5}
              paths: [goods -> satisfaction, service -> satisfaction]
            drivers: {outcome: q5, predictors: groups}
            bootstrap: {replicates: 20}
            """;

    @TempDir
    Path folder;

    /** Sixty answers of each of two waves. */
    private static String answers() {
        StringBuilder rows = new StringBuilder("id,who,wave,w,region,tier,q1,q2,q3,q4,q5\n");
        for (int wave = 0; wave < 2; wave++) {
            for (int i = 0; i < 60; i++) {
                boolean isEast = i % 10 < 7;
                int goods = (i * 5 + i / 7 + 2 * wave) % 7;
                int service = (i * 3 + i / 5 + wave) % 7;
                int ofGoods = isEast ? 5 : 1;
                rows.append("%d-%d,c%d,2026Q%d,%s,%s,%s,%d,%d,%d,%d,%d\n"
                        .formatted(
                                wave,
                                i,
                                i,
                                1 + wave,
                                1 + i % 4 / 2.0,
                                isEast ? "East" : "West",
                                i / 3 % 4 == 0 ? "gold" : "basic",
                                1 + goods,
                                1 + Math.min(6, (2 * goods + service + i % 3) / 3),
                                1 + service,
                                1 + Math.min(6, (3 * service + goods + i % 5) / 4),
                                1 + Math.min(6, (ofGoods * goods + (6 - ofGoods) * service + i % 3 + wave) / 6)));
            }
        }
        return rows.toString();
    }

    /** λ; and each wave's index with its error, raked. By raked weights λ would be .124 and .304, or .165, of the goods. */
    static Stream<Arguments> figures() {
        return Stream.of(
                Arguments.of(
                        "{derived: path, construct: satisfaction, waves: 2026Q1}",
                        List.of(0.30360648676, 0.47762965807, 0.06569272198, 0.15307113318),
                        List.of(53.158087316, 4.217735204, 52.117057749, 4.636733026)),
                Arguments.of(
                        "{derived: drivers, waves: 2026Q1}",
                        List.of(0.41578330870, 0.41578330870, 0.08421669130, 0.08421669130),
                        List.of(52.975517228, 4.341418446, 52.040045045, 4.794711124)));
    }

    @ParameterizedTest
    @MethodSource("figures")
    void derivesByTheWeightsOfTheSampleAndPublishesByTheRakedOnes(
            String weights, List<Double> lambdas, List<Double> indices) {
        Shop shop = new Shop(folder.resolve("shop"))
                .write("job.yaml", JOB)
                .write("questionnaire.yaml", QUESTIONNAIRE + "weights: " + weights + "\n")
                .write("survey.csv", answers());

        Run.execute(
                Sparks.session(),
                RunRequest.of(
                        shop.job(folder.resolve("w")),
                        LocalDate.of(2026, 7, 10),
                        Instant.parse("2026-08-01T00:00:00Z")),
                Progress.SILENT);

        Map<String, Double> found = published("indicator_satisfaction", "item", "weight", "wave = '2026Q1'");
        for (int i = 0; i < lambdas.size(); i++) {
            assertThat(found.get("q" + (i + 1))).isCloseTo(lambdas.get(i), within(2e-9));
        }
        Map<String, Double> csi = published("segment_satisfaction", "wave", "csi", "true");
        Map<String, Double> errors = published("segment_satisfaction", "wave", "csi_standard_error", "true");
        assertThat(csi.get("2026Q1")).isCloseTo(indices.get(0), CLOSE);
        assertThat(errors.get("2026Q1")).isCloseTo(indices.get(1), CLOSE);
        assertThat(csi.get("2026Q2")).isCloseTo(indices.get(2), CLOSE);
        assertThat(errors.get("2026Q2")).isCloseTo(indices.get(3), CLOSE);
        // the model of the very same answers, published by raked weights
        Map<String, Double> paths =
                published("path_coefficient", "concat(wave, ' ', from_construct)", "coefficient", "true");
        assertThat(paths.get("2026Q1 goods")).as(".74 by the sample's").isCloseTo(0.390160345, CLOSE);
        assertThat(paths.get("2026Q1 service")).as(".21 by the sample's").isCloseTo(0.579671556, CLOSE);
        assertThat(paths.get("2026Q2 goods")).isCloseTo(0.377104883, CLOSE);
        assertThat(paths.get("2026Q2 service")).isCloseTo(0.616813234, CLOSE);
        Map<String, Double> drivers = published("satisfaction_driver", "predictor", "johnson", "wave = '2026Q1'");
        assertThat(drivers.get("goods")).as(".58 by the sample's").isCloseTo(0.219373146, CLOSE);
        assertThat(drivers.get("service")).as(".12 by the sample's").isCloseTo(0.443718183, CLOSE);
    }

    /** The figures of everybody by key. */
    private Map<String, Double> published(String table, String key, String figure, String condition) {
        Path published = Warehouse.at(folder.resolve("w").toString()).published();
        Map<String, Double> figures = new HashMap<>();
        Sparks.session()
                .read()
                .parquet(published.resolve(table).toString())
                .where("segment = 'all'")
                .where(condition)
                .selectExpr(key, figure)
                .collectAsList()
                .forEach(row -> figures.put(row.getString(0), row.getDouble(1)));
        return figures;
    }
}
