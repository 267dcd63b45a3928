package manyi.table;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static final Table PAIR = Table.named("pair", "Two words.")
            .oneRowPer("pair", Field.required("a", DataTypes.StringType, "The first."))
            .with(Field.optional("b", DataTypes.StringType, "The second."))
            .with(Field.optional("run", DataTypes.StringType, "The run.").leftOutOfDigests());

    @Test
    void seesTheRowsAndNotTheirOrder() {
        var one = Digest.of(PAIR, rows(PAIR, """
                a | b
                x | y
                y | x
                """));
        var other = Digest.of(PAIR, rows(PAIR, """
                a | b
                y | x
                x | y
                """).repartition(7));
        assertThat(one).isEqualTo(other);
    }

    @Test
    void tellsAMissingValueFromOneInTheNextColumn() {
        var left = Digest.of(PAIR, rows(PAIR, """
                a | b
                x |
                """));
        var right = Digest.of(PAIR, rows(PAIR, """
                a | b
                  | x
                """));
        assertThat(left.digest()).isNotEqualTo(right.digest());
    }

    @Test
    void countsARowThatComesTwice() {
        var once = Digest.of(PAIR, rows(PAIR, """
                a | b
                x | y
                """));
        var twice = Digest.of(PAIR, rows(PAIR, """
                a | b
                x | y
                x | y
                """));
        assertThat(once.digest()).isNotEqualTo(twice.digest());
    }

    @Test
    void leavesOutWhatDiffersBetweenEqualRuns() {
        var one = Digest.of(PAIR, rows(PAIR, """
                a | run
                x | 1
                """));
        var other = Digest.of(PAIR, rows(PAIR, """
                a | run
                x | 2
                """));
        assertThat(one).isEqualTo(other);
    }
}
