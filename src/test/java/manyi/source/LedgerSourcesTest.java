package manyi.source;

import static manyi.testing.Rows.picture;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import manyi.config.Source;
import manyi.config.SourceKind;
import manyi.testing.Sparks;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Costs, margins, spending in the category and referrals: what is read, and what is rejected for which reason. */
class LedgerSourcesTest {

    @TempDir
    private Path folder;

    /** The rows of a file whose columns bear the names of the fields. */
    private Dataset<Row> read(SourceKind kind, String text) throws IOException {
        Files.writeString(folder.resolve(kind.key() + ".csv"), text);
        Map<String, String> columns = new LinkedHashMap<>();
        for (String name : text.lines().findFirst().orElseThrow().split(",", -1)) {
            columns.put(name, name);
        }
        Source source = Jobs.source(kind, folder.resolve(kind.key() + ".csv"), Map.of(), columns);
        SourceReader reader = new SourceReader(Sparks.session(), Jobs.job(source));
        return reader.read(source, reader.files(source));
    }

    @Test
    void costsAreForAYearAMonthOrADay() throws IOException {
        var rows = read(SourceKind.COSTS, """
                period,purpose,amount,currency,region
                2026,Acquisition,1200,,East
                2026-03,retention,10.5,gbp,
                2026-03-05,retention,-1,GBP,West
                2026-03-05 10:00:00,retention,2,GBP,West
                2026-13,retention,1,GBP,West
                2026-3,retention,1,GBP,West
                2026-02-30,retention,1,GBP,West
                ,retention,1,GBP,West
                2026-03,,1,GBP,West
                2026-03,rent,1,GBP,West
                2026-03,retention,,GBP,West
                2026-03,retention,much,GBP,West
                2026-03,retention,1,USD,West
                """);

        assertThat(picture(
                        rows.withColumn("region", expr("attributes[0]")),
                        "place",
                        "period_from",
                        "period_unit",
                        "purpose",
                        "amount",
                        "currency",
                        "region",
                        "reject_reason"))
                .isEqualTo("""
                place | period_from | period_unit | purpose | amount | currency | region | reject_reason
                1 | 2026-01-01 | year | acquisition | 1200 | GBP | East |
                10 | 2026-03-01 | month | rent | 1 | GBP | West | purpose is not acquisition or retention
                11 | 2026-03-01 | month | retention |  | GBP | West | amount is missing
                12 | 2026-03-01 | month | retention |  | GBP | West | amount is not a number that fits decimal(18,4)
                13 | 2026-03-01 | month | retention | 1 | USD | West | no rate for currency
                2 | 2026-03-01 | month | retention | 10.5 | GBP |  |
                3 | 2026-03-05 | day | retention | -1 | GBP | West |
                4 | 2026-03-05 | day | retention | 2 | GBP | West |
                5 |  |  | retention | 1 | GBP | West | period is not a year, a month or a day such as 2026, 2026-03, 2026-03-05
                6 |  |  | retention | 1 | GBP | West | period is not a year, a month or a day such as 2026, 2026-03, 2026-03-05
                7 |  |  | retention | 1 | GBP | West | period is not a year, a month or a day such as 2026, 2026-03, 2026-03-05
                8 |  |  | retention | 1 | GBP | West | period is missing
                9 | 2026-03-01 | month |  | 1 | GBP | West | purpose is missing
                """);
    }

    @Test
    void marginsAreOfAProductOrAGroup() throws IOException {
        var rows = read(SourceKind.MARGINS, """
                product,product_group,margin_share,valid_from
                p1,,0.25,2026-01-01
                ,toys,-0.1,
                ,,0.2,
                p1,toys,1.2,
                p1,toys,,
                p1,toys,a lot,
                p1,toys,0.1,soon
                """);

        assertThat(picture(rows, "place", "product", "product_group", "margin_share", "valid_from", "reject_reason"))
                .isEqualTo("""
                place | product | product_group | margin_share | valid_from | reject_reason
                1 | p1 |  | 0.25 | 2026-01-01 |
                2 |  | toys | -0.1 |  |
                3 |  |  | 0.2 |  | product and product_group are missing
                4 | p1 | toys | 1.2 |  | margin_share is not between -1 and 1
                5 | p1 | toys |  |  | margin_share is missing
                6 | p1 | toys |  |  | margin_share is not a number that fits decimal(9,6)
                7 | p1 | toys | 0.1 |  | valid_from is not a date
                """);
    }

    @Test
    void spendingIsACustomersInAYearOrAMonth() throws IOException {
        var rows = read(SourceKind.SPENDING, """
                customer_id,period,amount,currency
                ann,2026,500,GBP
                bob,2026-03-17,0,
                ,2026,1,GBP
                ann,2026,-1,GBP
                ann,2026,1,EUR
                ann,last year,1,GBP
                """);

        assertThat(picture(rows, "place", "customer_id", "period_from", "period_unit", "amount", "reject_reason"))
                .isEqualTo("""
                place | customer_id | period_from | period_unit | amount | reject_reason
                1 | ann | 2026-01-01 | year | 500 |
                2 | bob | 2026-03-01 | month | 0 |
                3 |  | 2026-01-01 | year | 1 | customer_id is missing
                4 | ann | 2026-01-01 | year | -1 | amount is below 0
                5 | ann | 2026-01-01 | year | 1 | no rate for currency
                6 | ann |  |  | 1 | period is not a year, a month or a day such as 2026, 2026-03, 2026-03-05
                """);
    }

    @Test
    void nobodyRefersToThemselves() throws IOException {
        var rows = read(SourceKind.REFERRALS, """
                customer_id,referred_customer_id,referred_at
                ann,bob,2026-03-17 23:30:00
                ann,,2026-03-18
                ann,ann,2026-03-18
                ,bob,2026-03-18
                ann,bob,
                ann,bob,never
                ann,bob,"  "
                """);

        assertThat(picture(rows, "place", "customer_id", "referred_customer_id", "referred_on", "reject_reason"))
                .isEqualTo("""
                place | customer_id | referred_customer_id | referred_on | reject_reason
                1 | ann | bob | 2026-03-17 |
                2 | ann |  | 2026-03-18 |
                3 | ann | ann | 2026-03-18 | a customer refers to itself
                4 |  | bob | 2026-03-18 | customer_id is missing
                5 | ann | bob |  | referred_at is missing
                6 | ann | bob |  | referred_at is not a timestamp
                7 | ann | bob |  | referred_at is missing
                """);
    }
}
