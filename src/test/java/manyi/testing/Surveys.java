package manyi.testing;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import manyi.config.Job;
import manyi.config.Questionnaire;
import manyi.config.Questionnaire.Role;
import manyi.config.ResponseRules;
import manyi.conformed.ScoredResponse;
import manyi.conformed.SurveyResponse;
import manyi.table.Inputs;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A small questionnaire: two indicators that weigh the same, overall satisfaction and recommendation. */
public final class Surveys {

    /** The first wave ends on 30 September 2026, with ten days of grace; the second one is open until the new year. */
    public static final List<Questionnaire.Wave> WAVES = List.of(
            new Questionnaire.Wave("2026Q3", LocalDate.of(2026, 7, 1), LocalDate.of(2026, 9, 30), 10),
            new Questionnaire.Wave("2026Q4", LocalDate.of(2026, 10, 1), LocalDate.of(2026, 12, 31), 10));

    private Surveys() {}

    /** Items q1 and q2 from 0 to 100, o from 1 to 7, r from 0 to 10. */
    public static Questionnaire questionnaire() {
        return new Questionnaire(
                "small",
                List.of(
                        item("q1", 0, 100, Optional.of("quality"), Role.INDICATOR),
                        item("q2", 0, 100, Optional.of("service"), Role.INDICATOR),
                        item("o", 1, 7, Optional.empty(), Role.OVERALL),
                        item("r", 0, 10, Optional.empty(), Role.RECOMMEND)),
                List.of(
                        new Questionnaire.Group("quality", BigDecimal.ONE),
                        new Questionnaire.Group("service", BigDecimal.ONE)),
                Map.of(),
                WAVES,
                "digest-of-small");
    }

    /** Items e and p from 0 to 10, what was expected and what was met; in the waves w0, w1 and w2 of ended months. */
    public static Questionnaire expectedAndMet(Questionnaire.Gap... gaps) {
        return new Questionnaire(
                "waves",
                List.of(
                        item("e", 0, 10, Optional.empty(), Role.EXPECTED),
                        item("p", 0, 10, Optional.of("quality"), Role.INDICATOR)),
                List.of(new Questionnaire.Group("quality", BigDecimal.ONE)),
                Map.of(),
                List.of(
                        new Questionnaire.Wave("w0", LocalDate.of(2025, 12, 1), LocalDate.of(2025, 12, 31), 5),
                        new Questionnaire.Wave("w1", LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 31), 5),
                        new Questionnaire.Wave("w2", LocalDate.of(2026, 4, 1), LocalDate.of(2026, 4, 30), 5)),
                List.of(gaps),
                Optional.empty(),
                "digest",
                Optional.empty());
    }

    /** The customary bounds, and this many respondents at least. */
    public static Job.Satisfaction satisfaction(
            Questionnaire questionnaire, int minimumRespondents, String... restated) {
        return satisfaction(questionnaire, minimumRespondents, 0.5, ResponseRules.STANDARD, restated);
    }

    /** The customary bounds with rules of care. */
    public static Job.Satisfaction careful(
            Questionnaire questionnaire, int minimumRespondents, double minimumAnsweredWeight, ResponseRules rules) {
        return satisfaction(questionnaire, minimumRespondents, minimumAnsweredWeight, rules);
    }

    private static Job.Satisfaction satisfaction(
            Questionnaire questionnaire,
            int minimumRespondents,
            double minimumAnsweredWeight,
            ResponseRules rules,
            String... restated) {
        return new Job.Satisfaction(
                questionnaire,
                minimumRespondents,
                minimumAnsweredWeight,
                80,
                60,
                9,
                6,
                List.of(restated),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                rules,
                Optional.empty(),
                Job.Decimals.ROUNDED);
    }

    /** Responses, and nothing in any other table. */
    public static Inputs inputs(Dataset<Row> responses) {
        return table -> table.equals(ScoredResponse.TABLE) || table.equals(SurveyResponse.TABLE)
                ? responses
                : Sparks.session().createDataFrame(List.of(), table.schema());
    }

    /** An item of weight 1. */
    public static Questionnaire.Item item(String id, int low, int high, Optional<String> group, Role... roles) {
        return new Questionnaire.Item(
                id,
                "How about " + id + "?",
                BigDecimal.valueOf(low),
                BigDecimal.valueOf(high),
                false,
                List.of(),
                group,
                BigDecimal.ONE,
                Set.of(roles));
    }
}
