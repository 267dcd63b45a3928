package manyi.math.moment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentSumsTest {

    private static final int ITEMS = 5;
    private static final double UNITS = 10_000;

    private record Answer(long weight, List<Long> answers) {
        long[] values() {
            return answers.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static List<Answer> answers(int rows, double missing) {
        Random random = new Random(7);
        List<Answer> answers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            long[] values = new long[ITEMS];
            for (int i = 0; i < ITEMS; i++) {
                values[i] = random.nextDouble() < missing ? MomentSums.MISSING : (random.nextInt(10) - 4) * 10_000L + 5;
            }
            answers.add(new Answer(
                    1 + random.nextInt(2_000_000_000),
                    Arrays.stream(values).boxed().toList()));
        }
        return answers;
    }

    private static MomentSums sums(List<Answer> answers) {
        MomentSums sums = new MomentSums(ITEMS);
        MomentSums.Answers row = new MomentSums.Answers(ITEMS);
        for (Answer answer : answers) {
            row.set(answer.weight(), answer.values());
            sums.add(row);
        }
        return sums;
    }

    private static Moments inDoubles(List<Answer> answers) {
        double[][] x = answers.stream()
                .map(answer -> Arrays.stream(answer.values())
                        .mapToDouble(value -> value == MomentSums.MISSING ? Double.NaN : value / UNITS)
                        .toArray())
                .toArray(double[][]::new);
        return Moments.of(
                x, answers.stream().mapToDouble(one -> one.weight() / 1e9).toArray());
    }

    @Test
    void areTheMomentsOfTheRowsWhateverIsMissing() {
        for (double missing : new double[] {0, 0.02, 0.5}) {
            List<Answer> answers = answers(300, missing);
            Moments found = new MomentGroups(ITEMS, List.of(sums(answers).packed(UNITS))).all();
            Moments expected = inDoubles(answers);
            assertThat(found.rows()).isEqualTo(300);
            assertThat(found.weight()).isCloseTo(expected.weight(), within(1e-9));
            assertThat(found.means()).containsExactly(expected.means(), within(1e-12));
            for (int i = 0; i < ITEMS; i++) {
                assertThat(found.covariance()[i]).containsExactly(expected.covariance()[i], within(1e-10));
                assertThat(found.pairwiseCovariance()[i])
                        .containsExactly(expected.pairwiseCovariance()[i], within(1e-10));
            }
        }
    }

    @Test
    void knowNoOrderAndNoPartition() {
        List<Answer> answers = answers(500, 0.1);
        double[] once = sums(answers).packed(UNITS);
        List<Answer> shuffled = new ArrayList<>(answers);
        Collections.shuffle(shuffled, new Random(1));
        MomentSums parts = new MomentSums(ITEMS);
        for (int from = 0; from < 500; from += 50) {
            parts.add(sums(shuffled.subList(from, from + 50)));
        }
        assertThat(parts.packed(UNITS)).containsExactly(once);
        assertThat(parts.rows()).isEqualTo(500);
    }

    @Test
    void ofGroupsAddUpWhereOnlySomeHaveMissingAnswers() {
        List<Answer> whole = answers(40, 0);
        List<Answer> holed = answers(60, 0.3);
        MomentGroups groups = new MomentGroups(
                ITEMS, List.of(sums(whole).packed(UNITS), sums(holed).packed(UNITS)));
        List<Answer> twice = new ArrayList<>(whole);
        twice.addAll(holed);
        twice.addAll(holed);
        Moments expected = inDoubles(twice);
        Moments found = groups.sum(new double[] {1, 2});
        assertThat(found.rows()).isEqualTo(160);
        for (int i = 0; i < ITEMS; i++) {
            assertThat(found.covariance()[i]).containsExactly(expected.covariance()[i], within(1e-10));
        }
    }

    @Test
    void areExactWhereDoublesWouldRound() {
        MomentSums sums = new MomentSums(1);
        MomentSums.Answers row = new MomentSums.Answers(1);
        row.set(1_000_000_000_000_000_000L, new long[] {900_000_000L});
        sums.add(row);
        row.set(1, new long[] {1});
        sums.add(row);
        row.set(1_000_000_000_000_000_000L, new long[] {-900_000_000L});
        sums.add(row);
        assertThat(sums.packed(1)[2]).isEqualTo(1e-9);
    }

    @Test
    void refuseWhatTheyCannotHold() {
        MomentSums sums = new MomentSums(1);
        MomentSums.Answers row = new MomentSums.Answers(1);
        row.set(MomentSums.GREATEST_WEIGHT, new long[] {MomentSums.GREATEST_VALUE});
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        sums.add(row);
                    }
                })
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> row.set(0, new long[] {1})).hasMessageContaining("a weight of 0");
        assertThatThrownBy(() -> row.set(1, new long[] {MomentSums.GREATEST_VALUE + 1}))
                .hasMessageContaining("a value of");
    }
}
