package manyi.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What was planted and what was written, for those who want to find it again.
 *
 * @param written table → counts and sums of its clean rows
 * @param cells who answered
 */
record Truth(Generation generation, Map<String, Map<String, Object>> written, List<Cell> cells) {

    /** Answers of a wave, region and tier, and the sum of their satisfaction in sixteenths of a point. */
    record Cell(String wave, String region, String tier, long answers, long sixteenths) {}

    /** The truth file. */
    String json() {
        Map<String, Object> truth = new LinkedHashMap<>();
        truth.put("synthetic", "Nobody of this file exists; all of it was generated.");
        truth.put("asked", asked());
        truth.put("written", plain(written));
        truth.put("planted", planted());
        truth.put("respondents", respondents());
        truth.put("dirt", dirt());
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(truth) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("numbers and texts are always JSON", impossible);
        }
    }

    private Map<String, Object> asked() {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("customers", generation.customers());
        asked.put("purchases", generation.purchases());
        asked.put("responses", generation.responses());
        asked.put("seed", generation.seed());
        asked.put("from", generation.from().toString());
        asked.put("to", generation.from().plusDays(generation.days() - 1L).toString());
        return asked;
    }

    private static Map<String, Object> planted() {
        Map<String, Object> satisfaction = new LinkedHashMap<>();
        satisfaction.put("unit", "points of about one standard deviation, rounded to 1/16, cut at -3 and 3");
        satisfaction.put("by_region", by(Society.REGIONS, Society::regionEffect));
        satisfaction.put("by_tier", by(Society.TIERS, Society::tierEffect));
        satisfaction.put("per_wave", Society.TREND);
        satisfaction.put("standard_deviation_between_customers", Society.CUSTOMER_SPREAD);
        satisfaction.put("standard_deviation_between_waves_of_a_customer", Society.WAVE_SPREAD);

        Map<String, Object> purchases = new LinkedHashMap<>();
        purchases.put("rates_over_customers", "gamma distribution with shape " + Society.RATE_SHAPE);
        purchases.put("log_rate_ratio_per_point_of_satisfaction", Society.PURCHASE_EFFECT);
        purchases.put("when", "satisfaction of a wave moves the buying rate of the following quarter");
        purchases.put("share_of_orders_without_customer", Purchases.ANONYMOUS_SHARE);
        purchases.put("share_of_orders_whose_first_line_comes_back", Till.RETURN_SHARE);
        purchases.put("days_within_which_it_comes_back", Till.RETURN_DAYS);
        purchases.put("seasons", "Saturdays strong and Sundays weak; December up to 2.55 times, January 0.8 times");

        Map<String, Object> churn = new LinkedHashMap<>();
        churn.put("share_of_customers_before_the_first_day", Society.OLD_SHARE);
        churn.put("probability_of_leaving_in_a_quarter_at_satisfaction_0", Society.QUARTERLY_CHURN);
        churn.put("log_hazard_ratio_per_point_of_satisfaction", Society.CHURN_EFFECT);
        churn.put("when", "satisfaction of a wave moves the hazard of leaving in the following quarter");

        Map<String, Object> answers = new LinkedHashMap<>();
        answers.put(
                "rule",
                "round(centre + spread * (loading * satisfaction + west_shift in West + noise)), cut to the scale,"
                        + " low + high minus that where reversed");
        answers.put("standard_deviation_of_noise", Responses.NOISE);
        answers.put("share_dont_know", Responses.DONT_KNOW_SHARE);
        answers.put("share_blank", Responses.BLANK_SHARE);
        answers.put("share_late", Responses.LATE_SHARE);
        answers.put("probability_of_answering_by_tier", by(Society.TIERS, Responses.PROPENSITIES::get));
        List<Map<String, Object>> questions = new ArrayList<>();
        for (Responses.Question question : Responses.QUESTIONS) {
            Map<String, Object> planted = new LinkedHashMap<>();
            planted.put("item", question.id());
            planted.put("scale", List.of(question.low(), question.high()));
            planted.put("is_reversed", question.isReversed());
            planted.put("centre", question.centre());
            planted.put("spread", question.spread());
            planted.put("loading", question.loading());
            planted.put("west_shift", question.westShift());
            questions.add(planted);
        }
        answers.put("questions", questions);

        Map<String, Object> planted = new LinkedHashMap<>();
        planted.put("satisfaction", satisfaction);
        planted.put("purchases", purchases);
        planted.put("churn", churn);
        planted.put("answers", answers);
        return planted;
    }

    private Map<String, Object> respondents() {
        Map<String, Object> respondents = new LinkedHashMap<>();
        respondents.put("by_region", means(Cell::region));
        respondents.put("by_tier", means(Cell::tier));
        respondents.put("by_wave", means(Cell::wave));
        return respondents;
    }

    private Map<String, Object> means(Function<Cell, String> segment) {
        Map<String, long[]> sums = new TreeMap<>();
        for (Cell cell : cells) {
            long[] sum = sums.computeIfAbsent(segment.apply(cell), key -> new long[2]);
            sum[0] += cell.answers();
            sum[1] += cell.sixteenths();
        }
        Map<String, Object> means = new LinkedHashMap<>();
        sums.forEach((value, sum) -> {
            Map<String, Object> mean = new LinkedHashMap<>();
            mean.put("answers", sum[0]);
            mean.put(
                    "mean_satisfaction",
                    BigDecimal.valueOf(sum[1])
                            .divide(BigDecimal.valueOf(sum[0] * Society.PARTS), 6, RoundingMode.HALF_UP));
            means.put(value, mean);
        });
        return means;
    }

    private List<Map<String, Object>> dirt() {
        List<Map<String, Object>> listed = new ArrayList<>();
        if (generation.isDirty()) {
            new TreeMap<>(Dirt.OF)
                    .forEach((table, faults) -> faults.stream()
                            .filter(fault -> !written.get(table).get("rows").equals(0L))
                            .forEach(fault -> {
                                Map<String, Object> line = new LinkedHashMap<>();
                                line.put("table", table);
                                line.put("fault", fault.fault());
                                line.put("rows", fault.rows());
                                line.put("outcome", fault.outcome().name().toLowerCase(java.util.Locale.ROOT));
                                listed.add(line);
                            }));
        }
        return listed;
    }

    private static Map<String, Object> plain(Map<String, Map<String, Object>> tables) {
        Map<String, Object> plain = new LinkedHashMap<>();
        tables.forEach((table, seen) -> plain.put(table, new TreeMap<>(seen)));
        return plain;
    }

    private static Map<String, Double> by(List<String> names, Function<Integer, Double> effect) {
        Map<String, Double> effects = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            effects.put(names.get(i), effect.apply(i));
        }
        return effects;
    }
}
