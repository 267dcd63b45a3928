package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import manyi.config.Questionnaire.Gap;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectationSectionTest {

    private static final String QUESTIONS = """
            questionnaire: shop
            scale: [1, 10]
            items:
              - {id: hoped, text: Quality you expected, role: expected}
              - {id: met, text: Quality you met, role: [indicator, perceived]}
              - {id: staff, text: Staff}
              - {id: price, text: How much you paid, direction: lower_is_better}
              - {id: wait, text: How long it took, scale: [0, 60], direction: lower_is_better}
            waves:
              - {name: 2026Q2, end: 2026-06-30}
            """;

    @TempDir
    private Path folder;

    @Test
    void setsExpectationAgainstExperienceAndValueAgainstCost() throws IOException {
        var questionnaire = read(QUESTIONS + """
                expectation:
                  quality: {expected: hoped, perceived: met}
                delivered_value:
                  value: {product: met, personnel: [staff]}
                  cost: {money: price, time: wait}
                  weights: {money: 3}
                  band: 0.1
                """);

        assertThat(questionnaire.gaps()).containsExactly(new Gap("quality", "hoped", "met"));
        assertThat(questionnaire.deliveredValue())
                .contains(new DeliveredValue(
                        List.of(
                                new DeliveredValue.Component("product", List.of("met"), 1),
                                new DeliveredValue.Component("personnel", List.of("staff"), 1)),
                        List.of(
                                new DeliveredValue.Component("money", List.of("price"), 3),
                                new DeliveredValue.Component("time", List.of("wait"), 1)),
                        0.1));
        assertThat(questionnaire.digest())
                .as("answers are scored as without these blocks")
                .isEqualTo(read(QUESTIONS).digest());
    }

    @Test
    void listsEveryFault() throws IOException {
        var faults = catchThrowable(() -> read(QUESTIONS + """
                expectation:
                  quality: {expected: hopped, perceived: met}
                  speed: {expected: hoped, perceived: wait}
                  same: {expected: met, perceived: met}
                  half: {expected: met, percieved: staff}
                  all: {expected: hoped, perceived: met}
                delivered_value:
                  value: {product: metal, personnel: [staff]}
                  cost: {money: [], staff: [wait, staff], total: price, personnel: price}
                  weights: {money: 0, time: 2}
                  band: 1
                """));

        assertThat(faults).isInstanceOf(Failure.class);
        assertThat(faults.getMessage().replace(folder + "/", "")).isEqualTo("""
                The questionnaire has 15 faults; fix them and try again:
                questions.yaml:12: expectation.quality.expected: there is no item 'hopped'; did you mean 'hoped'?
                questions.yaml:13: expectation.speed.perceived: 'wait' has another scale or direction than 'hoped'; a ratio of the two would mean nothing
                questions.yaml:14: expectation.same.perceived: is the same item as expected; a ratio needs two
                questions.yaml:15: the key 'perceived' is missing in expectation.half
                questions.yaml:15: unknown key 'percieved' in expectation.half; did you mean 'perceived'?
                questions.yaml:16: expectation.all: is reserved for all dimensions together; choose another name
                questions.yaml:18: delivered_value.value.product: there is no item 'metal'; did you mean 'met'?
                questions.yaml:19: delivered_value.cost.money: has no items
                questions.yaml:19: delivered_value.cost.staff: the item 'staff' is already in delivered_value; each item counts once
                questions.yaml:19: delivered_value.cost.total: is reserved for all kinds together; choose another name
                questions.yaml:19: delivered_value.cost.personnel: the item 'price' is already in delivered_value; each item counts once
                questions.yaml:19: delivered_value.cost.personnel: is listed under both value and cost; keep one of the two
                questions.yaml:20: delivered_value.weights.money: the weight 0 is not above 0; leave the kind out instead
                questions.yaml:20: unknown key 'time' in delivered_value.weights; known here: product, personnel, money, staff, total
                questions.yaml:21: delivered_value.band: 1 is not between 0 and 0.99
                """.strip());
    }

    private Questionnaire read(String text) throws IOException {
        Path file = folder.resolve("questions.yaml");
        Files.writeString(file, text);
        return QuestionnaireFile.read(file, Map.of());
    }
}
