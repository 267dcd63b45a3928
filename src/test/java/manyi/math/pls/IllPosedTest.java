package manyi.math.pls;

import static manyi.math.pls.Measure.ALPHA;
import static manyi.math.pls.Measure.HTMT;
import static manyi.math.pls.Measure.IMPACT;
import static manyi.math.pls.Measure.INDEX;
import static manyi.math.pls.Measure.LOADING;
import static manyi.math.pls.Measure.OUTER_VIF;
import static manyi.math.pls.Measure.PATH;
import static manyi.math.pls.Measure.SRMR_ESTIMATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import manyi.math.moment.Moments;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Missing;
import manyi.math.pls.PathModel.Mode;
import manyi.math.pls.PathModel.Path;
import manyi.math.pls.Refusal.Reason;
import org.junit.jupiter.api.Test;

/** Answers that cannot carry a model are answered in a sentence. */
class IllPosedTest {

    private static final Survey SURVEY = Survey.simulated(1, 200, 0.8);

    @Test
    void oneRespondentHasNoCovariance() {
        var one = new Survey(SURVEY.model(), Arrays.copyOf(SURVEY.answers(), 1));

        assertThat(SURVEY.model().fit(one.moments()))
                .isEqualTo(new Refusal(Reason.TOO_FEW_ROWS, "A path model needs at least two respondents, and has 1."));
        assertThat(SURVEY.model().fit(Moments.none(9))).extracting("reason").isEqualTo(Reason.TOO_FEW_ROWS);
    }

    @Test
    void twoRespondentsAgreeOnEverything() {
        var two =
                new Survey(SURVEY.model(), new double[][] {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {2, 3, 4, 5, 6, 7, 8, 9, 10}});
        var twice = new PathModel(
                SURVEY.model().items(),
                SURVEY.model().constructs(),
                List.of(new Path("Image", "Satisfaction"), new Path("Quality", "Satisfaction")));

        assertThat(two.fit().value(PATH, "Image", "Quality")).isCloseTo(1, within(1e-12));
        assertThat(twice.fit(two.moments()))
                .isEqualTo(new Refusal(
                        Reason.SINGULAR_REGRESSION,
                        "The causes of Satisfaction cannot be told apart, one follows from the others: Image,"
                                + " Quality."));
    }

    @Test
    void anItemThatIsTheSameForEverybodyCannotBeWeighed() {
        assertThat(outcome((row, r) -> row[4] = 7))
                .isEqualTo(new Refusal(Reason.CONSTANT, "Item b2 has the same answer from everybody."));
    }

    @Test
    void anItemThatNobodyAnsweredHasNoMean() {
        assertThat(outcome((row, r) -> row[4] = Double.NaN))
                .isEqualTo(new Refusal(Reason.NEVER_ANSWERED, "Nobody answered item b2."));
    }

    @Test
    void collinearItemsCannotFormAConstruct() {
        Survey formed = changed((row, r) -> row[2] = 10 - row[1]).formed(List.of("Image"));

        assertThat(formed.model().fit(formed.moments()))
                .isEqualTo(new Refusal(
                        Reason.COLLINEAR_BLOCK,
                        "The items of Image are collinear: in mode B one of them follows from the others."));
    }

    @Test
    void collinearItemsMayReflectAConstruct() {
        Survey twice = changed((row, r) -> row[2] = row[1]);

        assertThat(twice.fit().value(OUTER_VIF, "a3", "Image")).isInfinite();
    }

    /** Equal numbers of all combinations of two answers: nothing correlates. */
    @Test
    void itemsWithoutAnyCorrelationAreNotWeighed() {
        var model = new PathModel(
                List.of(new Item("a", 0, 1), new Item("b", 0, 1)),
                List.of(new Construct("Cause", List.of(0), Mode.A), new Construct("Effect", List.of(1), Mode.A)),
                List.of(new Path("Cause", "Effect")));
        var square = new Survey(model, new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});

