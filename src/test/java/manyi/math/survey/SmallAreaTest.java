package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import manyi.math.survey.SmallArea.Direct;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SmallAreaTest {

    private static final Offset<Double> NINE = within(1e-9);

    /** Ill and healthy of the vaccinated, ill and healthy of the others: BCG (Colditz et al. 1994, JAMA 271). */
    private static final double[][] BCG = {
        {4, 119, 11, 128},
        {6, 300, 29, 274},
        {3, 228, 11, 209},
        {62, 13536, 248, 12619},
        {33, 5036, 47, 5761},
        {180, 1361, 372, 1079},
        {8, 2537, 10, 619},
        {505, 87886, 499, 87892},
        {29, 7470, 45, 7232},
        {17, 1699, 65, 1600},
        {186, 50448, 141, 27197},
        {5, 2493, 3, 2338},
        {27, 16886, 29, 17825}
    };

    /** Odds ratios of the CLASP trial as DerSimonian and Kacker (2007) use them; their table: τ .3681, μ −.3811. */
    @Test
    void agreesWithDerSimonianKacker() {
        double[] n1 = {156, 303, 565, 1570, 103, 4659};
        double[] n2 = {74, 303, 477, 1565, 105, 4650};
        double[] ill1 = {5, 5, 12, 69, 9, 313};
        double[] ill2 = {8, 17, 9, 94, 11, 352};
        List<Direct> trials = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            double a = ill1[i];
            double b = n1[i] - a;
            double c = ill2[i];
            double d = n2[i] - c;
            trials.add(new Direct(Math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d, 1000));
        }
        var pooled = SmallArea.of(trials);

        assertThat(Math.sqrt(pooled.between())).isCloseTo(.3681, within(5e-5));
        assertThat(pooled.mean()).isCloseTo(-.3811, within(5e-5));
    }

    /** τ² .3181 is what metafor gives by this method; all else recomputed independently (numpy, scipy). */
    @Test
    void agreesOnTheTrialsOfBcg() {
        var pooled = SmallArea.of(bcg());

        assertThat(pooled.between()).isCloseTo(.31806845220502417, NINE);
        assertThat(pooled.mean()).isCloseTo(-.7149681534934441, NINE);
        assertThat(pooled.segments().get(0).estimate()).isCloseTo(-.8011217903715402, NINE);
        assertThat(pooled.segments().get(7).estimate()).isCloseTo(.0030098347789629942, NINE);
        assertThat(pooled.segments().get(0).meanSquaredError()).isCloseTo(.19139777682775522, NINE);
        assertThat(pooled.segments().get(5).meanSquaredError()).isCloseTo(.006851015939344449, NINE);
        assertThat(pooled.segments().get(11).meanSquaredError()).isCloseTo(.2376097052969667, NINE);
    }

    /** Recomputed independently (numpy, scipy). */
    @Test
    void takesTheVarianceOfAnAnswerFromAllWhereASegmentHasFew() {
        var segments = List.of(
                new Direct(72, 1.2, 200),
                new Direct(68, 2, 120),
                new Direct(80, Double.NaN, 1),
                new Direct(61, 9, 12),
                new Direct(75, 0, 40));
        var pooled = SmallArea.of(segments);

        assertThat(SmallArea.answerVariance(segments)).isCloseTo(210.6195652173913, NINE);
        assertThat(pooled.segments()).extracting(SmallArea.Shrunk::variance).satisfies(v -> {
            assertThat(v.get(0)).isEqualTo(1.2);
            assertThat(v.get(2)).isCloseTo(210.6195652173913, NINE);
            assertThat(v.get(3)).isCloseTo(17.55163043478261, NINE);
            assertThat(v.get(4)).isCloseTo(5.265489130434783, NINE);
        });
        assertThat(pooled.between()).isCloseTo(19.57743430726941, NINE);
        assertThat(pooled.mean()).isCloseTo(70.03540131208544, NINE);
        assertThat(pooled.segments().get(2).estimate()).isCloseTo(70.88285491319135, NINE);
        assertThat(pooled.segments().get(3).estimate()).isCloseTo(65.2712097856874, NINE);
        assertThat(pooled.segments().get(2).meanSquaredError()).isCloseTo(25.594653036695053, NINE);
    }

    @Test
    void drawsAllToTheMeanWhereTheyDifferByChanceAlone() {
        var pooled = SmallArea.of(List.of(new Direct(70, 4, 100), new Direct(71, 4, 100), new Direct(72, 4, 100)));

        assertThat(pooled.between()).isZero();
        assertThat(pooled.segments()).allSatisfy(segment -> {
            assertThat(segment.estimate()).isCloseTo(71, NINE);
            assertThat(segment.pull()).isEqualTo(1);
        });
    }

    @Test
    void leavesASegmentAloneWhereThereIsNoOther() {
        var pooled = SmallArea.of(List.of(new Direct(70, 4, 100)));

        assertThat(pooled.segments().get(0).estimate()).isEqualTo(70);
    }

    @Test
    void correctsNothingWhereAnswersDoNotVary() {
        var pooled = SmallArea.of(List.of(new Direct(70, 0, 10), new Direct(74, 0, 100)));

        assertThat(pooled.between()).isCloseTo(8, NINE);
        assertThat(pooled.mean()).isCloseTo(72, NINE);
        assertThat(pooled.segments()).extracting(SmallArea.Shrunk::estimate).containsExactly(70.0, 74.0);
    }

    @Test
    void knowsNoOrderAndNoUnit() {
        var segments = bcg();
        var pooled = SmallArea.of(segments);
        var turned = new ArrayList<>(segments);
        Collections.reverse(turned);
        var wide = segments.stream()
                .map(direct -> new Direct(8 * direct.estimate() + 64, 64 * direct.variance(), direct.respondents()))
                .toList();

        assertThat(SmallArea.of(turned).between()).isEqualTo(pooled.between());
        assertThat(SmallArea.of(turned).segments().get(12))
                .isEqualTo(pooled.segments().get(0));
        assertThat(SmallArea.of(wide).between()).isCloseTo(64 * pooled.between(), NINE);
        assertThat(SmallArea.of(wide).segments().get(3).estimate())
                .isCloseTo(8 * pooled.segments().get(3).estimate() + 64, NINE);
    }

    @Test
    void findsTheRootWhereVariancesAreTinyBesideTheDifferences() {
        var pooled =
                SmallArea.of(List.of(new Direct(0, 1e-14, 100), new Direct(50, 1e-12, 100), new Direct(70, 1, 99)));

        assertThat(pooled.between()).isBetween(1000.0, 1350.0);
    }

    /** Twenty segments of true variance 9 and errors of 1 to 20: the error that is told is the error that is made. */
    @Test
    void tellsTheErrorItMakes() {
        var random = new Random(17);
        double made = 0;
        double told = 0;
        for (int world = 0; world < 4000; world++) {
            double[] truth = new double[20];
            List<Direct> segments = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                truth[i] = 70 + 3 * random.nextGaussian();
                segments.add(new Direct(truth[i] + Math.sqrt(1 + i) * random.nextGaussian(), 1 + i, 100));
            }
            var pooled = SmallArea.of(segments);
            for (int i = 0; i < 20; i++) {
                double off = pooled.segments().get(i).estimate() - truth[i];
                made += off * off;
                told += pooled.segments().get(i).meanSquaredError();
            }
        }
        assertThat(told / made).isBetween(0.95, 1.15);
    }

    @Test
    void refusesSegmentsThatVaryWithoutAVarianceOfAnAnswer() {
        assertThatThrownBy(() -> SmallArea.of(List.of(new Direct(1, 1, 100), new Direct(2, 0, 100)), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Direct> bcg() {
        List<Direct> trials = new ArrayList<>();
        for (double[] trial : BCG) {
            double treated = trial[0] + trial[1];
            double control = trial[2] + trial[3];
            trials.add(new Direct(
                    Math.log(trial[0] / treated / (trial[2] / control)),
                    1 / trial[0] - 1 / treated + 1 / trial[2] - 1 / control,
                    (long) (treated + control)));
        }
        return trials;
    }
}
