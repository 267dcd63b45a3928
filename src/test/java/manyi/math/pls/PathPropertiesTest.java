package manyi.math.pls;

import static manyi.math.pls.Measure.IMPACT;
import static manyi.math.pls.Measure.INDEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import manyi.math.moment.Moments;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Missing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must change no figure, with and without missing answers. */
class PathPropertiesTest {

    static Stream<Survey> surveys() {
        Survey whole = Survey.simulated(7, 300, 0.7);
        Survey holed = whole.without(11);
        return Stream.of(
                whole,
                holed,
                holed.with(holed.model().with(Missing.PAIRWISE)),
                holed.formed(List.of("Quality")),
                holed.with(holed.model().withConsistent(true)));
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void momentsOfPartsAddToTheWhole(Survey survey) {
        List<Moments> parts = survey.groups(7, row -> true);
        double[] ones = new double[7];
        Arrays.fill(ones, 1);

        agree(survey.fit(Moments.sum(parts, ones)), survey.fit(), true);
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void aWeightOfTwoIsTwoRespondents(Survey survey) {
        double[] twos = new double[300];
        Arrays.fill(twos, 2);
        var twice = new Survey(
                survey.model(),
                Stream.concat(Arrays.stream(survey.answers()), Arrays.stream(survey.answers()))
                        .toArray(double[][]::new));

        agree(survey.fit(survey.moments(twos)), twice.fit(), true);
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void anotherScaleOfAnItemChangesNoStandardisedFigure(Survey survey) {
        double[][] answers =
                Arrays.stream(survey.answers()).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : answers) {
            row[0] = 3 * row[0] + 100;
            row[5] = row[5] / 7 - 2;
        }

        agree(new Survey(survey.model(), answers).fit(), survey.fit(), false);
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void theOrderOfItemsAndRespondentsChangesNothing(Survey survey) {
        PathModel model = survey.model();
        int last = model.items().size() - 1;
        List<Item> items = new ArrayList<>(model.items());
        Collections.reverse(items);
        List<Construct> constructs = model.constructs().stream()
                .map(construct -> new Construct(
                        construct.name(),
                        construct.items().stream().map(item -> last - item).toList(),
                        construct.mode()))
                .toList();
        double[][] answers = new double[300][last + 1];
        for (int row = 0; row < 300; row++) {
            for (int item = 0; item <= last; item++) {
                answers[299 - row][last - item] = survey.answers()[row][item];
            }
        }
        var reversed =
                new PathModel(items, constructs, model.paths(), model.scheme(), model.missing(), model.consistent());

        agree(new Survey(reversed, answers).fit(), survey.fit(), true);
    }

    @ParameterizedTest
    @MethodSource("surveys")
    void theWholeMeasuredByItsOwnWeightsIsTheSame(Survey survey) {
        PathFit fit = survey.fit();

        agree(survey.fit(survey.moments(), fit.weights()), fit, true);
    }

    private static void agree(PathFit one, PathFit other, boolean withPoints) {
        other.figures().forEach((figure, value) -> {
            if (withPoints || (figure.measure() != INDEX && figure.measure() != IMPACT)) {
                assertThat(one.figures().get(figure))
                        .as(figure.toString())
                        .satisfiesAnyOf(
                                own -> assertThat(own).isCloseTo(value, within(1e-9)),
                                own -> assertThat(Double.isNaN(own) && Double.isNaN(value))
                                        .isTrue());
            }
        });
    }
}