        assertThat(model.fit(square.moments())).extracting("reason").isEqualTo(Reason.NO_CORRELATION);
    }

    /** Pairs of three items, each answered by other people, with correlations that contradict each other. */
    @Test
    void pairwiseCovariancesMayContradictEachOther() {
        double[][] answers = new double[300][3];
        for (int r = 0; r < 300; r++) {
            double answer = 1 + r % 10;
            int missing = r / 100;
            for (int item = 0; item < 3; item++) {
                answers[r][item] = item == missing ? Double.NaN : answer;
            }
            if (missing == 0) {
                answers[r][2] = 11 - answer;
            }
        }
        var model = new PathModel(
                List.of(new Item("a", 1, 10), new Item("b", 1, 10), new Item("c", 1, 10)),
                List.of(
                        new Construct("A", List.of(0), Mode.A),
                        new Construct("B", List.of(1), Mode.A),
                        new Construct("C", List.of(2), Mode.A)),
                List.of(new Path("A", "B"), new Path("B", "C")));
        var survey = new Survey(model, answers);

        assertThat(model.with(Missing.PAIRWISE).fit(survey.moments()))
                .extracting("reason")
                .isEqualTo(Reason.NOT_POSITIVE_DEFINITE);
        assertThat(model.fit(survey.moments())).isInstanceOf(PathFit.class);
    }

    @Test
    void twoItemsThatNobodyAnsweredBothHaveNoPairwiseCovariance() {
        Survey split = changed((row, r) -> row[r % 2] = Double.NaN);

        assertThat(split.model().with(Missing.PAIRWISE).fit(split.moments()))
                .isEqualTo(new Refusal(
                        Reason.NEVER_ANSWERED,
                        "Nobody answered both items a1 and a2, so that their covariance is not known."));
    }

    /** Canonical correlations of .500 and .499: the second fades by a factor of .998 a round only. */
    @Test
    void weightsThatDoNotStandStillAreNotPublished() {
        PathOutcome outcome = slow().fit(slowMoments());

        assertThat(outcome).isInstanceOf(Refusal.class);
        assertThat(((Refusal) outcome).reason()).isEqualTo(Reason.NO_CONVERGENCE);
        assertThat(((Refusal) outcome).sentence()).contains("after 300 rounds");
    }

    private static PathModel slow() {
        return new PathModel(
                List.of(new Item("a1", 0, 1), new Item("a2", 0, 1), new Item("b1", 0, 1), new Item("b2", 0, 1)),
                List.of(new Construct("A", List.of(0, 1), Mode.B), new Construct("B", List.of(2, 3), Mode.B)),
                List.of(new Path("A", "B")));
    }

    private static Moments slowMoments() {
        int items = 4;
        double[] pairs = new double[16];
        double[] products = new double[16];
        Arrays.fill(pairs, 1000);
        for (int i = 0; i < items; i++) {
            products[i * items + i] = 1000;
        }
        products[2] = 500;
        products[8] = 500;
        products[7] = 499;
        products[13] = 499;
        return new Moments(items, 1000, 1000, pairs, new double[16], products);
    }

    @Test
    void aNegativeOuterWeightLeavesNoIndex() {
        PathFit fit = changed((row, r) -> row[8] = 10 - row[8]).fit();

        assertThat(fit.value(INDEX, "Satisfaction")).isNaN();
        assertThat(fit.value(IMPACT, "Image", "Satisfaction")).isNaN();
        assertThat(fit.value(INDEX, "Quality")).isFinite();
        assertThat(fit.withoutIndex())
                .containsOnlyKeys("Satisfaction")
                .containsValue("The outer weight of item c3 is negative.");
    }

    @Test
    void aSegmentMayHaveAConstantItemButNotAConstantConstruct() {
        OuterWeights weights = SURVEY.fit().weights();

        Survey item = changed((row, r) -> row[4] = 7);
        PathFit fit = item.fit(item.moments(), weights);
        assertThat(fit.value(PATH, "Image", "Quality")).isFinite();
        assertThat(fit.value(LOADING, "b2", "Quality")).isNaN();
        assertThat(fit.value(LOADING, "b1", "Quality")).isFinite();
        String why = "Item b2 has the same answer from everybody.";
        for (Figure figure : fit.figures().keySet()) {
            assertThat(fit.reason(figure))
                    .as(figure.toString())
                    .isEqualTo(Double.isNaN(fit.figures().get(figure)) ? Optional.of(why) : Optional.empty());
        }
        assertThat(fit.reason(new Figure(ALPHA, "Quality", ""))).hasValue(why);
        assertThat(fit.reason(new Figure(HTMT, "Image", "Quality"))).hasValue(why);
        assertThat(fit.reason(new Figure(SRMR_ESTIMATED, "", ""))).hasValue(why);

        Survey construct = changed((row, r) -> Arrays.fill(row, 3, 6, 7));
        assertThat(construct.model().fit(construct.moments(), weights))
                .isEqualTo(new Refusal(Reason.CONSTANT, "Construct Quality is the same for everybody."));
    }

    @Test
    void constructsThatAreOneAreNotCorrectedForUnreliability() {
        Survey same = changed((row, r) -> {
            row[6] = row[4];
            row[7] = row[5];
            row[8] = row[3];
        });

        assertThat(same.model().withConsistent(true).fit(same.moments()))
                .extracting("reason")
                .isEqualTo(Reason.INADMISSIBLE);
    }

    /** No path runs between image and satisfaction, so that no share explained is above 1; their correlation is. */
    @Test
    void correlationsCorrectedBeyondOneAreRefused() {
        Survey same = changed((row, r) -> {
            row[6] = row[1];
            row[7] = row[2];
            row[8] = row[0];
        });

        assertThat(same.model().withConsistent(true).fit(same.moments()))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.INADMISSIBLE);
                    assertThat(refusal.sentence())
                            .startsWith("Corrected for unreliability, Image and Satisfaction correlate by 1.")
                            .endsWith(", beyond 1: they are not distinct, or their items too unreliable.");
                });
        assertThat(same.fit().value(Measure.CORRELATION, "Image", "Satisfaction"))
                .isLessThan(1);
    }

    /** The items of quality agree by what nothing else shares, and one of them alone goes with its neighbours. */
    @Test
    void aReliabilityAboveOneIsRefused() {
        Survey torn = changed((row, r) -> {
            double shared = (row[3] + row[4] + row[5]) / 3 - 5;
            double apart = r * 37 % 11 - 5;
            System.arraycopy(row, 3, row, 6, 3);
            row[3] = 5 + shared + apart;
            row[4] = 5 + 0.3 * shared + apart;
            row[5] = 5 + 0.3 * shared + apart + r * 53 % 7 - 3;
        });

        assertThat(torn.model().withConsistent(true).fit(torn.moments()))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.INADMISSIBLE);
                    assertThat(refusal.sentence())
                            .startsWith("The reliability of Quality is ")
                            .contains(", above 1: ");
                });
    }

    @Test
    void momentsAndWeightsOfOtherItemsAreRefused() {
        assertThatThrownBy(() -> SURVEY.model().fit(Moments.none(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("moments of 8 items for a model of 9");
        assertThatThrownBy(() -> SURVEY.model().fit(SURVEY.moments(), new OuterWeights(List.of(1.0))))
                .hasMessage("1 outer weights for 9 items");
    }

    private static PathOutcome outcome(BiConsumer<double[], Integer> change) {
        Survey changed = changed(change);
        return changed.model().fit(changed.moments());
    }

    private static Survey changed(BiConsumer<double[], Integer> change) {
        UnaryOperator<double[][]> copy = answers -> IntStream.range(0, answers.length)
                .mapToObj(r -> {
                    double[] row = answers[r].clone();
                    change.accept(row, r);
                    return row;
                })
                .toArray(double[][]::new);
        return new Survey(SURVEY.model(), copy.apply(SURVEY.answers()));
    }
}
