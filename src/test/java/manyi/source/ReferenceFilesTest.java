package manyi.source;

import static manyi.source.Jobs.columns;
import static manyi.source.Jobs.job;
import static manyi.source.Jobs.purchases;
import static manyi.testing.Rows.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import manyi.config.Source;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Real files, where they lie beside the checkout. */
class ReferenceFilesTest {

    private static final Path REFERENCE =
            Path.of(Optional.ofNullable(System.getenv("MANYI_REFERENCE")).orElse("../shared/reference"));

    @Test
    void readsADayOfOnlineRetail() {
        Dataset<Row> rows = read(onlineRetail("2011-01-04.csv.gz"));

        assertThat(totals(rows)).isEqualTo("""
                rows | accepted | customers | net | places
                1209 | 1209 | 37 | 14950.48 | 1209
                """);
    }

    @Test
    void readsTheWholeOfOnlineRetailToThePenny() {
        Dataset<Row> rows = read(onlineRetail("*.csv.gz"));

        assertThat(totals(rows.where("customer_id is not null"))).isEqualTo("""
                rows | accepted | customers | net | places
                406829 | 406829 | 4372 | 8300065.81 | 406829
                """);
        assertThat(totals(rows)).startsWith("rows | accepted").contains("541909 | 541909 | 4372");
        assertThat(rows.select("file").distinct().count()).isEqualTo(305);
        assertThat(rows.groupBy("file")
                        .agg(org.apache.spark.sql.functions.expr(
                                "min(place) = 1 and max(place) = count(1) as is_counted"))
                        .where("not is_counted")
                        .count())
                .isZero();
    }

    @Test
    void readsColumnsPaddedByBlanksWithAHeader() {
        Path file = REFERENCE.resolve("cdnow/CDNOW_master.txt");
        assumeTrue(Files.exists(file), "no reference data at " + file);
        Source source = Jobs.with(
                Jobs.as(
                        purchases(
                                file,
                                Map.of("date", "date", "dollar_value", "decimal(18,4)"),
                                columns(
                                        "customer_id", "customer_id",
                                        "purchased_at", "date",
                                        "amount", "dollar_value")),
                        Source.Format.WHITESPACE),
                Jobs.dated("yyyyMMdd"));

        assertThat(totals(read(source))).contains("69659 | 69659 | 23570 |");
    }

    @Test
    void readsColumnsPaddedByBlanksWithoutAHeader() {
        Path file = REFERENCE.resolve("cdnow/CDNOW_sample.txt");
        assumeTrue(Files.exists(file), "no reference data at " + file);
        Source source = Jobs.with(
                Jobs.as(
                        purchases(
                                file,
                                Map.of("_c2", "timestamp", "_c4", "decimal(18,4)"),
                                columns("customer_id", "_c1", "purchased_at", "_c2", "amount", "_c4")),
                        Source.Format.WHITESPACE),
                Jobs.headless("yyyyMMdd"));

        assertThat(totals(read(source))).contains("6919 | 6919 | 2357 |");
        assertThat(picture(read(source).where("place <= 2"), "place", "customer_id", "purchased_at", "amount"))
                .isEqualTo("""
                place | customer_id | purchased_at | amount
                1 | 0001 | 1997-01-01T00:00:00Z | 29.33
                2 | 0001 | 1997-01-18T00:00:00Z | 29.73
                """);
    }

    private static Source onlineRetail(String files) {
        Path folder = REFERENCE.resolve("online-retail/by-day");
        assumeTrue(Files.exists(folder), "no reference data at " + folder);
        return purchases(
                folder.resolve(files),
                Map.of("Quantity", "int", "UnitPrice", "decimal(18,4)", "InvoiceDate", "timestamp"),
                columns(
                        "order_id", "InvoiceNo",
                        "customer_id", "regexp_replace(CustomerID, '\\\\.0$', '')",
                        "purchased_at", "InvoiceDate",
                        "amount", "Quantity * UnitPrice",
                        "is_return", "InvoiceNo like 'C%'",
                        "product", "StockCode",
                        "country", "Country"));
    }

    private static Dataset<Row> read(Source source) {
        SourceReader reader = new SourceReader(Sparks.session(), job(source));
        return reader.read(source, reader.files(source));
    }

    private static String totals(Dataset<Row> rows) {
        return picture(rows.selectExpr(
                "count(1) as rows",
                "count_if(reject_reason is null) as accepted",
                "count(distinct customer_id) as customers",
                "cast(sum(amount) as decimal(18,2)) as net",
                "count(distinct file, place) as places"));
    }
}
