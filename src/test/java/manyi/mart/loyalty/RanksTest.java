package manyi.mart.loyalty;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RanksTest {

    private static Dataset<Row> values(long... values) {
        return Sparks.session()
                .createDataset(Arrays.stream(values).boxed().toList(), Encoders.LONG())
                .toDF("value");
    }

    private static List<Object> cuts(long... values) {
        Row row = Ranks.quintiles(values(values), col("value"), "v").head();
        return Arrays.asList(row.get(0), row.get(1), row.get(2), row.get(3));
    }

    @Test
    void cutsTenCustomersIntoFiveTimesTwo() {
        assertThat(cuts(10, 20, 30, 40, 50, 60, 70, 80, 90, 100)).containsExactly(30L, 50L, 70L, 90L);
    }

    @Test
    void neverSplitsEquals() {
        assertThat(cuts(7, 7, 7, 7, 7)).containsExactly(null, null, null, null);
        // four fifths are worse than the last one: it scores 5, and nobody scores 2 to 4
        assertThat(cuts(7, 7, 7, 7, 8)).containsExactly(8L, 8L, 8L, 8L);
        assertThat(cuts(1)).containsExactly(null, null, null, null);
    }

    @Test
    void agreesWithCountingEveryCustomerAgainstEveryOther() {
        Random random = new Random(4);
        for (int customers : new int[] {3, 17, 200}) {
            long[] values = random.longs(customers, -40, 400)
                    .map(value -> value * value * value / 100)
                    .toArray();
            List<Object> cuts = cuts(values);
            for (long value : values) {
                long worse =
                        LongStream.of(values).filter(other -> other < value).count();
                long score = 1
                        + cuts.stream()
                                .filter(cut -> cut != null && value >= (Long) cut)
                                .count();
                assertThat(score).as("%s of %s", value, customers).isEqualTo(1 + 5 * worse / customers);
            }
        }
    }

    @Test
    void classesAreOrderedAsTheirNumbersAre() {
        long[] numbers = LongStream.concat(
                        LongStream.rangeClosed(-70_000, 70_000).filter(n -> Math.abs(n) < 300 || n % 97 == 0),
                        LongStream.iterate(70_001, n -> n < 4_000_000_000_000_000_000L, n -> n + n / 7)
                                .flatMap(n -> LongStream.of(n, -n)))
                .sorted()
                .distinct()
                .toArray();
        List<Row> classes = values(numbers)
                .select(
                        col("value"),
                        Ranks.magnitude("value", 16).as("fine"),
                        Ranks.magnitude("value", 8).as("coarse"))
                .orderBy("value")
                .collectAsList();
        for (int i = 1; i < classes.size(); i++) {
            long value = classes.get(i).getLong(0);
            assertThat(classes.get(i).getLong(1))
                    .as("fine class of %s", value)
                    .isGreaterThanOrEqualTo(classes.get(i - 1).getLong(1));
            assertThat(classes.get(i).getLong(2))
                    .as("coarse class of %s", value)
                    .isGreaterThanOrEqualTo(classes.get(i - 1).getLong(2));
            if (Math.abs(value) < 65_536 && Math.abs(classes.get(i - 1).getLong(0)) < 65_536) {
                assertThat(classes.get(i).getLong(1))
                        .isGreaterThan(classes.get(i - 1).getLong(1));
            }
        }
    }
}
