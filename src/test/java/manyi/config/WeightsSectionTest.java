package manyi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyi.config.SurveyModel.DerivedWeights;
import manyi.config.SurveyModel.WeightSource;
import manyi.table.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsSectionTest {

    private static final String QUESTIONS = """
            questionnaire: shop
            scale: [1, 10]
            items:
              - {id: goods, text: Goods, group: quality}
              - {id: staff, text: Staff, group: quality, weight: 1}
              - {id: overall, text: Overall, role: overall}
              - {id: again, text: Again, role: repurchase}
            waves:
              - {name: 2026Q1, end: 2026-03-31}
              - {name: 2026Q2, end: 2026-06-30}
            model:
              constructs: {quality: [goods, staff], satisfaction: overall, loyalty: again}
              paths: [quality -> satisfaction, satisfaction -> loyalty]
            drivers: {predictors: groups}
            """;

    @TempDir
    private Path folder;

    @Test
    void derivesWeightsFromNamedWaves() throws IOException {
        var byPaths = read(QUESTIONS + "weights: {derived: path, construct: satisfaction, waves: [2026Q2, 2026Q1]}\n");
        assertThat(byPaths.model().orElseThrow().weights())
                .contains(new DerivedWeights(
                        WeightSource.PATH, Optional.of("satisfaction"), List.of("2026Q1", "2026Q2")));
        var byDrivers = read(QUESTIONS + "weights: {derived: drivers, waves: 2026Q1}\n");
        assertThat(byDrivers.model().orElseThrow().weights())
                .contains(new DerivedWeights(WeightSource.DRIVERS, Optional.empty(), List.of("2026Q1")));
        assertThat(byDrivers.digest())
                .as("answers are read as without the block")
                .isEqualTo(read(QUESTIONS).digest());
        assertThat(read(QUESTIONS).model().orElseThrow().weights()).isEmpty();
    }

    @Test
    void asksForWhatWeightsAreDerivedFrom() throws IOException {
        assertThat(faults(QUESTIONS + "weights: {derived: paths, wave: 2026Q1}\n"))
                .containsExactly(
                        "line 15: unknown key 'wave' in weights; did you mean 'waves'?",
                        "line 15: weights.derived: 'paths' is not one of path, drivers; did you mean 'path'?",
                        "line 15: weights.waves: is missing; name the waves whose answers the weights come from");
        assertThat(faults(QUESTIONS + "weights: {derived: path, waves: [2026Q3, 2026Q1, 2026Q1]}\n"))
                .containsExactly(
                        "line 15: the key 'construct' is missing in weights",
                        "line 15: weights.waves: the wave '2026Q1' is a duplicate",
                        "line 15: weights.waves: there is no wave '2026Q3'; did you mean '2026Q1'?");
        assertThat(faults(QUESTIONS + "weights: {derived: path, construct: satisfied, waves: 2026Q1}\n"))
                .containsExactly("line 15: weights.construct: there is no construct 'satisfied'; known here: quality,"
                        + " satisfaction, loyalty");
        assertThat(faults(QUESTIONS + "weights: {derived: drivers, construct: satisfaction, waves: 2026Q1}\n"))
                .containsExactly("line 15: weights.construct: is for derived: path; the outcome of drivers"
                        + " is in the block 'drivers'");
        String bare = QUESTIONS.substring(0, QUESTIONS.indexOf("model:"));
        assertThat(faults(bare + "weights: {derived: path, construct: satisfaction, waves: 2026Q1}\n"))
                .containsExactly("line 11: weights.derived: there is no block 'model' to derive weights from");
        assertThat(faults(bare + "weights: {derived: drivers, waves: 2026Q1}\n"))
                .containsExactly("line 11: weights.derived: there is no block 'drivers' to derive weights from");
    }

    @Test
    void refusesTwoSourcesOfOneWeight() throws IOException {
        String weights = "weights: {derived: path, construct: satisfaction, waves: 2026Q1}\n";
        assertThat(faults(QUESTIONS + "groups: {quality: 2}\n" + weights))
                .containsExactly(
                        "line 15: groups: gives weights, while those of the block 'weights' are derived; leave one"
                                + " of the two out");
        assertThat(faults(QUESTIONS.replace("weight: 1", "weight: 2") + weights))
                .containsExactly("line 15: weights.derived: the indicator 'staff' has a weight of its own,"
                        + " while the path model gives all weights; leave one of the two out");
    }

    @Test
    void refusesIndicatorsThatNothingWeighs() throws IOException {
        String weights = "weights: {derived: path, construct: satisfaction, waves: 2026Q1}\n";
        assertThat(faults(QUESTIONS.replace("role: repurchase", "roles: [repurchase, indicator], group: quality")
                        + weights))
                .containsExactly(
                        "line 15: weights.construct: the indicator 'again' is an item of no construct that leads"
                                + " to 'satisfaction', so the model says nothing about its weight;"
                                + " write 'roles: []' if it is not an indicator");
        assertThat(faults(QUESTIONS
                                .replace("role: overall", "roles: [overall, indicator], group: quality")
                                .replace("drivers: {predictors: groups}\n", "")
                        + weights))
                .containsExactly(
                        "line 14: weights.construct: the indicator 'goods' is not an item of 'satisfaction', while others are;"
                                + " either all indicators measure it, or all measure what leads to it",
                        "line 14: weights.construct: the indicator 'staff' is not an item of 'satisfaction', while others are;"
                                + " either all indicators measure it, or all measure what leads to it");
        assertThat(faults(QUESTIONS.replace("predictors: groups", "predictors: {mixed: [goods, again]}")
                        + "weights: {derived: drivers, waves: 2026Q1}\n"))
                .containsExactly(
                        "line 15: weights.derived: the indicator 'staff' is in no predictor of the block 'drivers', so"
                                + " nothing is known of its weight",
                        "line 15: weights.derived: the predictor 'mixed' has items that are not indicators (again) and some that are, so its"
                                + " weight would be that of neither; split it");
    }

    @Test
    void refusesAPredictorWithoutAWeightedItem() throws IOException {
        String questions = QUESTIONS
                .replace("weight: 1}", "weight: 0}")
                .replace("predictors: groups", "predictors: {goods: goods, staff: staff}");
        assertThat(faults(questions + "weights: {derived: drivers, waves: 2026Q1}\n"))
                .containsExactly(
                        "line 15: weights.derived: all indicators of the predictor 'staff' have weight 0, so none"
                                + " can take its share");
    }

    private Questionnaire read(String text) throws IOException {
        return QuestionnaireFile.read(Files.writeString(folder.resolve("q.yaml"), text), Map.of());
    }

    private List<String> faults(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("q.yaml"), text);
        Throwable thrown = catchThrowable(() -> QuestionnaireFile.read(file, Map.of()));
        assertThat(thrown).isInstanceOf(Failure.class);
        return thrown.getMessage()
                .lines()
                .skip(1)
                .map(String::strip)
                .map(line -> line.replace(file + ":", "line "))
                .sorted()
                .toList();
    }
}
