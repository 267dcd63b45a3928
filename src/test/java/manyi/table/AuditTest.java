package manyi.table;

import static manyi.testing.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {

    private static final Field ID = Field.required("id", DataTypes.LongType, "The row.");
    private static final Field SHARE = Field.optional("share", DataTypes.DoubleType, "A share.");
    private static final Table TABLE = Table.named("part", "Parts.")
            .oneRowPer("part", ID)
            .with(SHARE)
            .expect("share between 0 and 1", "share > 0 or id < 3");

    @TempDir
    Path folder;

    private Audit.Report watched(Dataset<Row> rows) {
        Audit.Watch checked = Audit.watchRules(TABLE, rows);
        Audit.Watch counted = Audit.watchContent(TABLE, checked.rows(), false);
        counted.rows().write().parquet(folder.resolve("part").toString());
        Audit.Report content = counted.report(AuditTest::unread);
        return new Audit.Report(
                content.table(),
                content.rows(),
                checked.report(AuditTest::unread).failed(),
                content.digest());
    }

    private static Dataset<Row> unread() {
        throw new AssertionError("the metrics are there, so nothing is read again");
    }

    @Test
    void whatIsSeenInWritingIsWhatIsSeenInReading() {
        Dataset<Row> rows = rows(TABLE, """
                id | share
                1  | 0.5
                2  | 1.5
                3  |
                4  | 0
                """).repartition(3);

        assertThat(watched(rows)).isEqualTo(Audit.of(TABLE, rows));
        assertThat(Audit.of(TABLE, rows).failed())
                .containsExactly(
                        new Audit.FailedExpectation("part", "share between 0 and 1", 1),
                        new Audit.FailedExpectation("part", "share > 0 or id < 3", 1));
    }

    @Test
    void aTableWithoutRowsIsSeenToo() {
        Dataset<Row> none = rows(TABLE, "id | share\n");

        assertThat(watched(none)).isEqualTo(Audit.of(TABLE, none));
    }

    @Test
    void aKeyThatComesTwiceFailsWhetherRowsAreReadOrWritten() {
        Dataset<Row> rows = rows(TABLE, """
                id | share
                1  | 0.5
                1  | 0.25
                """);

        Audit.Watch watch = Audit.watchContent(TABLE, rows, false);
        watch.rows().write().parquet(folder.resolve("twice").toString());
        assertThat(watch.report(() -> rows).failed())
                .isEqualTo(Audit.of(TABLE, rows).failed())
                .containsExactly(new Audit.FailedExpectation("part", "one row per (id)", 1));
    }
}
