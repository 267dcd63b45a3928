package manyi.generate;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sample questionnaire as the document that a job names. */
record QuestionnaireText(Waves waves, LocalDate from) {

    private static final int GRACE_DAYS = 14;
    private static final Map<String, Integer> GROUP_WEIGHTS = groupWeights();

    String yaml() {
        StringBuilder yaml = new StringBuilder("""
                # The sample questionnaire: a shop's customers on what they bought, in the indicator groups of the CSI.
                # Synthetic, like the answers beside it.
                questionnaire: sample-shop
                scale: [0, 10]
                missing: [%d]

                # weights of the indicator groups
                groups: {%s}

                items:
                """.formatted(Responses.DONT_KNOW, weights()));
        for (Question question : Question.ALL) {
            yaml.append("  - id: ").append(question.id()).append('\n');
            yaml.append("    text: \"").append(question.text()).append("\"\n");
            if (question.low() != 0 || question.high() != 10) {
                yaml.append("    scale: [%d, %d]\n".formatted(question.low(), question.high()));
            }
            if (question.isReversed()) {
                yaml.append("    direction: lower_is_better\n");
            }
            if (question.group().isEmpty()) {
                yaml.append("    roles: [")
                        .append(String.join(", ", question.roles()))
                        .append("]\n");
            } else {
                yaml.append("    group: ").append(question.group()).append('\n');
            }
        }
        yaml.append("""

                groupings:
                  system:
                    mind: [brand]
                    behaviour: [delivery, waiting, reply]
                    visual: [look]
                    product: [function, durability, availability, fair_price, value]
                    service: [staff]
                  stage:
                    before: [availability, fair_price]
                    during: [staff, waiting, delivery]
                    after: [function, durability, value, reply]

                # what was expected against what was met, in one response and from one response to the next
                expectation:
                  shop: {expected: expected, perceived: overall}

                # the paths of the European index, and what may drive satisfaction
                model:
                  template: ecsi
                  constructs:
                    image: [brand, look]
                    expectation: expected
                    quality: [function, durability, availability, delivery, waiting, staff, reply]
                    value: [fair_price, value]
                    satisfaction: overall
                    loyalty: [recommend, repurchase]
                drivers: {outcome: overall, predictors: groups}
                bootstrap: {replicates: 100, seed: 1}

                # a wave is published once its end and grace are over
                waves:
                """);
        for (int wave = 0; wave < waves.count(); wave++) {
            LocalDate first = quarter(from.plusDays(waves.start(wave)));
            yaml.append("  - {name: ")
                    .append(waves.name(wave))
                    .append(", start: ")
                    .append(first)
                    .append(", end: ")
                    .append(first.plusMonths(3).minusDays(1))
                    .append(", grace_days: ")
                    .append(GRACE_DAYS)
                    .append("}\n");
        }
        return yaml.toString();
    }

    private static LocalDate quarter(LocalDate day) {
        return LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
    }

    private static String weights() {
        return GROUP_WEIGHTS.entrySet().stream()
                .map(group -> group.getKey() + ": " + group.getValue())
                .collect(java.util.stream.Collectors.joining(", "));
    }

    private static Map<String, Integer> groupWeights() {
        Map<String, Integer> weights = new LinkedHashMap<>();
        weights.put("quality", 25);
        weights.put("design", 10);
        weights.put("quantity", 10);
        weights.put("time", 15);
        weights.put("price", 15);
        weights.put("service", 15);
        weights.put("taste", 10);
        return weights;
    }
}
