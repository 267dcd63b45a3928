package manyi.source;

import static manyi.source.Jobs.columns;
import static manyi.source.Jobs.job;
import static manyi.source.Jobs.purchases;
import static manyi.testing.Rows.picture;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.testing.ReferenceData;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Real files, where they lie beside the checkout. */
class ReferenceFilesTest {

    @Test
    void readsADayOfOnlineRetail() {
        Dataset<Row> rows = read(onlineRetail("2011-01-04.csv.gz"));

        assertThat(totals(rows)).isEqualTo("""
                rows | accepted | customers | net | places
                1184 | 1184 | 38 | 14950.48 | 1184
                """);
    }

    @Test
    void readsTheWholeOfOnlineRetailToThePenny() {
        Dataset<Row> rows = read(onlineRetail("*.csv.gz"));

        assertThat(picture(rows.groupBy("file")
                        .agg(
                                expr("count(1) as rows"),
                                expr("count_if(reject_reason is null) as accepted"),
                                expr("count_if(customer_id is not null) as known"),
                                expr("sum(if(customer_id is not null, amount, 0)) as net"),
                                expr("collect_set(customer_id) as customers"),
                                expr("int(min(place) = 1 and max(place) = count(1)) as counted"))
                        .selectExpr(
                                "sum(rows) as rows",
                                "sum(accepted) as accepted",
                                "sum(known) as known",
                                "cast(sum(net) as decimal(18,2)) as net",
                                "size(array_distinct(flatten(collect_list(customers)))) as customers",
                                "sum(counted) as files")))
                .isEqualTo("""
                rows | accepted | known | net | customers | files
                541909 | 541909 | 406829 | 8300065.81 | 4372 | 305
                """);
    }

    @Test
    void readsColumnsPaddedByBlanksWithAHeader() {
        Path file = ReferenceData.of("cdnow/CDNOW_master.txt");
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
        Path file = ReferenceData.of("cdnow/CDNOW_sample.txt");
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

    @Test
    void readsTheMobileSurveyWithItsTwentyFourItems() throws IOException {
        Path file = ReferenceData.of("mobi/mobi.csv");
        List<String> items;
        try (var lines = Files.lines(file)) {
            items = List.of(lines.findFirst().orElseThrow().split(","));
        }
        Source source = Jobs.withItems(
                Jobs.source(SourceKind.SURVEY, file, Map.of(), columns("region", "'all'")), Jobs.questionnaire(items));
        SourceReader reader =
                new SourceReader(Sparks.session(), job("Europe/London", Jobs.questionnaire(items), source));

        assertThat(picture(reader.read(source, reader.files(source))
                        .selectExpr(
                                "count(1) as rows",
                                "count_if(reject_reason is null) as accepted",
                                "min(size(answers)) as items",
                                "cast(sum(aggregate(answers, cast(0 as decimal(18,4)), (total, one) -> cast(total + coalesce(one, 0) as decimal(18,4))))"
                                        + " as decimal(18,0)) as total")))
                .isEqualTo("""
                rows | accepted | items | total
                250 | 250 | 24 | 44223
                """);
    }

    private static Source onlineRetail(String files) {
        Path folder = ReferenceData.of("online-retail/by-day");
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
