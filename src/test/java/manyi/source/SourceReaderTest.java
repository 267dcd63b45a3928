package manyi.source;

import static manyi.source.Jobs.columns;
import static manyi.source.Jobs.delimited;
import static manyi.source.Jobs.encoding;
import static manyi.source.Jobs.job;
import static manyi.source.Jobs.keyed;
import static manyi.source.Jobs.purchases;
import static manyi.source.Jobs.source;
import static manyi.source.Jobs.with;
import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.table.Failure;
import manyi.testing.Sparks;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceReaderTest {

    private static final Map<String, String> TYPES =
            Map.of("Quantity", "int", "Price", "decimal(18,4)", "Date", "timestamp");
    private static final Map<String, String> COLUMNS = columns(
            "order_id", "Invoice",
            "customer_id", "Customer",
            "purchased_at", "Date",
            "amount", "Quantity * Price");

    @TempDir
    Path folder;

    @Test
    void numbersTheRecordsOfEachFileWhateverTheOrderOfItsColumns() throws IOException {
        write("a.csv", """
                Invoice,Customer,Date,Quantity,Price
                1,7,2026-01-05 10:00:00,2,1.50

                "2",7,2026-01-05 10:00:00,2,1.50
                """);
        Files.write(folder.resolve("b.csv.gz"), gzip("""
                Price,Quantity,Note,Date,Customer,Invoice\r
                1.25,4,"two\r
                lines, and ""quotes""\",2026-01-31 23:30:00,8,3\r
                1.25,-1,,2026-02-01,  ,4"""));
        write("empty.csv", "");
        write("header.csv", "Invoice,Customer,Date,Quantity,Price\n");
        Source source = purchases(folder, TYPES, COLUMNS);
        SourceReader reader = reader(source);

        Dataset<Row> rows = reader.read(source, reader.files(source));

        assertThat(picture(
                        rows,
                        "file",
                        "place",
                        "month",
                        "customer_id",
                        "order_id",
                        "purchased_on",
                        "amount",
                        "currency",
                        "is_return",
                        "reject_reason"))
                .isEqualTo("""
                file | place | month | customer_id | order_id | purchased_on | amount | currency | is_return | reject_reason
                a.csv | 1 | 2026-01-01 | 7 | 1 | 2026-01-05 | 3 | GBP | false |
                a.csv | 2 | 2026-01-01 | 7 | 2 | 2026-01-05 | 3 | GBP | false |
                b.csv.gz | 1 | 2026-01-01 | 8 | 3 | 2026-01-31 | 5 | GBP | false |
                b.csv.gz | 2 | 2026-02-01 |  | 4 | 2026-02-01 | -1.25 | GBP | true |
                """);
        assertThat(reader.warnings()).containsExactly("purchases: 1 column is not mapped and therefore ignored: Note");
        StructType landed = new StructType(
                Arrays.copyOf(rows.schema().fields(), rows.schema().length() - 2));
        assertThat(landed.asNullable()).isEqualTo(Landing.PURCHASE.schema());
        assertThat(rows.sparkSession()).isSameAs(Sparks.session());
    }

    @Test
    void rejectsEachBadRecordForTheFirstReasonThatApplies() throws IOException {
        write("a.csv", """
                Invoice,Customer,Date,Quantity,Price,Rate,Back,Currency
                good,7,2026-01-05 10:00:00,2,1.50,1.5,no,GBP
                few,7,2026-01-05
                many,7,2026-01-05,2,1.50,,,,,
                date,7,2011-02-30,2,1.50,,,
                time,7,12:30,2,1.50,,,
                year,7,+12026-01-05,2,1.50,,,
                nodate,7,,2,1.50,,,
                int,7,2026-01-05,99999999999,1.50,,,
                half,7,2026-01-05,1.5,1.50,,,
                word,7,2026-01-05,two,1.50,,,
                comma,7,2026-01-05,2,"1,50",,,
                huge,7,2026-01-05,2,1e400,,,
                fits,7,2026-01-05,2000000000,99999999999999,,,
                most,7,2026-01-05,1,1000000000000.01,,,
                none,7,2026-01-05,,1.50,,,
                inf,7,2026-01-05,2,1.50,1e400,,
                nan,7,2026-01-05,2,1.50,NaN,,
                java,7,2026-01-05,2,1.50,1d,,
                flag,7,2026-01-05,2,1.50,,perhaps,
                dollar,7,2026-01-05,2,1.50,,,usd
                nul\0,7,2026-01-05,2,1.50,,,
                gap,7,2026-03-29 01:30:00,2,1.50,,,
                nogap,7,2026-03-29T01:30:00Z,2,1.50,,yes,gbp
                first,7,2011-02-30,two,1.50,,,
                ,7,2026-01-05,2,1.50,,,
                quote,7,2026-01-05,2,1.50,,,"unclosed
                junk,"7"x,2026-01-05,2,1.50,,,
                epoch,7,1970-01-01,2,1.50,,,
                last,7,2026-01-05,2,1.50,,,
                """);
        var columns = columns(
                "order_id", "Invoice",
                "customer_id", "Customer",
                "purchased_at", "Date",
                "amount", "Quantity * Price",
                "is_return", "try_cast(Back as string)",
                "quantity", "Rate",
                "currency", "Currency");
        var types = new java.util.TreeMap<>(TYPES);
        types.put("Rate", "double");
        Source source = keyed(purchases(folder, types, columns), "order_id");

        Dataset<Row> rows = read(source);

        assertThat(picture(rows.selectExpr("lpad(place, 2, '0') as place", "row_key", "reject_reason")))
                .isEqualTo("""
                place | row_key | reject_reason
                01 | good |
                02 |  | malformed record
                03 |  | malformed record
                04 | date | Date is not a timestamp
                05 | time | Date is not a timestamp
                06 | year | Date is not a timestamp
                07 | nodate | purchased_at is missing
                08 | int | Quantity is not a whole number that fits int
                09 | half | Quantity is not a whole number that fits int
                10 | word | Quantity is not a whole number that fits int
                11 | comma | Price is not a number that fits decimal(18,4)
                12 | huge | Price is not a number that fits decimal(18,4)
                13 | fits | amount is not a number that fits decimal(18,4)
                14 | most | amount is beyond 1,000,000,000,000
                15 | none | amount is missing
                16 | inf | Rate is not a finite number
                17 | nan | Rate is not a finite number
                18 | java | Rate is not a number
                19 | flag | is_return is not true or false
                20 | dollar | no rate for currency
                21 | nul\0 | text holds a NUL character
                22 | gap | Date does not exist on that day's clock
                23 | nogap |
                24 | first | Date is not a timestamp
                25 |  | key is missing: order_id
                26 |  | malformed record
                27 |  | malformed record
                28 | epoch | purchased_at lies before 1970-01-02
                29 | last |
                """);
        assertThat(picture(rows.where("place in (1, 2, 4)"), "place", "record")).isEqualTo("""
                place | record
                1 |
                2 | ["few,7,2026-01-05"]
                4 | {"Date":"2011-02-30","Price":"1.50","Quantity":"2","Rate":null,"Invoice":"date","Customer":"7",\
                "Back":null,"Currency":null}
                """);
    }

    @Test
    void readsTextsInTheEncodingThatIsDeclared() throws IOException {
        String text = "Invoice,Customer,Date,Quantity,Price\n1,顾客,2026-01-05,1,2\n";
        Path gbk = write("gbk/a.csv", text, Charset.forName("GBK"));
        Path marked = write("bom/a.csv", "\uFEFF" + text, StandardCharsets.UTF_8);
        Path wide = write("wide/a.csv", text, StandardCharsets.UTF_16);
        Path little = write("little/a.csv", "\uFEFF" + text, StandardCharsets.UTF_16LE);
        Path wrong = write("wrong/a.csv", text.replace("顾客", "Zoë"), StandardCharsets.ISO_8859_1);

        String seen = "customer_id | reject_reason\n顾客 |\n";
        assertThat(customers(gbk, "GBK")).isEqualTo(seen);
        assertThat(customers(marked, "UTF-8")).isEqualTo(seen);
        assertThat(customers(wide, "UTF-16")).isEqualTo(seen);
        assertThat(customers(little, "UTF-16LE")).isEqualTo(seen);
        assertThat(customers(wrong, "UTF-8")).isEqualTo("customer_id | reject_reason\nZo\uFFFD | text is not UTF-8\n");
        assertThatThrownBy(() -> customers(wide, "UTF-8"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("a.csv is UTF-16 by its byte order mark, declared UTF-8");
        assertThatThrownBy(() -> customers(gbk, "GKB")).hasMessageContaining("unknown encoding GKB");
    }

    @Test
    void readsDecimalCommasAndTextsThatMeanNothing() throws IOException {
        write("a.csv", """
                Invoice;Customer;Date;Quantity;Price
                1;n/a;2026-01-05;2;1,50
                2;7;2026-01-05;2;1.50
                3;7;2026-01-05;n/a ;1,50
                """);
        Source source = with(purchases(folder, TYPES, COLUMNS), delimited(';', ',', "n/a"));

        assertThat(picture(read(source), "place", "customer_id", "amount", "reject_reason"))
                .isEqualTo("""
                place | customer_id | amount | reject_reason
                1 |  | 3 |
                2 | 7 |  | Price is not a number that fits decimal(18,4)
                3 | 7 |  | amount is missing
                """);
    }

    @Test
    void keepsTheDayOfTheJobsZone() throws IOException {
        write("a.csv", """
                Invoice,Customer,Date,Quantity,Price
                1,7,2026-01-31 23:30:00,1,1
                2,7,2026-01-31T23:30:00Z,1,1
                """);
        Source source = purchases(folder, TYPES, COLUMNS);
        SourceReader reader = new SourceReader(Sparks.session(), job("Asia/Shanghai", null, source));

        assertThat(picture(reader.read(source, reader.files(source)), "place", "purchased_at", "purchased_on"))
                .isEqualTo("""
                place | purchased_at | purchased_on
                1 | 2026-01-31T15:30:00Z | 2026-01-31
                2 | 2026-01-31T23:30:00Z | 2026-02-01
                """);
    }

    @Test
    void readsDatesByADeclaredPattern() throws IOException {
        write("a.csv", """
                Invoice,Customer,Date,Quantity,Price
                1,7,29.03.2026 00:30,1,1
                2,7,29.03.2026 01:30,1,1
                3,7,2026-03-29 00:30,1,1
                4,7,30.02.2026 00:30,1,1
                """);
        Source source = purchases(folder, TYPES, COLUMNS);

        assertThat(picture(
                        read(with(source, Jobs.dated("dd.MM.yyyy HH:mm"))), "place", "purchased_at", "reject_reason"))
                .isEqualTo("""
                place | purchased_at | reject_reason
                1 | 2026-03-29T00:30:00Z |
                2 | 2026-03-29T01:30:00Z | Date does not exist on that day's clock
                3 |  | Date is not a timestamp
                4 |  | Date is not a timestamp
                """);
        assertThatThrownBy(() -> read(with(source, Jobs.dated("dd.MM.{"))))
                .hasMessageStartingWith("purchases: timestamp_format dd.MM.{: ");
    }

    @Test
    void mapsNumbersThatOverflowToNothingAndNeverFails() throws IOException {
        write("a.csv", """
                Invoice,Customer,Date,Quantity,Price
                2147483647,9223372036854775807,2026-01-05,2147483647,1
                -2147483648,-9223372036854775808,2026-01-05,-2147483648,1
                3,99999999999999999999,2026-01-05,5,1
                """);
        var types = Map.of("Quantity", "int", "Customer", "bigint", "Date", "timestamp");
        Source source = purchases(
                folder,
                types,
                columns(
                        "order_id", "Invoice * 2",
                        "purchased_at", "coalesce(timestamp_seconds(Customer), Date)",
                        "amount", "abs(Quantity) + 1",
                        "product", "Customer + 1",
                        "channel", "-Quantity",
                        "quantity", "try_cast(Invoice as int)"));

        assertThat(picture(
                        read(source),
                        "place",
                        "order_id",
                        "purchased_on",
                        "amount",
                        "product",
                        "channel",
                        "reject_reason"))
                .isEqualTo("""
                place | order_id | purchased_on | amount | product | channel | reject_reason
                1 | 4294967294 | 2026-01-05 |  |  | -2147483647 | amount is not a number that fits decimal(18,4)
                2 | -4294967296 | 2026-01-05 |  | -9223372036854775807 |  | amount is not a number that fits decimal(18,4)
                3 | 6 | 2026-01-05 | 6 |  | -5 | Customer is not a whole number that fits bigint
                """);
    }

    @Test
    void saysWhichFilesLackAColumn() throws IOException {
        write("a.csv", "Invoice,Customer,Date,Quantity,Price\n");
        write("b.csv", "Invoice,Customer,date,Quantity,Price\n");
        write("c.csv", "Invoice,Customer,Date,Quantity,Price,Date\n");
        Source source = purchases(folder, TYPES, COLUMNS);

        assertThatThrownBy(() -> reader(source).check(source))
                .isInstanceOf(Failure.class)
                .hasMessage("purchases: 1 of 3 files has no column Date (first: b.csv); did you mean date?; "
                        + "1 of 3 files has more than one column Date (first: c.csv). "
                        + "Correct `columns:` and `types:` in the job document, or the files.")
                .extracting("kind")
                .isEqualTo(Failure.Kind.QUALITY);
    }

    @Test
    void anAddressThatNobodyReadsHereIsAFaultOfTheDocument() {
        for (String path : new String[] {"nowhere://bucket/x.csv", folder + "/{a,*.csv"}) {
            Source there = at(path);
            assertThatThrownBy(() -> reader(there).files(there))
                    .hasMessageContaining(": cannot look for " + path)
                    .hasMessageEndingWith("Correct `path:` in the job document.")
                    .extracting("kind")
                    .isEqualTo(Failure.Kind.USAGE);
        }
    }

    @Test
    void aMachineThatCannotBeReachedIsNoFaultOfTheDocument() {
        Source there = at("hdfs://no-such-host.invalid/x/*.csv");
        assertThatThrownBy(() -> reader(there).files(there))
                .hasMessage(
                        "purchases: cannot look for hdfs://no-such-host.invalid/x/*.csv: its host is not known to this"
                                + " machine. Correct `path:` in the job document.")
                .extracting("kind")
                .isEqualTo(Failure.Kind.INPUT_MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/proc/self/environ", "/proc/self/env*", "/sys/kernel/mm", "/dev/zero", "link.csv", "pipe.csv"})
    void whatIsNoFileOfDataIsNotOpened(String name) throws Exception {
        Files.createSymbolicLink(folder.resolve("link.csv"), Path.of("/proc/self/environ"));
        new ProcessBuilder("mkfifo", folder.resolve("pipe.csv").toString())
                .start()
                .waitFor();
        Source source = purchases(folder.resolve(name), TYPES, COLUMNS);
        assertThatThrownBy(() -> reader(source).files(source))
                .isInstanceOf(Failure.class)
                .hasMessageMatching(
                        "purchases: \\S+ is a (file of the operating system in /(proc|sys)|device, a pipe or a"
                                + " socket), not a data file\\. Correct `path:` in the job document\\.")
                .extracting("kind")
                .isEqualTo(Failure.Kind.USAGE);
    }

    @Test
    void whatIsMissingInAFewFilesIsAFaultOfTheirsAlsoWhereTheOthersAreReadAlready() throws IOException {
        write("a.csv", "Invoice,Customer,Date,Quantity,Price\n");
        write("b.csv", "Invoice,Customer,Quantity,Price\n");
        Source source = purchases(folder, TYPES, COLUMNS);
        SourceReader reader = reader(source);

        assertThatThrownBy(() -> reader.read(source, reader.files(source).subList(1, 2)))
                .hasMessageStartingWith("purchases: 1 of 1 file has no column Date (first: b.csv)")
                .extracting("kind")
                .isEqualTo(Failure.Kind.QUALITY);
    }

    @Test
    void aWorkbookUnderTheNameOfATextIsToldFromOneInAnotherEncoding() throws IOException {
        write("a.csv", "PK\3\4\24\0\6\0[Content_Types].xml,Zhang Wei\n");
        Source source = purchases(folder, TYPES, COLUMNS);
        assertThatThrownBy(() -> reader(source).check(source))
                .hasMessage("purchases: 1 of 1 file is not text in UTF-8 (first: a.csv): it is a zip archive, as Excel"
                        + " workbooks are: save the sheet as CSV, or unzip it. Repair or remove it, and run"
                        + " again.")
                .extracting("kind")
                .isEqualTo(Failure.Kind.QUALITY);

        write("a.csv", "Invoice,Customer,Date,Quantity,Price\r1,Zhang Wei,2026-01-05,1,1\r");
        assertThatThrownBy(() -> reader(source).check(source))
                .hasMessageContaining("its lines end with a carriage return only; save it with line feeds")
                .hasMessageNotContaining("Zhang");

        write("a.csv", "Invoice,顾客,Date,Quantity,Price\n", Charset.forName("GBK"));
        Source chinese =
                purchases(folder, TYPES, columns("customer_id", "`顾客`", "purchased_at", "Date", "amount", "Price"));
        assertThatThrownBy(() -> reader(chinese).check(chinese))
                .hasMessageContaining("1 of 1 file is not text in UTF-8 (first: a.csv): its first line has bytes that"
                        + " are not text; set `encoding:` to how it is written, such as UTF-16 or GBK");
    }

    @Test
    void aHeaderWithoutAnyMappedColumnPutsTheDelimiterInDoubtAndIsNotQuoted() throws IOException {
        write("a.csv", "Invoice;Customer;Date;Quantity;Price\n1;7;2026-01-05;1;1\n");
        Source source = purchases(folder, TYPES, COLUMNS);

        assertThatThrownBy(() -> reader(source).check(source))
                .hasMessageContaining("1 of 1 file has no column Date")
                .hasMessageEndingWith("in the job document, or the files. 1 of 1 file has none of these columns"
                        + " (first: a.csv): `delimiter:` or `header:` may be wrong.");
    }

    @Test
    void refusesAMappingBeforeAnyRowIsRead() throws IOException {
        write("a.csv", "Invoice,Customer,Date,Quantity,Price\n1,7,2026-01-05,1,1\n");
        assertThatThrownBy(() -> check(columns("purchased_at", "to_date(Date)", "amount", "Quantity / 2")))
                .hasMessage("purchases: purchased_at: to_date fails on bad data: write try_to_date; "
                        + "amount: division fails on zero: write try_divide(x, y)");
        assertThatThrownBy(() -> check(columns("purchased_at", "Date", "amount", "length(Quantity, 2, 3)")))
                .hasMessageStartingWith("purchases: amount: length(Quantity, 2, 3): [WRONG_NUM_ARGS");
        assertThatThrownBy(() -> check(columns("purchased_at", "Quantity", "amount", "Quantity")))
                .hasMessageStartingWith("purchases: purchased_at: the mapped expression is int, not timestamp");
    }

    @Test
    void namesTheFileThatIsNotWhole() throws IOException {
        StringBuilder text = new StringBuilder("Invoice,Customer,Date,Quantity,Price\n");
        IntStream.range(0, 50_000).forEach(i -> text.append(i * 7919L % 104729).append(",7,2026-01-05,1,1\n"));
        byte[] whole = gzip(text.toString());
        Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
        Source source = purchases(folder.resolve("*.gz"), TYPES, COLUMNS);

        Throwable thrown = catchThrowable(() -> read(source).count());

        assertThat(SourceReader.failureIn(thrown, List.of(source)))
                .hasValueSatisfying(failure -> assertThat(failure)
                        .hasMessage("purchases: cannot read cut.csv.gz: it ends too early; perhaps it was not copied "
                                + "completely. Repair or remove the file, and run again."));

        Files.writeString(folder.resolve("cut.csv.gz"), "this is no gzip file");
        assertThatThrownBy(() -> read(source)).isInstanceOf(Failure.class).hasMessageContaining("cut.csv.gz");
    }

    @Test
    void cutsALargeFileAtItsLines() throws IOException {
        String lines = IntStream.range(0, 500)
                .mapToObj(i -> i + ",顾客" + i + ",2026-01-05,1," + "1".repeat(i % 13))
                .collect(Collectors.joining("\r\n"));
        write("a.csv", "Invoice,Customer,Date,Quantity,Price\r\n" + lines);
        Source source = with(purchases(folder, TYPES, COLUMNS), Jobs.lines());
        SourceReader whole = reader(source);
        SourceReader cut = new SourceReader(Sparks.session(), job(source), 1_000);
        String[] columns = {"order_id", "customer_id", "amount", "reject_reason"};

        Dataset<Row> pieces = cut.read(source, cut.files(source));

        assertThat(pieces.count()).isEqualTo(500);
        assertThat(picture(pieces, columns)).isEqualTo(picture(whole.read(source, whole.files(source)), columns));
        assertThat(pieces.select("place").distinct().count()).isEqualTo(500);
    }

    @Test
    void findsTheColumnsOfAVeryWideFile() throws IOException {
        String many = IntStream.range(0, 10_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        write("a.csv", "Date,Price," + many + "\n2026-01-05,x," + many + "\n2026-01-05,2," + many + "\n");
        Source source = purchases(folder, TYPES_OF_TWO, columns("purchased_at", "Date", "amount", "Price"));

        Dataset<Row> rows = read(source);

        assertThat(picture(rows, "place", "amount", "reject_reason")).isEqualTo("""
                place | amount | reject_reason
                1 |  | Price is not a number that fits decimal(18,4)
                2 | 2 |
                """);
        assertThat(rows.selectExpr("max(length(record))").head().getInt(0)).isGreaterThan(100_000);
    }

    private static final Map<String, String> TYPES_OF_TWO = Map.of("Price", "decimal(18,4)", "Date", "timestamp");

    @Test
    void readsCustomersWithTheirAttributesInAlphabeticalOrder() throws IOException {
        write("a.csv", """
                id,since,Region,tier,n
                13313.0,2026-01-01,East,gold,1
                ,2026-01-01,East,gold,1
                7,2026-02-30,,gold,1
                8,,,,
                """);
        Source source = keyed(
                source(
                        SourceKind.CUSTOMERS,
                        folder,
                        Map.of("since", "date", "id", "double", "n", "int"),
                        columns("tier", "tier", "customer_id", "id", "valid_from", "since", "region", "upper(Region)")),
                "customer_id",
                "valid_from");
        Source other = source(SourceKind.CUSTOMERS, folder, Map.of(), columns("customer_id", "id", "age", "n"));
        SourceReader reader = new SourceReader(Sparks.session(), job(source, other));

        assertThat(picture(
                        reader.read(source, reader.files(source)),
                        "place",
                        "customer_id",
                        "row_key",
                        "attributes",
                        "reject_reason"))
                .isEqualTo("""
                place | customer_id | row_key | attributes | reject_reason
                1 | 13313 | 5:13313 10:2026-01-01 | ArraySeq(null, EAST, gold) |
                2 |  |  | ArraySeq(null, EAST, gold) | customer_id is missing
                3 | 7 |  | ArraySeq(null, null, gold) | since is not a date
                4 | 8 |  | ArraySeq(null, null, null) | key is missing: valid_from
                """);
    }

    @Test
    void readsParquetFoldersByColumnNameWithTheRowsPlace() throws IOException {
        var spark = Sparks.session();
        Path data = folder.resolve("第一 季+1%");
        spark.sql("""
                select id as Invoice, double(13313) as Customer, timestamp_ntz'2026-03-29 00:30:00' as Date,
                       int(id) as Quantity, 1.5bd as Price from range(0, 3, 1, 1)""").write().parquet(data.resolve("one").toString());
        spark.sql("""
                select 1.5f as Price, int(2) as Quantity, 'B1' as Invoice, 'x' as Extra, '7' as Customer,
                       timestamp_ntz'2026-03-29 01:30:00' as Date""").write().parquet(data.resolve("two").toString());
        Source source = Jobs.as(purchases(data, Map.of("Date", "timestamp"), COLUMNS), Source.Format.PARQUET);
        SourceReader reader = reader(source);

        assertThat(picture(reader.read(source, reader.files(source))
                        .selectExpr(
                                "regexp_replace(file, 'part.*', '') as file",
                                "place",
                                "order_id",
                                "customer_id",
                                "purchased_at",
                                "amount",
                                "reject_reason",
                                "record is not null as is_kept")))
                .isEqualTo("""
                file | place | order_id | customer_id | purchased_at | amount | reject_reason | is_kept
                one/ | 1 | 0 | 13313 | 2026-03-29T00:30:00Z | 0 |  | false
                one/ | 2 | 1 | 13313 | 2026-03-29T00:30:00Z | 1.5 |  | false
                one/ | 3 | 2 | 13313 | 2026-03-29T00:30:00Z | 3 |  | false
                two/ | 1 | B1 | 7 | 2026-03-29T01:30:00Z | 3 | Date does not exist on that day's clock | true
                """);
        assertThat(reader.read(source, reader.files(source))
                        .select("file")
                        .distinct()
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrderElementsOf(
                        reader.files(source).stream().map(SourceFile::file).toList());

        Files.writeString(data.resolve("bad.parquet"), "no parquet");
        assertThatThrownBy(() -> reader.check(source)).hasMessageContaining("cannot read bad.parquet as Parquet");
    }

    @Test
    void findsFilesByGlobAndNamesThemBelowItsFixedPart() throws IOException {
        write("2026/01/a.csv", "x");
        write("2026/02/b [1].csv", "y");
        write("2026/02/_SUCCESS", "");
        write("2026/02/.b.csv.crc", "");
        Source all = purchases(folder.resolve("2026/*"), TYPES, COLUMNS);
        Source one = purchases(folder.resolve("2026/02/b [1].csv"), TYPES, COLUMNS);
        SourceReader reader = reader(all);

        assertThat(reader.files(all)).extracting(SourceFile::file).containsExactly("01/a.csv", "02/b [1].csv");
        assertThat(reader.files(one)).extracting(SourceFile::file).containsExactly("b [1].csv");
        assertThat(reader.digest(reader.files(one).get(0)))
                .isEqualTo("a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa");
        Source twice = purchases(folder.resolve("{2026,2026/01}"), TYPES, COLUMNS);
        assertThatThrownBy(() -> reader.files(twice)).hasMessageContaining("matches the file 2026/01/a.csv twice");
        Source none = purchases(folder.resolve("2027/*.csv"), TYPES, COLUMNS);
        assertThatThrownBy(() -> reader.files(none))
                .hasMessageContaining("no file at " + none.path())
                .extracting("kind")
                .isEqualTo(Failure.Kind.INPUT_MISSING);
    }

    @Test
    void samplesTheFirstRows() throws IOException {
        write("a.csv", "");
        write("b.csv", "Invoice,Customer,Date,Quantity,Price\n1,7,2026-01-05,1,1\n2,7,2026-01-05,1,1\n");
        Source source = purchases(folder, TYPES, COLUMNS);

        assertThat(picture(reader(source).sample(source, 1), "file", "place")).isEqualTo("file | place\nb.csv | 1\n");
    }

    @Test
    void aParquetFileWithFlippedBitsIsNamedAndNotRead() throws IOException {
        Path data = parquet("""
                select concat('1-', id) as Invoice, 7 as Customer, timestamp'2026-01-05' as Date, 1 as Quantity,
                       cast(id as decimal(18,4)) as Price from range(0, 2000, 1, 1)""");
        Source source = Jobs.as(purchases(data, TYPES, COLUMNS), Source.Format.PARQUET);
        Path file;
        try (Stream<Path> files = Files.list(data)) {
            file = files.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        String named = "purchases: cannot read " + file.getFileName() + " as Parquet: it is damaged or not a"
                + " Parquet file. Repair or remove the file, and run again.";
        for (int place : new int[] {40, whole.length / 2, whole.length - 40}) {
            byte[] flipped = whole.clone();
            for (int i = 0; i < 16; i++) {
                flipped[place + i] ^= (byte) 0x55;
            }
            Files.write(file, flipped);
            Throwable thrown = catchThrowable(() -> read(source).collectAsList());
            assertThat(SourceReader.failureIn(thrown, List.of(source)))
                    .hasValueSatisfying(failure -> assertThat(failure)
                            .hasMessage(named)
                            .extracting("kind")
                            .isEqualTo(Failure.Kind.QUALITY));
        }
    }

    /** As pandas writes them where nobody says otherwise. */
    @Test
    void aTypeThatSparkDoesNotReadMattersWhereItIsMapped() throws IOException {
        MessageType schema = Types.buildMessage()
                .required(PrimitiveTypeName.INT64)
                .as(LogicalTypeAnnotation.timestampType(false, LogicalTypeAnnotation.TimeUnit.NANOS))
                .named("Date")
                .required(PrimitiveTypeName.INT32)
                .named("Price")
                .required(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named("day")
                .named("purchases");
        Path file = folder.resolve("a.parquet");
        try (var writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(schema)
                .build()) {
            writer.write(new SimpleGroup(schema)
                    .append("Date", 1L)
                    .append("Price", 5)
                    .append("day", "2026-01-05"));
        }
        Map<String, String> date = columns("purchased_at", "Date", "amount", "Price");
        Source mapped = Jobs.as(purchases(file, Map.of(), date), Source.Format.PARQUET);
        Map<String, String> day = columns("purchased_at", "try_to_timestamp(day)", "amount", "Price");
        Source leftOut = Jobs.as(purchases(file, Map.of(), day), Source.Format.PARQUET);

        assertThatThrownBy(() -> reader(mapped).check(mapped))
                .hasMessage("purchases: 1 file has the column Date of a type that Spark does not read, INT64 as"
                        + " TIMESTAMP(NANOS,false) (first: a.parquet); write it as text, a number, or a timestamp in"
                        + " microseconds, or do not map it")
                .extracting("kind")
                .isEqualTo(Failure.Kind.QUALITY);
        assertThat(picture(read(leftOut), "purchased_at", "amount", "reject_reason"))
                .isEqualTo("""
                purchased_at | amount | reject_reason
                2026-01-05T00:00:00Z | 5 |
                """);
    }

    private Path parquet(String query) {
        Path data = folder.resolve("data");
        Sparks.session().sql(query).write().parquet(data.toString());
        return data;
    }

    private static Source at(String path) {
        Source source = purchases(Path.of("x"), TYPES, COLUMNS);
        return new Source(
                source.kind(),
                source.name(),
                path,
                source.format(),
                source.types(),
                source.columns(),
                source.key(),
                source.options(),
                source.maximumRejectedShare());
    }

    private void check(Map<String, String> columns) {
        Source source = purchases(folder, TYPES, columns);
        reader(source).check(source);
    }

    private String customers(Path file, String encoding) {
        return picture(read(with(purchases(file, TYPES, COLUMNS), encoding(encoding))), "customer_id", "reject_reason");
    }

    private static SourceReader reader(Source source) {
        return new SourceReader(Sparks.session(), job(source));
    }

    private static Dataset<Row> read(Source source) {
        SourceReader reader = reader(source);
        return reader.read(source, reader.files(source));
    }

    private void write(String name, String text) throws IOException {
        write(name, text, StandardCharsets.UTF_8);
    }

    private Path write(String name, String text, Charset charset) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, text.getBytes(charset));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
