package manyi.store;

import static manyi.testing.Rows.picture;
import static manyi.testing.Rows.rows;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import manyi.table.Failure;
import manyi.table.Field;
import manyi.table.Table;
import manyi.table.Visibility;
import manyi.testing.Sparks;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaStoreTest {

    private static final Field WAVE = Field.optional("wave", DataTypes.StringType, "The wave.");
    private static final Field ID = Field.required("id", DataTypes.LongType, "The row.");
    private static final Table ANSWER = Table.named("answer", "Answers.")
            .on(Visibility.INTERNAL)
            .oneRowPer("answer", ID)
            .with(WAVE)
            .partitionedBy(WAVE);

    @TempDir
    Path folder;

    private DeltaStore store;

    @BeforeEach
    void opensAFolderWithAnAwkwardName() {
        store = new DeltaStore(Sparks.session(), folder.resolve("a b%20c=d/state"));
    }

    private String seen() {
        return picture(ANSWER, store.read(ANSWER));
    }

    /** What another reader of Delta sees. */
    private String seenByDelta() {
        return picture(
                ANSWER,
                Sparks.session().read().format("delta").load(store.path(ANSWER).toString()));
    }

    @Test
    void aTableOfAnEarlierVersionTakesANewColumn() {
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                1  | 2026Q1
                """));
        Table wider = ANSWER.with(Field.optional("mood", DataTypes.StringType, "The customer's mood, as it's told."));

        store.append(wider, rows(wider, """
                id | wave   | mood
                2  | 2026Q2 | fine
                """));

        String both = """
                id | wave | mood
                1 | 2026Q1 |
                2 | 2026Q2 | fine
                """;
        Dataset<Row> delta =
                Sparks.session().read().format("delta").load(store.path(ANSWER).toString());
        assertThat(picture(wider, store.read(wider))).isEqualTo(both);
        assertThat(picture(wider, delta)).isEqualTo(both);
        assertThat(delta.schema().apply("mood").getComment().get()).isEqualTo("The customer's mood, as it's told.");
    }

    @Test
    void replacesPartitionsWhateverTheyAreCalled() {
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                1  | 2026 Q1/a:b=c%d
                2  | 满意
                3  |
                """));
        store.replace(ANSWER, rows(ANSWER, """
                id | wave
                4  | 2026 Q1/a:b=c%d
                """), List.of("2026 Q1/a:b=c%d"));
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                5  | 满意
                """));

        assertThat(seen()).isEqualTo("""
                id | wave
                2 | 满意
                3 |
                4 | 2026 Q1/a:b=c%d
                5 | 满意
                """);
        assertThat(seenByDelta()).isEqualTo(seen());
    }

    @Test
    void refusesRowsOutsideOfWhatIsReplacedAndLeavesTheTableAsItWas() {
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                1  | a
                """));

        assertThatThrownBy(() -> store.replace(ANSWER, rows(ANSWER, """
                id | wave
                2  | a
                3  | b
                """), List.of("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("answer: some rows are outside");

        assertThat(seen()).isEqualTo("""
                id | wave
                1 | a
                """);
    }

    @Test
    void deletesRowsAndKeepsTheOthersOfTheirFiles() {
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                1  | a b
                2  | a b
                3  | c
                """).coalesce(1));

        store.delete(ANSWER, col("id").isin(1, 3));

        assertThat(seen()).isEqualTo("""
                id | wave
                2 | a b
                """);
        assertThat(seenByDelta()).isEqualTo(seen());
        store.drop(ANSWER, partition -> partition.get("wave").equals("a b"));
        assertThat(store.read(ANSWER).count()).isZero();
        assertThat(seenByDelta()).isEqualTo(seen());
    }

    @Test
    void givesWhatWasAddedSinceAVersionAndRollsBackToIt() {
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                1  | a
                """));
        var before = store.version("answer");
        Pins pins = new Pins(store.versions(), Map.of());
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                2  | a
                3  | b
                """));

        assertThat(picture(ANSWER, store.added(ANSWER, before))).isEqualTo("""
                id | wave
                2 | a
                3 | b
                """);
        assertThat(store.added(ANSWER, Optional.empty()).count()).isEqualTo(3);
        assertThat(store.rollBack(pins)).isTrue();
        assertThat(seen()).isEqualTo("""
                id | wave
                1 | a
                """);
    }

    @Test
    void rollsBackWhatWasReplacedAndSaysWhereItsFilesAreGone() throws Exception {
        store.append(ANSWER, rows(ANSWER, """
                id | wave
                1  | a b
                2  | a
                """));
        Pins pins = new Pins(store.versions(), Map.of());
        String before = seen();
        Path file = Path.of(
                URI.create(store.read(ANSWER).where(col("id").equalTo(1)).inputFiles()[0]));
        store.replace(ANSWER, rows(ANSWER, "id | wave\n3 | a b\n").coalesce(1), List.of("a b"));
        store.append(ANSWER, rows(ANSWER, "id | wave\n4 | a\n"));

        assertThat(store.rollBack(pins)).isTrue();

        assertThat(seen()).isEqualTo(before);
        assertThat(seenByDelta()).isEqualTo(before);
        assertThat(store.rollBack(new Pins(store.versions(), Map.of()))).isFalse();
        store.overwrite(ANSWER, rows(ANSWER, "id | wave\n5 | a\n"));
        Files.delete(file);
        assertThatThrownBy(() -> store.rollBack(pins))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("state table answer cannot be read: a data file is missing or damaged");
    }

    @Test
    void manyCommitsLeaveCheckpointsAndNoPersonalValueInTheLog() throws Exception {
        for (int i = 0; i < 12; i++) {
            store.append(ANSWER, rows(ANSWER, "id | wave\n%d | a\n".formatted(4_200_000 + i)));
        }

        assertThat(store.read(ANSWER).count()).isEqualTo(12);
        assertThat(seenByDelta()).isEqualTo(seen());
        try (Stream<Path> log = Files.list(store.path(ANSWER).resolve("_delta_log"))) {
            List<Path> files = log.toList();
            assertThat(files).anyMatch(file -> file.toString().contains("checkpoint"));
            for (Path file : files) {
                if (file.toString().endsWith(".json")) {
                    assertThat(Files.readString(file)).doesNotContain("42000");
                }
            }
        }
    }

    @Test
    void aMissingDataFileIsReportedByItsTable() throws Exception {
        store.append(ANSWER, rows(ANSWER, "id | wave\n1 | a\n"));
        var before = store.read(ANSWER);
        Files.delete(dataFile());

        assertThatThrownBy(() -> store.read(ANSWER))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.FAULT))
                .hasMessage("state table answer cannot be read: a data file is missing or damaged; run with --reload to"
                        + " read the sources again");
        assertThat(Damage.in(warehouse("a b%20c=d"), thrownBy(before)))
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("state table answer"));
        assertThat(Damage.in(warehouse("other"), thrownBy(before))).isEmpty();
    }

    @Test
    void aDataFileThatIsCutOffIsReportedByItsTable() throws Exception {
        store.append(ANSWER, rows(ANSWER, "id | wave\n1 | a\n"));
        Files.writeString(dataFile(), "PAR1");

        assertThat(Damage.in(warehouse("a b%20c=d"), thrownBy(store.read(ANSWER))))
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("state table answer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "this is no JSON", "{\"add\": {}}", "CUT"})
    void aLogThatCannotBeReadIsReportedByItsTable(String text) throws Exception {
        store.append(ANSWER, rows(ANSWER, "id | wave\n1 | a\n"));
        store.append(ANSWER, rows(ANSWER, "id | wave\n2 | a\n"));
        Pins pins = new Pins(Map.of("answer", 0L), Map.of());
        Path log = store.path(ANSWER).resolve("_delta_log");
        Path first = log.resolve("00000000000000000000.json");
        String whole = Files.readString(first);
        Files.writeString(first, text.equals("CUT") ? whole.substring(0, whole.length() / 2) : text);

        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> store.read(ANSWER),
                () -> store.append(ANSWER, rows(ANSWER, "id | wave\n3 | a\n")),
                () -> store.rollBack(pins))) {
            assertThatThrownBy(use)
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.FAULT))
                    .hasMessage("state table answer cannot be read: its log " + log
                            + " is damaged; run with --reload to" + " read the sources again");
        }
    }

    @Test
    void theDaysOfAHistoryAreNotReadAgainFromSources() throws Exception {
        DeltaStore history = new DeltaStore(Sparks.session(), folder.resolve("history"));
        history.append(ANSWER, rows(ANSWER, "id | wave\n1 | a\n"));
        Path table = history.path(ANSWER);
        Files.writeString(table.resolve("_delta_log/00000000000000000000.json"), "{");

        assertThatThrownBy(() -> history.read(ANSWER))
                .hasMessage(
                        "history table answer cannot be read: its log " + table.resolve("_delta_log")
                                + " is damaged; restore " + table
                                + " from a backup, or move it away (the table then starts again from the next run), and run again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "null", "[]", "{\"versions\": {}}", "{\"versions\": {\"a\": \"x\"}, \"notes\": {}}"})
    void pinsThatCannotBeReadSayWhatToDo(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("pins.json"), text);
        assertThatThrownBy(() -> Pins.read(folder))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.FAULT))
                .hasMessage(file + " is damaged; run with --reload to read the sources again");
    }

    @Test
    void pinsAreReadAsTheyWereWritten() {
        Pins pins = new Pins(Map.of("a", 3L), Map.of("derived", "yes"));
        pins.write(folder);
        assertThat(Pins.read(folder)).isEqualTo(pins);
    }

    /** Sorted names as differences; a dictionary would be given up, since no name comes twice. */
    @Test
    void whatTheRunKeepsLiesSortedInNewerPagesAndWhatReadersSeeInOldOnes() throws Exception {
        Field name = Field.required("name", DataTypes.StringType, "The customer.");
        Table kept = Table.named("kept", "Customers.").on(Visibility.INTERNAL).oneRowPer("customer", name);
        Table seen = Table.named("seen", "Customers.").oneRowPer("customer", name);
        Dataset<Row> names = Sparks.session()
                .range(20_000)
                .select(concat(lit("customer "), pmod(col("id").multiply(7_919), lit(20_000)))
                        .as("name"))
                .coalesce(1);

        store.overwrite(kept.sortedBy(name), names);
        store.overwrite(seen, names);

        assertThat(store.read(kept).as(Encoders.STRING()).collectAsList())
                .hasSize(20_000)
                .isSorted();
        assertThat(encodings(dataFile(kept))).contains(Encoding.DELTA_BYTE_ARRAY);
        assertThat(encodings(dataFile(seen))).doesNotContain(Encoding.DELTA_BYTE_ARRAY);
    }

    private static Set<Encoding> encodings(Path file) throws Exception {
        var hadoop = new org.apache.hadoop.fs.Path(file.toUri());
        try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(hadoop, new Configuration()))) {
            return reader.getFooter().getBlocks().get(0).getColumns().get(0).getEncodings();
        }
    }

    private Path dataFile() throws Exception {
        return dataFile(ANSWER);
    }

    private Path dataFile(Table table) throws Exception {
        try (Stream<Path> files = Files.walk(store.path(table))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Warehouse warehouse(String name) {
        return Warehouse.at(folder.resolve(name).toString());
    }

    private static Throwable thrownBy(Dataset<Row> rows) {
        return catchThrowable(rows::collectAsList);
    }
}
