package manyi.math.survey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RespondentIndexTest {

    private static final double NOT_ANSWERED = Double.NaN;
    private static final RespondentIndex INDEX = new RespondentIndex(List.of(
            new RespondentIndex.Item(1, 7, false, 0.5),
            new RespondentIndex.Item(0, 10, false, 0.3),
            new RespondentIndex.Item(1, 5, true, 0.2),
            new RespondentIndex.Item(0, 10, false, 0)));

    @Test
    void weighsTheIndicatorsByLambda() {
        // 0.5·100 + 0.3·50 + 0.2·25; the fourth item is no indicator
        assertThat(INDEX.index(new double[] {7, 5, 4, 0})).isEqualTo(70_000_000_000L);
        assertThat(INDEX.answeredWeight(new double[] {7, 5, 4, 0})).isEqualTo(1_000_000_000L);
    }

    @Test
    void spreadsTheWeightOverWhatWasAnswered() {
        // (0.5·100 + 0.3·50) / 0.8
        double[] answers = {7, 5, NOT_ANSWERED, NOT_ANSWERED};
        assertThat(INDEX.index(answers)).isEqualTo(81_250_000_000L);
        assertThat(INDEX.answeredWeight(answers)).isEqualTo(800_000_000L);
        assertThat(INDEX.contributions(answers, INDEX.index(answers)))
                .containsExactly(62_500_000_000L, 18_750_000_000L, 0, 0);
    }

    @Test
    void hasNoIndexWhereNothingWasAnswered() {
        double[] answers = {NOT_ANSWERED, NOT_ANSWERED, NOT_ANSWERED, 10};
        assertThat(INDEX.answeredWeight(answers)).isZero();
        assertThat(INDEX.contributions(answers, INDEX.index(answers))).containsOnly(0);
    }

    @Test
    void addsUpToTheLastBillionth() {
        var random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            double[] answers = {
                random.nextBoolean() ? 1 + random.nextInt(7) : NOT_ANSWERED,
                random.nextInt(11),
                random.nextBoolean() ? 1 + random.nextInt(5) : NOT_ANSWERED,
                NOT_ANSWERED
            };
            assertThat(Arrays.stream(INDEX.contributions(answers, INDEX.index(answers)))
                            .sum())
                    .isEqualTo(INDEX.index(answers));
            assertThat(INDEX.index(answers)).isBetween(0L, 100_000_000_000L);
        }
    }
}
