package manyi.math.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Figures by scikit-learn 1.9 and statsmodels 0.15, on 188 rows with eight distinct probabilities. */
class ScoresTest {

    private static final Offset<Double> TWELVE = within(1e-12);

    private static final List<Scores.Cell> CELLS = List.of(
            new Scores.Cell(.05, 1, 40),
            new Scores.Cell(.1, 3, 37),
            new Scores.Cell(.2, 6, 25),
            new Scores.Cell(.3, 5, 12),
            new Scores.Cell(.45, 9, 11),
            new Scores.Cell(.6, 8, 5),
            new Scores.Cell(.8, 12, 4),
            new Scores.Cell(.95, 9, 1));

    private final Scores scores = Scores.of(CELLS);

    @Test
    void agreesWithScikitLearnOnTiedProbabilities() {
        assertThat(scores.rows()).isEqualTo(188);
        assertThat(scores.positives()).isEqualTo(53);
        assertThat(scores.auc()).isCloseTo(0.8612858141160027, TWELVE);
        assertThat(scores.averagePrecision()).isCloseTo(0.6878752096934534, TWELVE);
        assertThat(scores.brier()).isCloseTo(0.12855053191489363, TWELVE);
        assertThat(scores.brierSkill()).isCloseTo(1 - 0.12855053191489363 / (53.0 / 188 * 135 / 188), TWELVE);
        assertThat(scores.logLoss()).isCloseTo(0.4063426549258051, TWELVE);
    }

    @Test
    void agreesWithDeLongsPairByPairError() {
        assertThat(scores.aucError()).isCloseTo(0.029299410398447693, TWELVE);
    }

    @Test
    void agreesWithStatsmodelsOnRecalibration() {
        var calibration = scores.calibration();

        assertThat(calibration.intercept()).isCloseTo(-0.1276183778817076, within(1e-9));
        assertThat(calibration.interceptError()).isCloseTo(0.22741174352007754, within(1e-9));
        assertThat(calibration.slope()).isCloseTo(1.0189006836927306, within(1e-9));
        assertThat(calibration.slopeError()).isCloseTo(0.15598850978034412, within(1e-9));
        assertThat(calibration.reason()).isEmpty();
    }

    @Test
    void countsEveryRowInOneBinAndWeighsTheirErrors() {
        var calibration = scores.calibration();

        assertThat(calibration.bins().stream().mapToLong(Scores.Bin::rows).sum())
                .isEqualTo(188);
        assertThat(calibration.bins().stream().mapToLong(Scores.Bin::positives).sum())
                .isEqualTo(53);
        assertThat(calibration.bins().stream()
                        .mapToDouble(bin -> bin.rows() / 188.0 * StrictMath.abs(bin.rate() - bin.meanProbability()))
                        .sum())
                .isCloseTo(calibration.expectedError(), TWELVE);
        // 41 rows of the lowest probability are more than two tenths of all: they stay in the bin of their middle
        assertThat(calibration.bins().get(0).bin()).isEqualTo(2);
        assertThat(calibration.bins().get(0).rows()).isEqualTo(41);
        assertThat(calibration.bins().get(0).meanProbability()).isCloseTo(.05, TWELVE);
    }

    @Test
    void findsAllPositivesInTenTenths() {
        var deciles = scores.deciles();

        // the best 18.8 rows: all 10 of .95, and 8.8 of the 16 of .8
        assertThat(deciles.get(0).positives()).isCloseTo(9 + 12 * 8.8 / 16, within(1e-9));
        assertThat(deciles.get(0).lift()).isCloseTo((9 + 12 * 8.8 / 16) / 18.8 / (53 / 188.0), within(1e-9));
        assertThat(deciles.get(9).gain()).isEqualTo(1);
        assertThat(deciles.stream().mapToDouble(Scores.Decile::positives).sum()).isCloseTo(53, within(1e-9));
    }

    @Test
    void mirrorsTheCurveWhereScoresAreReversed() {
        var reversed = Scores.of(CELLS.stream()
                .map(cell -> new Scores.Cell(-cell.score(), cell.positives(), cell.negatives()))
                .toList());

        assertThat(reversed.auc()).isCloseTo(1 - scores.auc(), TWELVE);
        assertThat(reversed.aucError()).isCloseTo(scores.aucError(), TWELVE);
        assertThatThrownBy(reversed::brier).hasMessageContaining("are no probabilities");
    }

    @Test
    void doesNotDependOnOrderOrOnHowATieIsSplit() {
        List<Scores.Cell> rows = new ArrayList<>();
        for (Scores.Cell cell : CELLS) {
            for (int i = 0; i < cell.positives() + cell.negatives(); i++) {
                rows.add(new Scores.Cell(cell.score(), i < cell.positives() ? 1 : 0, i < cell.positives() ? 0 : 1));
            }
        }
        Collections.reverse(rows);

        assertThat(Scores.of(rows).cells).isEqualTo(CELLS);
    }

    /** The maximum over the cuts for each of 20,000 acceptance rates, averaged over Beta(6, 14) by NumPy. */
    @Test
    void agreesWithNumericIntegrationOnMaximumProfit() {
        var profit = new RetentionOffer(200, 10, 1, 6, 14).best(scores);

        assertThat(profit.perCustomer()).isCloseTo(11.315423850720489, within(1e-5));
        assertThat(profit.fraction()).isCloseTo(0.5122022169054266, within(1e-4));
    }

    /** empc_score and its optimal_rate of empulse 0.13. */
    @Test
    void agreesWithEmpulseOnMaximumProfit() {
        var other = Scores.of(List.of(
                new Scores.Cell(.05, 1, 39),
                new Scores.Cell(.1, 3, 37),
                new Scores.Cell(.2, 4, 26),
                new Scores.Cell(.25, 9, 21),
                new Scores.Cell(.4, 7, 13),
                new Scores.Cell(.45, 5, 12),
                new Scores.Cell(.6, 11, 9),
                new Scores.Cell(.7, 10, 5),
                new Scores.Cell(.8, 17, 3),
                new Scores.Cell(.95, 9, 1)));

        assertProfit(new RetentionOffer(200, 10, 1, 6, 14).best(other), 12.880430733759372, 0.5621663174728868);
        assertProfit(new RetentionOffer(80, 20, 3, 6, 14).best(other), 1.46521443161645, 0.18661943292396443);
        assertProfit(new RetentionOffer(500, 10, 1, 2, 3).best(other), 54.91427426497432, 0.7667244748798745);
    }

    private static void assertProfit(RetentionOffer.Profit profit, double perCustomer, double fraction) {
        assertThat(profit.perCustomer()).isCloseTo(perCustomer, within(1e-10));
        assertThat(profit.fraction()).isCloseTo(fraction, within(1e-10));
    }

    @Test
    void contactsNobodyWhereContactsCostMoreThanTheyBring() {
        assertThat(new RetentionOffer(1, .5, 1, 6, 14).best(scores)).isEqualTo(new RetentionOffer.Profit(0, 0));
    }

    @Test
    void refusesRowsWithOneAnswer() {
        assertThatThrownBy(() -> Scores.of(List.of(new Scores.Cell(.2, 0, 7), new Scores.Cell(.4, 0, 2))))
                .isInstanceOf(RefusedRegression.class)
                .hasMessage("All 9 rows have the same answer, so no score can be judged by them.");
    }
}
