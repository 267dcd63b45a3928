package manyi.mart.path;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.SurveyModel;
import manyi.config.SurveyModel.DerivedWeights;
import manyi.config.SurveyModel.WeightSource;
import manyi.conformed.IndicatorWeight;
import manyi.conformed.ScoredResponse;
import manyi.conformed.WaveResponse;
import manyi.table.Audit;
import manyi.table.Digest;
import manyi.table.Failure;
import manyi.testing.Sparks;
import manyi.testing.Surveys;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class WeightEstimateTest {

    private static final LocalDate AS_OF = LocalDate.of(2026, 10, 31);

    /** A step of q1 moves the overall satisfaction o twice as far as one of q2, and the two have nothing to do with each other. */
    private static final String ANSWERS = """
            response_key | population | wave   | customer_id | weight | answers       | segments | csi
            1            | customer   | 2026Q3 | c1          | 1      | 100, 100, 6.5, 5 |       | 50
            2            | customer   | 2026Q3 | c2          | 1      | 100, 100, 4.5, 5 |       | 50
            3            | customer   | 2026Q3 | c3          | 1      | 100, 0, 5.5, 5   |       | 50
            4            | customer   | 2026Q3 | c4          | 1      | 100, 0, 3.5, 5   |       | 50
            5            | customer   | 2026Q3 | c5          | 1      | 0, 100, 4.5, 5   |       | 50
            6            | customer   | 2026Q3 | c6          | 1      | 0, 100, 2.5, 5   |       | 50
            7            | customer   | 2026Q3 | c7          | 1      | 0, 0, 3.5, 5     |       | 50
            8            | customer   | 2026Q3 | c8          | 1      | 0, 0, 1.5, 5     |       | 50
            """;

    private static Job.Satisfaction satisfaction(WeightSource source, int minimumRespondents, String... waves) {
        Questionnaire small = Surveys.questionnaire();
        SurveyModel.PathModel paths = new SurveyModel.PathModel(
                List.of(
                        new SurveyModel.Construct("quality", List.of("q1"), false),
                        new SurveyModel.Construct("service", List.of("q2"), false),
                        new SurveyModel.Construct("satisfaction", List.of("o"), false)),
                List.of(
                        new SurveyModel.Path("quality", "satisfaction"),
                        new SurveyModel.Path("service", "satisfaction")),
                SurveyModel.Scheme.PATH,
                false,
                false,
                false);
        Map<String, List<String>> predictors = new LinkedHashMap<>();
        predictors.put("goods", List.of("q1"));
        predictors.put("service", List.of("q2"));
        DerivedWeights weights = new DerivedWeights(
                source, Optional.of("satisfaction").filter(any -> source == WeightSource.PATH), List.of(waves));
        return Surveys.satisfaction(
                new Questionnaire(
                        small.name(),
                        small.items(),
                        small.groups(),
                        small.groupings(),
                        small.waves(),
                        List.of(),
                        Optional.empty(),
                        small.digest(),
                        Optional.of(new SurveyModel(
                                Optional.of(paths),
                                Optional.of(new SurveyModel.Drivers(List.of("o"), predictors, false)),
                                50,
                                1,
                                Optional.of(weights)))),
                minimumRespondents);
    }

    private static Dataset<Row> weights(WeightSource source, String answers) {
        return new WeightEstimate(AS_OF, satisfaction(source, 8, "2026Q3")).from(table -> released(answers));
    }

    @Test
    void weighsByWhatAPointOfTheItemMovesSatisfaction() {
        Dataset<Row> weights = weights(WeightSource.PATH, ANSWERS);
        assertThat(Audit.of(IndicatorWeight.TABLE, weights).failed()).isEmpty();
        assertThat(picture(IndicatorWeight.TABLE, weights)).isEqualTo("""
                item | weight
                q1 | 0.666666667
                q2 | 0.333333333
                """);
    }

    @Test
    void weighsByWhatTheGroupExplainsOfSatisfaction() {
        assertThat(picture(IndicatorWeight.TABLE, weights(WeightSource.DRIVERS, ANSWERS)))
                .isEqualTo("""
                item | weight
                q1 | 0.8
                q2 | 0.2
                """);
    }

    @Test
    void hearsNobodyButTheCustomersOfItsWaves() {
        String others = ANSWERS + """
            9            | employee   | 2026Q3 | e1          | 1      | 0, 100, 7, 5     |       | 50
            10           | customer   | 2026Q2 | c1          | 1      | 0, 100, 7, 5     |       | 50
            """;
        for (WeightSource source : WeightSource.values()) {
            assertThat(Digest.of(IndicatorWeight.TABLE, weights(source, others)).digest())
                    .isEqualTo(Digest.of(IndicatorWeight.TABLE, weights(source, ANSWERS))
                            .digest());
        }
        String later = ANSWERS.replace("| csi", "| csi | answered_on").replace("| 50\n", "| 50 | 2026-09-01\n")
                + "9 | customer | 2026Q3 | c9 | 1 | 0, 100, 7, 5 | | 50 | 2026-10-20\n";
        assertThat(Digest.of(IndicatorWeight.TABLE, weights(WeightSource.PATH, later))
                        .digest())
                .as("an answer dated after the wave was closed, on a later day known")
                .isEqualTo(Digest.of(IndicatorWeight.TABLE, weights(WeightSource.PATH, ANSWERS))
                        .digest());
    }

    @Test
    void isTheSameFromAnyPartitions() {
        Dataset<Row> answers = released(ANSWERS);
        var estimate = new WeightEstimate(AS_OF, satisfaction(WeightSource.PATH, 8, "2026Q3"));
        String one = Digest.of(IndicatorWeight.TABLE, estimate.from(table -> answers.coalesce(1)))
                .digest();
        assertThat(Digest.of(IndicatorWeight.TABLE, estimate.from(table -> answers.repartition(7)))
                        .digest())
                .isEqualTo(one);
    }

    /** A run has Spark compile its stages, and rows come otherwise than in the other tests. */
    @Test
    void isTheSameFromCompiledStages() {
        var estimate = new WeightEstimate(AS_OF, satisfaction(WeightSource.PATH, 8, "2026Q3"));
        Dataset<Row> answers = released(ANSWERS).localCheckpoint();
        String interpreted = Digest.of(IndicatorWeight.TABLE, estimate.from(table -> answers))
                .digest();
        var settings = Sparks.session().conf();
        settings.set("spark.sql.codegen.wholeStage", "true");
        settings.set("spark.sql.codegen.factoryMode", "FALLBACK");
        try {
            assertThat(Digest.of(IndicatorWeight.TABLE, estimate.from(table -> answers))
                            .digest())
                    .isEqualTo(interpreted);
        } finally {
            settings.set("spark.sql.codegen.wholeStage", "false");
            settings.set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        }
    }

    @Test
    void refusesABaseThatIsOpenOrOfFew() {
        Dataset<Row> answers = released(ANSWERS);
        assertThatThrownBy(() -> new WeightEstimate(AS_OF, satisfaction(WeightSource.PATH, 8, "2026Q3", "2026Q4"))
                        .from(table -> answers))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE))
                .hasMessageContaining("wave 2026Q4, from which they are derived, takes answers up to 2027-01-10 and is"
                        + " not closed on 2026-10-31");
        assertThatThrownBy(() ->
                        new WeightEstimate(AS_OF, satisfaction(WeightSource.PATH, 9, "2026Q3")).from(table -> answers))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.QUALITY))
                .hasMessageContaining(
                        "customers whose answers count in wave 2026Q3: 8, fewer than" + " minimum_respondents (9)");
        assertThatThrownBy(() -> new WeightEstimate(
                                LocalDate.of(2027, 1, 31), satisfaction(WeightSource.PATH, 8, "2026Q3", "2026Q4"))
                        .from(table -> answers))
                .hasMessageContaining("customers whose answers count in wave 2026Q4: 0, fewer");
    }

    @Test
    void refusesAnItemThatFewAnswered() {
        assertThatThrownBy(() -> weights(WeightSource.DRIVERS, ANSWERS.replace("| 0, 0, ", "| 0, , ")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("item q2 was answered in wave 2026Q3 by 6 of the customers who count, fewer than"
                        + " minimum_respondents (8)");
    }

    @Test
    void refusesAnswersThatCarryNoWeights() {
        String constant = ANSWERS.replace("| 100, ", "| 50, ").replace("| 0, ", "| 50, ");
        for (WeightSource source : WeightSource.values()) {
            assertThatThrownBy(() -> weights(source, constant))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(source == WeightSource.PATH ? "Item q1" : "All answers to goods are alike")
                    .hasMessageContaining("name other waves under 'weights', or give the weights yourself");
        }
        String alike = ANSWERS.replace("| 100, 0,", "| 100, 100,").replace("| 0, 100,", "| 0, 0,");
        for (WeightSource source : WeightSource.values()) {
            assertThatThrownBy(() -> weights(source, alike))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("follows from the others");
        }
        String opposed =
                ANSWERS.replace("| 100, ", "| x, ").replace("| 0, ", "| 100, ").replace("| x, ", "| 0, ");
        assertThatThrownBy(() -> weights(WeightSource.PATH, opposed))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the total effect of quality on satisfaction is negative");
        assertThatThrownBy(() -> weights(WeightSource.DRIVERS, opposed))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the more of goods the less of o");
    }

    /** The responses of released waves; what the picture says of their index is not read. */
    private static Dataset<Row> released(String answers) {
        return new WaveResponse(Surveys.questionnaire(), List.of()).from(table -> rows(ScoredResponse.TABLE, answers));
    }
}
